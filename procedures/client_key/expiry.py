"""Forgetting clients' keys some days after they were used."""

from datetime import timedelta
from typing import Final

from models import ClientKey
from models.database import transaction
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.work import Clock

#: For how long a repeat is recognised.
TERM: Final = timedelta(days=7)

#: Clients use as many as they like, and must not be able to have somebody asked.
KEYS: Final = clocks.Ending("client keys", ClientKey.all, "expires_at", TERM, few=10_000)


async def expire(*, clock: Clock = utc_now) -> int:
    """Forget the keys whose time is over; returns how many there were.

    Raises:
        ClockDoubted: the clock is doubted, or too many would go at once; nothing was done.
    """
    permit = await clocks.permit(KEYS, clock=clock)
    async with transaction():
        return await permit.due().delete()
