"""Importing the archive that another installation made of everything it kept about a customer.

A consent that was given there is none here, and what was verified there is not verified here: rows rest on consents
that are stated for each category, as in every import, and categories without one are left out. So is what concerns the
sender alone, and a card, whose token is worth nothing here. Rows are remembered under the sender's key, so that another
run finds what is done, whatever ended the first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from json import dumps, loads
from typing import Any
from uuid import UUID, uuid4

from models import Category, Customer, ImportedRow
from models.event import Event
from policies.policy import in_force
from procedures.archives.kinds import KINDS, LEFT_OUT, Kind, fields_of, rows
from procedures.archives.person import CUSTOMER, Person
from procedures.errors import SpecialCategory
from procedures.imports import (
    Batch,
    Entry,
    ExistingConsents,
    LegalBasis,
    Options,
    Report,
    RowPlanner,
    locked,
    new_numbers,
    reachable,
    refuse_second,
    run,
    same,
)
from procedures.ledger import record
from procedures.recognition import readable
from procedures.suppression import of_row
from procedures.tables import ErrorRows, Fields, ImportRefused, Row, RowFault
from procedures.work import Clock


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator states about an archive.

    Attributes:
        source: where the rows come from, as they will say.
        categories: those that the customer consents to here.
        basis: the consents that rows rest on.
        person: the customer.
    """

    source: str
    categories: frozenset[Category]
    basis: LegalBasis
    person: Person

    def of(self, category: Category) -> LegalBasis:
        """The consents for a category; for a special one, only to the one purpose that the policies allow for it."""
        notices = {
            purpose: id
            for purpose, id in self.basis.notices.items()
            if in_force().special.get(category, purpose) is purpose
        }
        return replace(self.basis, notices=notices)


def left_out(data: Mapping[str, Any], categories: frozenset[Category]) -> dict[tuple[str, str], int]:
    """How many rows are not imported, by the name of their kind and the code of the reason."""
    counts: Counter[tuple[str, str]] = Counter()
    imported = {kind.name: kind.category for kind in KINDS}
    for name, value in data.items():
        if name not in imported:
            # A name from outside is not repeated: it may be anything, a personal value too.
            key = (name, LEFT_OUT[name]) if name in LEFT_OUT else ("unknown", "KIND_UNKNOWN")
            counts[key] += len(rows(value))
        elif imported[name] not in categories:
            counts[name, "CONSENT_NOT_STATED"] += len(rows(value))
    return dict(+counts)


async def import_archive(data: Mapping[str, Any], terms: Terms, options: Options) -> dict[Category, Report]:
    """Import the rows of an archive, in the order of its kinds; returns what was done by category.

    Raises:
        ImportRefused: it cannot be imported like this; nothing of it was written.
    """
    _check(terms, options)
    kinds = [kind for kind in KINDS if kind.category in terms.categories and rows(data.get(kind.name))]
    total, done, reports = sum(len(rows(data[kind.name])) for kind in kinds), 0, {}
    for kind in kinds:
        table = _KindTable(kind, rows(data[kind.name]))
        importer = _RowImporter(kind, terms.of(kind.category), terms.source, terms.person, options.clock)
        counting = replace(options, progress=partial(_progress, options, done, total))
        reports[kind.category] = await run(table, table, importer, ErrorRows(None, ()), counting)
        done += table.lines
    return reports


@dataclass(frozen=True, slots=True)
class _KindTable:
    """The rows of a kind as a table; each has one cell, the JSON that the archive holds of it."""

    kind: Kind
    content: Sequence[Any]

    @property
    def lines(self) -> int:
        return len(self.content)

    def rows(self) -> Iterator[Row]:
        for number, row in enumerate(self.content, 1):
            yield Row(number, (dumps(row),))

    def fields(self, cells: tuple[str, ...]) -> Fields:
        return fields_of(self.kind, loads(cells[0]))


@dataclass(frozen=True, slots=True)
class _RowImporter:
    """How rows of one kind are imported."""

    kind: Kind
    basis: LegalBasis
    source: str
    person: Person
    clock: Clock

    @property
    def entity(self) -> str:
        return self.kind.category.value

    def read(self, fields: Fields, row: Row) -> Any:
        del row
        return self.kind.row(fields, self.clock())

    async def prepare(self, entries: Sequence[Entry[Any]]) -> None:
        """Nothing: what the whole archive holds was looked up before."""

    async def create(self, entries: Sequence[Entry[Any]], batch: Batch) -> None:
        """Plan rows, their consents, and the customer if there is none yet."""
        if not entries:
            return
        customer, marked = await self.person.customer(batch)
        new = customer is None
        if customer is None:
            customer = Customer(id=uuid4(), number=(await new_numbers(1))[0], created_at=batch.now)
        planner = await self._planner(customer.id, batch)
        existing = await self._existing(customer.id)
        for entry in entries:
            with batch.all_or_nothing(entry):
                reachable(customer)
                await self._plan(entry, planner, existing)
                self.person.people.require_kept(of_row(entry.value), customer.id)
        if marked or not batch.records.get(ImportedRow):
            return
        batch.mark(CUSTOMER, self.person.key, b"", customer.id)
        if new:
            batch.add(customer)
            batch.defer(partial(_record_added, customer.id))

    async def update(self, entry: Entry[Any], record_id: UUID, batch: Batch) -> None:
        """Plan the change of a row to what the archive now says, unless somebody here has changed it."""
        model: Any = self.kind.model
        old = await model.get_or_none(id=record_id, source=self.source)
        if old is None:
            raise RowFault("CHANGED_HERE", "the row was changed or removed here since; it stays so")
        await locked(old.customer_id)
        others = [row for row in await self._existing(old.customer_id) if row.id != old.id]
        refuse_second(entry.value, others)
        (await self._planner(old.customer_id, batch)).plan(entry.value, old)

    async def _planner(self, customer_id: UUID, batch: Batch) -> RowPlanner:
        others = self.person.others(customer_id)
        consents = await ExistingConsents.of([customer_id, *others])
        evidence = self.basis.evidence or ""
        return RowPlanner(self.basis, self.source, customer_id, evidence, consents, batch, others)

    async def _existing(self, customer_id: UUID) -> list[Any]:
        """The customer's rows here that may equal one of the archive, or exclude it."""
        model: Any = self.kind.model
        rows = model.filter(customer_id=customer_id)
        existing = await (rows if model.declared.single else rows.exclude(source=self.source))
        return [await readable(row) for row in existing]

    async def _plan(self, entry: Entry[Any], planner: RowPlanner, existing: list[Any]) -> None:
        if (equal := same(entry.value, existing)) is not None:
            existing.remove(equal)
            planner.batch.unchanged += 1
            planner.batch.mark(self.entity, entry.key, entry.digest, equal.id)
            return
        refuse_second(entry.value, [*existing, *planner.batch.records.get(self.kind.model, ())])
        planner.plan(entry.value)
        planner.batch.mark_created(entry, entry.value.id)


async def _record_added(customer_id: UUID) -> None:
    record(Event.CUSTOMER_ADDED, None, customer=customer_id)


def _progress(options: Options, before: int, total: int, line: int, lines: int) -> None:
    del lines
    options.progress(before + line, total)


def _check(terms: Terms, options: Options) -> None:
    terms.basis.check(options.clock(), evidence_in_rows=False)
    if not terms.categories:
        raise ImportRefused(
            "CATEGORY_MISSING", "Say what the customer consents to here: --consent-category, once for each."
        )
    if not all(terms.of(category).notices for category in terms.categories):
        raise SpecialCategory
