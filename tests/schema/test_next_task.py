"""What follows a task that is closed: opened in the same step, and judged as if it were asked for alone."""

from typing import Any
from uuid import UUID

import pytest

import models
from models.event import Event
from schema.reading import encode
from tests import ledger
from tests.people import Answer, Office, Someone

CLOSE = """mutation ($input: TaskCloseInput!) { done: taskClose(input: $input) {
    task { status } nextTask { id status purpose subject assignee { id } }
    notShown { field reason } userErrors { code field } } }"""
TAKE_IN = """mutation ($input: IntakeOpenInput!) { done: intakeOpen(input: $input) {
    task { id } nextTask { id purpose assignee { id } } userErrors { code } } }"""


def id(someone: Someone) -> str:
    """The identifier of an assignee."""
    assert someone.record is not None
    return encode(type(someone.record).__name__, someone.record.id)


async def closes(someone: Someone, task: models.Task, **following: Any) -> Answer:
    """Have somebody close a task, and open another in the same step."""
    given = {"taskId": encode("Task", task.id), "nextTask": {"purpose": "BILLING"} | following}
    return await someone.asks(CLOSE, input=given)


def done(answer: Answer) -> Any:
    """What came of it."""
    assert not answer.errors, answer.errors
    assert answer.data["done"]["userErrors"] == []
    return answer.data["done"]


async def test_whoever_closes_a_task_opens_the_next_and_sees_that_it_is_open(office: Office) -> None:
    agent, customer = await office.agent("support"), await office.customer()
    task = await office.task(agent, customer, "support")

    came = done(await closes(agent, task, subject="The invoice of May"))

    (following,) = await models.Task.filter(status="OPEN")
    assert came["task"] == {"status": "CLOSED"}
    assert came["nextTask"] == {
        "id": encode("Task", following.id), "status": "OPEN", "purpose": "BILLING", "subject": None, "assignee": None,
    }  # fmt: skip
    assert (following.customer_id, following.assignee_id) == (customer.id, None)
    assert [each["task"] for each in await ledger.data(Event.TASK_OPENED)] == [str(following.id)]
    assert [each["task"] for each in await ledger.data(Event.TASK_CLOSED)] == [str(task.id)]


@pytest.mark.every_database
async def test_of_closing_and_opening_both_are_done_or_neither(office: Office) -> None:
    agent, colleague, customer = await office.agent("support"), await office.agent(), await office.customer()
    task = await office.task(agent, customer, "support")

    given = await closes(agent, task, assigneeId=id(colleague))
    late = await closes(agent, task, dueAt=office.now.isoformat())

    assert given.codes == ["FORBIDDEN"]
    assert late.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "dueAt"}]
    (kept,) = await models.Task.all()
    assert kept.status is models.TaskStatus.OPEN


async def test_a_manager_gives_the_next_task_to_whoever_had_this_one(office: Office) -> None:
    agent, manager = await office.agent("verification"), await office.employee("manager")
    task = await office.task(agent, await office.customer(), "verification")

    came = done(await closes(manager, task, assigneeId=id(agent)))

    assert came["nextTask"]["assignee"] == {"id": id(agent)}


async def test_nobody_gives_the_next_task_to_themselves(office: Office) -> None:
    manager = await office.employee("manager", purposes=["support"])
    task = await office.task(manager, await office.customer(), "support")

    answer = await closes(manager, task, assigneeId=id(manager))

    assert answer.data["done"]["userErrors"] == [{"code": "SELF_ASSIGNMENT", "field": "assigneeId"}]
    assert await models.Task.filter(status="OPEN").count() == 1


async def test_neither_a_partner_nor_somebody_whose_day_is_over_opens_another(office: Office) -> None:
    customer, partner, late = await office.customer(), await office.partner(), await office.agent("support")
    agreement = await office.agreement(partner, "delivery", "identity.familyName")
    client = await office.partner_client(partner, "delivery")
    delivery = await office.task(client, customer, "delivery", agreement=agreement)
    over = await office.task(late, customer, "support", days=0)

    assert (await closes(client, delivery)).codes == ["FORBIDDEN"]
    assert (await closes(late, over)).codes == ["FORBIDDEN"]
    assert await models.Task.filter(status="OPEN").count() == 2


@pytest.mark.parametrize("assignee", ["42", encode("Customer", UUID(int=7))])
async def test_the_next_task_is_given_to_somebody_there(office: Office, assignee: str) -> None:
    manager = await office.employee("manager")
    task = await office.task(None, await office.customer(), "support")

    (error,) = (await closes(manager, task, assigneeId=assignee)).data["done"]["userErrors"]

    assert error["code"] in ("ID_MALFORMED", "NOT_FOUND")
    assert await models.Task.filter(status="OPEN").count() == 1


async def test_whoever_takes_a_customer_in_goes_on_where_a_manager_says_so_in_the_same_step(
    office: Office,
) -> None:
    agent, manager = await office.agent("verification", "sales"), await office.employee("manager")
    following = {"purpose": "SALES", "assigneeId": id(agent)}

    came = done(await manager.asks(TAKE_IN, input={"assigneeId": id(agent), "nextTask": following}))
    alone = done(await manager.asks(TAKE_IN, input={"assigneeId": id(agent)}))

    assert came["nextTask"]["assignee"] == {"id": id(agent)}
    assert alone["nextTask"] is None
    taken = await models.Task.get(purpose="sales")
    verifying = await models.Task.get(purpose="verification", customer_id=taken.customer_id)
    await agent.asks(CLOSE, input={"taskId": encode("Task", verifying.id)})
    seen = await agent.asks("{ customers { nodes { id } } }")
    assert {"id": encode("Customer", taken.customer_id)} in seen.data["customers"]["nodes"]
    assert not await models.TaskReview.exists()
