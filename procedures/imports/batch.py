"""What one transaction of an import will write."""

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
    Company,
    Consent,
    Customer,
    Employee,
    EmployeeRole,
    ImportedRow,
    Personal,
    Record,
    Task,
)
from procedures import consent
from procedures.erasure import held_rows
from procedures.tables import Row, RowFault

T = TypeVar("T")

#: Referred-to records first.
ORDER: tuple[type[Record], ...] = (
    Company,
    Customer,
    Account,
    Employee,
    EmployeeRole,
    Consent,
    *PERSONAL.values(),
    Task,
    ImportedRow,
)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One row as read: where it stood, what it means, and the digest of it."""

    row: Row
    key: str
    digest: bytes
    value: T


class Batch:
    """The records that one transaction will write, and the rows that turned out not to be importable."""

    def __init__(self, now: datetime, source: str, entity: str) -> None:
        self.now = now
        self.source = source
        self.entity = entity
        self.records: dict[type[Record], list[Any]] = {}
        self.faults: list[tuple[Row, RowFault]] = []
        self.created = 0
        self.updated = 0
        self.unchanged = 0
        self.changed = 0
        self.later: list[Callable[[], Awaitable[Any]]] = []

    def add(self, *records: Record) -> None:
        """Write these records with the batch."""
        for record in records:
            self.records.setdefault(type(record), []).append(record)

    def do(self, change: Callable[[], Awaitable[Any]]) -> None:
        """Make this change after the new records are written."""
        self.later.append(change)

    def replace(self, row: Personal, change: Callable[[], Awaitable[Any]]) -> None:
        """Make this change to a row that is there, its customer locked; what the law holds back is kept as it was."""
        self.do(partial(held_rows.keep, row, self.now, by=None))
        self.do(change)

    def made(self, entry: Entry[Any], record_id: UUID) -> None:
        """Mark a row as imported."""
        self.created += 1
        self.mark(self.entity, entry.key, entry.digest, record_id)

    def mark(self, entity: str, key: str, digest: bytes, record_id: UUID) -> None:
        """Remember which record of ours is what has this key there."""
        self.add(
            ImportedRow(
                source=self.source,
                entity=entity,
                key=key,
                digest=digest,
                record_id=record_id,
                imported_at=self.now,
            )
        )

    def fault(self, entry: Entry[Any], fault: RowFault) -> None:
        """Give one row up."""
        self.faults.append((entry.row, fault))

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Forget what was planned within when it ends in a RowFault."""
        records = {model: len(planned) for model, planned in self.records.items()}
        later = len(self.later)
        try:
            yield
        except RowFault:
            for model, planned in self.records.items():
                del planned[records.get(model, 0) :]
            del self.later[later:]
            raise

    async def write(self) -> None:
        """Write everything, in an order that the foreign keys allow."""
        for model in ORDER:
            records = self.records.get(model)
            if model is Consent and records:
                await consent.begin_all(records, None, self.now)
            elif records:
                await model.bulk_create(records)
        for change in self.later:
            await change()
