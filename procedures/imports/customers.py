"""Importing customers from a CSV file, each with the consents that the file's owner can demonstrate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from models import Customer, Employee, Identity, Personal, Purpose, Task, new_number
from procedures.imports.batch import Batch, Entry
from procedures.imports.consent import ExistingConsents, LegalBasis, checked_evidence
from procedures.imports.importing import Options, Report, run, text
from procedures.imports.marks import imported
from procedures.imports.rows import RowPlanner, locked
from procedures.recognition import WITHDRAWN, Names, People, names_of, readable
from procedures.suppression import Trait, departed, of_values, standing
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


_UNKNOWN_ASSIGNEE: Final = RowFault(
    "ASSIGNEE_UNKNOWN", "no employee of this key was imported from this source: import the employees first"
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as the file describes it: checked rows with their tables, and the assignee of the support task."""

    rows: tuple[tuple[type[Personal], dict[str, Any]], ...]
    assignee: str | None
    evidence: str

    def planned(self) -> list[Any]:
        """New rows of these values; customer, consent and provenance are missing."""
        return [model.from_values(row) for model, row in self.rows]

    @property
    def names(self) -> Names:
        """The customer's names."""
        return names_of(next((row for model, row in self.rows if model is Identity), {}))

    @property
    def traits(self) -> list[Trait]:
        """What the customer is found by."""
        return [trait for model, row in self.rows for trait in of_values(model.category, row)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the rows of a batch are planned with: whom they may be about, by which consents and assignees."""

    batch: Batch
    people: People
    consents: ExistingConsents
    departed: set[str]
    assignees: dict[str, UUID]


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

    async def prepare(self, entries: Sequence[Entry[CustomerRow]]) -> None:
        """Compute the slow hashes by which those who left are found; they are remembered."""
        await standing([trait for entry in entries for trait in entry.value.traits])

    async def create(self, entries: Sequence[Entry[CustomerRow]], batch: Batch) -> None:
        """Plan customers, their consents, their data and their support tasks; who is here already gets what is missing."""
        people = await People.found_by([trait for entry in entries for trait in entry.value.traits])
        plan = _Plan(
            batch,
            people,
            await ExistingConsents.of(people.ids),
            await departed.keys(self.source, [entry.key for entry in entries]),
            await self._assignees(entries),
        )
        numbers = await new_numbers(len(entries))
        for entry, number in zip(entries, numbers, strict=True):
            with batch.all_or_nothing(entry):
                await self._plan(entry, number, plan)

    async def update(self, entry: Entry[CustomerRow], record_id: UUID, batch: Batch) -> None:
        """Plan the change of the rows of this source to what the file now says; rows from elsewhere stay."""
        await locked(record_id)
        value = entry.value
        people = await People.found_by(value.traits)
        match = people.match_known(record_id, value.traits, value.names)
        consents = await ExistingConsents.of([record_id, *match.others])
        planner = self._planner(entry, record_id, consents, batch, match.others)
        rows = value.planned()
        for model in (each.model for each in COLUMNS):
            planner.reconcile([row for row in rows if type(row) is model], await _existing(model, record_id))
        people.require_kept(value.traits, record_id)

    async def _plan(self, entry: Entry[CustomerRow], number: str, plan: "_Plan") -> None:
        """Plan one row; raises RowFault."""
        value, batch = entry.value, plan.batch
        if value.assignee and value.assignee not in plan.assignees:
            raise _UNKNOWN_ASSIGNEE
        match = plan.people.match(value.traits, value.names)
        if entry.key in plan.departed:
            raise WITHDRAWN
        rows = value.planned()
        if match.customer_id is not None:
            planner = self._planner(entry, match.customer_id, plan.consents, batch, match.others)
            await self._complete(planner, rows, value.names, plan)
            plan.people.require_kept(value.traits, match.customer_id)
            batch.mark_recognised(entry, match.customer_id)
            return
        customer = Customer(id=uuid4(), number=number, created_at=batch.now)
        planner = self._planner(entry, customer.id, plan.consents, batch, match.others)
        for row in rows:
            planner.plan(row)
        batch.add(customer)
        if value.assignee:
            batch.add(_support(customer.id, plan.assignees[value.assignee], batch))
        batch.mark_created(entry, customer.id)
        plan.people.add(customer.id, value.traits, value.names)

    async def _complete(self, planner: RowPlanner, rows: list[Any], names: Names, plan: "_Plan") -> None:
        """Plan what a customer who is here, or is about to be, lacks; raises RowFault."""
        id, planned = planner.customer_id, plan.batch.records
        if not any(customer.id == id for customer in planned.get(Customer, ())):
            await locked(id)
        for model in (each.model for each in COLUMNS):
            existing = await _existing(model, id)
            existing += [row for row in planned.get(model, ()) if row.customer_id == id]
            wanted = [row for row in rows if type(row) is model]
            # Whoever is recognised by an address has these names already.
            if not (model is Identity and existing and plan.people.agree(id, names)):
                planner.complete(wanted, existing)

    def _planner(
        self,
        entry: Entry[CustomerRow],
        customer_id: UUID,
        consents: ExistingConsents,
        batch: Batch,
        others: frozenset[UUID],
    ) -> RowPlanner:
        return RowPlanner(self.basis, self.source, customer_id, entry.value.evidence, consents, batch, others)

    async def _assignees(self, entries: Sequence[Entry[CustomerRow]]) -> dict[str, UUID]:
        keys = {entry.value.assignee for entry in entries if entry.value.assignee}
        marks = await imported(self.source, "employee", keys) if keys else {}
        employees = await Employee.filter(id__in=[mark.record_id for mark in marks.values()])
        actors = {employee.id: employee.actor_id for employee in employees}
        return {key: actors[mark.record_id] for key, mark in marks.items() if mark.record_id in actors}


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


async def _existing(model: Any, customer_id: UUID) -> list[Any]:
    return [await readable(row) for row in await model.filter(customer_id=customer_id)]
