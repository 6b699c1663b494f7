"""Finding customers: by what one may see of them, and by nothing else."""

from typing import Any

import pytest

from models import Consent, ContactPoint, Customer, Identity
from tests.people import Office, Someone

FIND = "query ($filter: CustomerFilter) { customers(filter: $filter) { nodes { number } } }"
EVERYTHING = [("identity", "support"), ("contact_point", "support")]
#: Each of them finds Jonė of `jone`.
FILTERS: list[dict[str, str]] = [
    {"givenName": "Jonė"},
    {"familyName": "Kazlauskaitė"},
    {"email": "jone@example.org"},
    {"phone": "+370 600 12345"},
]


async def jone(office: Office, *, purpose: str = "support", **values: Any) -> Customer:
    """A customer with a name, an e-mail address, a telephone and a fax."""
    customer = await office.customer(
        [("identity", purpose), ("contact_point", purpose)], number="C-1", **values
    )
    await contact(office, customer, "PHONE", "+370 (600) 12-345", purpose)
    await contact(office, customer, "FAX", "+370 5 2000000", purpose)
    return customer


async def contact(office: Office, customer: Customer, kind: str, text: str, purpose: str = "support") -> None:
    """One more way to reach a customer."""
    consent = await Consent.filter(customer_id=customer.id, category="contact_point", purpose=purpose).get()
    await office.row(customer, consent, kind=kind, content=ContactPoint.Content(text), value_index=text)


async def found(someone: Someone, **filter: str) -> list[str]:
    """The numbers of the customers somebody finds."""
    answer = await someone.asks(FIND, filter=filter)
    assert not answer.errors, answer.errors
    return [node["number"] for node in answer.data["customers"]["nodes"]]


#: What finds Jonė, and what does not.
SPELLINGS: list[dict[str, str]] = [
    *FILTERS,
    {"number": "C-1"},
    {"status": "ACTIVE"},
    {"familyName": "  KAZLAUSKAITĖ "},
    {"familyName": "kazlauskaite\u0307"},
    {"givenName": " JONĖ"},
    {"email": '"jone"@example.org'},
    {"phone": "00370 8 600 12345"},
    {"email": " Jone@EXAMPLE.org"},
    {"phone": "37060012345"},
    {"phone": "+370-600-12-345"},
]
OTHERS: list[dict[str, str]] = [
    {"number": "C-"},
    {"number": "c-1"},
    {"status": "WITHDRAWN"},
    {"familyName": "Kazlauskait"},
    {"familyName": "Kazlauskait%"},
    {"familyName": "Jonė"},
    {"givenName": "Kazlauskaitė"},
    {"givenName": "Jon"},
    {"familyName": "jone@example.org"},
    {"familyName": "\ud800"},
    {"email": "example.org@"},
    {"email": "+370 600 12345"},
    {"email": "\ud800@"},
    {"phone": "12345"},
    {"phone": "jone@example.org"},
]


@pytest.mark.every_database
async def test_whoever_sees_a_value_finds_by_it_however_it_is_written(office: Office) -> None:
    ruta = await office.agent("support")
    await office.task(ruta, await jone(office), "support")
    await office.task(ruta, await office.customer(number="C-2", status="WITHDRAWN"), "support")
    herself = await office.himself(await Customer.get(number="C-1"))

    for filter in SPELLINGS:
        assert await found(ruta, **filter) == ["C-1"], filter
        assert await found(herself, **filter) == ["C-1"], filter


@pytest.mark.every_database
async def test_only_the_whole_value_is_found(office: Office) -> None:
    ruta = await office.agent("support")
    await office.task(ruta, await jone(office), "support")

    assert [filter for filter in OTHERS if await found(ruta, **filter)] == []


async def test_a_fax_is_no_telephone(office: Office) -> None:
    ruta = await office.agent("support")
    await office.task(ruta, await jone(office), "support")

    assert await found(ruta, phone="+370 5 2000000") == []


async def test_a_manager_finds_nobody_by_what_is_personal(office: Office) -> None:
    await jone(office)
    manager = await office.employee("manager", purposes=["support"])

    assert [filter for filter in FILTERS if await found(manager, **filter)] == []
    assert await found(manager, number="C-1", status="ACTIVE") == ["C-1"]


async def test_a_task_of_another_purpose_finds_nobody(office: Office) -> None:
    ruta = await office.agent("support", "billing")
    await office.task(ruta, await jone(office), "billing")

    assert [filter for filter in FILTERS if await found(ruta, **filter)] == []
    assert await found(ruta, number="C-1") == ["C-1"]


async def test_a_task_whose_purpose_is_not_stated_finds_nobody(office: Office) -> None:
    ruta = await office.agent("support")
    await office.task(ruta, await jone(office), "support")

    assert [filter for filter in FILTERS if await found(ruta.stating("sales"), **filter)] == []
    assert await found(ruta.stating("sales"), number="C-1") == []


