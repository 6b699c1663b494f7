"""What a customer brings along comes in whole and once, under consents stated here, and nothing else comes."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest import FixtureRequest  # noqa: PT013 the type's name says what it is

import models
from models import Category, Customer, Identity, ImportedRow, Purpose
from models.database import kind, sqlite_url
from models.event import Event
from procedures import own
from procedures.archives import left_out
from procedures.audit import authority
from procedures.consent import consent
from procedures.errors import SpecialCategory
from procedures.leaving import withdrawal
from procedures.own import restriction
from tests import ledger, postgres
from tests.installation import at_work
from tests.people import Office
from tests.procedures.arriving import ALL, CARRIED, SOURCE, Desk, Parcel, herself, refused, said, totals
from tests.procedures.taking import Taken


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def elsewhere(
    request: FixtureRequest, database_url: str, sqlite_template: Path, tmp_path: Path
) -> Iterator[str]:
    """The database of another installation, of the same kind."""
    if kind(database_url) == "sqlite":
        (tmp_path / "elsewhere").mkdir()
        shutil.copyfile(sqlite_template, tmp_path / "elsewhere" / "savas.sqlite3")
        yield sqlite_url(tmp_path / "elsewhere" / "savas.sqlite3")
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    pool: postgres.Pool = request.getfixturevalue("postgres_pool")
    name = pool.take()
    yield server.url(name)
    pool.give_back(name)


@pytest.mark.every_database
async def test_every_value_that_can_come_in_is_read_by_its_customer_here_and_nothing_else(
    desk: Desk, database_url: str, elsewhere: str
):
    parcel = await Parcel.sent(elsewhere)
    async with at_work(database_url):
        created, _, faults = totals(await desk.takes(parcel))
        assert (await authority.verify()).findings == ()
        office = Office()
        brought = (await Taken.by(await herself(office), await Customer.get())).data

    assert (created, faults) == (sum(len(said(parcel.data, name)) for name in CARRIED), {})
    assert created > len(CARRIED) + 4
    for name in CARRIED:
        assert said(brought, name) == said(parcel.data, name) != []
        rows = brought[name] if isinstance(brought[name], list) else [brought[name]]
        assert {row["provenance"]["source"] for row in rows} == {SOURCE}
        assert {row["provenance"]["verification"] for row in rows} == {None}
    assert {row["collectionMethod"] for row in brought["consents"]} == {"IMPORT"}
    assert {row["category"].lower() for row in brought["consents"]} == {category.value for category in ALL}
    assert {name for name in brought if brought[name]} == {
        *CARRIED,
        *("consents", "customer", "accessLog", "outsideKeys"),
    }


async def test_what_stays_behind_is_counted_with_its_reason(parcel: Parcel):
    left = left_out(parcel.data | {"moods": [1, 2]}, frozenset({Category.IDENTITY}))

    assert left["orders", "CONSENT_NOT_STATED"] == 2
    assert left["paymentCards", "CARD_WITHOUT_TOKEN"] == 1
    assert left["identityEvidence", "VERIFIED_ELSEWHERE"] == 1
    assert left["consents", "SENDERS_OWN"] == len(Category)
    assert left["unknown", "KIND_UNKNOWN"] == 2
    assert "identity" not in {name for name, _ in left}


@pytest.mark.every_database
async def test_a_second_run_changes_nothing(desk: Desk, parcel: Parcel, database: str):
    first, again = await desk.takes(parcel), await desk.takes(parcel)

    assert totals(again) == (0, totals(first)[0], {})
    assert await Customer.all().count() == 1
    assert [await model.all().count() for model in models.PERSONAL.values()].count(0) == 2


@pytest.mark.every_database
async def test_one_that_was_cut_off_goes_on(desk: Desk, parcel: Parcel, database: str):
    class CutOff(Exception):
        pass

    for stop in range(1, 9):

        def progress(line: int, lines: int, stop: int = stop) -> None:
            if line == stop:
                raise CutOff

        with pytest.raises(CutOff):
            await desk.takes(parcel, progress=progress, batch=1)
    await desk.takes(parcel, batch=1)

    assert await Customer.all().count() == 1
    assert await ImportedRow.filter(entity__not="customer").count() == sum(
        len(said(parcel.data, name)) for name in CARRIED
    )


@pytest.mark.every_database
async def test_two_at_once_bring_each_row_once(desk: Desk, parcel: Parcel, database: str):
    await desk.takes(parcel, dry_run=True)
    one, other = await asyncio.gather(desk.takes(parcel), desk.takes(parcel))

    rows = sum(len(said(parcel.data, name)) for name in CARRIED)
    assert totals(one)[0] + totals(other)[0] == totals(one)[1] + totals(other)[1] == rows
    assert (await Customer.all().count(), await ImportedRow.all().count()) == (1, rows + 1)


async def test_a_dry_run_writes_nothing(desk: Desk, parcel: Parcel, database: str):
    created, _, faults = totals(await desk.takes(parcel, dry_run=True))

    assert (created > 9, faults) == (True, {})
    kept: tuple[type[models.Record], ...] = (Customer, models.Consent, ImportedRow)
    for model in (*kept, *models.PERSONAL.values()):
        assert not await model.exists()


async def test_the_ledger_tells_of_it_by_counts(desk: Desk, parcel: Parcel, database: str):
    await desk.takes(parcel)
    await desk.takes(parcel)

    written = {each["entity"]: each["created"] for each in await ledger.data(Event.IMPORT_WRITTEN)}
    assert written == {category.value: len(said(parcel.data, name)) for name, category in CARRIED.items()}
    assert await ledger.data(Event.CUSTOMER_ADDED) == [{"customer": str((await Customer.get()).id)}]
    await ledger.sound()


async def test_a_category_without_a_stated_consent_stays_behind(desk: Desk, parcel: Parcel, database: str):
    await desk.but(categories=frozenset({Category.CONTACT_POINT, Category.PAYMENT_CARD})).takes(parcel)

    assert {given.category for given in await models.Consent.all()} == {Category.CONTACT_POINT}
    assert [model for model in models.PERSONAL.values() if await model.exists()] == [models.ContactPoint]


async def test_no_consent_stated_no_import(desk: Desk, parcel: Parcel, database: str):
    assert await refused(desk.but(categories=frozenset()), parcel) == "CATEGORY_MISSING"
    assert await refused(desk.but(purposes=()), parcel) == "PURPOSE_MISSING"
    with pytest.raises(SpecialCategory):
        await desk.but(purposes=(Purpose.SUPPORT,)).takes(parcel)
    assert not await Customer.exists()


async def test_health_rests_on_a_consent_for_care_and_no_other(desk: Desk, parcel: Parcel, database: str):
    await desk.takes(parcel)
    given = await models.Consent.filter(category=Category.HEALTH_RECORD)
    assert [each.purpose for each in given] == [Purpose.CARE]


async def test_a_consent_that_was_withdrawn_here_is_not_brought_back(
    desk: Desk, parcel: Parcel, office: Office
):
    await desk.takes(parcel)
    me = await herself(office)
    for given in await models.Consent.filter(category=Category.ORDER):
        await consent.withdraw(given.id, by=me.actor)
    again = await desk.takes(parcel)
    others = [{**row, "id": f"another {row['id']}"} for row in parcel.data["orders"]]
    number = (await Customer.get()).number
    more = await desk.but(number=number).takes(parcel.with_rows(orders=others))

    assert (again[Category.ORDER].unchanged, dict(more[Category.ORDER].faults)) == (
        2,
        {"CONSENT_REQUIRED": 2},
    )
    assert not await models.Order.exists()


async def test_a_row_that_its_customer_removed_stays_away_and_leaves_with_her(
    desk: Desk, parcel: Parcel, office: Office
):
    await desk.takes(parcel)
    customer, me = await Customer.get(), await herself(office)
    point = await models.ContactPoint.get(kind="PHONE")
    await own.remove(models.ContactPoint, point.id, by=me.actor)
    for given in await models.Consent.filter(category=Category.ORDER):
        await consent.withdraw(given.id, by=me.actor)
    await desk.takes(parcel)
    assert await models.ContactPoint.all().count() == 1

    await withdrawal.begin(customer.id, customer.number, by=me.actor)
    assert not await ImportedRow.exists()


async def test_an_update_takes_over_what_the_sender_changed_and_nothing_that_was_changed_here(
    desk: Desk, parcel: Parcel, database: str
):
    await desk.takes(parcel.saying())
    names = {**parcel.data["identity"], "givenName": "Jonė Marija"}
    later = parcel.with_rows(identity=names)

    assert (await desk.takes(later))[Category.IDENTITY].changed == 1
    assert (await desk.takes(later, update=True))[Category.IDENTITY].updated == 1
    assert (await models.opened(await Identity.get())).given_name == "Jonė Marija"
    await Identity.all().update(source="customer")
    third = await desk.takes(parcel.with_rows(identity={**names, "givenName": "Ona"}), update=True)
    assert dict(third[Category.IDENTITY].faults) == {"CHANGED_HERE": 1}


async def test_a_customer_under_restriction_is_not_touched(desk: Desk, parcel: Parcel, office: Office):
    await desk.but(categories=frozenset({Category.IDENTITY})).takes(parcel)
    await restriction.begin((await Customer.get()).id, by=(await herself(office)).actor)
    reports = await desk.takes(parcel)

    assert {code for report in reports.values() for code in report.faults} == {"CUSTOMER_RESTRICTED"}
    assert not await models.ContactPoint.exists()


async def test_of_names_there_is_one_row_and_of_a_country_s_codes_too(
    desk: Desk, parcel: Parcel, sqlite: None
):
    names, code = parcel.data["identity"], parcel.data["personalCodes"][0]
    other = {**names, "id": "another", "givenName": "Ona"}
    twice = parcel.with_rows(
        identity=[names, other], personalCodes=[code, {**code, "id": "b", "code": "49001010012"}]
    )
    _, _, faults = totals(await desk.takes(twice))

    assert faults.get("CUSTOMER_DIFFERS", 0) >= 1
    assert (await Identity.all().count(), await models.PersonalCode.all().count()) == (1, 1)


async def test_an_archive_of_which_nothing_can_be_kept_makes_no_customer(
    desk: Desk, parcel: Parcel, sqlite: None
):
    bad = parcel.with_rows(**{name: [{"id": "1"}] for name in CARRIED})
    _, _, faults = totals(await desk.takes(bad))

    assert sum(faults.values()) == len(CARRIED)
    assert not await Customer.exists()
