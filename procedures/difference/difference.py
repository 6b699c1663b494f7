"""A difference is kept until people have looked at it; a field that was granted wrongly is closed until then.

DECISION_DIFFERS   plain Oso decides a field otherwise than the server did; one that the server granted is closed from now on
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models import Difference, Settlement
from models.database import CONNECTION, fetch, transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.decide import require
from procedures.errors import AlreadyClosed
from procedures.ledger import record

_CLOSED = "SELECT field FROM differences WHERE granted AND settled_at IS NULL"

log = logging.getLogger("savas.policy")


class AlreadySettled(AlreadyClosed):
    """The difference was settled before."""


@dataclass(frozen=True)
class Seen:
    """A difference as it was seen: the field with its type, whether the server granted it, and where it was seen.

    Attributes:
        policy: the version of the policies.
        row: the record.
        actor: who had asked; None for nobody who is known.
    """

    field: str
    granted: bool
    policy: str
    row: UUID
    actor: UUID | None


async def closed_fields() -> frozenset[str]:
    """The fields, with their types, that nobody reads at the moment."""
    # Asked before every operation, so not through the records, which would take four times as long.
    found = await fetch(get_connection(CONNECTION), _CLOSED)
    return frozenset(row["field"] for row in found)


async def record_found(seen: Seen) -> None:
    """Record a difference, unless the same one is known and not settled yet; one that was granted closes its field.

    Raises:
        LedgerUnavailable: it cannot be recorded.
    """
    known = Difference.filter(field=seen.field, granted=seen.granted, settled_at=None)
    try:
        async with transaction():
            if await known.exists():
                return
            await _create(seen)
    except IntegrityError:
        # Another process saw it at the same time.
        return
    decided = "granted" if seen.granted else "withheld"
    log.error(
        "DECISION_DIFFERS field=%s decided=%s row=%s policy=%s", seen.field, decided, seen.row, seen.policy
    )


async def _create(seen: Seen) -> None:
    difference = await Difference.create(
        field=seen.field,
        granted=seen.granted,
        policy=seen.policy,
        row_id=seen.row,
        actor_id=seen.actor,
        found_at=utc_now(),
    )
    record(
        Event.DIFFERENCE_FOUND,
        None,
        changed={Difference: [difference.id]},
        difference=difference.id,
        field=seen.field,
        decided="granted" if seen.granted else "withheld",
        version=seen.policy,
        row=seen.row,
        actor=seen.actor,
    )


async def settle(difference_id: UUID, settlement: Settlement, *, by: Actor) -> Difference:
    """Say what came of looking at a difference; a field that it closed is read again as the policies say.

    Raises:
        Refused: the actor may not settle it.
        StepUpRequired: the session has to be confirmed first.
        AlreadySettled: it was settled before; nothing changes.
    """
    async with transaction():
        await require(by, "settle", "Difference", difference_id)
        pending = Difference.filter(id=difference_id, settled_at=None)
        if not await pending.update(settled_at=by.now, settled_by_id=by.actor_id, settlement=settlement):
            raise AlreadySettled
        difference = await Difference.get(id=difference_id)
        record(
            Event.DIFFERENCE_SETTLED,
            by,
            changed={Difference: [difference.id]},
            difference=difference.id,
            field=difference.field,
            settlement=settlement,
        )
        return difference


async def listed(*, everything: bool = False) -> list[Difference]:
    """The differences that wait for somebody to look, the oldest first; with `everything` those settled as well."""
    return await (Difference.all() if everything else Difference.filter(settled_at=None)).order_by("found_at")
