"""Taking in what a customer brings along: the archive that another installation made of everything it kept.

A consent that was given there is none here, and what was verified there is not verified here: rows rest on consents
that are stated for each category, as in every import, and categories without one stay behind. So does what is the
sender's own business, and a card, whose token is worth nothing here. Rows are remembered under the sender's key, so
that another run finds what is done, whatever ended the first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from json import dumps, loads
from typing import Any
from uuid import UUID, uuid4

from models import (
    Category,
    Customer,
    Declaration,
    Identity,
    ImportedRow,
    Personal,
)
from models.event import Event
from policies.policy import in_force
from procedures.archives.kinds import KINDS, LEFT, Kind, fields_of, rows
from procedures.archives.person import CUSTOMER, Whose
from procedures.errors import SpecialCategory
from procedures.imports import (
    Batch,
    Clock,
    Entry,
    ExistingConsents,
    LegalBasis,
    Options,
    Report,
    RowPlanner,
    companies_of,
    locked,
    new_numbers,
    reachable,
    readable,
    run,
    same,
)
from procedures.ledger import record
from procedures.tables import ErrorRows, Fields, ImportRefused, Row, RowFault


@dataclass(frozen=True, slots=True)
class Terms:
    """What is stated of an archive.

    Attributes:
        source: what its rows say of where they come from.
        categories: those that the customer consents to here.
        basis: the consents that rows rest on.
        whose: whose it is.
    """

    source: str
    categories: frozenset[Category]
    basis: LegalBasis
    whose: Whose

    def of(self, category: Category) -> LegalBasis:
        """The consents for a category; to a special one there is only the one purpose that is its own."""
        mine = {
            purpose: id
            for purpose, id in self.basis.notices.items()
            if in_force().special.get(category, purpose) is purpose
        }
        return replace(self.basis, notices=mine)


def left_out(data: Mapping[str, Any], categories: frozenset[Category]) -> dict[tuple[str, str], int]:
    """What stays behind: by the name of the kind and a code, how many rows."""
    found: Counter[tuple[str, str]] = Counter()
    named = {kind.name: kind.category for kind in KINDS}
    for name, held in data.items():
        if name not in named:
            # A name from outside is not repeated: anything may stand there.
            found[(name, LEFT[name]) if name in LEFT else ("unknown", "KIND_UNKNOWN")] += len(rows(held))
        elif named[name] not in categories:
            found[name, "CONSENT_NOT_STATED"] += len(rows(held))
    return dict(+found)


async def import_archive(data: Mapping[str, Any], terms: Terms, options: Options) -> dict[Category, Report]:
    """Take in what an archive says, in the order of its kinds; returns what was done by category.

    Raises:
        ImportRefused: it cannot be taken in like this; nothing of it was written.
    """
    _check(terms, options)
    kinds = [kind for kind in KINDS if kind.category in terms.categories and rows(data.get(kind.name))]
    total, done, reports = sum(len(rows(data[kind.name])) for kind in kinds), 0, {}
    for kind in kinds:
        held = _Held(kind, rows(data[kind.name]))
        taker = _RowImporter(kind, terms.of(kind.category), terms.source, terms.whose, options.clock)
        told = replace(options, progress=partial(_told, options, done, total))
        reports[kind.category] = await run(held, held, taker, ErrorRows(None, ()), told)
        done += held.lines
    return reports


@dataclass(frozen=True, slots=True)
class _Held:
    """The rows of a kind; each is the JSON of what the archive says, as its one cell."""

    kind: Kind
    held: Sequence[Any]

    @property
    def lines(self) -> int:
        return len(self.held)

    def rows(self) -> Iterator[Row]:
        for number, row in enumerate(self.held, 1):
            yield Row(number, (dumps(row),))

    def fields(self, cells: tuple[str, ...]) -> Fields:
        return fields_of(self.kind, loads(cells[0]))


@dataclass(frozen=True, slots=True)
class _RowImporter:
    """How rows of one kind are taken in."""

    kind: Kind
    basis: LegalBasis
    source: str
    whose: Whose
    clock: Clock

    @property
    def entity(self) -> str:
        return self.kind.category.value

    def read(self, fields: Fields, row: Row) -> Any:
        del row
        return self.kind.row(fields, self.clock())

    async def create(self, entries: Sequence[Entry[Any]], batch: Batch) -> None:
        """Plan rows, their consents, and the customer if they are the first."""
        if not entries:
            return
        customer, marked = await self.whose.found(batch)
        new = customer is None
        if customer is None:
            customer = Customer(id=uuid4(), number=(await new_numbers(1))[0], created_at=batch.now)
        planner = RowPlanner(
            self, customer.id, self.basis.evidence or "", await ExistingConsents.of([customer.id]), batch
        )
        there = await self._there(customer.id)
        for entry in entries:
            try:
                with batch.all_or_nothing():
                    reachable(customer)
                    await self._lay(entry, planner, there)
            except RowFault as fault:
                batch.fault(entry, fault)
        if marked or not batch.records.get(ImportedRow):
            return
        batch.mark(CUSTOMER, self.whose.key, b"", customer.id)
        if new:
            batch.add(customer)
            batch.do(partial(_added, customer.id))

    async def update(self, entry: Entry[Any], record_id: UUID, batch: Batch) -> None:
        """Plan to make a row what the archive now says, unless somebody here has changed it."""
        model: Any = self.kind.model
        old = await model.get_or_none(id=record_id, source=self.source)
        if old is None:
            raise RowFault("CHANGED_HERE", "the row was changed or removed here since; it stays so")
        await locked(old.customer_id)
        _check_alone(entry.value, [row for row in await self._there(old.customer_id) if row.id != old.id])
        standing = await ExistingConsents.of([old.customer_id])
        planner = RowPlanner(self, old.customer_id, self.basis.evidence or "", standing, batch)
        await self._named(entry.value, batch)
        planner.plan(entry.value, old)

    async def _there(self, customer_id: UUID) -> list[Any]:
        """What is here already and may be the same, or stand against it."""
        model: Any = self.kind.model
        rows = model.filter(customer_id=customer_id)
        found = await (rows if _single(model) else rows.exclude(source=self.source))
        return [_bare(await readable(row)) for row in found]

    async def _lay(self, entry: Entry[Any], planner: RowPlanner, there: list[Any]) -> None:
        if (held := same(_bare(entry.value), there)) is not None:
            there.remove(held)
            planner.batch.unchanged += 1
            planner.batch.mark(self.entity, entry.key, entry.digest, held.id)
            return
        _check_alone(entry.value, [*there, *planner.batch.records.get(self.kind.model, ())])
        await self._named(entry.value, planner.batch)
        planner.plan(entry.value)
        planner.batch.made(entry, entry.value.id)

    async def _named(self, row: Any, batch: Batch) -> None:
        """Have the company that a customer speaks for."""
        if isinstance(row, Identity) and (name := row.content.company_name):
            row.content = replace(row.content, company_id=str((await companies_of([name], batch))[name]))


def _bare(row: Any) -> Any:
    """A row without which record of ours its company is: that is no part of what it says."""
    if isinstance(row, Identity):
        row.content = replace(row.content, company_id=None)
    return row


def _single(model: type[Personal]) -> bool:
    """Whether a customer has one row only of a category: at all, or for each value of a field."""
    return not model.declared.many or model.declared.one_per is not None


def _check_alone(row: Any, others: Sequence[Any]) -> None:
    """Refuse a row where the customer has another one, of a category of which there is one: at all, or of a country."""
    declared = row.declared
    if _single(type(row)) and any(
        _distinct(declared, row.content) == _distinct(declared, other.content) for other in others
    ):
        raise RowFault("CUSTOMER_DIFFERS", "the customer has another one here; compare by hand")


def _distinct(declared: Declaration, content: Any) -> Any:
    return getattr(content, declared.one_per, None) if declared.one_per else None


async def _added(customer_id: UUID) -> None:
    record(Event.CUSTOMER_ADDED, None, customer=customer_id)


def _told(options: Options, before: int, total: int, line: int, lines: int) -> None:
    del lines
    options.progress(before + line, total)


def _check(terms: Terms, options: Options) -> None:
    terms.basis.check(options.clock())
    if terms.basis.evidence is None:
        raise ImportRefused(
            "EVIDENCE_MISSING", "Say how the consents can be demonstrated: --consent-evidence."
        )
    if not terms.categories:
        raise ImportRefused(
            "CATEGORY_MISSING", "Say what the customer consents to here: --consent-category, once for each."
        )
    if not all(terms.of(category).notices for category in terms.categories):
        raise SpecialCategory
