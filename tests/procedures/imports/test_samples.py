import csv
from pathlib import Path

import pytest

from models import (
    ContactKind,
    ContactPoint,
    Employee,
    Identity,
    PostalAddress,
    Purpose,
    Task,
    opened,
)
from tests.procedures.importers import Importer, marked, outside_keys, sample

pytestmark = pytest.mark.usefixtures("database")


async def test_a_support_representative_who_is_unknown_is_an_error(tmp_path: Path):
    chinook = Importer(tmp_path, map="chinook")
    file = sample("chinook/customers.csv")
    report = await chinook.customers(file=file)

    assert (report.created, dict(report.faults)) == (0, {"ASSIGNEE_UNKNOWN": 59})


@pytest.mark.every_database
async def test_all_customers_of_chinook_come_in_and_every_value_is_found_again(tmp_path: Path):
    chinook = Importer(tmp_path, map="chinook")
    staff = await chinook.employees(file=sample("chinook/employees.csv"))
    report = await chinook.customers(file=sample("chinook/customers.csv"))

    assert (staff.created, report.created, staff.errors + report.errors) == (8, 59, 0)
    with sample("chinook/customers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            await _same_as(row)


async def _same_as(row: dict[str, str]) -> None:
    customer = await marked(row["CustomerId"], source="chinook")
    identity = await opened(await Identity.get(customer_id=customer))
    address = await opened(await PostalAddress.get(customer_id=customer))
    contacts = {
        point.kind: (await opened(point)).value for point in await ContactPoint.filter(customer_id=customer)
    }
    task = await Task.get(customer_id=customer).prefetch_related("assignee__employee")
    rep = await marked(row["SupportRepId"], "employee", "chinook")
    assert (identity.given_name, identity.family_name) == (row["FirstName"], row["LastName"])
    assert (identity.company_name or "") == row["Company"]
    assert (address.street, address.city) == (row["Address"], row["City"])
    assert (address.region or "", address.country) == (row["State"], row["Country"])
    assert (address.postal_code or "") == row["PostalCode"]
    assert {kind: contacts.get(kind, "") for kind in ContactKind} == {
        ContactKind.EMAIL: row["Email"],
        ContactKind.PHONE: row["Phone"],
        ContactKind.FAX: row["Fax"],
    }
    assert (task.purpose, task.assignee_id) == (
        Purpose.SUPPORT,
        (await Employee.get(id=rep)).actor_id,
    )


async def test_all_patients_of_synthea_come_in_without_what_nobody_needs(tmp_path: Path):
    synthea = Importer(tmp_path, map="synthea")
    file = sample("synthea/patients.csv")
    report = await synthea.customers(file=file)

    assert (report.created, report.errors) == (1171, 0)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = {row["Id"]: row for row in csv.DictReader(lines)}
    marks = {customer: key for key, customer in (await outside_keys()).items()}
    identities = {marks[row.customer_id]: await opened(row) for row in await Identity.all()}
    addresses = {marks[row.customer_id]: await opened(row) for row in await PostalAddress.all()}
    for key, row in rows.items():
        name, address = identities[key], addresses[key]
        assert (name.given_name, name.family_name) == (row["FIRST"], row["LAST"])
        assert (address.street, address.city, address.region) == (row["ADDRESS"], row["CITY"], row["STATE"])
        assert (address.postal_code or "") == row["ZIP"]
