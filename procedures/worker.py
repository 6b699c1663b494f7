"""What a serving process does by itself: jobs, each repeated after an interval, or at once when somebody wakes it.

A job that fails is logged with its code, once until it succeeds again, and is tried again after its interval; it ends
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

from models.database import try_lock
from procedures.current import installation
from procedures.errors import ClockDoubted
from vault.errors import SealedError

log = logging.getLogger("savas.worker")

#: Seconds that a job may take at the end, for somebody waits for the process to end.
PATIENCE = 5.0


@dataclass(frozen=True)
class Job:
    """Something that a serving process repeats.

    Attributes:
        name: for logs, for the lock and to wake it.
        every: how long to wait after a run.
        run: one run; nothing to do is the usual case, and cheap.
        after: how long to wait before the first run.
        at_end: whether it runs once more when the server ends in order.
        shared: whether several processes may run it at once; else one does, and the others wait their interval.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    after: timedelta = timedelta(0)
    at_end: bool = False
    shared: bool = False


class WakeUps:
    """The events that wake the jobs of one installation in this process, by the job's name."""

    def __init__(self) -> None:
        self.events: dict[str, asyncio.Event] = {}

    async def wait(self, job: Job, seconds: float) -> None:
        """Return when somebody wakes the job, or after `seconds`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.events[job.name].wait(), seconds)


async def ring(name: str) -> None:
    """Run a job of this process at once; does nothing where no worker runs."""
    if event := installation().instance(WakeUps).events.get(name):
        event.set()


@asynccontextmanager
async def working(jobs: Sequence[Job]) -> AsyncIterator[None]:
    """Run jobs in the background while the block lasts, each first after its delay and then at its interval."""
    wake_ups = installation().instance(WakeUps)
    wake_ups.events = {job.name: asyncio.Event() for job in jobs}
    worker = asyncio.create_task(_run_all(jobs, wake_ups))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        wake_ups.events = {}
        for job in jobs:
            if job.at_end:
                await _run_at_end(job)


async def _run_all(jobs: Sequence[Job], wake_ups: WakeUps) -> None:
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job, wake_ups))


async def _repeat(job: Job, wake_ups: WakeUps) -> None:
    failed: str | None = None
    await wake_ups.wait(job, job.after.total_seconds())
    while True:
        # Before the run: who wakes the job meanwhile may have something that this run does not see any more.
        wake_ups.events[job.name].clear()
        code = await _run(job)
        if code is not None and code != failed:
            log.error("JOB_FAILED job=%s code=%s", job.name, code)
        elif code is None and failed is not None:
            log.info("JOB_RECOVERED job=%s", job.name)
        failed = code
        await wake_ups.wait(job, job.every.total_seconds())


async def _run_at_end(job: Job) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            if (code := await _run(job)) is not None:
                log.error("JOB_FAILED job=%s code=%s", job.name, code)


async def _run(job: Job) -> str | None:
    """Run a job, unless another process is at it; returns the code of its failure, if it fails."""
    try:
        if job.shared:
            await job.run()
        else:
            async with try_lock(job.name) as locked:
                if locked:
                    await job.run()
    except (SealedError, ClockDoubted):
        # The health endpoint reports it, with the reason; the job waits until the vault is opened, or the clock confirmed.
        return None
    except Exception as error:  # noqa: BLE001 whatever it is, the next time it may succeed
        return str(getattr(error, "code", type(error).__name__))
    return None
