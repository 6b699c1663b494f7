"""Receipts: what they hold, that they hold nothing else, and that nobody edits them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pyld import jsonld
from tortoise.exceptions import IntegrityError

from models import Category, Consent, ConsentState, Customer, LedgerEntry, Purpose, Receipt, Role
from models.database import transaction
from policies import SHIPPED
from procedures import current
from procedures.consent import consent as consents
from procedures.consent import expiry, transition
from procedures.receipt import page, receipt
from tests.clocks import at, ran_until
from tests.procedures import records
from tests.procedures.instructing import approved
from tests.procedures.records import DAY, NOON

SCHEMA: dict[str, Any] = json.loads(
    Path(receipt.__file__).with_name("receipt.schema.json").read_text("utf-8")
)
CHECK = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
EVIDENCE = "form 7 in the red folder"


async def given(
    customer: Customer, category: Category = Category.CONTACT_POINT, purpose: Purpose = Purpose.SUPPORT
) -> Consent:
    """A consent given by the customer."""
    by, shown = await records.person(customer), await records.notice(purpose)
    return await consents.give(customer.id, category, purpose, shown.id, by=by, evidence=EVIDENCE)


async def every_turn(customer: Customer) -> list[ConsentState]:
    """Have a customer's consents go through every turn there is; gives the states, in order."""
    officer = records.staff(await records.employee(Role.PRIVACY_OFFICER), Role.PRIVACY_OFFICER)
    officer = await records.confirmed(officer)
    by, shown = await records.person(customer), await records.notice()
    word: dict[str, Any] = {"by": by, "evidence": EVIDENCE}
    (first,) = await consents.request(
        customer.id, [Category.CONTACT_POINT], Purpose.SUPPORT, shown.id, by=officer
    )
    await consents.defer(first.id, by=by)
    await consents.refuse(first.id, by=by)
    ends = (consents.withdraw, consents.revoke, consents.invalidate)
    for end in ends:
        made = await consents.give(customer.id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id, **word)
        said = await end(made.id, by=officer, evidence=EVIDENCE)
        await approved(said.instruction)
    await consents.give(customer.id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id, **word)
    await consents.give(
        customer.id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id, expires_at=NOON + DAY, **word
    )
    await ran_until(NOON + 2 * DAY)
    await expiry.expire(clock=at(NOON + 2 * DAY))
    async with transaction():
        await transition.begin(
            customer.id, Category.ORDER, Purpose.SUPPORT, ConsentState.UNKNOWN, officer,
            notice_id=shown.id, evidence=EVIDENCE, expires_at=NOON + DAY,
        )  # fmt: skip
    return [each.state for each in await Receipt.all()]


@pytest.mark.every_database
async def test_every_turn_leaves_a_receipt_that_fits_the_schema(database):
    assert set(await every_turn(await records.customer())) == set(ConsentState)

    for made in await Receipt.all():
        CHECK.validate(json.loads(made.document))


async def test_every_purpose_and_category_has_a_receipt_that_fits(database):
    customer = await records.customer()
    by = await records.person(customer)
    pairs = [(p, c) for p in Purpose for c in Category if SHIPPED.special.get(c, p) is p]
    notices = {purpose: await records.notice(purpose) for purpose in Purpose}
    for purpose, category in pairs:
        shown = notices[purpose]
        await consents.give(customer.id, category, purpose, shown.id, by=by, evidence=EVIDENCE)

    documents = [json.loads(made.document) for made in await Receipt.all()]
    assert len(documents) == len(pairs)
    for document in documents:
        CHECK.validate(document)


@pytest.mark.parametrize(
    "field", ["receipt_id", "record_id", "pii_principal_id", "parties", "events", "pii_processing"]
)
async def test_a_receipt_that_lacks_a_field_does_not_fit(database, field):
    await given(await records.customer())
    document = json.loads((await Receipt.get()).document)

    with pytest.raises(jsonschema.ValidationError):
        CHECK.validate({key: value for key, value in document.items() if key != field})


def test_the_schema_asks_for_every_field_of_the_standard():
    required = {name for part in _objects(SCHEMA) for name in part.get("required", ())}
    standard = (
        "schema_version record_id receipt_id pii_principal_id privacy_notice language purpose pii_information "
        "pii_controllers storage_locations retention_period jurisdiction recipient_third_parties withdrawal_method "
        "pii_type party_id party_name party_address party_contact party_type event_time validity_duration entity_id "
        "event_type event_state lawful_basis collection_method processing_method processing_locations "
        "geographic_restrictions privacy_rights authority_party pii_optional special_pii_category party_role"
    )
    assert set(standard.split()) <= required


def _objects(part: Any) -> list[dict[str, Any]]:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = [part] if isinstance(part, dict) and part.get("type") == "object" else []
    return [*own, *(each for inner in below for each in _objects(inner))]


