"""A health record is read for care alone, under a consent to it by name, and lies sealed whole."""

import pytest
from tortoise.connection import get_connection

from models import Category, HealthRecord, Purpose
from models.database import CONNECTION
from procedures.consent import consent
from procedures.errors import SpecialCategory
from tests.people import Office
from tests.submissions import ALLERGY, consenting, refusal, submits, taken

#: Consents to everything, for every purpose.
EVERYTHING = [(category.value, purpose.value) for category in Category for purpose in Purpose]


async def test_a_customer_submits_a_health_record_and_sees_it(office: Office) -> None:
    customer, himself = await consenting(office)
    record = taken(await submits(himself, customer, ALLERGY, "health_record"))

    assert record == ALLERGY | {"id": record["id"], "abatedOn": None}


async def test_whoever_cares_for_a_customer_submits_and_reads(office: Office) -> None:
    customer, _ = await consenting(office)
    asta = await office.agent("care")
    assert (await submits(asta, customer, ALLERGY, "health_record")).codes == ["FORBIDDEN"]
    await office.task(asta, customer, "care")

    assert taken(await submits(asta, customer, ALLERGY, "health_record"))["kind"] == "ALLERGY"
    assert (await asta.reads(customer, "healthRecords.description")).value == ["Latex allergy"]


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.CARE])
async def test_no_other_purpose_reads_it(sqlite: None, purpose: Purpose) -> None:
    office = Office()
    agent = await office.agent(purpose.value)
    customer = await office.customer(EVERYTHING)
    await office.task(agent, customer, purpose.value)

    assert (await agent.reads(customer, "healthRecords.kind")).reason == "NOT_NEEDED_FOR_PURPOSE"


async def test_a_consent_to_anything_else_is_none_to_health(sqlite: None) -> None:
    office = Office()
    everything_else = [pair for pair in EVERYTHING if pair != ("health_record", "care")]
    customer = await office.customer(everything_else, rows=False)

    assert (
        refusal(await submits(await office.himself(customer), customer, ALLERGY, "health_record"))
        == "CONSENT_REQUIRED"
    )


@pytest.mark.every_database
async def test_the_database_itself_tells_nothing_of_it(office: Office) -> None:
    customer, himself = await consenting(office)
    taken(await submits(himself, customer, ALLERGY, "health_record"))

    (row,) = await get_connection(CONNECTION).execute_query_dict("SELECT * FROM health_records")
    # Four digits stand in identifiers by chance.
    kept = [value for name, value in row.items() if not name.endswith("id")]
    told = " ".join(repr(bytes(value) if isinstance(value, memoryview) else value) for value in kept)
    assert not [word for word in ("ALLERGY", "Latex", "snomed", "300916003", "1982") if word in told]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", {"kind": "MOOD"}),
        ("kind", {"kind": ""}),
        ("description", {"description": " "}),
        ("description", {"description": "x" * 501}),
        ("description", {"description": "two\nlines"}),
        ("code", {"code": ""}),
        ("code", {"codeSystem": ""}),
        ("code", {"code": "300 916"}),
        ("onsetOn", {"onsetOn": "1982"}),
        ("onsetOn", {"onsetOn": "2026-06-02"}),
        ("onsetOn", {"onsetOn": "20260101"}),
        ("abatedOn", {"abatedOn": "1982-10-24"}),
    ],
)
async def test_a_health_record_that_is_none_is_refused(
    sqlite: None, field: str, values: dict[str, str]
) -> None:
    office = Office()
    customer, himself = await consenting(office)
    answer = await submits(himself, customer, ALLERGY | values, "health_record")

    assert refusal(answer) == "SUBMISSION_UNFIT"
    assert answer.data["done"]["userErrors"][0]["field"] == field
    assert not await HealthRecord.exists()


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("CARD_NUMBER_REFUSED", {"description": "pays with 4111 1111 1111 1111"}),
        ("SECURITY_CODE_REFUSED", {"description": "CVC 123"}),
        ("SECURITY_CODE_REFUSED", {"cvv": "123"}),
        ("CARD_NUMBER_REFUSED", {"code": "4111111111111111"}),
    ],
)
async def test_a_health_record_holds_no_card(sqlite: None, code: str, values: dict[str, str]) -> None:
    office = Office()
    customer, himself = await consenting(office)

    assert refusal(await submits(himself, customer, ALLERGY | values, "health_record")) == code
    assert not await HealthRecord.exists()


@pytest.mark.parametrize("code", ["10939881000119105", "368581000119106", "J30.1", "300916003"])
async def test_the_long_codes_of_a_terminology_are_no_cards(sqlite: None, code: str) -> None:
    office = Office()
    customer, himself = await consenting(office)

    assert taken(await submits(himself, customer, ALLERGY | {"code": code}, "health_record"))["code"] == code


@pytest.mark.parametrize("purpose", Purpose)
async def test_health_is_consented_to_for_care_and_for_nothing_else(sqlite: None, purpose: Purpose) -> None:
    office = Office()
    customer = await office.customer()
    notice = await office.notice(purpose.value)
    himself = await office.himself(customer)

    giving = consent.give(
        customer.id, Category.HEALTH_RECORD, purpose, notice.id, by=himself.actor, evidence="form 7"
    )
    if purpose is Purpose.CARE:
        assert (await giving).permits
    else:
        with pytest.raises(SpecialCategory):
            await giving
