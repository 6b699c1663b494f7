"""Importing customers from a CSV file, each with the consents that the file's owner can demonstrate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from models import Company, ContactPoint, Customer, Employee, Identity, Personal, Purpose, Task, new_number
from procedures.imports.batch import Batch, Entry
from procedures.imports.consent import ExistingConsents, LegalBasis, checked_evidence
from procedures.imports.importing import Options, Report, imported, run, text
from procedures.imports.rows import RowPlanner, locked, readable
from procedures.leaving import suppression
from procedures.tables import (
    COLUMNS,
    ColumnMap,
    ErrorRows,
    Fields,
    Row,
    RowFault,
    Table,
    check_characters,
)
from procedures.task import TERM
from procedures.work import Clock

#: The purpose of the task that the employee who looks after an imported customer gets.
SUPPORT: Final = Purpose.needed("support", "whoever looks after an imported customer gets a task for it")


_SUPPRESSED: Final = RowFault(
    "CUSTOMER_SUPPRESSED",
    "somebody with this address has left and wishes not to be taken in again; leave the row out",
)
_UNKNOWN_ASSIGNEE: Final = RowFault(
    "ASSIGNEE_UNKNOWN", "no employee of this key was imported from this source: import the employees first"
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as the file describes it: checked rows with their tables, and the assignee of the support task."""

    rows: tuple[tuple[type[Personal], dict[str, Any]], ...]
    assignee: str | None
    evidence: str

    @property
    def company(self) -> str | None:
        """The name of the company that the customer speaks for."""
        return next((row["company_name"] for model, row in self.rows if model is Identity), None)


async def import_customers(
    table: Table, columns: ColumnMap, basis: LegalBasis, errors: ErrorRows, options: Options
) -> Report:
    """Import customers; rows that were imported before change only as `options` say.

    Raises:
        ImportRefused: the whole file cannot be imported like this. Rows that cannot go to `errors` instead.
    """
    binding = columns.bind(table)
    basis.check(options.clock(), evidence_in_rows=columns.maps("consent.evidence"))
    return await run(table, binding, Customers(basis, options.source, options.clock), errors, options)


@dataclass(frozen=True, slots=True)
class Customers:
    """How a row becomes a customer."""

    entity: ClassVar = "customer"
    basis: LegalBasis
    source: str
    clock: Clock

    def read(self, fields: Fields, row: Row) -> CustomerRow:
        """The checked values of one row; raises RowFault."""
        check_characters(fields)
        evidence = checked_evidence(fields.get("consent.evidence", [self.basis.evidence or ""])[0])
        rows = [(each.model, row) for each in COLUMNS for row in each.rows(fields, self.clock())]
        if not rows:
            raise RowFault("ROW_EMPTY", "the row tells nothing of the customer")
        return CustomerRow(tuple(rows), text(fields, "assignee"), evidence)

    async def create(self, entries: Sequence[Entry[CustomerRow]], batch: Batch) -> None:
        """Plan customers, their consents, their data and their support tasks."""
        assignees = await self._assignees(entries)
        companies = await companies_of((entry.value.company for entry in entries), batch)
        numbers = await new_numbers(len(entries))
        for entry, number in zip(entries, numbers, strict=True):
            assignee = entry.value.assignee
            if assignee and assignee not in assignees:
                batch.fault(entry, _UNKNOWN_ASSIGNEE)
                continue
            if await _suppressed(entry.value):
                batch.fault(entry, _SUPPRESSED)
                continue
            customer = Customer(id=uuid4(), number=number, created_at=batch.now)
            batch.add(customer)
            planner = self._planner(entry, customer.id, ExistingConsents(), batch)
            for row in self._rows(entry.value, companies):
                planner.plan(row)
            if assignee:
                batch.add(_support(customer.id, assignees[assignee], batch))
            batch.mark_created(entry, customer.id)

    async def update(self, entry: Entry[CustomerRow], record_id: UUID, batch: Batch) -> None:
        """Plan the change of the rows of this source to what the file now says; rows from elsewhere stay."""
        await locked(record_id)
        companies = await companies_of([entry.value.company], batch)
        planner = self._planner(entry, record_id, await ExistingConsents.of([record_id]), batch)
        rows = self._rows(entry.value, companies)
        for model in (each.model for each in COLUMNS):
            existing = [await readable(row) for row in await model.filter(customer_id=record_id)]
            planner.reconcile([row for row in rows if type(row) is model], existing)

    def _planner(
        self, entry: Entry[CustomerRow], customer_id: UUID, consents: ExistingConsents, batch: Batch
    ) -> RowPlanner:
        return RowPlanner(self.basis, self.source, customer_id, entry.value.evidence, consents, batch)

    def _rows(self, customer: CustomerRow, companies: dict[str, UUID]) -> list[Any]:
        rows = []
        for model, row in customer.rows:
            company = companies.get(customer.company or "") if model is Identity else None
            rows.append(model.from_values({**row, "company_id": str(company)} if company else row))
        return rows

    async def _assignees(self, entries: Sequence[Entry[CustomerRow]]) -> dict[str, UUID]:
        keys = {entry.value.assignee for entry in entries if entry.value.assignee}
        marks = await imported(self.source, "employee", keys) if keys else {}
        employees = await Employee.filter(id__in=[mark.record_id for mark in marks.values()])
        actors = {employee.id: employee.actor_id for employee in employees}
        return {key: actors[mark.record_id] for key, mark in marks.items() if mark.record_id in actors}


async def companies_of(names: Iterable[str | None], batch: Batch) -> dict[str, UUID]:
    """The ids of companies by their names; a company that does not exist is planned."""
    unique = dict.fromkeys(name for name in names if name)
    companies = [*await Company.filter(name__in=list(unique)), *batch.records.get(Company, ())]
    ids = {company.name: company.id for company in companies}
    for name in unique:
        if name not in ids:
            company = Company(id=uuid4(), name=name, created_at=batch.now)
            batch.add(company)
            ids[name] = company.id
    return ids


async def new_numbers(count: int) -> list[str]:
    """As many customer numbers as asked for, all different and none in use."""
    numbers: set[str] = set()
    # Two draws of eight digits coincide now and then: a number in use is drawn again rather than failing a batch.
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
        due_at=batch.now + TERM,
    )


async def _suppressed(customer: CustomerRow) -> bool:
    for model, row in customer.rows:
        if model is ContactPoint and await suppression.suppressed((row["kind"], row["value"])):
            return True
    return False
