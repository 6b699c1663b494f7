"""Recording what an operation looked up and did not find, and raising an alarm about an account that misses too much.

LOOKUPS_SLOWED   an account looked up more than the bound that was not found; further look-ups are refused for a time
"""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.functions import Sum

from models import Account, MissedLookup
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from procedures import worker
from procedures.current import installation
from procedures.ledger import LedgerUnavailable, reading, record
from procedures.lookup.bounds import WINDOW, Bounds
from procedures.lookup.lookups import Lookups
from procedures.lookup.telling import JOB

log = logging.getLogger("savas.lookup")


async def record_missed(actor: Actor, lookups: Lookups, document: str) -> None:
    """Record that an account did not find all it looked up; returns when that is durable.

    Nothing is recorded where all was found, nor of whoever is not signed in.

    Args:
        actor: who asked.
        lookups: what was looked up, and how much of it was found.
        document: of the request; only its mark is recorded.

    Raises:
        LedgerUnavailable: it cannot be recorded, so the answer must not be sent.
    """
    if not lookups.missed or actor.actor_id is None:
        return
    try:
        alarmed_at = await _counted(actor, actor.actor_id, lookups, document)
    except LedgerUnavailable:
        raise
    except Exception as error:  # the driver's own errors are of many kinds
        log.error("LEDGER_UNAVAILABLE %s", type(error).__name__)
        raise LedgerUnavailable from error
    if alarmed_at:
        log.warning("LOOKUPS_SLOWED account=%s missed=%d", actor.actor_id, alarmed_at)
        await worker.ring(JOB)


async def _counted(actor: Actor, actor_id: UUID, lookups: Lookups, document: str) -> int:
    """How much the account has missed within a day if there is an alarm about it now; else 0."""
    bounds, now = installation().instance(Bounds), actor.now
    since = now - WINDOW
    async with transaction():
        # Whoever else counts for this account waits, so that none of both is left out.
        await Account.filter(id=actor_id).select_for_update(no_key=True).first()
        new = bounds.new(actor_id, lookups.missed, now)
        level = await _missed_since(actor_id, since) + len(new)
        refused = bounds.refused_for(level) if new else None
        alarm = bool(refused) and not await _alarmed_since(actor_id, since)
        until = now + refused if refused else None
        await MissedLookup.create(
            **_row(actor, lookups, now), counted=len(new), refused_until=until, alarm=alarm
        )
        _record(actor, lookups, document)
        if alarm:
            record(Event.LOOKUP_ALARMED, actor, missed=level)
    bounds.remember(actor_id, new, now)
    return level if alarm else 0


def _row(actor: Actor, lookups: Lookups, now: datetime) -> dict[str, Any]:
    ways = {f"{root}.{name}" for root, by in lookups.tallies for name in by}
    return {
        "actor_id": actor.actor_id,
        "caller_id": actor.customer_id,
        "kind": actor.kind,
        "at": now,
        "purposes": " ".join(sorted(actor.purposes)),
        "lookups": " ".join(sorted(ways)),
        "asked": sum(tally.asked for tally in lookups.tallies.values()),
        "found": sum(tally.found for tally in lookups.tallies.values()),
    }


def _record(actor: Actor, lookups: Lookups, document: str) -> None:
    record(
        Event.LOOKUP_MISSED,
        actor,
        operation=reading.mark(document),
        purposes=actor.purposes,
        lookups=[
            {"root": root, "by": by, "asked": tally.asked, "found": tally.found}
            for (root, by), tally in sorted(lookups.tallies.items())
        ],
    )


async def _missed_since(actor_id: UUID, since: datetime) -> int:
    rows = (
        await MissedLookup.filter(actor_id=actor_id, at__gt=since).annotate(sum=Sum("counted")).values("sum")
    )
    return int(rows[0]["sum"] or 0) if rows else 0


async def _alarmed_since(actor_id: UUID, since: datetime) -> bool:
    return await MissedLookup.filter(actor_id=actor_id, at__gt=since, alarm=True).exists()
