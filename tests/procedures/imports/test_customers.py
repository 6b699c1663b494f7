import csv
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from models import (
    PERSONAL,
    Category,
    Consent,
    ConsentEvent,
    ContactKind,
    ContactPoint,
    Customer,
    CustomerStatus,
    HeldRow,
    HoldReason,
    Identity,
    ImportedRow,
    LegalHold,
    Notice,
    PostalAddress,
    Purpose,
    Receipt,
    Record,
    opened,
    reachable,
)
from models.event import Event
from procedures.audit import authority
from procedures.leaving import withdrawal
from procedures.tables import ImportRefused
from tests import ledger
from tests.procedures import records
from tests.procedures.importers import HEADER, JONAS, NOW, RASA, Importer, marked, withdraw

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


async def test_a_customer_is_found_again_whole(importer: Importer):
    report = await importer.customers(RASA, JONAS)

    assert (report.created, report.errors) == (2, 0)
    customer = await marked("1")
    identity = await Identity.get(customer_id=customer)
    address = await PostalAddress.get(customer_id=customer)
    who, where = await opened(identity), await opened(address)
    assert (who.given_name, who.family_name) == ("Rasa", "Petraitė")
    assert who.company_name == "Gintaras UAB"
    assert (where.street, where.city) == ("Pilies g. 1", "Vilnius")
    assert (identity.source, identity.collected_at, identity.collected_by) == ("shop", NOW, None)


@pytest.mark.every_database
async def test_a_customer_is_found_by_name_and_number(importer: Importer):
    await importer.customers(RASA, JONAS)

    assert await Identity.filter(family_name_index="PETRAITĖ").count() == 1
    assert await ContactPoint.filter(value_index="+370 (600) 00003").count() == 1
    assert reachable("+370 (600) 00003") == "37060000003"


async def test_each_imported_consent_leaves_its_event_its_entry_and_its_receipt(importer: Importer):
    importer.purposes = (Purpose.SUPPORT, Purpose.DELIVERY)
    await importer.customers(RASA, JONAS)

    consents = sorted(str(consent.id) for consent in await Consent.all())
    assert len(consents) > 4
    assert sorted(str(event.consent_id) for event in await ConsentEvent.all()) == consents
    assert sorted(str(receipt.consent_id) for receipt in await Receipt.all()) == consents
    assert sorted(told["consent"] for told in await ledger.data(Event.CONSENT_GIVEN)) == consents
    assert sorted(told["consent"] for told in await ledger.data(Event.RECEIPT_MADE)) == consents


@pytest.mark.every_database
async def test_each_category_of_each_customer_has_a_consent_for_each_purpose(importer: Importer):
    importer.purposes = (Purpose.SUPPORT, Purpose.DELIVERY)
    await importer.customers(RASA)

    consents = await Consent.all()
    expected = {
        (category, purpose)
        for category in (Category.IDENTITY, Category.CONTACT_POINT, Category.POSTAL_ADDRESS)
        for purpose in (Purpose.SUPPORT, Purpose.DELIVERY)
    }
    assert {(consent.category, consent.purpose) for consent in consents} == expected
    assert {(await opened(consent)).evidence for consent in consents} == {"form 12"}
    assert await ConsentEvent.all().count() == len(consents)
    assert await Notice.all().count() == 2
    assert (await authority.verify()).findings == ()


async def test_a_category_that_the_row_leaves_out_has_no_consent(importer: Importer):
    await importer.customers("3,Ona,Onaitė,,,,,,,")

    assert [consent.category for consent in await Consent.all()] == [Category.IDENTITY]


@pytest.mark.every_database
async def test_a_second_run_changes_nothing(importer: Importer):
    await importer.customers(RASA, JONAS)
    report = await importer.customers(RASA, JONAS)

    assert (report.created, report.unchanged, report.changed) == (0, 2, 0)
    assert await Customer.all().count() == 2
    assert await ContactPoint.all().count() == 4


async def test_a_changed_row_is_reported_and_left_alone(importer: Importer):
    await importer.customers(RASA)
    report = await importer.customers(RASA.replace("Pilies g. 1", "Pilies g. 2"))

    assert (report.changed, report.updated) == (1, 0)
    assert (await opened(await PostalAddress.get())).street == "Pilies g. 1"


@pytest.mark.every_database
async def test_a_changed_row_is_taken_over_when_told_so(importer: Importer):
    await importer.customers(RASA)
    changed = RASA.replace("Pilies g. 1", "Pilies g. 2").replace("rasa@example.org", "")
    report = await importer.customers(changed, update=True)
    again = await importer.customers(changed, update=True)

    address = await PostalAddress.get()
    assert (report.updated, again.unchanged, again.updated) == (1, 1, 0)
    assert ((await opened(address)).street, address.revision) == ("Pilies g. 2", 2)
    assert [contact.kind for contact in await ContactPoint.all()] == [ContactKind.PHONE]
    assert (await Identity.get()).revision == 1


