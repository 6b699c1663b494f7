"""Bringing customers in from a CSV file, each with the consents that the file's owner can demonstrate.

EVIDENCE_MISSING   nothing says how the customer's consent can be demonstrated: --consent-evidence, or a column mapped to it
COMPANY_TOO_LONG   the company's name is longer than 200 characters
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from models import (
    AddressContent,
    AddressKind,
    Company,
    ContactContent,
    ContactKind,
    ContactPoint,
    Customer,
    Employee,
    Identity,
    IdentityContent,
    PostalAddress,
    Purpose,
    Task,
    new_number,
)
from procedures.imports.batch import Batch, Entry
from procedures.imports.consent import Grounds, Standing, checked_evidence
from procedures.imports.importing import Options, Report, imported, run, text
from procedures.imports.rows import Laying, locked, readable
from procedures.leaving import suppression
from procedures.tables import (
    ColumnMap,
    ErrorRows,
    Fields,
    ImportRefused,
    Row,
    RowFault,
    Table,
    check_characters,
    email,
    phone,
)

LONGEST_COMPANY = 200
_PARTS = {
    "street": "street",
    "city": "city",
    "region": "region",
    "postalCode": "postal_code",
    "country": "country",
}

#: What is said of an import: that somebody looks after the customers, who therefore gets a task for it.
SUPPORT: Final = Purpose.needed("support", "whoever looks after an imported customer gets a task for it")


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as a file tells it."""

    given_name: str | None
    family_name: str | None
    company: str | None
    contacts: tuple[tuple[ContactKind, str], ...]
    addresses: tuple[tuple[AddressKind, AddressContent], ...]
    assignee: str | None
    evidence: str

    @property
    def names(self) -> bool:
        """Whether the row says who the customer is."""
        return bool(self.given_name or self.family_name or self.company)


async def import_customers(
    table: Table, columns: ColumnMap, grounds: Grounds, errors: ErrorRows, options: Options
) -> Report:
    """Take customers in; what was taken in before is left alone.

    Raises:
        ImportRefused: the whole file cannot be imported like this. Rows that cannot go to `errors` instead.
    """
    binding = columns.bind(table)
    grounds.check(options.clock())
    if grounds.evidence is None and not columns.maps("consent.evidence"):
        raise ImportRefused(
            "EVIDENCE_MISSING",
            "Say how the consents can be demonstrated: --consent-evidence, or a column mapped to it.",
        )
    return await run(table, binding, Customers(grounds, options.source), errors, options)


class Customers:
    """How a row becomes a customer."""

    entity = "customer"

    def __init__(self, grounds: Grounds, source: str) -> None:
        self.grounds = grounds
        self.source = source

    def read(self, fields: Fields, row: Row) -> CustomerRow:
        """Understand one row, or raise RowFault."""
        check_characters(fields)
        evidence = checked_evidence(fields.get("consent.evidence", [self.grounds.evidence or ""])[0])
        read = CustomerRow(
            given_name=_first(fields, "identity.givenName"),
            family_name=_first(fields, "identity.familyName"),
            company=text(fields, "identity.company"),
            contacts=tuple(_contacts(fields)),
            addresses=tuple(_addresses(fields)),
            assignee=text(fields, "assignee"),
            evidence=evidence,
        )
        if not (read.names or read.contacts or read.addresses):
            raise RowFault("ROW_EMPTY", "the row tells nothing of the customer")
        if read.company and len(read.company) > LONGEST_COMPANY:
            raise RowFault(
                "COMPANY_TOO_LONG", f"identity.company is longer than {LONGEST_COMPANY} characters"
            )
        return read

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
            laying = Laying(self, customer.id, entry.value.evidence, Standing(), batch)
            for row in self._rows(entry.value, companies):
                laying.lay(row)
            if assignee:
                batch.add(_support(customer.id, carers[assignee], batch))
            batch.made(entry, customer.id)

    async def update(self, entry: Entry[CustomerRow], record_id: UUID, batch: Batch) -> None:
        """Plan to make the rows of this source what the file now says; rows from elsewhere stay."""
        await locked(record_id)
        companies = await companies_of([entry.value.company], batch)
        laying = Laying(self, record_id, entry.value.evidence, await Standing.of([record_id]), batch)
        wanted = self._rows(entry.value, companies)
        for model in (Identity, ContactPoint, PostalAddress):
            held = [await readable(row) for row in await model.filter(customer_id=record_id)]
            laying.reconcile([row for row in wanted if type(row) is model], held)

    def _rows(self, read: CustomerRow, companies: dict[str, UUID]) -> list[Any]:
        rows: list[Any] = []
        if read.names:
            company = str(companies[read.company]) if read.company else None
            content = IdentityContent(
                given_name=read.given_name,
                family_name=read.family_name,
                company_name=read.company,
                company_id=company,
            )
            rows.append(identity := Identity(content=content))
            # Assigned, because what is given when a row is made is taken for what the database holds.
            identity.given_name_index = read.given_name
            identity.family_name_index = read.family_name
        for kind, value in read.contacts:
            rows.append(point := ContactPoint(kind=kind, content=ContactContent(value)))
            point.value_index = value
        for purpose, address in read.addresses:
            rows.append(PostalAddress(kind=purpose, content=address))
        return rows

    async def _carers(self, entries: Sequence[Entry[CustomerRow]]) -> dict[str, UUID]:
        keys = {entry.value.assignee for entry in entries if entry.value.assignee}
        marks = await imported(self.source, "employee", keys) if keys else {}
        employees = await Employee.filter(id__in=[mark.record_id for mark in marks.values()])
        actors = {employee.id: employee.actor_id for employee in employees}
        return {key: actors[mark.record_id] for key, mark in marks.items() if mark.record_id in actors}


def _first(fields: Fields, name: str) -> str | None:
    return fields[name][0] if name in fields else None


def _contacts(fields: Fields) -> Iterable[tuple[ContactKind, str]]:
    seen = set()
    for kind in ContactKind:
        name = f"contact.{kind.value}"
        for cell in fields.get(name, ()):
            value = email(cell) if kind is ContactKind.EMAIL else phone(cell, name)
            if (kind, value) not in seen:
                seen.add((kind, value))
                yield kind, value


def _addresses(fields: Fields) -> Iterable[tuple[AddressKind, AddressContent]]:
    for kind in AddressKind:
        parts = {ours: _first(fields, f"address.{kind.value}.{part}") for part, ours in _PARTS.items()}
        if any(parts.values()):
            yield kind, AddressContent(**parts)


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
    for address in read.contacts:
        if await suppression.suppressed(address):
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
