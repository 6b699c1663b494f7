"""The clock of an installation: what it knows of the time after a server ran, and processes whose clock is wrong."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from models import ClockReading
from policies import actor
from policies.actor import Actor
from procedures import clock
from procedures.current import Addresses
from procedures.errors import ClockDoubted
from procedures.installation import opened, upkeep
from tests.forked import forked


def at(instant: datetime) -> Callable[[], datetime]:
    """A clock that shows an instant."""
    return lambda: instant


async def ran_until(instant: datetime) -> None:
    """A server has run until then, without a pause, and nobody doubted its clock."""
    known: dict[str, Any] = {"latest_at": instant, "proven_at": instant}
    if not await ClockReading.filter(id=1).update(**known):
        await ClockReading.create(id=1, **known)


def set_ahead(time: timedelta) -> None:
    """Have the clock of this process be ahead, as if somebody had set the machine's before it was started."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + time

    # The one place where the program asks for the time.
    vars(actor)["datetime"] = Ahead


def works(place: Addresses, ahead: timedelta) -> list[str]:
    """A server's process starts, looks at its clock, and does all its jobs once; what waited for the clock."""
    with forked(_work, place, ahead) as child:
        said = child.stdout.read().splitlines()
        assert child.wait() == 0, said
    return sorted(line.removeprefix("waits ") for line in said if line.startswith("waits "))


def _work(place: Addresses, ahead: timedelta) -> None:
    set_ahead(ahead)
    asyncio.run(_all_jobs(place))


async def _all_jobs(place: Addresses) -> None:
    async with opened(place):
        await clock.look()
        for job in upkeep.jobs(_nothing):
            try:
                await job.run()
            except ClockDoubted:
                sys.stdout.write(f"waits {job.name}\n")


async def _nothing(_by: Actor, _tell: Any) -> dict[str, Any]:
    return {}