async def test_what_an_update_changes_or_empties_is_held_back_where_a_hold_stands(importer: Importer):
    await importer.customers(RASA)
    for category in (Category.POSTAL_ADDRESS, Category.CONTACT_POINT):
        await LegalHold.create(
            customer_id=(await Customer.get()).id, category=category, reason=HoldReason.LEGAL_CLAIMS,
            basis="case 1", placed_at=NOW, until=NOW + timedelta(days=30),
        )  # fmt: skip
    await importer.customers(RASA.replace("Rasa,", "Rasa Marija,"), update=True)
    assert not await HeldRow.all().exists()
    changed = RASA.replace("Pilies g. 1", "Pilies g. 2").replace("rasa@example.org", "")
    await importer.customers(changed, update=True)

    assert sorted(row.held_table for row in await HeldRow.all()) == ["contact_points", "postal_addresses"]
    assert {row.revision for row in await HeldRow.all()} == {1}


async def test_an_ignored_column_makes_no_change(importer: Importer):
    await importer.customers(RASA)
    report = await importer.customers(RASA.removesuffix("x") + "y")

    assert report.unchanged == 1


@pytest.mark.by_hand
async def test_an_update_brings_no_withdrawn_category_back(importer: Importer):
    await importer.customers(RASA)
    await withdraw(await Customer.get(), Category.POSTAL_ADDRESS)
    report = await importer.customers(RASA.replace("Rasa", "Rasa Marija"), update=True)

    assert dict(report.faults) == {"CONSENT_REQUIRED": 1}
    assert await PostalAddress.all().count() == 0
    assert (await opened(await Identity.get())).given_name == "Rasa"


@pytest.mark.by_hand
async def test_an_update_brings_nobody_back_who_has_left(importer: Importer):
    await importer.customers(RASA)
    await withdraw(await Customer.get())
    await Customer.all().update(status=CustomerStatus.WITHDRAWN)
    same = await importer.customers(RASA, update=True)
    other = await importer.customers(RASA.replace("Rasa", "Rasa Marija"), update=True)

    assert (same.unchanged, dict(other.faults)) == (1, {"CUSTOMER_WITHDRAWN": 1})
    assert [await model.all().count() for model in PERSONAL.values()] == [0] * len(PERSONAL)


@pytest.mark.by_hand
async def test_a_customer_under_restriction_is_not_changed(importer: Importer):
    await importer.customers(RASA)
    await Customer.all().update(restricted=True)
    report = await importer.customers(RASA.replace("Rasa", "Rasa Marija"), update=True)

    assert dict(report.faults) == {"CUSTOMER_RESTRICTED": 1}


async def test_a_name_that_was_changed_here_is_not_overwritten(importer: Importer):
    await importer.customers(RASA)
    await Identity.all().update(source="customer")
    report = await importer.customers(RASA.replace("Rasa", "Rasa Marija"), update=True)

    assert dict(report.faults) == {"CHANGED_HERE": 1}


async def test_a_dry_run_writes_nothing_and_says_what_would_be(importer: Importer):
    await importer.basis()
    report = await importer.customers(RASA, "1,again,,,,,,,,", dry_run=True)

    assert (report.created, dict(report.faults)) == (1, {"KEY_TWICE": 1})
    models: tuple[type[Record], ...] = (Customer, Consent, ImportedRow, *PERSONAL.values())
    for model in models:
        assert await model.all().count() == 0


async def test_customers_of_one_company_are_found_by_it_while_they_are_here(importer: Importer):
    await importer.customers(RASA, JONAS, batch=1)

    assert await Identity.filter(company_name_index=" GINTARAS  uab").count() == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",Rasa,,,,,,,,", "KEY_MISSING"),
        (f"{'k' * 201},Rasa,,,,,,,,", "KEY_TOO_LONG"),
        ("9,,,,,,,,,only a note", "ROW_EMPTY"),
        ("9,Rasa,,,rasa,,,,,", "EMAIL_INVALID"),
        ("9,Rasa,,,a@b@example.org,,,,,", "EMAIL_INVALID"),
        ("9,Rasa,,,rasa@example,,,,,", "EMAIL_INVALID"),
        ("9,Rasa,,,ra sa@example.org,,,,,", "EMAIL_INVALID"),
        ("9,Rasa,,,,none,,,,", "PHONE_INVALID"),
        ("9,Ra\x07sa,,,,,,,,", "CONTROL_CHARACTER"),
        ("9,Ra\u202esa,,,,,,,,", "CONTROL_CHARACTER"),
        ('9,"Ra\nsa",,,,,,,,', "CONTROL_CHARACTER"),
        ("9,Ra\0sa,,,,,,,,", "NUL_CHARACTER"),
        ("9,Rasa", "ROW_RAGGED"),
        ("9,Rasa,,,,,,,,,,", "ROW_RAGGED"),
        (f"9,{'x' * 65_537},,,,,,,,", "CELL_TOO_LONG"),
        (f"9,{'x' * 200_000},,,,,,,,", "CELL_TOO_LONG"),
        (f"9,Rasa,,{'x' * 201},,,,,,", "BAD_USER_INPUT"),
        ('9,"Ra"sa,,,,,,,,', "QUOTES_UNBALANCED"),
    ],
)
async def test_a_row_that_is_none_goes_to_the_error_rows_and_the_rest_is_imported(
    importer: Importer, row: str, code: str
):
    report = await importer.customers(RASA, row, JONAS)

    assert (report.created, dict(report.faults), report.lines) == (2, {code: 1}, {code: [3]})
    with importer.errors.open(encoding="utf-8", newline="") as file:
        csv.field_size_limit(1 << 20)
        assert [line[:2] for line in csv.reader(file)][1:] == [["3", code]]


