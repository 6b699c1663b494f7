"""The clock of an installation: what it knows of the time after a server ran, or did not."""

from collections.abc import Callable
from datetime import datetime

from models import ClockReading


def at(instant: datetime) -> Callable[[], datetime]:
    """A clock that shows an instant."""
    return lambda: instant


async def ran_until(instant: datetime) -> None:
    """A server has run until then, without a pause, and nobody doubted its clock."""
    known = {"latest_at": instant, "proven_at": instant}
    if not await ClockReading.filter(id=1).update(**known):
        await ClockReading.create(id=1, **known)
