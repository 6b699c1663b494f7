"""What a customer brings along comes in whole and once, under consents stated here, and nothing else comes."""

import shutil
from pathlib import Path

import pytest
from pytest import FixtureRequest  # noqa: PT013 the type's name says what it is

import models
from models import Category, Customer, Identity, ImportedRow, Purpose
from models.database import kind, sqlite_url
from models.event import Event
from procedures import consent, import_kinds, own_change, restriction, withdrawal
from procedures.errors import SpecialCategory
from procedures.import_archive import left_out
from procedures.import_csv import ImportRefused
from procedures.import_person import trusted
from tests import ledger, postgres
from tests.installation import at_work
from tests.people import Office, Someone
from tests.procedures.arriving import ALL, CARRIED, SOURCE, Desk, Parcel, said, totals
from tests.procedures.taking import Taken

OTHERS = {"accessLog", "attestations", "breakGlasses", "customer", "legalHolds", "messages", "tasks"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def elsewhere(request: FixtureRequest, database_url: str, sqlite_template: Path, tmp_path: Path) -> str:
    """The database of another installation, of the same kind."""
    if kind(database_url) == "sqlite":
        (tmp_path / "elsewhere").mkdir()
        shutil.copyfile(sqlite_template, tmp_path / "elsewhere" / "savas.sqlite3")
        return sqlite_url(tmp_path / "elsewhere" / "savas.sqlite3")
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.create(
        f"{tmp_path.name}_elsewhere"[-60:].lower(), template=request.getfixturevalue("postgres_template")
    )


async def herself(office: Office) -> Someone:
    """The one customer there is, signed in."""
    return await office.session(await office.himself(await Customer.get()))


async def refused(desk: Desk, parcel: Parcel) -> str:
    """Why an archive is not taken in; nothing of it is."""
    with pytest.raises(ImportRefused) as refusal:
        await desk.takes(parcel)
    return refusal.value.code


async def test_every_value_that_can_come_in_is_read_by_its_customer_here_and_nothing_else(
    desk: Desk, database_url: str, elsewhere: str
):
    parcel = await Parcel.sent(elsewhere)
    async with at_work(database_url):
        created, _, faults = totals(await desk.takes(parcel))
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
    assert {name for name in brought if brought[name]} == {*CARRIED, "consents", "customer", "accessLog"}


async def test_nothing_of_an_export_is_forgotten(parcel: Parcel):
    assert parcel.data.keys() == CARRIED.keys() | import_kinds.LEFT.keys()
    for name in CARRIED:
        fields = next(each for each in import_kinds.KINDS if each.name == name).fields
        row = parcel.data[name] if isinstance(parcel.data[name], dict) else parcel.data[name][0]
        aside = row.keys() - {field.partition(".")[0] for field in fields}
        assert aside <= {"id", "provenance", "withheld", "verifiedAt"}


async def test_what_stays_behind_is_counted_with_its_reason(parcel: Parcel):
    left = left_out(parcel.data | {"moods": [1, 2]}, frozenset({Category.IDENTITY}))

    assert left["orders", "CONSENT_NOT_STATED"] == 2
    assert left["paymentCards", "CARD_WITHOUT_TOKEN"] == 1
    assert left["identityEvidence", "VERIFIED_ELSEWHERE"] == 1
    assert left["consents", "SENDERS_OWN"] == len(Category)
    assert left["unknown", "KIND_UNKNOWN"] == 2
    assert "identity" not in {name for name, _ in left}


async def test_a_second_run_changes_nothing(desk: Desk, parcel: Parcel, database: str):
    first, again = await desk.takes(parcel), await desk.takes(parcel)

    assert totals(again) == (0, totals(first)[0], {})
    assert await Customer.all().count() == 1
    assert [await model.all().count() for model in models.PERSONAL.values()].count(0) == 2


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


async def test_a_dry_run_writes_nothing(desk: Desk, parcel: Parcel, database: str):
    created, _, faults = totals(await desk.takes(parcel, dry_run=True))

    assert (created > 9, faults) == (True, {})
    for model in (Customer, models.Consent, models.Company, ImportedRow, *models.PERSONAL.values()):
        assert not await model.exists()


async def test_the_ledger_tells_of_it_by_counts(desk: Desk, parcel: Parcel, database: str):
    await desk.takes(parcel)
    await desk.takes(parcel)

    written = {each["entity"]: each["created"] for each in await ledger.data(Event.IMPORT_WRITTEN)}
    assert written == {category.value: len(said(parcel.data, name)) for name, category in CARRIED.items()}
    assert await ledger.data(Event.CUSTOMER_ADDED) == [{"customer": str((await Customer.get()).id)}]
    await ledger.sound()


async def test_a_category_without_a_stated_consent_stays_behind(desk: Desk, parcel: Parcel, database: str):
    await desk.but(categories=frozenset({Category.CONTACT, Category.PAYMENT_CARD})).takes(parcel)

    assert {given.category for given in await models.Consent.all()} == {Category.CONTACT}
    assert [model for model in models.PERSONAL.values() if await model.exists()] == [models.ContactPoint]


async def test_no_consent_stated_no_import(desk: Desk, parcel: Parcel, database: str):
    assert await refused(desk.but(categories=frozenset()), parcel) == "CATEGORY_MISSING"
    assert await refused(desk.but(purposes=()), parcel) == "PURPOSE_MISSING"
    with pytest.raises(SpecialCategory):
        await desk.but(purposes=(Purpose.SUPPORT,)).takes(parcel)
    assert not await Customer.exists()


async def test_health_rests_on_a_consent_for_care_and_no_other(desk: Desk, parcel: Parcel, database: str):
    await desk.takes(parcel)
    given = await models.Consent.filter(category=Category.HEALTH)
    assert [each.purpose for each in given] == [Purpose.CARE]


async def test_a_consent_that_was_withdrawn_here_is_not_brought_back(
    desk: Desk, parcel: Parcel, office: Office
):
    await desk.takes(parcel)
    me = await herself(office)
    for given in await models.Consent.filter(category=Category.ORDER):
        await consent.withdraw(given.id, by=me.asker)
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
    await own_change.remove(models.ContactPoint, point.id, by=me.asker)
    await desk.takes(parcel)
    assert await models.ContactPoint.all().count() == 1

    await withdrawal.begin(customer.id, customer.number, by=me.asker)
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


async def test_whoever_left_and_wishes_to_be_left_alone_is_not_taken_in_again(
    desk: Desk, parcel: Parcel, office: Office
):
    await desk.takes(parcel)
    customer, me = await Customer.get(), await herself(office)
    await withdrawal.begin(customer.id, customer.number, by=me.asker, suppress=True)

    for way in (desk, desk.but(number="new"), desk.but(categories=frozenset({Category.IDENTITY}))):
        assert await refused(way, parcel) == "CUSTOMER_SUPPRESSED"
    assert [await model.all().count() for model in models.PERSONAL.values()] == [0] * len(models.PERSONAL)


async def test_a_customer_under_restriction_is_not_touched(desk: Desk, parcel: Parcel, office: Office):
    await desk.but(categories=frozenset({Category.IDENTITY})).takes(parcel)
    await restriction.begin((await Customer.get()).id, by=(await herself(office)).asker)
    reports = await desk.takes(parcel)

    assert {code for report in reports.values() for code in report.faults} == {"CUSTOMER_RESTRICTED"}
    assert not await models.ContactPoint.exists()


async def test_somebody_who_is_here_is_not_taken_in_twice(desk: Desk, parcel: Parcel, office: Office):
    for category in ("contact", "personal_code"):
        known = await office.customer([(category, "support")])
        assert await refused(desk, parcel) == "CUSTOMER_KNOWN"
        with pytest.raises(ImportRefused, match=known.number):
            await desk.takes(parcel)
        await models.ContactPoint.all().delete()
    assert await refused(desk.but(number="C-0"), parcel) == "CUSTOMER_UNKNOWN"
    await desk.but(number="new").takes(parcel)
    assert await Identity.all().count() == 1


async def test_what_a_customer_has_here_already_comes_in_once(desk: Desk, parcel: Parcel, office: Office):
    here = await office.customer([(category.value, "support") for category in Category])
    created, unchanged, faults = totals(await desk.but(number=here.number).takes(parcel))

    assert faults == {}
    assert (created, unchanged) == (len(said(parcel.data, "contactPoints")) + 3, len(CARRIED))
    assert totals(await desk.takes(parcel)) == (0, created + unchanged, {})
    assert await Customer.all().count() == 1


async def test_what_a_customer_has_otherwise_here_is_compared_by_hand(
    desk: Desk, parcel: Parcel, office: Office
):
    here = await office.customer()
    given = await office.consent(here, "identity", "support")
    await office.row(here, given, content=models.IdentityContent("Jonė", "Kita"), family_name_index="Kita")
    _, _, faults = totals(await desk.but(number=here.number).takes(parcel))

    assert faults == {"CUSTOMER_DIFFERS": 1}
    other = await office.customer()
    assert await refused(desk.but(number=other.number), parcel) == "CUSTOMER_DIFFERS"


async def test_a_key_is_named_or_known_or_trusted_once(desk: Desk, parcel: Parcel, database: str):
    for named, code in ((None, "KEY_UNKNOWN"), ("00" * 32, "KEY_DIFFERS")):
        with pytest.raises(ImportRefused) as refusal:
            await trusted(parcel.key, named, first_use=False)
        assert refusal.value.code == code
    assert not await trusted(parcel.key, parcel.key, first_use=False)
    assert await trusted(parcel.key, None, first_use=True)

    await desk.takes(parcel)
    assert not await trusted(parcel.key, None, first_use=False)
    with pytest.raises(ImportRefused):
        await trusted("00" * 32, None, first_use=False)


CARD = "4111 1111 1111 1111"
LINES = {"lines": [{"product": "a", "quantity": 1, "unitPrice": "1.00"}]}


@pytest.mark.parametrize(
    ("name", "wrong", "code"),
    [
        ("identity", {"givenName": CARD}, "CARD_NUMBER_REFUSED"),
        ("identity", {"givenName": "a\u202eb"}, "CONTROL_CHARACTER"),
        ("identity", {"givenName": "\ud800"}, "CONTROL_CHARACTER"),
        ("identity", {"givenName": "x" * 201}, "BAD_USER_INPUT"),
        ("identity", {"givenName": "x" * 65_537}, "CELL_TOO_LONG"),
        ("identity", {"givenName": {"a": 1}}, "ROW_MALFORMED"),
        ("identity", {"givenName": 1.5}, "ROW_MALFORMED"),
        ("identity", {"givenName": None, "familyName": "", "companyName": None}, "ROW_EMPTY"),
        ("identity", {"nickname": "Jo"}, "FIELD_UNKNOWN"),
        ("identity", {"key": "Jo"}, "FIELD_UNKNOWN"),
        ("identity", {"id": None}, "ROW_MALFORMED"),
        ("identity", {"id": " "}, "KEY_MISSING"),
        ("identity", {"id": "k" * 201}, "KEY_TOO_LONG"),
        ("personalCodes", {"code": "49001010002"}, "PERSONAL_CODE_INVALID"),
        ("personalCodes", {"code": CARD, "country": "US"}, "CARD_NUMBER_REFUSED"),
        ("personalCodes", {"country": "XX"}, "COUNTRY_INVALID"),
        ("contactPoints", {"kind": "EMAIL", "value": "nobody"}, "EMAIL_INVALID"),
        ("contactPoints", {"kind": "PHONE", "value": "none"}, "PHONE_INVALID"),
        ("contactPoints", {"kind": "PIGEON"}, "KIND_UNKNOWN"),
        ("postalAddresses", {"street": f"kortelė {CARD}"}, "CARD_NUMBER_REFUSED"),
        ("preferences", {"monthlyLimit": -1}, "QUANTITY_INVALID"),
        ("preferences", {"monthlyLimit": True}, "ROW_MALFORMED"),
        ("preferences", {"hours": "always"}, "BAD_USER_INPUT"),
        ("interactions", {"body": f"She said: {CARD}"}, "CARD_NUMBER_REFUSED"),
        ("interactions", {"body": "CVC 123"}, "SECURITY_CODE_REFUSED"),
        ("interactions", {"occurredAt": "yesterday"}, "DATE_INVALID"),
        ("interactions", {"subject": ""}, "BAD_USER_INPUT"),
        ("orders", {"total": "1e9"}, "AMOUNT_INVALID"),
        ("orders", {"currency": "euro"}, "CURRENCY_INVALID"),
        ("orders", {"total": "2.00", **LINES}, "TOTAL_DIFFERS"),
        ("orders", {"lines": [{"product": "a"}]}, "ROW_MALFORMED"),
        ("orders", {"lines": [*LINES["lines"], {"product": "a"}]}, "ROW_MALFORMED"),
        ("orders", {"lines": ["a"]}, "ROW_MALFORMED"),
        ("orders", {"lines": [{**LINES["lines"][0], "product": CARD}]}, "CARD_NUMBER_REFUSED"),
        ("healthRecords", {"kind": "MOOD"}, "SUBMISSION_UNFIT"),
        ("healthRecords", {"code": CARD.replace(" ", "")}, "CARD_NUMBER_REFUSED"),
        ("healthRecords", {"onsetOn": "2200-01-01"}, "SUBMISSION_UNFIT"),
    ],
)  # fmt: skip
async def test_a_row_that_cannot_be_kept_is_refused_though_it_is_signed(
    desk: Desk, parcel: Parcel, sqlite: None, name: str, wrong: dict[str, object], code: str
):
    rows = parcel.data[name] if isinstance(parcel.data[name], list) else [parcel.data[name]]
    bad = parcel.with_rows(**{name: [{**rows[0], **wrong}]})
    report = (await desk.takes(bad))[CARRIED[name]]

    assert (report.created, dict(report.faults), report.lines) == (0, {code: 1}, {code: [1]})
    assert not await models.PERSONAL[CARRIED[name]].exists()


async def test_codes_of_snomed_that_look_like_cards_come_in(desk: Desk, parcel: Parcel, sqlite: None):
    code = {"codeSystem": "http://snomed.info/sct", "code": "4111000000000164"}
    rows = [{**row, **code} for row in parcel.data["healthRecords"]]
    report = (await desk.takes(parcel.with_rows(healthRecords=rows)))[Category.HEALTH]
    assert (report.created, report.errors) == (len(rows), 0)


@pytest.mark.parametrize("held", [[1], ["a"], [[]], [None], 5, "text", {"a": []}])
async def test_rows_of_another_form_are_refused_one_by_one(
    desk: Desk, parcel: Parcel, sqlite: None, held: object
):
    reports = await desk.takes(parcel.with_rows(orders=held, contactPoints=held, personalCodes=held))
    assert reports[Category.ORDER].errors == reports[Category.CONTACT].errors == 1


@pytest.mark.parametrize("anchor", [None, [], {}, {"id": 5}, {"id": ""}, {"id": "k" * 201}, {"id": "\ud800"}])
async def test_an_archive_of_nobody_is_refused(desk: Desk, parcel: Parcel, sqlite: None, anchor: object):
    assert await refused(desk, parcel.with_rows(customer=anchor)) == "KEY_MISSING"


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
