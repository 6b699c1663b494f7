"""The records that one transaction of an import writes."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from models import (
    PERSONAL,
    Account,
    Consent,
    Customer,
    Employee,
    EmployeeRole,
    ImportedRow,
    OutsideKey,
    Personal,
    Record,
    Task,
)
from procedures import consent
from procedures.erasure import held_rows
from procedures.imports import contact_points, marks
from procedures.suppression import writing
from procedures.tables import Row, RowFault

T = TypeVar("T")

#: The order of writing: a record comes after those that it refers to.
ORDER: tuple[type[Record], ...] = (
    Customer,
    Account,
    Employee,
    EmployeeRole,
    Consent,
    *PERSONAL.values(),
    Task,
    ImportedRow,
    OutsideKey,
)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One row as read: its place in the file, its key there, the digest of its fields, and what it means."""

    row: Row
    key: str
    digest: bytes
    value: T


class Batch:
    """The records that one transaction will write, and the rows that cannot be imported."""

    def __init__(self, now: datetime, source: str, entity: str) -> None:
        self.now = now
        self.source = source
        self.entity = entity
        self.records: dict[type[Record], list[Any]] = {}
        self.faults: list[tuple[Row, RowFault]] = []
        self.created = 0
        self.updated = 0
        self.recognised: list[Row] = []
        self.unchanged = 0
        self.changed = 0
        self.deferred: list[Callable[[], Awaitable[Any]]] = []
        self.forgetting: list[Callable[[], Any]] = []
        self.replaced: list[tuple[Personal, Personal | None]] = []

    def add(self, *records: Record) -> None:
        """Plan to write these records."""
        for record in records:
            self.records.setdefault(type(record), []).append(record)

    def defer(self, change: Callable[[], Awaitable[Any]]) -> None:
        """Plan a change to make after the new records are written."""
        self.deferred.append(change)

    def when_dropped(self, forget: Callable[[], Any]) -> None:
        """Do this when what was planned so far within `all_or_nothing` is dropped."""
        self.forgetting.append(forget)

    def replace(
        self, row: Personal, change: Callable[[], Awaitable[Any]], new: Personal | None = None
    ) -> None:
        """Plan a change to a stored row, its customer locked; under a legal hold the old row is kept beside it.

        Args:
            row: as it is.
            change: makes of it what it is to be, or deletes it.
            new: what it is to be; None where it is deleted.
        """
        self.replaced.append((row, new))
        self.defer(partial(held_rows.keep, row, self.now, by=None))
        self.defer(change)

    def mark_created(self, entry: Entry[Any], record_id: UUID) -> None:
        """Count a row as imported, and plan the mark that says so."""
        self.created += 1
        self.mark(self.entity, entry.key, entry.digest, record_id)

    def mark_recognised(self, entry: Entry[Any], record_id: UUID) -> None:
        """Count a row as one of somebody who is here, and plan the mark that says so."""
        self.recognised.append(entry.row)
        self.mark(self.entity, entry.key, entry.digest, record_id)

    def mark(self, entity: str, key: str, digest: bytes, record_id: UUID) -> None:
        """Plan a mark: which record of ours belongs to this key of the source."""
        self.add(*marks.made(self.source, entity, key, digest, record_id, self.now))

    def fault(self, entry: Entry[Any], fault: RowFault) -> None:
        """Note that a row cannot be imported."""
        self.faults.append((entry.row, fault))

    @contextmanager
    def all_or_nothing(self, entry: Entry[Any]) -> Iterator[None]:
        """When the block ends in a RowFault, drop what was planned within it, and note that the row cannot be imported."""
        records = {model: len(planned) for model, planned in self.records.items()}
        lists: list[list[Any]] = [self.deferred, self.recognised, self.replaced, self.forgetting]
        lengths = [len(each) for each in lists]
        try:
            yield
        except RowFault as fault:
            for model, planned in self.records.items():
                del planned[records.get(model, 0) :]
            for forget in self.forgetting[lengths[-1] :]:
                forget()
            for each, length in zip(lists, lengths, strict=True):
                del each[length:]
            self.fault(entry, fault)

    async def write(self) -> None:
        """Write everything, in an order that the foreign keys allow, and tell whose contact points change."""
        await contact_points.tell_changes(self.records, self.replaced, self.now)
        for model in ORDER:
            records = self.records.get(model)
            if model is Consent and records:
                await consent.begin_all(records, None, self.now)
            elif records and issubclass(model, Personal):
                await writing.write_all(model, records)
            elif records:
                await model.bulk_create(records)
        for change in self.deferred:
            await change()
