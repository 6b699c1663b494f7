"""What is looked up and not found is recorded, whichever query or mutation it was."""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

import models
from models.event import Event
from schema.reading import encode
from tests import ledger
from tests.people import Office
from tests.schema.missing import BY_EMAIL, CUSTOMER, NODES, SCHEMA, looks_up, somebody, tried

TASKS = "query ($id: ID!) { tasks(filter: {customerId: $id}) { nodes { id } } }"


async def missed() -> list[dict[str, Any]]:
    """What the entries about look-ups tell, each without the document's mark."""
    found = await ledger.data(Event.LOOKUP_MISSED)
    return [{name: value for name, value in each.items() if name != "operation"} for each in found]


@pytest.mark.every_database
async def test_a_look_up_by_identifier_that_finds_nothing_is_recorded_without_the_identifier(
    office: Office,
) -> None:
    ruta, hidden = await office.agent("support"), await office.customer()

    await ruta.asks(CUSTOMER, id=encode("Customer", hidden.id))

    (entry,) = await ledger.entries(Event.LOOKUP_MISSED)
    assert entry["by"]["id"] == str(ruta.actor.actor_id)
    assert entry["data"]["purposes"] == ["support"]
    assert entry["data"]["lookups"] == [{"root": "customer", "by": ["id"], "asked": 1, "found": 0}]
    assert len(entry["data"]["operation"]) == 64
    assert str(hidden.id) not in str(entry)


async def test_one_entry_says_of_all_look_ups_of_an_answer_how_much_was_asked_and_found(
    office: Office,
) -> None:
    ruta, customer = await office.agent("support"), await office.customer([("contact_point", "support")])
    await office.task(ruta, customer, "support")
    text = "query ($ids: [ID!]!, $mine: ID!) { nodes(ids: $ids) { id } mine: customer(id: $mine) { number }"
    text += ' customers(filter: {email: "nobody@example.org", familyName: "Nobody"}) { nodes { id } } }'
    mine = encode("Customer", customer.id)

    await ruta.asks(text, ids=[mine, somebody(), somebody(), mine], mine=mine)

    assert await missed() == [
        {
            "purposes": ["support"],
            "lookups": [
                {"root": "customer", "by": ["id"], "asked": 1, "found": 1},
                {"root": "customers", "by": ["email", "familyName"], "asked": 1, "found": 0},
                {"root": "nodes", "by": ["ids"], "asked": 3, "found": 1},
            ],
        }
    ]


