"""What an answer leaves in the ledger: whose data it held, which fields, for which task; and no value of them."""

import json
from dataclasses import astuple
from typing import Any

import pytest

import models
from models import Access, LedgerEntry
from procedures.ledger.reading import record_broken_seals
from schema.reading import encode
from tests.contents import CONTENTS, NOON
from tests.people import Office, Someone

ALL = """{ customers(first: 10) { nodes {
    number identity { givenName familyName } contactPoints { value } postalAddresses { city street }
    preferences { topic } interactions { body } orders { number total lines { product } } } } }"""
CONSENTS = [
    ("identity", "support"),
    ("contact_point", "support"),
    ("order", "support"),
    ("postal_address", "delivery"),
]


async def entries() -> list[dict[str, Any]]:
    """The ledger."""
    return [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]


async def told() -> dict[str, Any]:
    """What the newest entry says of a reading."""
    newest = (await entries())[-1]
    assert newest["event"] == "reading.released"
    data: dict[str, Any] = newest["data"]
    return data


async def accesses(customer: models.Customer) -> list[Access]:
    """What a customer's own log says."""
    return await Access.filter(customer_id=customer.id).order_by("entry")


async def test_each_customer_has_an_access_of_their_own_fields_and_task(office: Office) -> None:
    ruta = await office.agent("support")
    one, other = await office.customer(CONSENTS), await office.customer([("contact_point", "support")])
    tasks = {customer.id: await office.task(ruta, customer, "support") for customer in (one, other)}

    await ruta.asks("{ customers { nodes { number identity { familyName } contactPoints { value } } } }")

    shared = ["ContactPoint.value", "Customer.contactPoints", "Customer.number"]
    expected = {one.id: ["Customer.identity", "Identity.familyName", *shared], other.id: shared}
    for customer in (one, other):
        (access,) = await accesses(customer)
        assert access.fields_read.split() == sorted(expected[customer.id])
        assert access.task_ids == str(tasks[customer.id].id)
        assert (access.kind, access.roles, access.purposes, access.at) == (
            "Employee",
            "agent",
            "support",
            NOON,
        )
    assert {group["customers"][0]: group["fields"] for group in (await told())["groups"]} == {
        str(id): sorted(fields) for id, fields in expected.items()
    }


async def test_customers_of_whom_the_same_was_read_are_one_group(office: Office) -> None:
    ruta = await office.agent("support")
    customers = [await office.customer([("contact_point", "support")]) for _ in range(5)]
    tasks = [await office.task(ruta, customer, "support") for customer in customers]

    await ruta.asks("{ customers { nodes { contactPoints { value } } } }")

    (group,) = (await told())["groups"]
    assert group["customers"] == sorted(str(customer.id) for customer in customers)
    assert group["tasks"] == sorted(str(task.id) for task in tasks)
    assert await Access.all().count() == 5
    assert len(set(await Access.all().values_list("id", flat=True))) == 5


async def test_aliases_and_fragments_hide_nothing(office: Office) -> None:
    himself = await office.himself(customer := await office.customer(CONSENTS))

    await himself.asks(
        "query ($id: ID!) { a: customer(id: $id) { ...F } b: node(id: $id) { ... on Customer { n: number } } }"
        " fragment F on Customer { i: identity { x: givenName ...G } } fragment G on Identity { y: familyName }",
        id=encode("Customer", customer.id),
    )

    (access,) = await accesses(customer)
    fields = ["Customer.identity", "Customer.number", "Identity.familyName", "Identity.givenName"]
    assert access.fields_read.split() == fields
    assert access.task_ids == ""


async def test_what_is_withheld_is_counted_and_not_told_as_read(office: Office) -> None:
    ruta = await office.agent("support")
    customers = [await office.customer([("contact_point", "support")]) for _ in range(3)]
    for customer in customers:
        await office.task(ruta, customer, "support")

    answer = await ruta.asks("{ customers { nodes { number orders { total } postalAddresses { city } } } }")

    data = await told()
    assert data["withheld"] == answer.extensions["withheld"]
    assert {(item["field"], item["count"]) for item in data["withheld"]} == {
        ("Customer.orders", 3),
        ("Customer.postalAddresses", 3),
    }
    assert [group["fields"] for group in data["groups"]] == [["Customer.number"]]


