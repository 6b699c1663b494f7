"""Bringing customers in from a CSV file, each with the consents that the file's owner can demonstrate.

EVIDENCE_MISSING   nothing says how the customer's consent can be demonstrated: --consent-evidence, or a column mapped to it
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from models import Company, ContactPoint, Customer, Employee, Identity, Personal, Purpose, Task, new_number
from procedures.imports.batch import Batch, Entry
from procedures.imports.consent import ExistingConsents, LegalBasis, checked_evidence
from procedures.imports.importing import Clock, Options, Report, imported, run, text
from procedures.imports.rows import RowPlanner, locked, readable
from procedures.leaving import suppression
from procedures.tables import (
    COLUMNS,
    ColumnMap,
    ErrorRows,
    Fields,
    ImportRefused,
    Row,
    RowFault,
    Table,
    check_characters,
)

#: What is said of an import: that somebody looks after the customers, who therefore gets a task for it.
SUPPORT: Final = Purpose.needed("support", "whoever looks after an imported customer gets a task for it")


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as a file tells it: checked rows by category, and who cares for them."""

    rows: tuple[tuple[type[Personal], dict[str, Any]], ...]
    assignee: str | None
    evidence: str

    @property
    def company(self) -> str | None:
        """The company that the customer speaks for."""
        return next((row["company_name"] for model, row in self.rows if model is Identity), None)


async def import_customers(
    table: Table, columns: ColumnMap, basis: LegalBasis, errors: ErrorRows, options: Options
) -> Report:
    """Take customers in; what was taken in before is left alone.

    Raises:
        ImportRefused: the whole file cannot be imported like this. Rows that cannot go to `errors` instead.
    """
    binding = columns.bind(table)
    basis.check(options.clock())
    if basis.evidence is None and not columns.maps("consent.evidence"):
        raise ImportRefused(
            "EVIDENCE_MISSING",
            "Say how the consents can be demonstrated: --consent-evidence, or a column mapped to it.",
        )
    return await run(table, binding, Customers(basis, options.source, options.clock), errors, options)


class Customers:
    """How a row becomes a customer."""

    entity = "customer"

    def __init__(self, basis: LegalBasis, source: str, clock: Clock) -> None:
        self.basis = basis
        self.source = source
        self.clock = clock

    def read(self, fields: Fields, row: Row) -> CustomerRow:
        """Understand one row, or raise RowFault."""
        check_characters(fields)
        evidence = checked_evidence(fields.get("consent.evidence", [self.basis.evidence or ""])[0])
        rows = [(each.model, row) for each in COLUMNS for row in each.rows(fields, self.clock())]
        if not rows:
            raise RowFault("ROW_EMPTY", "the row tells nothing of the customer")
        return CustomerRow(tuple(rows), text(fields, "assignee"), evidence)

    async def create(self, entries: Sequence[Entry[CustomerRow]], batch: Batch) -> None:
        """Plan customers, their consents, their data and their support tasks."""
        carers = await self._carers(entries)
        companies = await companies_of((entry.value.company for entry in entries), batch)
        numbers = await new_numbers(len(entries))
        for entry, number in zip(entries, numbers, strict=True):
            assignee = entry.value.assignee
            if assignee and assignee not in carers:
                batch.fault(entry, _unknown_assignee())
                continue
            if await _suppressed(entry.value):
                batch.fault(entry, _left_alone())
                continue
            customer = Customer(id=uuid4(), number=number, created_at=batch.now)
            batch.add(customer)
            planner = RowPlanner(self, customer.id, entry.value.evidence, ExistingConsents(), batch)
            for row in self._rows(entry.value, companies):
                planner.plan(row)
            if assignee:
                batch.add(_support(customer.id, carers[assignee], batch))
            batch.made(entry, customer.id)

    async def update(self, entry: Entry[CustomerRow], record_id: UUID, batch: Batch) -> None:
        """Plan to make the rows of this source what the file now says; rows from elsewhere stay."""
        await locked(record_id)
        companies = await companies_of([entry.value.company], batch)
        planner = RowPlanner(
            self, record_id, entry.value.evidence, await ExistingConsents.of([record_id]), batch
        )
        wanted = self._rows(entry.value, companies)
        for model in (each.model for each in COLUMNS):
            held = [await readable(row) for row in await model.filter(customer_id=record_id)]
            planner.reconcile([row for row in wanted if type(row) is model], held)

    def _rows(self, read: CustomerRow, companies: dict[str, UUID]) -> list[Any]:
        found = []
        for model, row in read.rows:
            company = companies.get(read.company or "") if model is Identity else None
            found.append(model.made({**row, "company_id": str(company)} if company else row))
        return found

    async def _carers(self, entries: Sequence[Entry[CustomerRow]]) -> dict[str, UUID]:
        keys = {entry.value.assignee for entry in entries if entry.value.assignee}
        marks = await imported(self.source, "employee", keys) if keys else {}
        employees = await Employee.filter(id__in=[mark.record_id for mark in marks.values()])
        actors = {employee.id: employee.actor_id for employee in employees}
        return {key: actors[mark.record_id] for key, mark in marks.items() if mark.record_id in actors}


async def companies_of(names: Iterable[str | None], batch: Batch) -> dict[str, UUID]:
    """Companies by their names; those that are not there are planned."""
    wanted = dict.fromkeys(name for name in names if name)
    planned = {company.name: company.id for company in batch.records.get(Company, ())}
    found = {company.name: company.id for company in await Company.filter(name__in=list(wanted))} | planned
    for name in wanted:
        if name not in found:
            company = Company(id=uuid4(), name=name, created_at=batch.now)
            batch.add(company)
            found[name] = company.id
    return found


async def new_numbers(count: int) -> list[str]:
    """So many customer numbers that nobody has."""
    numbers: set[str] = set()
    # Eight digits meet now and then: a number in use is drawn again rather than failing a batch.
    while len(numbers) < count:
        drawn = {new_number() for _ in range(count - len(numbers))}
        numbers |= drawn - {customer.number for customer in await Customer.filter(number__in=list(drawn))}
    return list(numbers)


def _support(customer_id: UUID, assignee_id: UUID, batch: Batch) -> Task:
    return Task(
        customer_id=customer_id,
        purpose=SUPPORT,
        assignee_id=assignee_id,
        agreement_id=None,
        opened_by_id=None,
        opened_at=batch.now,
    )


async def _suppressed(read: CustomerRow) -> bool:
    for model, row in read.rows:
        if model is ContactPoint and await suppression.suppressed((row["kind"], row["value"])):
            return True
    return False


def _left_alone() -> RowFault:
    return RowFault(
        "CUSTOMER_SUPPRESSED",
        "somebody with this address has left and wishes not to be taken in again; leave the row out",
    )


def _unknown_assignee() -> RowFault:
    return RowFault(
        "ASSIGNEE_UNKNOWN",
        "no employee of this key was imported from this source: import the employees first",
    )
