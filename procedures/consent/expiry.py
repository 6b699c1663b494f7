"""Consents that expire: listed before, and ended after, with what rests on them.

Each ends in a transaction of its own, so a run that is interrupted is continued by the next one, and one that is
repeated finds nothing left to do. When their time is over is for `procedures.clock` to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models import Consent
from models.database import transaction
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.consent.states import Action
from procedures.consent.transition import end, locked_consent
from procedures.work import Clock, Progress, silent

#: With a category's last one, the category is erased.
CONSENTS: Final = clocks.Ending("consents", lambda: Consent.filter(permits=True), "expires_at")

_PAGE = 500


@dataclass(frozen=True)
class Swept:
    """How many consents a run has ended; rows erased with them, kept under other consents, held back by law."""

    consents: int = 0
    erased_rows: int = 0
    kept_rows: int = 0
    held_rows: int = 0


async def due(until: datetime, *, limit: int = 1000) -> list[Consent]:
    """The consents that permit and run out until then, the next one first; those that have run out are among them.

    Each with its customer.
    """
    consents = Consent.filter(permits=True, expires_at__lte=until).order_by("expires_at", "id")
    return await consents.limit(limit).prefetch_related("customer")


async def expire(*, clock: Clock = utc_now, progress: Progress = silent) -> Swept:
    """End every consent that has run out, with what rests on it, as withdrawing does.

    Args:
        clock: gives the present instant in UTC.
        progress: called with how many are done, of how many.

    Raises:
        ClockDoubted: the clock is doubted, or an unusual share of all would end; nothing was done.
    """
    permit = await clocks.permit(CONSENTS, clock=clock)
    swept, count = Swept(), await permit.due().count()
    while ids := await _next(permit):
        for id in ids:
            swept = await _expire(id, permit, swept)
            progress(swept.consents, max(count, swept.consents))
    return swept


async def _next(permit: clocks.Permit) -> list[UUID]:
    ended = permit.due().order_by("expires_at", "id").limit(_PAGE)
    return [each.id for each in await ended.only("id")]


async def _expire(consent_id: UUID, permit: clocks.Permit, swept: Swept) -> Swept:
    async with transaction():
        consent = await locked_consent(consent_id)
        if not await permit.due().filter(id=consent_id).exists():
            return swept  # renewed or ended meanwhile
        ended = await end(consent, Action.EXPIRE, None, permit.now)
    return Swept(
        swept.consents + 1,
        swept.erased_rows + ended.erased_rows,
        swept.kept_rows + ended.kept_rows,
        swept.held_rows + ended.held_rows,
    )