async def test_what_is_found_leaves_no_entry_of_a_look_up(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer([("contact_point", "support")])
    await office.task(ruta, customer, "support")
    mine = encode("Customer", customer.id)

    for text, given in (
        (CUSTOMER, {"id": mine}),
        (NODES, {"ids": [mine, mine]}),
        (TASKS, {"id": mine}),
        (BY_EMAIL, {"email": "jone@example.org"}),
        ("{ tasks(filter: {status: CLOSED}) { nodes { id } } }", {}),
    ):
        assert not (await ruta.asks(text, **given)).errors
    assert not (await (await office.agent()).asks("{ customers { nodes { id } } }")).errors

    assert await missed() == []


async def test_an_empty_list_of_a_customer_who_is_there_is_no_attempt(office: Office) -> None:
    manager, customer = await office.employee("manager"), await office.customer()

    await manager.asks(TASKS, id=encode("Customer", customer.id))
    assert await missed() == []

    await manager.asks(TASKS, id=somebody())
    assert [each["lookups"] for each in await missed()] == [
        [{"root": "tasks", "by": ["customerId"], "asked": 1, "found": 0}]
    ]


async def test_a_cursor_of_a_record_that_is_not_there_is_an_attempt(office: Office) -> None:
    manager, rival = await office.employee("manager"), await office.agent("support")
    await office.customer()
    page = "query ($after: String) { customers(first: 1, after: $after) { pageInfo { endCursor } } }"
    cursor = (await manager.asks(page)).data["customers"]["pageInfo"]["endCursor"]

    assert (await manager.asks(page, after=cursor)).codes == []
    assert (await rival.asks(page, after=cursor)).codes == ["CURSOR_STALE"]

    (entry,) = await missed()
    assert entry["lookups"] == [{"root": "customers", "by": ["after"], "asked": 1, "found": 0}]


async def test_customers_who_try_the_identifiers_of_others_are_recorded_and_their_own_is_none(
    office: Office,
) -> None:
    jone, petras = await office.customer(), await office.customer()
    herself = await office.himself(jone)

    await herself.asks(CUSTOMER, id=encode("Customer", jone.id))
    assert await missed() == []
    await herself.asks(CUSTOMER, id=encode("Customer", petras.id))

    assert len(await missed()) == 1
    assert (await models.MissedLookup.get()).caller_id == jone.id


async def test_whoever_is_not_signed_in_leaves_nothing_behind(office: Office) -> None:
    hidden = await office.customer()

    for id in (encode("Customer", hidden.id), somebody()):
        assert (await office.stranger().asks(CUSTOMER, id=id)).data == {"customer": None}

    assert (await ledger.entries(Event.LOOKUP_MISSED), await models.MissedLookup.all()) == ([], [])


async def test_whoever_acts_on_what_is_not_there_for_them_is_recorded(office: Office) -> None:
    ruta, hidden = await office.agent("support"), await office.customer()
    task = await office.task(None, hidden, "support")
    close = "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { userErrors { code } } }"

    await ruta.asks(close, id=encode("Task", task.id))
    await ruta.asks(close, id=encode("Task", uuid4()))
    mine = await office.task(ruta, hidden, "support")
    await ruta.asks(close, id=encode("Task", mine.id))

    lookups = [{"root": "taskClose", "by": ["taskId"], "asked": 1, "found": 0}]
    assert [each["lookups"] for each in await missed()] == [lookups, lookups]


async def test_no_query_that_takes_an_identifier_or_a_text_is_forgotten(office: Office) -> None:
    manager = await office.employee("manager", purposes=["support"])

    for name in looks_up(SCHEMA.query_type, "ID", "String"):
        before = len(await missed())
        answer = await tried(manager, "query", name)
        assert [each["lookups"][0]["root"] for each in (await missed())[before:]] == [name], (name, answer)


async def test_no_mutation_that_takes_an_identifier_is_forgotten(office: Office) -> None:
    customer = await office.himself(await office.customer())
    people = [await office.employee("manager"), customer, await office.employee("privacy_officer")]
    confirmed = [await office.session(each) for each in people]

    for name in looks_up(SCHEMA.mutation_type, "ID"):
        before = len(await missed())
        answers = [await tried(each, "mutation", name) for each in confirmed]
        recorded = {each["lookups"][0]["root"] for each in (await missed())[before:]}
        assert recorded == {name}, (name, answers)


async def test_no_field_below_takes_an_argument_by_which_something_is_looked_up() -> None:
    below = [
        each
        for name, each in SCHEMA.type_map.items()
        if name not in ("Query", "Mutation") and name[:2] != "__"
    ]

    assert not [each.name for each in below if any(field.args for field in getattr(each, "fields", {}).values()
                                                    if hasattr(field, "args"))]  # fmt: skip


async def test_what_an_operation_that_was_cancelled_looks_up_does_not_go_on(office: Office) -> None:
    agent, before = await office.agent("support"), asyncio.all_tasks()
    asked = asyncio.ensure_future(
        agent.asks("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[encode("Customer", uuid4())])
    )
    # Until one looks up, and the other waits for it.
    for _ in range(10_000):
        await asyncio.sleep(0)
        if len(asyncio.all_tasks() - before) > 1:
            break

    asked.cancel()
    with suppress(asyncio.CancelledError):
        await asked

    going_on = [task for task in asyncio.all_tasks() - before if not (task.done() or task.cancelling())]
    assert going_on == []
