"""A server looks after itself: again and again, whatever fails, and until it ends."""

import asyncio
import logging
from datetime import timedelta

import pytest

from models import Customer
from models.database import alone
from procedures.errors import ProcedureError
from procedures.installation import upkeep
from procedures.installation.upkeep import Chore, kept
from tests.installation import at_work
from vault.errors import SealedError

NEVER, AT_ONCE = timedelta(days=999), timedelta(0)
SECRET = "Ona Kazlauskienė"


class Counted:
    """Work that is counted; `fails` are what its first turns end in."""

    def __init__(self, enough: int, *fails: Exception) -> None:
        self.turns, self.enough, self.fails = 0, enough, list(fails)
        self.over = asyncio.Event()

    async def __call__(self) -> None:
        self.turns += 1
        if self.turns >= self.enough:
            self.over.set()
        if self.fails:
            raise self.fails.pop(0)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "savas.upkeep"]


async def test_a_chore_is_done_at_once_and_again(database: str):
    work = Counted(3)
    async with kept([Chore("work", AT_ONCE, work)]):
        await work.over.wait()


@pytest.mark.every_database
async def test_a_chore_waits_for_its_interval(database: str):
    seldom, often = Counted(1), Counted(20)
    async with kept([Chore("seldom", NEVER, seldom), Chore("often", AT_ONCE, often)]):
        await often.over.wait()

    assert seldom.turns == 1


async def test_a_chore_that_is_to_wait_is_not_done_at_once(database: str):
    later, often = Counted(1), Counted(20)
    async with kept([Chore("later", AT_ONCE, later, after=NEVER), Chore("often", AT_ONCE, often)]):
        await often.over.wait()

    assert later.turns == 0


async def test_what_fails_ends_nothing_and_is_told_once_by_its_code(
    database: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "savas")
    known = ProcedureError("DISK_FULL", SECRET)
    work, other = Counted(5, ValueError(SECRET), ValueError(SECRET), known), Counted(20)
    async with kept([Chore("work", AT_ONCE, work), Chore("other", AT_ONCE, other)]):
        await work.over.wait()
        await other.over.wait()

    assert told(caplog)[:3] == [
        "CHORE_FAILED chore=work code=ValueError",
        "CHORE_FAILED chore=work code=DISK_FULL",
        "CHORE_RECOVERED chore=work",
    ]
    assert SECRET not in caplog.text


async def test_a_sealed_vault_is_no_failure(database: str, caplog: pytest.LogCaptureFixture):
    work = Counted(2, SealedError("PROVIDER_MISSING"))
    async with kept([Chore("work", AT_ONCE, work)]):
        await work.over.wait()

    assert not told(caplog)


async def test_the_end_does_not_wait_for_what_is_under_way(database: str):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with kept([Chore("endless", NEVER, endless)]):
        await begun.wait()

    assert ended.is_set()
    async with alone("endless") as free:
        assert free


async def test_some_things_are_done_once_more_at_the_end(database: str):
    work, other = Counted(1), Counted(1)
    async with kept([Chore("work", NEVER, work, at_end=True), Chore("other", NEVER, other)]):
        await work.over.wait()
        await other.over.wait()

    assert (work.turns, other.turns) == (2, 1)


async def test_nobody_waits_long_for_the_end(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upkeep, "PATIENCE", 0.01)
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(300), kept([Chore("endless", NEVER, endless, at_end=True)]):
        await begun.wait()


async def test_one_process_of_several_does_a_chore(postgres_url: str):
    work = Counted(1)
    async with at_work(postgres_url), alone("work") as ours:
        assert ours
        other = Counted(20)
        async with kept([Chore("work", AT_ONCE, work), Chore("other", AT_ONCE, other)]):
            await other.over.wait()
        assert work.turns == 0

    async with at_work(postgres_url), kept([Chore("work", NEVER, work)]):
        await work.over.wait()


async def test_more_chores_than_there_are_connections_do_not_wait_for_each_other_for_ever(postgres_url: str):
    """Each has a connection for its lock and needs another for its work; whoever calls meanwhile needs one, too."""
    work = Counted(25)

    async def ask() -> None:
        await asyncio.sleep(0)
        await Customer.all().count()
        await work()

    chores = [Chore(f"chore {number}", NEVER, ask) for number in range(25)]
    async with at_work(postgres_url), asyncio.timeout(300), kept(chores):
        await Customer.all().count()
        await work.over.wait()


async def test_chores_have_names_of_their_own():
    names = [chore.name for chore in upkeep.chores()]
    assert len(set(names)) == len(names)