async def test_restricted_data_are_not_searched(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await jone(office, restricted=True)
    await office.task(ruta, customer, "support")

    herself = await office.himself(customer)
    for filter in FILTERS:
        assert await found(ruta, **filter) == [], filter
        assert await found(herself, **filter) == ["C-1"], filter


async def test_a_colleagues_customers_and_other_customers_are_not_found(office: Office) -> None:
    ruta, tomas = await office.agent("support"), await office.agent("support")
    await office.task(tomas, await jone(office), "support")
    other = await office.customer()
    await office.task(ruta, other, "support")

    another = await office.himself(other)
    for filter in FILTERS:
        assert await found(ruta, **filter) == [], filter
        assert await found(another, **filter) == [], filter


@pytest.mark.parametrize(
    ("terms", "finds"),
    [
        (["contact_point.value"], []),
        (["contact_point.kind"], []),
        (["contact_point.value", "contact_point.kind"], ["email", "phone"]),
        (["identity.familyName"], ["familyName"]),
        (["identity.givenName"], ["givenName"]),
        (
            ["identity.familyName", "contact_point.value", "contact_point.kind"],
            ["familyName", "email", "phone"],
        ),
    ],
)
async def test_a_subcontractor_finds_by_the_fields_its_agreement_names(
    office: Office, terms: list[str], finds: list[str]
) -> None:
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", *terms)
    van = await office.partner_client(partner, "delivery")
    await office.task(van, await jone(office, purpose="delivery"), "delivery", agreement=agreement)

    assert [name for filter in FILTERS for name in filter if await found(van, **filter)] == finds


async def test_consent_to_one_category_finds_nothing_in_another(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await jone(office)
    await office.task(ruta, customer, "support")
    await Consent.filter(customer_id=customer.id, category="identity").update(expires_at=office.now)

    assert [name for filter in FILTERS for name in filter if await found(ruta, **filter)] == [
        "email",
        "phone",
    ]


async def test_all_conditions_must_hold(office: Office) -> None:
    ruta = await office.agent("support")
    await office.task(ruta, await jone(office), "support")
    namesake = await office.customer(EVERYTHING, number="C-2")
    await office.task(ruta, namesake, "support")

    assert await found(ruta, familyName="Kazlauskaitė", email="jone@example.org") == ["C-1", "C-2"]
    assert await found(ruta, givenName="Jonė", familyName="Kazlauskaitė") == ["C-1", "C-2"]
    assert await found(ruta, givenName="Jonė", familyName="Petraitė") == []
    assert await found(ruta, familyName="Kazlauskaitė", phone="37060012345") == ["C-1"]
    assert await found(ruta, familyName="Kazlauskaitė", phone="37060012345", number="C-2") == []
    everything = {"number": "C-1", "status": "ACTIVE"} | {k: v for one in FILTERS for k, v in one.items()}
    assert await found(ruta, **everything) == ["C-1"]


async def test_one_address_and_one_number_may_be_different_rows(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await jone(office)
    await office.task(ruta, customer, "support")
    await contact(office, customer, "EMAIL", "other@example.org")

    assert await found(ruta, email="other@example.org", phone="37060012345") == ["C-1"]


@pytest.mark.parametrize(
    "filter",
    [
        {"familyName": ""},
        {"familyName": " "},
        {"givenName": ""},
        {"personalCode": " -"},
        {"email": ""},
        {"phone": "+"},
    ],
)
async def test_searching_for_nothing_is_refused(office: Office, filter: dict[str, str]) -> None:
    ruta = await office.agent("support")
    consent = await office.consent(await office.customer(), "identity", "support")
    nameless = await consent.customer
    await office.row(nameless, consent, content=Identity.Content(None, None, None), family_name_index=None)

    answer = await ruta.asks(FIND, filter=filter)

    assert (answer.data, answer.codes) == ({"customers": None}, ["NOTHING_TO_FIND"])


@pytest.mark.parametrize("number", ["", " ", "\0", "\ud800", "C" * 201])
async def test_a_number_that_no_customer_can_have_is_refused(office: Office, number: str) -> None:
    manager = await office.employee("manager")

    assert (await manager.asks(FIND, filter={"number": number})).codes == ["BAD_USER_INPUT"]


async def test_no_filter_and_null_filters_find_everybody(office: Office) -> None:
    manager = await office.employee("manager")
    await office.customer(number="C-1")

    for filter in (None, {}, {"familyName": None, "number": None}):
        answer = await manager.asks(FIND, filter=filter)
        assert answer.data == {"customers": {"nodes": [{"number": "C-1"}]}}


@pytest.mark.every_database
async def test_each_page_keeps_to_the_filter(office: Office) -> None:
    manager = await office.employee("manager")
    for place in range(6):
        await office.customer(number=f"C-{place}", status="WITHDRAWN" if place % 2 else "ACTIVE")
    numbers, after = [], None
    for _ in range(3):
        answer = await manager.asks(
            """query ($after: String) { customers(first: 1, after: $after, filter: {status: WITHDRAWN}) {
                 nodes { number } pageInfo { endCursor } } }""",
            after=after,
        )
        numbers += [node["number"] for node in answer.data["customers"]["nodes"]]
        after = answer.data["customers"]["pageInfo"]["endCursor"]

    assert numbers == ["C-1", "C-3", "C-5"]


async def test_everything_of_oneself_is_read_in_one_question(office: Office) -> None:
    customer = await office.customer([*EVERYTHING, ("postal_address", "delivery"), ("order", "billing")])
    himself = await office.himself(customer)

    answer = await himself.asks(
        """{ customers { nodes { identity { familyName } contactPoints { value } postalAddresses { street }
             orders { total lines { __typename } } withheld { field } } } }"""
    )

    (node,) = answer.data["customers"]["nodes"]
    assert node["postalAddresses"] == [{"street": "Pilies g. 1"}]
    assert node["orders"] == [{"total": "12.50", "lines": [{"__typename": "OrderLine"}]}]
    assert node["withheld"] == []
