"""What a serving process does by itself: jobs, each again and again after an interval, or at once when it is rung for.

A job that fails is told by its code, once until it succeeds again, and is tried again after its interval; it ends
neither the others nor the server. Each can be cut off anywhere: what it does can be repeated.

    JOB_FAILED      a job did not succeed; the log names it, and the code
    JOB_RECOVERED   a job that had failed succeeds again
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from models.database import alone
from procedures.current import installation
from vault.errors import SealedError

log = logging.getLogger("savas.worker")

#: Seconds that what is done at the end may take, for somebody waits for the process to end.
PATIENCE = 5.0


@dataclass(frozen=True)
class Job:
    """Something to be done again and again.

    Attributes:
        name: a word, for logs, for the lock and to ring for it.
        every: how long to wait after it was done.
        run: does it; nothing to do is the usual case, and cheap.
        after: how long to wait before it is done for the first time.
        at_end: whether it is done once more when the server ends in order.
        shared: whether several processes may do it at once; else one does, and the others wait their interval.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    after: timedelta = timedelta(0)
    at_end: bool = False
    shared: bool = False


class WakeUps:
    """By job, what wakes it; of an installation in this process."""

    def __init__(self) -> None:
        self.events: dict[str, asyncio.Event] = {}

    async def wait(self, job: Job, seconds: float) -> None:
        """Wait until somebody rings for a job, at most so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.events[job.name].wait(), seconds)


async def ring(name: str) -> None:
    """Have a job of this process done at once; nothing happens where no worker is at work."""
    if event := installation().kept(WakeUps).events.get(name):
        event.set()


@asynccontextmanager
async def working(jobs: Sequence[Job]) -> AsyncIterator[None]:
    """Jobs are done in the background while the block lasts, each after its delay, and again and again."""
    bells = installation().kept(WakeUps)
    bells.events = {job.name: asyncio.Event() for job in jobs}
    worker = asyncio.create_task(_all(jobs, bells))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        bells.events = {}
        for job in jobs:
            if job.at_end:
                await _last(job)


async def _all(jobs: Sequence[Job], bells: WakeUps) -> None:
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_again_and_again(job, bells))


async def _again_and_again(job: Job, bells: WakeUps) -> None:
    failed: str | None = None
    await bells.wait(job, job.after.total_seconds())
    while True:
        # Before the work: who rings meanwhile may have something that it does not see any more.
        bells.events[job.name].clear()
        code = await _done(job)
        if code is not None and code != failed:
            log.error("JOB_FAILED job=%s code=%s", job.name, code)
        elif code is None and failed is not None:
            log.info("JOB_RECOVERED job=%s", job.name)
        failed = code
        await bells.wait(job, job.every.total_seconds())


async def _last(job: Job) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            if (code := await _done(job)) is not None:
                log.error("JOB_FAILED job=%s code=%s", job.name, code)


async def _done(job: Job) -> str | None:
    """Do a job, unless another process is at it; the code of what went wrong."""
    try:
        if job.shared:
            await job.run()
        else:
            async with alone(job.name) as ours:
                if ours:
                    await job.run()
    except SealedError:
        # Health says so, and why; nothing can be looked after until it is opened.
        return None
    except Exception as error:  # noqa: BLE001 whatever it is, the next time it may succeed
        return str(getattr(error, "code", type(error).__name__))
    return None
