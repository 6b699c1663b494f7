"""Which requests wait, and who is reminded: a task a week ahead where nobody has one, a mark once the day has passed."""

import asyncio
from datetime import timedelta

import pytest

from models import Outcome, Request, RequestState, Task, TaskStatus
from models.event import Event
from procedures.request import due, request
from procedures.task import task
from tests import ledger
from tests.people import Office
from tests.procedures.asking import Scene


@pytest.fixture
async def scene(office: Office) -> Scene:
    """Everybody, and nothing asked."""
    return await Scene.set_up(office)


async def keep(scene: Scene) -> int:
    """Do the chore at the office's time."""
    return await due.keep(clock=scene.office.clock)


async def dropped(scene: Scene) -> Request:
    """A request whose task somebody closed without deciding."""
    made = await scene.asks()
    manager = await scene.office.employee("manager")
    assert made.task_id is not None
    await task.close(made.task_id, Outcome.CANCELLED, by=manager.actor)
    return made


async def test_a_week_before_its_day_somebody_has_it_to_do_again(scene: Scene):
    made = await dropped(scene)
    scene.office.now = made.due_at - timedelta(days=8)
    assert await keep(scene) == 0
    scene.office.now = made.due_at - timedelta(days=6)
    assert [await keep(scene) for _ in range(3)] == [1, 0, 0]

    again = await Task.get(id=(await Request.get()).task_id)
    assert (again.id != made.task_id, again.status, again.due_at) == (True, TaskStatus.OPEN, made.due_at)
    assert not (await Request.get()).overdue


async def test_once_its_day_has_passed_it_is_marked_once_and_stays_so(scene: Scene):
    made = await scene.asks()
    scene.office.now = made.due_at
    assert [await keep(scene) for _ in range(2)] == [1, 0]
    await request.refuse(made.id, "Late, and still no.", by=scene.officer.actor)

    assert (await Request.get()).overdue
    told = {"request": str(made.id), "customer": str(scene.customer.id)}
    assert await ledger.data(Event.REQUEST_OVERDUE) == [told]


@pytest.mark.parametrize("state", [RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN])
async def test_nobody_is_reminded_of_what_is_over(scene: Scene, state: RequestState):
    made = await scene.in_state(state)
    scene.office.now = made.due_at + timedelta(days=1)
    assert await keep(scene) == 0
    assert await due.listed() == []
    assert [each.id for each in await due.listed(everything=True)] == [made.id]


@pytest.mark.every_database
async def test_two_processes_open_one_task(scene: Scene):
    made = await dropped(scene)
    scene.office.now = made.due_at - timedelta(days=1)
    assert sum(await asyncio.gather(*(keep(scene) for _ in range(3)))) == 1
    assert await Task.filter(assignee_id=None, status=TaskStatus.OPEN).count() == 1


@pytest.mark.every_database
async def test_what_is_due_is_told_the_first_due_first(scene: Scene):
    late = await scene.in_state(RequestState.EXTENDED)
    soon = await scene.asks("total", "7")
    assert [each.id for each in await due.listed()] == [soon.id, late.id]
    assert [each.id for each in await due.listed(until=soon.due_at)] == [soon.id]
    assert await due.listed(until=scene.office.now) == []
