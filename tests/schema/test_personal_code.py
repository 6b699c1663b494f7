"""A personal code: read and found for verification alone, whoever asks and whatever else they may see."""

import pytest

from models import Category, Consent, ContactPoint, PersonalCode, Purpose
from schema.reading import encode
from tests.people import Office, Someone

PATH = "personalCodes.code"
CODE = "49001010001"
FIND = "query ($code: String) { customers(filter: {personalCode: $code}) { nodes { number } } }"
#: Consents to everything, for every purpose.
EVERYTHING = [(category.value, purpose.value) for category in Category for purpose in Purpose]


async def found(someone: Someone, code: str = CODE) -> list[str]:
    """The numbers of the customers somebody finds by a code."""
    answer = await someone.asks(FIND, code=code)
    assert not answer.errors, answer.errors
    return [node["number"] for node in answer.data["customers"]["nodes"]]


async def test_whoever_verifies_a_customer_reads_its_code(office: Office) -> None:
    asta = await office.agent("verification")
    customer = await office.customer([("personal_code", "verification")], number="C-1")
    await office.task(asta, customer, "verification")

    assert (await asta.reads(customer, PATH)).value == [CODE]
    assert (await asta.reads(customer, "personalCodes.country")).value == ["LT"]
    assert await found(asta) == ["C-1"]


async def test_customers_read_their_own_code(office: Office) -> None:
    customer = await office.customer([("personal_code", "verification")], number="C-1")
    himself = await office.himself(customer)

    own = await himself.asks("{ me { ... on Customer { personalCodes { code country } } } }")
    assert own.data["me"]["personalCodes"] == [{"code": CODE, "country": "LT"}]
    assert await found(himself) == ["C-1"]
    assert await found(await office.himself(await office.customer())) == []


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.VERIFICATION])
async def test_no_other_purpose_reads_or_finds_it(office: Office, purpose: Purpose) -> None:
    agent = await office.agent(purpose.value)
    customer = await office.customer(EVERYTHING)
    await office.task(agent, customer, purpose.value)

    assert (await agent.reads(customer, PATH)).reason == "NOT_NEEDED_FOR_PURPOSE"
    assert await found(agent) == []


async def test_a_consent_to_be_identified_is_none_to_the_code(office: Office) -> None:
    asta = await office.agent("verification")
    customer = await office.customer([("identity", "verification"), ("personal_code", "verification")])
    await office.task(asta, customer, "verification")
    await Consent.filter(customer_id=customer.id, category="personal_code").update(expires_at=office.now)

    assert (await asta.reads(customer, "identity.familyName")).granted
    assert (await asta.reads(customer, PATH)).reason == "NO_CONSENT"
    assert await found(asta) == []


async def test_without_a_task_nobody_reads_or_finds_it(office: Office) -> None:
    asta, manager = await office.agent("verification"), await office.employee("manager")
    customer = await office.customer([("personal_code", "verification")])

    assert (await asta.reads(customer, PATH)).absent
    assert (await manager.stating("verification").reads(customer, PATH)).reason == "NO_TASK"
    assert await found(asta) == await found(manager.stating("verification")) == []


async def test_restricted_codes_are_neither_read_nor_found(office: Office) -> None:
    asta = await office.agent("verification")
    customer = await office.customer([("personal_code", "verification")], restricted=True)
    await office.task(asta, customer, "verification")

    assert (await asta.reads(customer, PATH)).reason == "RESTRICTED"
    assert await found(asta) == []


@pytest.mark.parametrize(
    ("purpose", "terms", "reads"),
    [
        ("verification", ["personal_code.code"], True),
        ("verification", ["personal_code.country"], False),
        ("verification", ["identity.familyName", "contact_point.value"], False),
        ("delivery", ["personal_code.code"], False),
        ("billing", ["personal_code.code"], False),
    ],
)
async def test_a_subcontractor_reads_it_when_its_agreement_names_it_and_the_purpose_needs_it(
    office: Office, purpose: str, terms: list[str], reads: bool
) -> None:
    partner = await office.partner()
    agreement = await office.agreement(partner, purpose, *terms)
    client = await office.partner_client(partner, purpose)
    customer = await office.customer(EVERYTHING, number="C-1")
    await office.task(client, customer, purpose, agreement=agreement)

    assert ((await client.reads(customer, PATH)).value == [CODE]) is reads
    assert await found(client) == (["C-1"] if reads else [])


@pytest.mark.every_database
async def test_a_code_is_found_whatever_separates_its_parts(office: Office) -> None:
    asta = await office.agent("verification")
    await office.task(
        asta, await office.customer([("personal_code", "verification")], number="C-1"), "verification"
    )

    for code in ("4900101-0001", " 4900101 0001", "\uff14\uff1900101.0001"):
        assert await found(asta, code) == ["C-1"], code


@pytest.mark.every_database
async def test_only_the_whole_code_finds(office: Office) -> None:
    asta = await office.agent("verification")
    await office.task(asta, await office.customer([("personal_code", "verification")]), "verification")

    others = (CODE[:-1], CODE + "0", f"{CODE[:-1]}%", "LT", "\ud8009")
    assert [code for code in others if await found(asta, code)] == []


async def test_withdrawing_the_consent_erases_the_code(office: Office) -> None:
    customer = await office.customer([("personal_code", "verification"), ("contact_point", "support")])
    himself = await office.himself(customer)
    consent = await Consent.get(customer_id=customer.id, category="personal_code")

    answer = await himself.asks(
        "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { erasedRows userErrors { code } } }",
        id=encode("Consent", consent.id),
    )

    assert answer.data["consentWithdraw"] == {"erasedRows": 1, "userErrors": []}
    assert await PersonalCode.all().count() == 0
    assert await ContactPoint.all().count() == 1
