"""Consents that expire: listed before, and ended after, with what rests on them.

Each ends in a transaction of its own, so a run that is interrupted is continued by the next one, and one that is
repeated finds nothing left to do. A clock that is wrong must not erase everybody: a run stops and asks when the time
since the ledger's entries is implausible, or when an unusual share of all consents would end at once.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from models import Consent, LedgerEntry
from models.database import transaction
from policies.actor import utc_now
from procedures.consent.states import Action
from procedures.consent.transition import end, locked_consent
from procedures.errors import Conflict
from procedures.work import Clock, Progress, silent

#: So many consents may always end in one run; beyond, no more than that share of all that permit.
FEW: Final = 10
SHARE: Final = 0.1
#: How long nothing may have been recorded, or nothing between two of the latest entries, for the clock to be believed.
SILENCE: Final = timedelta(days=30)
LATEST: Final = 200

_PAGE = 500


class Implausible(Conflict):
    """The clock, or how much would be erased, is implausible; nothing was done.

    Args:
        why: in words, without any value of a customer's.
    """

    def __init__(self, why: str) -> None:
        super().__init__(
            "EXPIRY_IMPLAUSIBLE",
            f"{why} Look with: ./savas consent expire --dry-run. If all is as it should be, say so with --yes.",
        )


@dataclass(frozen=True)
class Plan:
    """What a run would end: consents, of how many that permit; `doubt` says why it would stop and ask."""

    consents: int
    permitting: int
    doubt: str | None


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


async def plan(now: datetime) -> Plan:
    """What a run at this instant would end."""
    ending = await Consent.filter(permits=True, expires_at__lte=now).count()
    permitting = await Consent.filter(permits=True).count()
    return Plan(ending, permitting, await _doubt(ending, permitting, now))


async def expire(now: datetime, *, sure: bool = False, progress: Progress = silent) -> Swept:
    """End every consent that has run out, with what rests on it, as withdrawing does.

    Args:
        now: the present instant.
        sure: end them even where that is implausible; somebody has looked.
        progress: called with how many are done, of how many.

    Raises:
        Implausible: the clock, or the share of what would end, is implausible; nothing was done.
    """
    planned = await plan(now)
    if planned.doubt is not None and not sure:
        raise Implausible(planned.doubt)
    swept = Swept()
    while ids := await _next(now):
        for id in ids:
            swept = await _expire(id, now, swept)
            progress(swept.consents, max(planned.consents, swept.consents))
    return swept


async def keep(*, clock: Clock = utc_now) -> None:
    """End every consent that has expired; the server's job.

    Raises:
        Implausible: as for `expire`; somebody has to look.
    """
    await expire(clock())


async def _next(now: datetime) -> list[UUID]:
    ended = Consent.filter(permits=True, expires_at__lte=now).order_by("expires_at", "id").limit(_PAGE)
    return [each.id for each in await ended.only("id")]


async def _expire(consent_id: UUID, now: datetime, swept: Swept) -> Swept:
    async with transaction():
        consent = await locked_consent(consent_id)
        if not consent.permits or consent.expires_at > now:
            return swept  # renewed or ended meanwhile
        ended = await end(consent, Action.EXPIRE, None, now)
    return Swept(
        swept.consents + 1,
        swept.erased_rows + ended.erased_rows,
        swept.kept_rows + ended.kept_rows,
        swept.held_rows + ended.held_rows,
    )


async def _doubt(ending: int, permitting: int, now: datetime) -> str | None:
    if ending == 0:
        return None
    if (gap := await _gap(now)) > SILENCE:
        return f"The clock jumped: for {gap.days} days nothing was recorded."
    if ending > FEW and ending > permitting * SHARE:
        return f"{ending} of {permitting} consents would end at once."
    return None


async def _gap(now: datetime) -> timedelta:
    """The longest time between two of the latest entries of the ledger, and from the last one to now."""
    latest = await LedgerEntry.all().order_by("-number").limit(LATEST)
    instants = [datetime.fromisoformat(json.loads(bytes(each.entry))["at"]) for each in latest]
    return max((later - earlier for later, earlier in pairwise([now, *instants])), default=timedelta())