async def test_a_record_of_nobody_is_told_without_a_customer(office: Office) -> None:
    await office.notice("support")

    await office.stranger().asks("{ notices { nodes { language text } } }")

    assert (await told())["others"] == ["Notice.language", "Notice.text"]
    assert (await told())["groups"] == []
    assert not await Access.all().exists()


async def test_who_sees_only_that_a_record_is_there_has_seen_that(office: Office) -> None:
    manager = await office.employee("manager")
    customer = await office.customer()

    await manager.asks("query ($id: ID!) { node(id: $id) { id } }", id=encode("Customer", customer.id))

    (access,) = await accesses(customer)
    assert access.fields_read == "Customer.id"


CLOSE = """mutation ($one: ID!, $other: ID!) {
  one: taskClose(input: {taskId: $one, outcome: DONE}) { task { customer { number } } }
  other: taskClose(input: {taskId: $other, outcome: DONE}) { task { customer { number } } } }"""


@pytest.mark.every_database
async def test_what_was_read_is_recorded_with_the_task_that_was_open_then(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer()
    one, other = [await office.task(ruta, customer, "support") for _ in range(2)]

    answer = await ruta.asks(CLOSE, one=encode("Task", one.id), other=encode("Task", other.id))

    # When the first was closed the second opened the customer; when both were, nothing did.
    assert answer.data["one"]["task"]["customer"] == {"number": customer.number}
    assert answer.data["other"]["task"]["customer"] is None
    (group,) = (await told())["groups"]
    assert (group["tasks"], "Customer.number" in group["fields"]) == ([str(other.id)], True)


async def test_tasks_of_others_and_for_other_purposes_opened_nothing(office: Office) -> None:
    ruta, other = await office.agent("support"), await office.agent("support")
    customer = await office.customer([("contact_point", "support")])
    mine = await office.task(ruta, customer, "support")
    await office.task(other, customer, "support")
    await office.task(ruta, customer, "sales")

    await ruta.asks("{ customers { nodes { number } } }")

    assert (await told())["groups"][0]["tasks"] == [str(mine.id)]


async def test_rows_that_did_not_open_are_told_each(office: Office) -> None:
    ruta = await office.agent()
    rows = [("identities", str(models.Customer().id)), ("contact_points", str(models.Customer().id))]

    await record_broken_seals(ruta.actor, rows)

    found = [(entry["event"], entry["data"]) for entry in (await entries())[-2:]]
    assert found == [("seal.broken", {"table": table, "row": row}) for table, row in sorted(rows)]


async def test_no_entry_and_no_access_holds_a_personal_value(office: Office) -> None:
    customer = await office.customer([*CONSENTS, ("preference", "marketing"), ("interaction", "support")])
    ruta = await office.agent("support", "delivery", "marketing")
    for purpose in ("support", "delivery", "marketing"):
        await office.task(ruta, customer, purpose)
    readers: list[Someone] = [ruta, await office.himself(customer), await office.employee("privacy_officer")]

    answers = [await reader.asks(ALL) for reader in readers]

    written = json.dumps(await entries(), ensure_ascii=False)
    written += "".join(str(row) for row in await Access.all().values())
    personal = set(_texts(content["content"] for _, content in CONTENTS.values()))
    assert len(await accesses(customer)) == len(readers)
    assert len(personal) > 10
    assert all(value in str(answers[1].data) for value in ("Kazlauskaitė", "Pilies g. 1", "About lamps."))
    # Four digits stand in identifiers by chance.
    assert not [value for value in personal if len(value) > 4 and value in written]


def _texts(found: Any) -> list[str]:
    """The texts in contents, but those so short that they are in any identifier."""
    if isinstance(found, str):
        return [found] if len(found) > 3 else []
    if hasattr(found, "__dataclass_fields__"):
        return _texts(astuple(found))
    return [text for item in found for text in _texts(item)] if hasattr(found, "__iter__") else []
