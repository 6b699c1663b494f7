"""A server looks after itself: again and again, whatever fails, and until it ends."""

import asyncio
import logging
from datetime import timedelta

import pytest

from models import Customer
from models.database import try_lock
from models.errors import ProcedureError
from procedures import worker
from procedures.worker import Job, ring, working
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
    return [record.getMessage() for record in caplog.records if record.name == "savas.worker"]


async def test_a_job_is_done_at_once_and_again(database: str):
    work = Counted(3)
    async with working([Job("work", AT_ONCE, work)]):
        await work.over.wait()


@pytest.mark.every_database
async def test_a_job_waits_for_its_interval(database: str):
    seldom, often = Counted(1), Counted(20)
    async with working([Job("seldom", NEVER, seldom), Job("often", AT_ONCE, often)]):
        await often.over.wait()

    assert seldom.turns == 1


async def test_a_job_that_is_to_wait_is_not_done_at_once(database: str):
    later, often = Counted(1), Counted(20)
    async with working([Job("later", AT_ONCE, later, after=NEVER), Job("often", AT_ONCE, often)]):
        await often.over.wait()

    assert later.turns == 0


async def test_what_fails_ends_nothing_and_is_told_once_by_its_code(
    database: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "savas")
    known = ProcedureError("DISK_FULL", SECRET)
    work, other = Counted(5, ValueError(SECRET), ValueError(SECRET), known), Counted(20)
    async with working([Job("work", AT_ONCE, work), Job("other", AT_ONCE, other)]):
        await work.over.wait()
        await other.over.wait()

    assert told(caplog)[:3] == [
        "JOB_FAILED job=work code=ValueError",
        "JOB_FAILED job=work code=DISK_FULL",
        "JOB_RECOVERED job=work",
    ]
    assert SECRET not in caplog.text


async def test_a_sealed_vault_is_no_failure(database: str, caplog: pytest.LogCaptureFixture):
    work = Counted(2, SealedError("PROVIDER_MISSING"))
    async with working([Job("work", AT_ONCE, work)]):
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

    async with working([Job("endless", NEVER, endless)]):
        await begun.wait()

    assert ended.is_set()
    async with try_lock("endless") as free:
        assert free


async def test_some_things_are_done_once_more_at_the_end(database: str):
    work, other = Counted(1), Counted(1)
    async with working([Job("work", NEVER, work, at_end=True), Job("other", NEVER, other)]):
        await work.over.wait()
        await other.over.wait()

    assert (work.turns, other.turns) == (2, 1)


async def test_nobody_waits_long_for_the_end(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "PATIENCE", 0.01)
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(300), working([Job("endless", NEVER, endless, at_end=True)]):
        await begun.wait()


async def test_one_process_of_several_does_a_job(postgres_url: str):
    work = Counted(1)
    async with at_work(postgres_url), try_lock("work") as ours:
        assert ours
        other = Counted(20)
        async with working([Job("work", AT_ONCE, work), Job("other", AT_ONCE, other)]):
            await other.over.wait()
        assert work.turns == 0

    async with at_work(postgres_url), working([Job("work", NEVER, work)]):
        await work.over.wait()


async def test_more_jobs_than_there_are_connections_do_not_wait_for_each_other_for_ever(postgres_url: str):
    """Each has a connection for its lock and needs another for its work; whoever calls meanwhile needs one, too."""
    work = Counted(25)

    async def ask() -> None:
        await asyncio.sleep(0)
        await Customer.all().count()
        await work()

    jobs = [Job(f"job {number}", NEVER, ask) for number in range(25)]
    async with at_work(postgres_url), asyncio.timeout(300), working(jobs):
        await Customer.all().count()
        await work.over.wait()


async def test_who_rings_for_a_job_has_it_done_at_once(database: str):
    first, second = Counted(1), Counted(2)

    async def work() -> None:
        await first()
        await second()

    async with working([Job("work", NEVER, work)]):
        await first.over.wait()
        await ring("work")
        await second.over.wait()


async def test_ringing_while_a_job_is_at_work_has_it_done_once_more(database: str):
    at_work_now, go_on, turns = asyncio.Event(), asyncio.Event(), Counted(2)

    async def work() -> None:
        await turns()
        at_work_now.set()
        await go_on.wait()

    async with working([Job("work", NEVER, work)]):
        await at_work_now.wait()
        await ring("work")
        go_on.set()
        await turns.over.wait()


async def test_where_no_worker_is_at_work_ringing_does_nothing(database: str):
    await ring("work")


async def test_processes_share_what_may_be_shared(postgres_url: str):
    async with at_work(postgres_url), try_lock("work") as ours:
        assert ours
        work = Counted(1)
        async with working([Job("work", NEVER, work, shared=True)]):
            await work.over.wait()
