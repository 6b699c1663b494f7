"""What a serving process does by itself, again and again: chores, each with a name and an interval.

A chore that fails is told by its code, once until it succeeds again, and is tried again after its interval; it ends
neither the others nor the server. On PostgreSQL one of several processes does it at a time. Each can be cut off anywhere:
what it does can be repeated.

    CHORE_FAILED      a chore did not succeed; the log names it, and the code
    CHORE_RECOVERED   a chore that had failed succeeds again
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from models.database import alone
from procedures import checkpoint as checkpoints
from procedures import erasure, export
from procedures.audit import daily
from procedures.consent import expiry as consent_expiry
from procedures.evidence import verification
from procedures.intake import expiry as intake_expiry
from procedures.keys import rotation
from procedures.leaving import legal_hold, withdrawal
from procedures.message import delivery
from procedures.request import due
from vault.errors import SealedError

log = logging.getLogger("savas.upkeep")

#: Seconds that what is done at the end may take, for somebody waits for the process to end.
PATIENCE = 5.0


@dataclass(frozen=True)
class Chore:
    """Something to be done again and again.

    Attributes:
        name: a word, for logs and for the lock.
        every: how long to wait after it was done.
        run: does it; nothing to do is the usual case, and cheap.
        after: how long to wait before it is done for the first time.
        at_end: whether it is done once more when the server ends in order.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    after: timedelta = timedelta(0)
    at_end: bool = False


def chores(*, checkpoint: timedelta = timedelta(minutes=1)) -> tuple[Chore, ...]:
    """Everything a server looks after; add a line for what is to be looked after, too.

    Args:
        checkpoint: how long to wait after a checkpoint before the next.
    """
    return (
        Chore("checkpoint", checkpoint, checkpoints.keep, at_end=True),
        Chore("erasure", timedelta(minutes=10), erasure.finish),
        Chore("consent", timedelta(hours=1), consent_expiry.keep),
        Chore("withdrawal", timedelta(minutes=10), withdrawal.finish),
        Chore("legal hold", timedelta(hours=1), legal_hold.expire),
        Chore("exports", timedelta(minutes=10), export.expire),
        Chore("intakes", timedelta(minutes=10), intake_expiry.expire),
        Chore("messages", timedelta(minutes=1), delivery.deliver),
        Chore("verification", timedelta(hours=6), verification.reopen),
        Chore("requests", timedelta(hours=1), due.keep),
        Chore("rotation", timedelta(minutes=10), rotation.keep),
        # It reads everything, which a start need not wait for, nor one that ends again at once.
        Chore("audit", timedelta(days=1), daily.keep, after=timedelta(minutes=10)),
    )


@asynccontextmanager
async def kept(wanted: Sequence[Chore]) -> AsyncIterator[None]:
    """Chores are done in the background while the block lasts, each after its delay, and again and again."""
    working = asyncio.create_task(_all(wanted))
    try:
        yield
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        for chore in wanted:
            if chore.at_end:
                await _last(chore)


async def _all(wanted: Sequence[Chore]) -> None:
    async with asyncio.TaskGroup() as group:
        for chore in wanted:
            group.create_task(_again_and_again(chore))


async def _again_and_again(chore: Chore) -> None:
    failed: str | None = None
    await asyncio.sleep(chore.after.total_seconds())
    while True:
        code = await _done(chore)
        if code is not None and code != failed:
            log.error("CHORE_FAILED chore=%s code=%s", chore.name, code)
        elif code is None and failed is not None:
            log.info("CHORE_RECOVERED chore=%s", chore.name)
        failed = code
        await asyncio.sleep(chore.every.total_seconds())


async def _last(chore: Chore) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            if (code := await _done(chore)) is not None:
                log.error("CHORE_FAILED chore=%s code=%s", chore.name, code)


async def _done(chore: Chore) -> str | None:
    """Do a chore, unless another process is at it; the code of what went wrong."""
    try:
        async with alone(chore.name) as ours:
            if ours:
                await chore.run()
    except SealedError:
        # Health says so, and why; nothing can be looked after until it is opened.
        return None
    except Exception as error:  # noqa: BLE001 whatever it is, the next time it may succeed
        return str(getattr(error, "code", type(error).__name__))
    return None
