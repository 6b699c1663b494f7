"""How long a task opens something: until its day, which somebody else puts off, and no longer than 90 days at once."""

from datetime import timedelta

import pytest

from models import Customer, Outcome, Purpose, Role, Task
from models.errors import Unfit
from models.event import Event
from policies.errors import Refused
from procedures.errors import AlreadyClosed, TaskOverdue
from procedures.task import task as tasks
from tests import ledger
from tests.procedures import records
from tests.procedures.records import DAY, NOON


async def test_a_task_without_a_day_is_due_in_thirty_days(database: str) -> None:
    customer, by = await records.customer(), await records.manager()

    opened = await tasks.open(customer.id, Purpose.SUPPORT, by=by)

    assert (await Task.get(id=opened.id)).due_at == NOON + 30 * DAY


@pytest.mark.parametrize("late", [timedelta(microseconds=1), 400 * DAY])
async def test_no_task_is_opened_or_put_off_for_more_than_ninety_days(database: str, late: timedelta) -> None:
    customer, by = await records.customer(), await records.manager()
    task = await records.task(customer.id)

    for far in (
        tasks.open(customer.id, Purpose.SUPPORT, by=by, due_at=NOON + 90 * DAY + late),
        tasks.extend(task.id, NOON + 90 * DAY + late, by=by),
    ):
        with pytest.raises(Unfit) as refused:
            await far
        assert refused.value.field == "dueAt"
    assert (await tasks.extend(task.id, NOON + 90 * DAY, by=by)).due_at == NOON + 90 * DAY


async def test_a_day_that_is_put_off_is_recorded_and_seen(database: str) -> None:
    customer, by = await records.customer(), await records.manager()
    task = await records.task(customer.id, due_at=NOON - DAY)

    await tasks.extend(task.id, NOON + DAY, by=by)

    kept = await Task.get(id=task.id)
    assert (kept.due_at, kept.extended_at) == (NOON + DAY, NOON)
    told = {"task": str(task.id), "customer": str(customer.id)}
    assert await ledger.data(Event.TASK_EXTENDED) == [told]


async def test_nobody_puts_off_their_own_task_or_without_being_a_manager(database: str) -> None:
    boss, agent = await records.employee(Role.MANAGER), await records.employee(Role.AGENT)
    task = await records.task((await records.customer()).id, assignee_id=boss.id)

    for by in (records.staff(boss, Role.MANAGER), records.staff(agent, Role.AGENT)):
        with pytest.raises(Refused):
            await tasks.extend(task.id, NOON + DAY, by=by)
    assert (await Task.get(id=task.id)).extended_at is None


async def test_a_closed_task_is_not_put_off(database: str) -> None:
    task, by = await records.task((await records.customer()).id), await records.manager()
    await tasks.close(task.id, Outcome.DONE, by=by)

    with pytest.raises(AlreadyClosed):
        await tasks.extend(task.id, NOON + DAY, by=by)


@pytest.mark.parametrize("due_at", [None, NOON, NOON - DAY])
async def test_a_task_that_would_open_nothing_is_given_to_nobody_until_it_is_put_off(
    database: str, due_at: object
) -> None:
    task, by = await records.task((await records.customer()).id, due_at=due_at), await records.manager()
    agent = await records.employee(Role.AGENT)

    with pytest.raises(TaskOverdue):
        await tasks.assign(task.id, agent.id, by=by)
    await tasks.extend(task.id, NOON + DAY, by=by)

    assert (await tasks.assign(task.id, agent.id, by=by)).assignee_id == agent.id


async def test_work_on_restricted_data_is_begun_given_or_put_off_by_nobody_but_closed(database: str) -> None:
    customer, by = await records.customer(), await records.manager()
    task, agent = await records.task(customer.id), await records.employee(Role.AGENT)
    await Customer.filter(id=customer.id).update(restricted=True)

    for refused in (
        tasks.open(customer.id, Purpose.SUPPORT, by=by),
        tasks.assign(task.id, agent.id, by=by),
        tasks.extend(task.id, NOON + DAY, by=by),
    ):
        with pytest.raises(Refused):
            await refused
    assert (await tasks.close(task.id, Outcome.CANCELLED, by=by)).outcome is Outcome.CANCELLED
    assert await tasks.open(customer.id, Purpose.SUPPORT, by=await records.person(customer))
