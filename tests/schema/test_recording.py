"""What is recorded of an answer before it leaves."""

import json
from typing import Any

import pytest

import models
from models.ledger import Access, LedgerEntry
from schema.reading import encode
from tests.people import Office
from vault import vault

READ = "{ customers { nodes { number ...more } } } fragment more on Customer { who: contactPoints { what: value } orders { total } }"


async def entries() -> list[dict[str, Any]]:
    """The entries about readings."""
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"] == "reading.released"]


@pytest.mark.every_database
async def test_an_answer_is_recorded_with_its_fields_its_tasks_and_what_was_withheld(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("contact_point", "support")])
    task = await office.task(ruta, customer, "support")

    answer = await ruta.asks(READ)

    assert answer.data["customers"]["nodes"][0]["who"] == [{"what": "jone@example.org"}]
    (entry,) = await entries()
    fields = ["ContactPoint.value", "Customer.contactPoints", "Customer.number"]
    assert entry["data"]["groups"] == [
        {"customers": [str(customer.id)], "fields": fields, "tasks": [str(task.id)]}
    ]
    assert entry["data"]["withheld"] == [{"field": "Customer.orders", "reason": "NO_CONSENT", "count": 1}]
    assert "jone@example.org" not in json.dumps(entry)
    access = await Access.get()
    assert (access.customer_id, access.purposes) == (customer.id, "support")
    assert (access.fields_read.split(), access.task_ids) == (fields, str(task.id))


async def test_a_task_read_by_itself_is_recorded_as_what_lets_its_assignee_read_it(office: Office) -> None:
    ruta, manager = await office.agent("support"), await office.employee("manager")
    customer = await office.customer()
    task = await office.task(ruta, customer, "support", days=-1)

    for someone, named in ((ruta, [str(task.id)]), (manager, [])):
        await someone.asks("{ tasks { nodes { dueAt } } }")
        (group,) = (await entries())[-1]["data"]["groups"]
        assert (group["customers"], group["tasks"]) == ([str(customer.id)], named)


async def test_who_asks_for_the_schema_or_finds_nothing_is_not_recorded(office: Office) -> None:
    ruta = await office.agent("support")
    await office.customer([("contact_point", "support")])

    await ruta.asks("{ __schema { queryType { name } } }")
    await ruta.asks("{ customers { nodes { number } } }")

    assert await entries() == []


SIGN_IN = 'mutation ($login: String!) { signIn(input: {login: $login, password: "guessed it"}) { userErrors { code } } }'


async def events(name: str) -> list[dict[str, Any]]:
    """The entries of one kind."""
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"] == name]


async def test_a_refused_action_is_recorded(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer()
    task = await office.task(None, customer, "support")

    close = "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { userErrors { code } } }"
    answer = await ruta.asks(close, id=encode("Task", task.id))

    assert answer.codes == ["FORBIDDEN"]
    (entry,) = await events("action.refused")
    assert entry["data"] == {"action": "close", "record": "Task", "id": str(task.id)}
    assert entry["by"] == {"id": str(ruta.actor.actor_id), "kind": "Employee", "roles": ["agent"]}


async def test_a_failed_sign_in_is_recorded_without_the_login(office: Office) -> None:
    for login in ("Jone@example.org", "jone@EXAMPLE.org ", "ona@example.org"):
        answer = await office.stranger().asks(SIGN_IN, login=login)
        assert answer.data["signIn"]["userErrors"] == [{"code": "WRONG_CREDENTIALS"}]

    first, again, another = [entry["data"] for entry in await events("session.refused")]
    assert first["code"] == "WRONG_CREDENTIALS"
    assert first["login"] == again["login"] != another["login"]
    assert len(first["login"]) == 64
    assert "example" not in json.dumps(await events("session.refused"))


async def test_a_failed_sign_in_is_recorded_while_the_vault_is_sealed(office: Office) -> None:
    opened = vault.current()
    vault.seal("for this test")
    try:
        await office.stranger().asks(SIGN_IN, login="jone@example.org")
    finally:
        vault.use(opened)

    (entry,) = await events("session.refused")
    assert entry["data"] == {"login": None, "code": "WRONG_CREDENTIALS"}


async def test_a_row_that_does_not_open_is_recorded(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    row = await models.ContactPoint.get(customer_id=customer.id)
    await models.ContactPoint.filter(id=row.id).update(revision=row.revision + 1)

    reading = await (await office.himself(customer)).reads(customer, "contactPoints.value")

    assert reading.value == [None]
    (entry,) = await events("seal.broken")
    assert entry["data"] == {"table": "contact_points", "row": str(row.id)}
    (read,) = await entries()
    assert read["data"]["groups"][0]["fields"] == ["ContactPoint.id", "Customer.contactPoints"]
    assert read["data"]["withheld"] == [{"field": "ContactPoint.value", "reason": "UNREADABLE", "count": 1}]
