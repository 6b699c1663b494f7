"""Processes that are killed: children that work on an installation until a random moment ends them."""

import asyncio
import os
import random
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from models import (
    Account,
    AccountKind,
    Category,
    Checkpoint,
    Consent,
    ContactKind,
    ContactPoint,
    Notice,
    Outcome,
    Purpose,
    Role,
)
from models.event import Event
from models.ledger import Accesses
from policies.actor import Actor, utc_now
from procedures.checkpoint import checkpoint
from procedures.consent import consent
from procedures.current import Addresses
from procedures.installation import migrate, opened
from procedures.ledger import note
from procedures.task import task

#: Seconds that a child lives at most.
LIFE = 0.4
#: How many do the same kind of work at a time in one child.
WORKERS = 4


@dataclass
class Child:
    """One process at work; `pipe` is told what is done, and never before it is."""

    chance: random.Random
    pipe: int
    people: list[Actor]
    manager: Actor
    notice: UUID

    def say(self, *words: object) -> None:
        """Tell the parent; a line this short arrives whole or not at all."""
        os.write(self.pipe, (" ".join(map(str, words)) + "\n").encode())

    async def consents(self, people: list[Actor]) -> None:
        """Give consent, keep a row under it, and withdraw it, which erases the row and destroys its key."""
        while True:
            by = self.chance.choice(people)
            given = await consent.give(
                _customer(by), Category.CONTACT_POINT, Purpose.SUPPORT, self.notice, by=by, evidence="form 7"
            )
            self.say("consent", given.id, given.state.value)
            await _row(given)
            if self.chance.random() < 0.5:
                await consent.withdraw(given.id, by=by)
                self.say("consent", given.id, "WITHDRAWN")

    async def tasks(self) -> None:
        """Open tasks and close most of them."""
        while True:
            by = self.chance.choice(self.people)
            made = await task.open(_customer(by), Purpose.SUPPORT, by=by)
            self.say("task", made.id, "OPEN")
            if self.chance.random() < 0.7:
                await task.close(made.id, Outcome.DONE, by=self.manager)
                self.say("task", made.id, "CLOSED")

    async def readings(self) -> None:
        """Read of some customers."""
        while True:
            read = sorted(str(_customer(by)) for by in self.chance.sample(self.people, 3))
            access = Accesses(
                "Employee", "manager", utc_now(), "support", "Order.total", dict.fromkeys(read, "")
            )
            number = await note(
                Event.READING_RELEASED,
                self.manager,
                accesses=[access],
                operation="0" * 64,
                purposes=[Purpose.SUPPORT],
                groups=[{"customers": read, "fields": ["Order.total"], "tasks": []}],
                others=[],
                withheld=[],
            )
            self.say("reading", number, *read)

    async def checkpoints(self) -> None:
        """Sign the ledger and hand over what was signed, as fast as it grows."""
        while True:
            await checkpoint.keep()
            newest = await Checkpoint.all().order_by("-size").first()
            if newest is not None:
                self.say("checkpoint", newest.size)

    async def refusals(self) -> None:
        """Note what was refused, each time of something else."""
        while True:
            refused = uuid4()
            number = await note(Event.ACTION_REFUSED, None, action="close", record="Task", id=refused)
            self.say("refusal", number, refused)


def _customer(by: Actor) -> UUID:
    assert by.customer_id is not None
    return by.customer_id


async def _row(rests_on: Consent) -> None:
    await ContactPoint.create(
        customer_id=rests_on.customer_id,
        consent_id=rests_on.id,
        source="test",
        collected_at=utc_now(),
        kind=ContactKind.PHONE,
        content=ContactPoint.Content("+370 600 00000"),
    )


def migrating(url: str, migrations: str, beside: str) -> None:
    """Apply a package of migrations that lies in a directory of its own."""
    sys.path.insert(0, beside)
    asyncio.run(migrate(url, migrations=migrations))


async def work(place: Addresses, seed: int, pipe: int) -> None:
    """Do everything at once until the end comes from outside."""
    async with opened(place):
        people = [
            Actor("Customer", account.id, customer_id=account.customer_id)
            for account in await Account.filter(kind=AccountKind.CUSTOMER)
        ]
        boss = await Account.get(kind=AccountKind.EMPLOYEE)
        manager = Actor("Employee", boss.id, frozenset({Role.MANAGER}))
        chance = random.Random(seed)  # noqa: S311 a test's chance, to be repeated
        child = Child(chance, pipe, people, manager, (await Notice.get()).id)
        child.say("opened", seed)
        async with asyncio.TaskGroup() as group:
            group.create_task(child.checkpoints())
            for worker in range(WORKERS):
                # Each has customers of its own, or they would find consents withdrawn by others.
                group.create_task(child.consents(people[worker::WORKERS]))
                group.create_task(child.tasks())
                group.create_task(child.readings())
                group.create_task(child.refusals())


#: What children have said before the moment of their end is counted: half of them nothing.
WAITED_FOR = ((), (b"opened",), (), (b"consent", b"task", b"reading", b"refusal", b"checkpoint"))


def killed(place: Addresses, seed: int) -> Iterator[str]:
    """What a child says before it is killed, at a moment that falls anywhere from its birth on.

    Of every fourth child the moment is counted from when it has opened the installation, and of another from when it has done
    something of each kind, or on a slow machine few would.
    """
    moment = random.Random(seed).uniform(0, LIFE)  # noqa: S311 a test's chance, to be repeated
    reading, pipe = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _live(place, seed, pipe)
    os.close(pipe)
    said = _until(reading, WAITED_FOR[seed % 4])
    said += _heard(reading, time.monotonic() + moment)
    os.kill(child, signal.SIGKILL)
    said += b"".join(iter(lambda: os.read(reading, 65536), b""))
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        yield f"ended {seed}"
    yield from said.decode().splitlines()


def _live(place: Addresses, seed: int, pipe: int) -> None:
    try:
        asyncio.run(work(place, seed, pipe))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        # The child of a fork leaves without what its parent has registered for the end.
        os._exit(1)


def _until(reading: int, words: Sequence[bytes]) -> bytes:
    """What a child says until it has said all of these words, or ends."""
    said = b""
    while not all(word in said for word in words) and (more := os.read(reading, 65536)):
        said += more
    return said


def _heard(reading: int, until: float) -> bytes:
    said = b""
    while (rest := until - time.monotonic()) > 0:
        if select.select([reading], [], [], rest)[0]:
            said += os.read(reading, 65536)
    return said


def kill_many(place: Addresses, cycles: int, seed: int) -> None:
    """Kill so many children one after the other, and print what they said was done, one line each."""
    warnings.simplefilter("error")
    for cycle in range(cycles):
        for line in killed(place, seed + cycle):
            print(line)  # noqa: T201 the test reads it
