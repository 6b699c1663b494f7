"""What somebody can carry no longer goes back to the managers, and the customer sees that."""

import pytest

from models import Account, Outcome, Role, Task
from models.event import Event
from procedures import staff
from procedures.staff import employee_role, partner
from procedures.task import task as tasks
from schema.reading import encode
from tests import ledger
from tests.people import Office, Someone

QUEUE = "{ tasks(first: 5, filter: {assigned: false}) { nodes { id handedBackAt } } }"
OWN = "{ me { ... on Customer { tasks { handedBackAt } } } }"


async def login(someone: Someone) -> str:
    return (await Account.get(id=someone.actor.actor_id)).login


@pytest.mark.every_database
async def test_it_is_in_the_managers_queue_and_seen_by_the_customer(office: Office) -> None:
    ruta, manager, customer = (
        await office.agent("support"),
        await office.employee("manager"),
        await office.customer(),
    )
    task, closed = [await office.task(ruta, customer, "support") for _ in range(2)]
    await tasks.close(closed.id, Outcome.DONE, by=ruta.actor)

    await staff.deactivate_by_login(await login(ruta), clock=office.clock)

    queue = (await manager.asks(QUEUE)).data["tasks"]["nodes"]
    assert queue == [{"id": encode("Task", task.id), "handedBackAt": office.now.isoformat()}]
    own = (await (await office.himself(customer)).asks(OWN)).data["me"]["tasks"]
    assert {each["handedBackAt"] for each in own} == {office.now.isoformat(), None}
    assert (await Task.get(id=closed.id)).assignee_id == ruta.actor.actor_id


async def test_what_is_over_its_day_goes_back_as_well(office: Office) -> None:
    ruta = await office.agent("support")
    task = await office.task(ruta, await office.customer(), "support")
    await Task.filter(id=task.id).update(due_at=office.now)

    assert len(await staff.deactivate_by_login(await login(ruta), clock=office.clock)) == 1


async def test_it_is_given_to_somebody_else_and_reviewed_as_any_task(office: Office) -> None:
    ruta, other, manager = (
        await office.agent("support"),
        await office.agent("support"),
        await office.employee("manager"),
    )
    task = await office.task(ruta, await office.customer([("identity", "support")]), "support")
    await Task.filter(id=task.id).update(opened_by_id=manager.actor.actor_id)
    await staff.deactivate_by_login(await login(ruta), clock=office.clock)

    assert other.actor.actor_id is not None
    again = await tasks.assign(task.id, other.actor.actor_id, by=manager.actor)

    assert (again.assignee_id, again.handed_back_at) == (other.actor.actor_id, office.now)
    assert len(await ledger.data(Event.TASK_REVIEW_BEGUN)) == 1


@pytest.mark.every_database
async def test_a_partners_tasks_go_back_without_the_agreement_they_were_given_under(office: Office) -> None:
    owner = await office.partner()
    van, agreement = await office.partner_client(owner, "delivery"), await office.agreement(owner, "delivery")
    task = await office.task(van, await office.customer(), "delivery", agreement=agreement)

    await partner.deactivate(owner.name, clock=office.clock)

    taken = await Task.get(id=task.id)
    assert (taken.assignee_id, taken.agreement_id) == (None, None)


async def test_with_a_role_with_which_nobody_carries_tasks_they_go_back_and_with_others_they_stay(
    office: Office,
) -> None:
    boss = await office.session(await office.employee("administrator"))
    ruta = await office.employee("agent", "manager")
    assert ruta.record is not None
    await office.task(ruta, await office.customer(), "support")

    _, kept = await employee_role.take(ruta.record.id, Role.MANAGER, by=boss.actor)
    _, back = await employee_role.give(ruta.record.id, Role("front_desk"), by=boss.actor)

    assert (kept, back) == (0, 1)
    (entry,) = await ledger.entries(Event.TASK_HANDED_BACK)
    assert entry["by"]["id"] == str(boss.actor.actor_id)
