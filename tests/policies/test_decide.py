"""Whether somebody may do one thing to one record; whatever goes wrong is a no."""

from uuid import uuid4

import pytest

from models import Purpose
from policies.actor import Actor
from policies.decide import may, require
from policies.errors import Refused, Undecided
from tests.people import Office


@pytest.fixture
def office(database: str) -> Office:
    return Office()


async def test_what_is_granted_may_be_done(office: Office):
    ruta = await office.agent("support")
    task = await office.task(ruta, await office.customer(), "support")

    await require(ruta.actor, "close", "Task", task.id)


async def test_what_is_not_there_is_refused_like_what_is_not_granted(office: Office):
    ruta, tomas = await office.agent("support"), await office.agent("support")
    task = await office.task(tomas, await office.customer(), "support")

    for id in (task.id, uuid4()):
        with pytest.raises(Refused) as refused:
            await require(ruta.actor, "close", "Task", id)
        assert type(refused.value) is Refused


async def test_an_action_that_nobody_named_is_closed(office: Office):
    manager = await office.employee("manager")
    task = await office.task(None, await office.customer(), "support")

    assert not await may(manager.actor, "burn", "Task", task.id)


async def test_a_decision_that_cannot_be_made_is_a_no(office: Office):
    """An employee without an actor: the condition has nothing to compare with."""
    nobody = Actor("Employee", None, purposes=frozenset({Purpose.SUPPORT}), clock=office.clock)
    task = await office.task(None, await office.customer(), "support")

    with pytest.raises(Refused) as refused:
        await require(nobody, "close", "Task", task.id)
    assert isinstance(refused.value.__cause__, Undecided)
