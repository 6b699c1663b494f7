"""The invariant, and everything that can get past it."""

import pytest
from tortoise.connection import get_connection

from models import Category, Consent, ConsentState, ContactPoint, Personal, Purpose
from models.constraints.rules import personal_tables
from models.database import CONNECTION, dialect
from procedures.audit import personal_rows
from procedures.audit.personal_rows import verify
from tests.models import facts
from tests.procedures import records
from tests.procedures.records import DAY, NOON

pytestmark = pytest.mark.every_database


async def lawless() -> None:
    """Switch the rules of the database off, as somebody with its password could."""
    client = get_connection(CONNECTION)
    if dialect() == "postgres":
        for table in ("consents", *personal_tables()):
            await client.execute_query(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        name = (
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'contact_points'::regclass"
        )
        for row in await client.execute_query_dict(name):
            await client.execute_query(f"ALTER TABLE contact_points DROP CONSTRAINT {row['conname']}")
        return
    await client.execute_query("PRAGMA foreign_keys = OFF")
    for row in await client.execute_query_dict("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        await client.execute_query(f"DROP TRIGGER {row['name']}")


async def row() -> tuple[Consent, ContactPoint]:
    """A consent and a row on it."""
    consent = await records.consent((await records.customer()).id)
    return consent, await records.contact(consent)


async def test_what_stands_under_live_consents_is_in_order(database):
    customer = await facts.customer()
    for category in Category:
        await facts.personal(category, customer, await facts.consent(customer, category))

    report = await verify(facts.NOW)

    assert (report.rows, report.findings) == (len(Category), ())


async def test_an_empty_database_is_in_order(database):
    assert (await verify(NOON)).rows == 0


async def test_a_consent_that_ran_out_is_found(database):
    consent, contact = await row()

    (found,) = (await verify(NOON + DAY)).findings

    assert (found.code, found.table) == ("CONSENT_RUN_OUT", "contact_points")
    assert (found.row, found.consent) == (str(contact.id), str(consent.id))
    assert (await verify(NOON)).findings == ()


@pytest.mark.parametrize(
    "code", ["CONSENT_MISSING", "CONSENT_OF_ANOTHER", "CONSENT_OF_ANOTHER_CATEGORY", "CONSENT_NOT_PERMITTING"]
)
async def test_what_got_past_the_rules_is_found(database, code):
    consent, contact = await row()
    await row()
    other = await records.consent(
        consent.customer_id if code == "CONSENT_OF_ANOTHER_CATEGORY" else (await records.customer()).id,
        Purpose.BILLING,
        Category.POSTAL_ADDRESS if code == "CONSENT_OF_ANOTHER_CATEGORY" else Category.CONTACT_POINT,
    )
    await lawless()
    if code == "CONSENT_NOT_PERMITTING":
        await Consent.filter(id=consent.id).update(state=ConsentState.WITHDRAWN, permits=False)
    elif code == "CONSENT_MISSING":
        await Consent.filter(id=consent.id).delete()
    else:
        await ContactPoint.filter(id=contact.id).update(consent_id=other.id)

    report = await verify(NOON)

    assert report.rows == 2
    assert [(found.code, found.row) for found in report.findings] == [(code, str(contact.id))]


@pytest.mark.parametrize("page", [1, 2, 3, 7])
async def test_every_row_is_looked_at_whatever_the_page(database, monkeypatch, page):
    monkeypatch.setattr(personal_rows, "PAGE", page)
    rows: list[Personal] = [(await row())[1] for _ in range(6)]
    told: list[tuple[int, int]] = []

    report = await verify(NOON + DAY, progress=lambda done, total: told.append((done, total)))

    assert sorted(found.row for found in report.findings) == sorted(str(each.id) for each in rows)
    assert told[-1] == (6, 6)


async def test_a_finding_tells_ids_and_codes_only(database):
    consent, contact = await row()

    (found,) = (await verify(NOON + DAY)).findings

    assert str(found) == f"CONSENT_RUN_OUT  contact_points {contact.id} consent {consent.id}"
