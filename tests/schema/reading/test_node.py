"""Records fetched again by their identifiers."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import models
from schema.reading import encode, names
from tests.contents import CONTENTS, NOON
from tests.people import Office, Someone

pytestmark = pytest.mark.every_database

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
CUSTOMER = "query ($id: ID!) { customer(id: $id) { id } }"
EVERYTHING = [(category.value, "support") for category in CONTENTS]


def malformed() -> list[str]:
    """What looks like an identifier, and is none."""
    key, good = uuid4(), encode("Customer", uuid4())
    texts = [f"Customer:{key.hex}", f"customer:{key}", f"Nothing:{key}", "Customer:", f":{key}", f"{key}"]
    forged = [urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in texts]
    return [*forged, good + "=", f" {good}", good[:-1], "", "42", "%%", "ą", "\0", "\ud800"]


async def _everything(office: Office, customer: models.Customer) -> dict[str, Any]:
    """One record of each type that can be asked for; the personal ones are the customer's."""
    ruta = await office.agent("support")
    partner = await office.partner()
    records: list[models.Record] = [
        customer,
        partner,
        await office.notice("support"),
        await office.task(ruta, customer, "support"),
        await models.Consent.filter(customer_id=customer.id).get(category="contact_point"),
        await models.Access.create(
            entry=0,
            customer_id=customer.id,
            kind="Employee",
            roles="agent",
            at=NOON,
            purposes="support",
            task_ids="",
            fields_read="Customer.number",
        ),
        *[await model.filter(customer_id=customer.id).get() for model, _ in CONTENTS.values()],
        *[row async for row in _beside(office, customer, ruta, partner)],
    ]
    for one in (ruta, await office.partner_client(partner)):
        assert one.record is not None
        records.append(one.record)
    return {type(record).__name__: record for record in records}


async def _beside(
    office: Office, customer: models.Customer, ruta: Someone, partner: models.Partner
) -> AsyncIterator[models.Record]:
    """What gathers around a customer besides data, consents and tasks."""
    consent = await models.Consent.filter(customer_id=customer.id).first()
    assert consent is not None
    whose: dict[str, Any] = {"customer_id": customer.id}
    yield await office.break_glass(ruta, customer, "support", "contact_point")
    task = await models.Task.get(customer_id=customer.id)
    yield await models.TaskReview.create(
        **whose, task_id=task.id, reason="NO_OCCASION", given_by_id=ruta.actor.actor_id,
        given_to_id=ruta.actor.actor_id, given_at=NOON,
    )  # fmt: skip
    yield await models.Attestation.create(
        **whose, category="contact_point", row_id=customer.id, revision=1, at=NOON
    )
    yield await models.OutsideKey.create(**whose, source="shop", content=models.OutsideKeyContent("4711"))
    yield await models.Receipt.create(
        **whose, consent_id=consent.id, state=consent.state, made_at=NOON, document="{}", digest="0" * 64
    )
    yield await models.LegalHold.create(
        **whose, category="order", reason="LEGAL_CLAIMS", basis="case 1", placed_at=NOON, until=NOON
    )
    yield await models.DeskLookup.create(
        actor_id=ruta.actor.actor_id, at=NOON, way=models.LookupWay.EMAIL, found=1, counted=1
    )
    yield await models.MissedLookup.create(
        actor_id=ruta.actor.actor_id, kind="Employee", at=NOON, purposes="", lookups="node.id",
        asked=1, found=0, counted=1,
    )  # fmt: skip
    yield await models.Obligation.create(**whose, partner_id=partner.id, created_at=NOON, due_at=NOON)
    yield await models.Request.create(
        **whose,
        kind=models.RequestKind.RECTIFICATION,
        category="order",
        record_id=customer.id,
        record_revision=1,
        content=models.RequestContent("number", "N-2", "A slip."),
        received_at=NOON,
        due_at=NOON + timedelta(days=30),
    )
    yield await models.Instruction.create(
        **whose,
        kind=models.InstructionKind.WITHDRAW,
        consent_purpose="support",
        special=False,
        content=models.InstructionContent("She said so."),
        recorded_by_id=ruta.actor.actor_id,
        recorded_at=NOON,
        due_at=NOON + timedelta(days=30),
    )
    yield await models.Scan.create(
        **whose, size=3, added_by_id=ruta.actor.actor_id, begun_at=NOON, ends_at=NOON + timedelta(days=1)
    )
    yield await models.AccessChange.create(kind="ROLE_GIVEN", account_id=ruta.actor.actor_id, at=NOON)
    yield await models.Dictation.create(
        **whose,
        category="order",
        record_id=customer.id,
        record_revision=1,
        change=models.DictationChange.ADDED,
        content=models.DictationContent("by telephone"),
        recorded_by_id=ruta.actor.actor_id,
        recorded_roles="agent",
        recorded_at=NOON,
    )
    yield await models.Difference.create(
        field="ContactPoint.value", granted=False, policy="0" * 16, row_id=customer.id, found_at=NOON
    )
    yield await models.Message.create(
        **whose,
        template=models.Template.CONTACT_CODE,
        channel=models.MessageChannel.EMAIL,
        state=models.MessageState.SENT,
        queued_at=NOON,
        next_at=NOON,
    )


