"""Doing once what is asked for twice: also where a process was killed in between, and until the key is forgotten."""

import asyncio
import os
import signal
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from models import Account, ClientKey, Purpose, Task
from models.database import after_commit
from models.event import Event
from policies.actor import Actor
from procedures import client_key
from procedures.client_key import Sent, once
from procedures.current import Addresses
from procedures.installation import clock_care, opened
from procedures.task import task as tasks
from tests import ledger
from tests.clocks import at, ran_until
from tests.forked import forked
from tests.procedures import records
from tests.procedures.installed import at_work
from tests.procedures.records import DAY, NOON

SENT = Sent("1", "task_open", {"purpose": "SUPPORT"})


def made(task: Task) -> client_key.Made:
    """What the answer shows."""
    return {"task": task.id}


async def opens(customer: UUID, by: Actor, *, killed: bool = False) -> UUID:
    """Open a task under the key; the process may be killed as soon as that is committed. Returns which task it is."""

    async def work() -> Task:
        if killed:
            after_commit(_killed)
        return await tasks.open(customer, Purpose.SUPPORT, by=by)

    task, before = await once(SENT, work, made, by=by)
    id = task.id if task else (before or {})["task"]
    assert isinstance(id, UUID)
    return id


async def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _person(customer: UUID) -> Actor:
    account = await Account.get(customer_id=customer)
    return Actor("Customer", account.id, customer_id=customer, clock=at(NOON))


def _opens_and_dies(place: Addresses, customer: UUID) -> None:
    asyncio.run(_open_and_die(place, customer))


async def _open_and_die(place: Addresses, customer: UUID) -> None:
    async with opened(place):
        await opens(customer, await _person(customer), killed=True)


@pytest.mark.every_database
async def test_who_was_not_answered_since_the_process_was_killed_asks_again(place: Addresses) -> None:
    async with at_work(place):
        customer = await records.customer()
        await records.person(customer)
    with forked(_opens_and_dies, place, customer.id) as child:
        assert child.wait() != 0
        assert child.killed, child.stdout.read()

    async with at_work(place):
        found = await opens(customer.id, await _person(customer.id))

        assert [task.id for task in await Task.all()] == [found]
        assert len(await ledger.data(Event.TASK_OPENED)) == 1


@pytest.mark.every_database
async def test_of_many_at_a_time_one_does_it_and_all_learn_what_was_done(database: str) -> None:
    customer = await records.customer()
    by = await records.person(customer)

    found = await asyncio.gather(*(opens(customer.id, by) for _ in range(6)))

    assert [task.id for task in await Task.all()] == list(set(found))


async def test_a_key_is_forgotten_after_a_week_by_the_clock_that_can_be_accounted_for(database: str) -> None:
    customer = await records.customer()
    by = await records.person(customer)
    first = await opens(customer.id, by)
    await ran_until(NOON + 7 * DAY - timedelta(seconds=1))
    expire = partial(client_key.expire, clock=at(NOON + 7 * DAY))
    assert await client_key.expire(clock=at(NOON + 7 * DAY - timedelta(seconds=1))) == 0
    assert await opens(customer.id, by) == first

    await ran_until(NOON + 7 * DAY)

    assert await expire() == 1
    assert await opens(customer.id, by) != first


def test_keys_are_among_what_ends_by_time() -> None:
    assert client_key.KEYS in clock_care.ENDINGS


async def test_a_failure_that_nobody_foresaw_leaves_nothing_of_the_key(database: str) -> None:
    by = await records.person(await records.customer())

    async def work() -> Task:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await once(SENT, work, made, by=by)
    assert not await ClientKey.exists()
