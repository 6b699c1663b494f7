"""Whom a manager could give a task to: the same people to whom it can be given, and nobody else's business."""

from datetime import timedelta

import pytest

import models
from schema.reading import encode
from tests.people import Answer, Office, Someone

ASK = """query ($purpose: Purpose!, $first: Int!) { assignees(purpose: $purpose, first: $first) {
    employee { id name roles } client { id name partner { name } } openTasks overdueTasks } }"""
ASSIGN = "mutation ($input: TaskAssignInput!) { done: taskAssign(input: $input) { userErrors { code } } }"


async def asks(someone: Someone, purpose: str = "DELIVERY", first: int = 50) -> Answer:
    """Have somebody ask whom a task could be given to."""
    return await someone.asks(ASK, purpose=purpose, first=first)


def ids(answer: Answer) -> set[str]:
    """Everybody who was named."""
    assert not answer.errors, answer.errors
    return {(each["employee"] or each["client"])["id"] for each in answer.data["assignees"]}


def id(someone: Someone) -> str:
    """The identifier of an assignee."""
    assert someone.record is not None
    return encode(type(someone.record).__name__, someone.record.id)


async def everybody(office: Office) -> dict[str, Someone]:
    """Employees, and clients of partners that are bound for delivery, for something else, unsigned, and not at all."""
    bound, other, unsigned = await office.partner(), await office.partner(), await office.partner()
    await office.agreement(bound, "delivery", "identity.familyName")
    await office.agreement(other, "support", "identity.familyName")
    await office.agreement(unsigned, "delivery", "identity.familyName", signed=False)
    found = {
        "agent": await office.agent(),
        "left": await office.agent(),
        "officer": await office.employee("privacy_officer"),
        "bound": await office.partner_client(bound),
        "bound, left": await office.partner_client(bound),
        "other": await office.partner_client(other),
        "unsigned": await office.partner_client(unsigned),
        "unbound": await office.partner_client(await office.partner()),
    }
    gone = [found[name].actor.actor_id for name in ("left", "bound, left")]
    await models.Account.filter(id__in=gone).update(active=False)
    return found


@pytest.mark.by_hand
@pytest.mark.every_database
async def test_a_manager_sees_whom_a_task_can_be_given_to_and_nobody_else(office: Office) -> None:
    people, manager = await everybody(office), await office.employee("manager")
    customer = await office.customer([("identity", "delivery")])

    named = ids(await asks(manager))

    assert named == {id(people[name]) for name in ("agent", "officer", "bound")}
    for someone in people.values():
        task = await office.task(None, customer, "delivery")
        answer = await manager.asks(
            ASSIGN, input={"taskId": encode("Task", task.id), "assigneeId": id(someone)}
        )
        assert (answer.data["done"]["userErrors"] == []) == (id(someone) in named)
    office.now += timedelta(days=60)
    assert id(people["bound"]) not in ids(await asks(manager))


async def test_those_with_the_fewest_open_tasks_come_first_with_how_many_are_over_their_day(
    office: Office,
) -> None:
    manager, busy, free = await office.employee("manager"), await office.agent(), await office.agent()
    customer = await office.customer()
    for _ in range(3):
        await office.task(busy, customer, "support")
    await models.Task.filter(id=(await models.Task.first() or pytest.fail("none")).id).update(
        due_at=office.now
    )

    answer = await asks(manager, "SUPPORT")

    found = [
        (each["employee"]["id"], each["openTasks"], each["overdueTasks"]) for each in answer.data["assignees"]
    ]
    assert found == [(id(free), 0, 0), (id(busy), 3, 1)]
    assert len((await asks(manager, "SUPPORT", first=1)).data["assignees"]) == 1


@pytest.mark.parametrize("role", ["agent", "privacy_officer", "administrator"])
async def test_no_other_employee_is_told(office: Office, role: str) -> None:
    assert (await asks(await office.employee(role))).codes == ["FORBIDDEN"]


async def test_neither_customers_nor_partners_nor_strangers_are_told(office: Office) -> None:
    customer = await office.himself(await office.customer())
    partner = await office.partner_client(await office.partner())

    codes = [(await asks(each)).codes for each in (customer, partner, office.stranger())]

    assert codes == [["FORBIDDEN"], ["FORBIDDEN"], ["UNAUTHENTICATED"]]