async def test_every_record_is_fetched_again_by_whoever_sees_it(office: Office) -> None:
    customer = await office.customer(EVERYTHING)
    records = await _everything(office, customer)
    herself = await office.session(await office.himself(customer))
    records["Session"] = await models.Session.get(id=herself.actor.session_id)
    readers = [herself, await office.employee("manager", "privacy_officer")]
    assert sorted(records) == names()

    for name, record in records.items():
        id = encode(name, record.id)
        found = [(await reader.asks(NODE, id=id)).data["node"] for reader in readers]
        assert {"__typename": name, "id": id} in found, name


async def test_what_one_may_not_see_is_not_there(office: Office) -> None:
    customer = await office.customer(EVERYTHING)
    records = await _everything(office, customer)
    seen = {"Notice"}

    answer = await office.stranger().asks(NODES, ids=[encode(name, one.id) for name, one in records.items()])

    assert not answer.errors
    assert {node["__typename"] for node in answer.data["nodes"] if node} == seen


async def test_whoever_sees_a_customer_partly_sees_no_rows_of_personal_data(office: Office) -> None:
    customer = await office.customer(EVERYTHING)
    manager = await office.employee("manager", purposes=["support"])

    for model, _ in CONTENTS.values():
        row = await model.filter(customer_id=customer.id).get()
        answer = await manager.asks(NODE, id=encode(model.__name__, row.id))
        assert (answer.data, answer.errors) == ({"node": None}, []), model


