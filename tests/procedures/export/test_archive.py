"""In an archive is everything that its customer may read, and nothing else, in forms that outlast us."""

import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature

import models
from models import Category
from procedures.consent import consent
from procedures.export import archive
from schema import export_reading
from tests.people import Office
from tests.procedures.leavers import leaver
from tests.procedures.taking import VALUES, Taken


@pytest.mark.every_database
async def test_everything_kept_is_in_each_of_its_forms(office: Office):
    customer, herself = await leaver(office)
    taken = await Taken.by(herself, customer)

    tables = b"".join(held for name, held in taken.files.items() if name.startswith("csv/"))
    for value in (*VALUES, customer.number):
        for held in (taken.files["data.json"], taken.files["index.html"], tables):
            assert value.encode() in held
    assert len(taken.data["consents"]) == len(Category)
    assert taken.data["identity"]["provenance"]["source"] == "counter"


async def test_no_category_is_forgotten(office: Office):
    customer, herself = await leaver(office)
    data = (await Taken.by(herself, customer)).data

    full = {name for name, held in data.items() if held}
    of_categories = {"identity", "identityEvidence", "personalCodes", "contactPoints", "postalAddresses",
                     "preferences", "interactions", "orders", "paymentCards", "healthRecords"}  # fmt: skip
    assert len(of_categories) == len(Category)
    assert of_categories | {"customer", "consents", "accessLog"} <= full
    assert {"tasks", "legalHolds", "attestations", "breakGlasses", "messages"} <= data.keys()


async def test_nothing_of_another_customer_is_in_it(office: Office):
    customer, herself = await leaver(office)
    other = await office.customer()
    given = await office.consent(other, "identity", "support")
    await office.row(other, given, content=models.Identity.Content("Petras", "Kitas", None))
    await office.task(None, other, "support")
    taken = await Taken.by(herself, customer)

    for held in taken.files.values():
        for value in ("Petras", "Kitas", other.number, str(other.id)):
            assert value.encode() not in held
    assert taken.data["tasks"] == []


async def test_what_may_be_read_no_more_is_not_in_it(office: Office):
    """A consent that ran out and was not swept up yet: the guard withholds the row, and so does the archive."""
    customer, herself = await leaver(office)
    await models.Consent.filter(category=Category.ORDER).update(expires_at=office.now - timedelta(days=1))

    whole = (await herself.asks("{ me { ... on Customer { orders { total } } } }")).data["me"]["orders"]
    taken = await Taken.by(herself, customer)
    assert [each["total"] for each in taken.data["orders"]] == [each["total"] for each in whole]


async def test_receipts_are_there_as_they_were_given(office: Office):
    customer, herself = await leaver(office)
    given = await consent.give(
        customer.id, Category.CONTACT_POINT, models.Purpose.SUPPORT, (await office.notice("support")).id,
        by=herself.actor, evidence="my account",
    )  # fmt: skip
    receipt = await models.Receipt.filter(consent_id=given.id).first()
    taken = await Taken.by(herself, customer)

    assert receipt is not None
    assert receipt.document.encode() in taken.files.values()
    named = [each["json"] for row in taken.data["consents"] for each in row["receipts"]]
    assert named
    assert set(named) <= taken.files.keys()


async def test_the_reading_is_told_to_the_customer_like_any_other(office: Office):
    customer, herself = await leaver(office)
    await Taken.by(herself, customer)

    own = [each.fields_read for each in await models.Access.filter(customer_id=customer.id, kind="Customer")]
    assert any("Identity.familyName" in fields for fields in own)


@pytest.mark.every_database
async def test_the_access_log_is_followed_to_its_end(office: Office, monkeypatch: pytest.MonkeyPatch):
    customer, herself = await leaver(office)
    monkeypatch.setattr(export_reading, "PAGE", 2)
    log = (await Taken.by(herself, customer)).data["accessLog"]

    assert {each["actorKind"] for each in log} == {"EMPLOYEE", "CUSTOMER"}
    assert len({each["id"] for each in log}) == len(log) > 10


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=1+1"])
def test_a_cell_that_is_a_formula_is_a_text(cell: str):
    taken = Taken(archive.files({"interactions": [{"id": "1", "body": cell}]}, Office().now))
    assert taken.rows("interactions") == [{"id": "1", "body": f"'{cell}"}]


def test_a_cell_may_hold_whatever_people_write():
    text = 'Ona, "Baltija"\nŠiauliai; 1 < 2'
    taken = Taken(archive.files({"orders": [{"a": {"b": text}, "c": [1, None]}]}, Office().now))
    assert taken.rows("orders") == [{"a.b": text, "c": "[1, null]"}]
    assert "1 &lt; 2" in taken.files["index.html"].decode()


async def test_a_stranger_checks_an_archive(office: Office):
    customer, herself = await leaver(office)
    taken = await Taken.by(herself, customer)
    taken.verify()

    listed = {each["name"] for each in json.loads(taken.files["MANIFEST.json"])["files"]}
    assert listed == taken.files.keys() - {"MANIFEST.json", "MANIFEST.sig", "signing.pub"}


async def test_no_bit_is_changed_unnoticed(office: Office):
    customer, herself = await leaver(office)
    taken = await Taken.by(herself, customer)
    for name in ("MANIFEST.json", "data.json", "index.html", "csv/orders.csv"):
        held = taken.files[name]
        for at in range(0, len(held), max(1, len(held) // 50)):
            changed = held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :]
            with pytest.raises((InvalidSignature, AssertionError)):
                Taken(taken.files | {name: changed}).verify()