def no_network(url: str, _options: Any) -> Any:
    """Nothing may be fetched."""
    raise AssertionError(url)


async def test_every_term_expands_and_nothing_is_fetched(database):
    await every_turn(await records.customer())

    for made in await Receipt.all():
        document = json.loads(made.document)
        (expanded,) = jsonld.expand(document, {"documentLoader": no_network})
        assert _keys(document) <= set(document["@context"])
        iris = _iris(expanded)
        assert iris
        assert all(iri.startswith(("https://", "http://", "urn:")) for iri in iris)
        assert "https://w3id.org/dpv#hasPurpose" in _keys(expanded)


def _keys(part: Any) -> set[str]:
    """Every key that is no keyword, the context left out."""
    if isinstance(part, list):
        return set().union(*map(_keys, part)) if part else set()
    if not isinstance(part, dict):
        return set()
    inner = {key: value for key, value in part.items() if key != "@context"}
    return {key for key in inner if not key.startswith("@")}.union(*map(_keys, inner.values()))


def _iris(part: Any) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(_iris, part)) if part else set()
    if not isinstance(part, dict):
        return set()
    own = {part["@id"]} if "@id" in part else set()
    return own.union(*map(_iris, part.values()))


async def test_a_receipt_says_what_happened_to_which_consent_and_who_is_responsible(database):
    customer = await records.customer()
    consent = await given(customer)

    document = json.loads((await Receipt.get()).document)

    (event,), (processing,) = document["events"], document["pii_processing"]
    assert (document["pii_principal_id"], document["record_id"]) == (
        customer.number,
        f"urn:uuid:{consent.id}",
    )
    assert (event["event_state"], event["event_time"]) == ("dpv:ConsentGiven", "2026-03-02T12:00:00Z")
    assert (event["validity_duration"], event["entity_id"]) == ("P730D", customer.number)
    assert (processing["purpose"], processing["language"]) == ("dpv:CustomerCare", "en")
    assert document["parties"][0]["party_name"] == "UAB Išgalvota (invented for the demo)"
    assert document["authority_party"] == document["parties"][1]["@id"]


async def test_a_receipt_does_not_say_how_consent_is_demonstrated_nor_any_id_of_the_customer(database):
    customer = await records.customer()
    await given(customer)

    text = (await Receipt.get()).document
    assert EVIDENCE not in text
    assert str(customer.id) not in text


async def test_the_ledger_has_the_digest_of_a_receipt(database):
    await given(await records.customer())
    made = await Receipt.get()

    read = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]

    assert made.digest == hashlib.sha256(made.document.encode()).hexdigest()
    (entry,) = [each["data"] for each in read if each["event"] == "receipt.made"]
    assert (entry["receipt"], entry["digest"]) == (str(made.id), made.digest)


@pytest.mark.every_database
async def test_a_receipt_is_never_edited(database):
    await given(await records.customer())

    with pytest.raises(IntegrityError, match="RECEIPT_FIXED"):
        await Receipt.all().update(document="{}")


async def test_while_nobody_is_responsible_consent_transitions_and_no_receipt_is_made(database):
    here = current.addresses()
    current.installation().addresses = current.Addresses(
        here.database, here.keys, here.provider, here.witness
    )
    try:
        assert (await given(await records.customer())).permits
        assert not await Receipt.exists()
    finally:
        current.installation().addresses = here


async def test_the_page_needs_nothing_else_and_says_the_same(database):
    customer = await records.customer()
    await given(customer)

    html = page((await Receipt.get()).document)

    assert html.startswith('<!doctype html><html lang="en">')
    assert all(
        word in html for word in (customer.number, "UAB Išgalvota", "support", "contact point", "given")
    )
    assert not [word for word in ("<script", "<link", "<img", "src=", "@import", "url(") if word in html]


async def test_the_page_of_a_lithuanian_notice_is_lithuanian(database):
    await given(await records.customer())
    document = json.loads((await Receipt.get()).document)
    document["pii_processing"][0]["language"] = "lt"

    html = page(json.dumps(document))

    assert '<html lang="lt">' in html
    assert all(word in html for word in ("Sutikimo kvitas", "sutikta", "pagalba", "kontaktai"))


async def test_a_controllers_name_is_no_markup_on_the_page(database):
    await given(await records.customer())
    document = json.loads((await Receipt.get()).document)
    document["parties"][0]["party_name"] = "<script>alert(1)</script> & Co"

    html = page(json.dumps(document))

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in html


async def test_receipts_outlive_the_data(database):
    customer = await records.customer()
    consent = await given(customer)
    await records.contact(consent)

    await consents.withdraw(consent.id, by=await records.person_again(customer))

    left = await Receipt.filter(consent_id=consent.id).order_by("state")
    assert [each.state for each in left] == [ConsentState.GIVEN, ConsentState.WITHDRAWN]