async def test_an_unclosed_quotation_mark_ends_the_file_with_an_error_row(importer: Importer):
    report = await importer.customers(RASA, '9,"Jonas,,,,,,,,', JONAS)

    assert (report.created, dict(report.faults)) == (1, {"QUOTES_UNBALANCED": 1})


async def test_a_key_that_stands_twice_is_imported_once(importer: Importer):
    report = await importer.customers(RASA, JONAS, RASA.replace("Rasa", "Other"), batch=2)

    assert (report.created, dict(report.faults)) == (2, {"KEY_TWICE": 1})


async def test_text_that_looks_like_a_formula_stays_as_it_is(importer: Importer):
    await importer.customers('4,"=HYPERLINK(""x"")",+Ona,,,,,,@city,')

    content = await opened(await Identity.get())
    assert (content.given_name, content.family_name) == ('=HYPERLINK("x")', "+Ona")


async def test_an_address_may_have_two_lines(importer: Importer):
    report = await importer.customers('4,Ona,,,,,,"Pilies g. 1\nbutas 2",Vilnius,')

    assert report.errors == 0
    assert (await opened(await PostalAddress.get())).street == "Pilies g. 1\nbutas 2"


async def test_error_rows_are_for_their_owner_alone_and_can_be_imported_once_mended(importer: Importer):
    report = await importer.customers(RASA, "2,Jonas,,,not an address,,,,,")
    assert (report.errors, stat.S_IMODE(importer.errors.stat().st_mode)) == (1, 0o600)

    mended = importer.directory / "mended.csv"
    mended.write_text(importer.errors.read_text().replace("not an address", "jonas@example.org"))
    report = await importer.customers(file=mended)

    assert (report.created, report.errors, importer.errors.exists()) == (1, 0, False)


async def test_a_file_that_holds_no_error_rows_is_not_overwritten(importer: Importer):
    importer.errors.write_text("precious")

    with pytest.raises(ImportRefused, match="holds no error rows"):
        await importer.customers(RASA)
    assert importer.errors.read_text() == "precious"


async def test_error_rows_do_not_follow_a_link(importer: Importer, tmp_path: Path):
    importer.errors.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ImportRefused, match="holds no error rows"):
        await importer.customers("9,,,,,,,,,")
    assert not (tmp_path / "elsewhere").exists()


async def test_rows_without_stated_evidence_are_refused(importer: Importer):
    importer.evidence = None
    with pytest.raises(ImportRefused) as refusal:
        await importer.customers(RASA)
    assert refusal.value.code == "EVIDENCE_MISSING"
    assert await Customer.all().count() == 0


async def test_evidence_may_stand_in_each_row(importer: Importer):
    importer.evidence = None
    text = Path(importer.map).read_text().replace('ignore = ["note"]', "")
    Path(importer.map).write_text(
        text.replace(
            'city = "postal_address.HOME.city"',
            'city = "postal_address.HOME.city"\nnote = "consent.evidence"',
            1,
        )
    )
    report = await importer.customers(RASA.removesuffix("x") + "letter 7", JONAS)

    assert (report.created, dict(report.faults)) == (1, {"EVIDENCE_MISSING": 1})
    assert {(await opened(consent)).evidence for consent in await Consent.all()} == {"letter 7"}


async def test_a_header_alone_imports_nobody(importer: Importer):
    report = await importer.customers(file=importer.file(HEADER))

    assert (report.created, report.errors) == (0, 0)


async def test_whoever_left_and_wishes_to_be_left_alone_is_not_taken_in_again(importer: Importer):
    await importer.customers(RASA)
    customer = await Customer.get()
    await withdrawal.begin(
        customer.id,
        customer.number,
        by=await records.confirmed(await records.person(customer)),
        suppress=True,
    )
    same = await importer.customers(RASA)
    other = await importer.customers(f"n{RASA}")

    assert dict(same.faults) == {"CUSTOMER_SUPPRESSED": 1}
    assert dict(other.faults) == {"CUSTOMER_SUPPRESSED": 1}
    assert await Customer.filter(status=CustomerStatus.ACTIVE).count() == 0