async def test_unknown_and_invisible_are_told_in_the_same_words(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer(EVERYTHING)

    for query in (NODE, CUSTOMER):
        invisible = await ruta.asks(query, id=encode("Customer", customer.id))
        unknown = await ruta.asks(query, id=encode("Customer", uuid4()))
        assert (invisible.data, invisible.errors) == (unknown.data, [])


@pytest.mark.parametrize("query", [NODE, CUSTOMER])
async def test_what_is_no_identifier_is_malformed(office: Office, query: str) -> None:
    manager = await office.employee("manager")

    for id in malformed():
        assert (await manager.asks(query, id=id)).codes == ["ID_MALFORMED"], id


async def test_what_is_no_identifier_is_told_in_its_place_and_spoils_no_other(office: Office) -> None:
    manager = await office.employee("manager")
    customer = await office.customer()
    id = encode("Customer", customer.id)
    shown = {"__typename": "Customer", "id": id}

    answer = await manager.asks(NODES, ids=["42", id, "", id])

    assert answer.data == {"nodes": [None, shown, None, shown]}
    assert [(error.path, error.original_error.code) for error in answer.errors] == [
        (["nodes", 0], "ID_MALFORMED"),
        (["nodes", 2], "ID_MALFORMED"),
    ]


async def test_an_error_of_one_field_leaves_those_beside_it(office: Office) -> None:
    ruta, tomas = await office.agent("support"), await office.agent("support")
    customer = await office.customer()
    mine, his = [await office.task(each, customer, "support") for each in (ruta, tomas)]

    read = await ruta.asks(
        """{ tasks { nodes { status } } nodes(ids: ["42"]) { id } customers(after: "x") { nodes { id } } }"""
    )
    done = await ruta.asks(
        """mutation ($mine: ID!, $his: ID!) {
             mine: taskClose(input: {taskId: $mine}) { task { status } }
             his: taskClose(input: {taskId: $his}) { task { status } } }""",
        mine=encode("Task", mine.id),
        his=encode("Task", his.id),
    )

    assert read.data == {"tasks": {"nodes": [{"status": "OPEN"}]}, "nodes": [None], "customers": None}
    assert done.data == {"mine": {"task": {"status": "CLOSED"}}, "his": None}
    assert done.codes == ["FORBIDDEN"]


async def test_an_identifier_of_another_type_is_refused_where_a_type_is_asked_for(office: Office) -> None:
    manager = await office.employee("manager")
    task = await office.task(None, await office.customer(), "support")

    assert (await manager.asks(CUSTOMER, id=encode("Task", task.id))).codes == ["ID_OF_ANOTHER_TYPE"]
    swapped = await manager.asks(NODE, id=encode("Customer", task.id))
    assert swapped.data == {"node": None}


async def test_records_come_in_the_order_asked_and_as_often(office: Office) -> None:
    manager = await office.employee("manager")
    first, second = await office.customer(), await office.customer()
    task = await office.task(None, first, "support")
    ids = [encode("Customer", second.id), encode("Task", task.id), encode("Customer", uuid4()),
           encode("Customer", first.id), encode("Customer", second.id), encode("Task", task.id)]  # fmt: skip

    answer = await manager.asks(NODES, ids=ids)

    assert [node and node["id"] for node in answer.data["nodes"]] == [*ids[:2], None, *ids[3:]]


async def test_a_hundred_identifiers_are_enough(office: Office) -> None:
    manager = await office.employee("manager")
    ids = [encode("Customer", uuid4()) for _ in range(101)]

    assert (await manager.asks(NODES, ids=ids)).codes == ["PAGE_TOO_LARGE"]
    assert (await manager.asks(NODES, ids=ids[:100])).data == {"nodes": [None] * 100}
    assert (await manager.asks(NODES, ids=[])).data == {"nodes": []}


async def test_fields_of_each_type_come_with_what_is_withheld(office: Office) -> None:
    manager = await office.employee("manager", purposes=["support"])
    customer = await office.customer(EVERYTHING)
    task = await office.task(None, customer, "support")

    answer = await manager.asks(
        """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Task { status }
             ... on Customer { number identity { familyName } } ... on Guarded { withheld { field reason } } } }""",
        ids=[encode("Customer", customer.id), encode("Task", task.id)],
    )

    withheld = [{"field": "identity", "reason": "NO_TASK"}]
    assert answer.data["nodes"] == [
        {"number": customer.number, "identity": None, "withheld": withheld},
        {"status": "OPEN", "withheld": []},
    ]


async def test_an_employees_role_has_no_identifier(office: Office) -> None:
    manager = await office.employee("manager")
    role = await models.EmployeeRole.get(employee_id=_id(manager))

    answer = await manager.asks(NODE, id=encode("EmployeeRole", role.id))

    assert answer.codes == ["ID_MALFORMED"]
    assert "EmployeeRole" not in names()


def _id(someone: Someone) -> Any:
    assert someone.record is not None
    return someone.record.id
