"""Telling a customer that a contact point is added, changed or removed: the one place for whoever does that.

Told is wherever the customer was reached until then, so it is called before anything is written; and of what others than
the customer do, also where the contact point led before, and leads from now on. So nobody puts an address of their own in the place of the
customer's unseen.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models import ContactKind, ContactPoint, Earlier, Template, opened
from models.database import first_time
from policies.actor import Actor
from procedures.message import outbox
from procedures.message.outbox import CHANNELS, Destination
from vault.errors import SealBroken


async def tell(
    customer_id: UUID,
    *,
    by: Actor | None,
    now: datetime,
    led: Sequence[Destination] = (),
    gone: UUID | None = None,
) -> None:
    """Tell a customer of all that a transaction does to contact points; told once for it.

    Args:
        customer_id: to whom.
        by: who does it; None for an import.
        now: the present instant.
        led: where the contact points led before others changed them, and will lead.
        gone: a contact point that is about to be removed, and is written to all the same.
    """
    if first_time((Template.CONTACT_POINT_CHANGED, customer_id)):
        await outbox.queue_everywhere(
            customer_id, Template.CONTACT_POINT_CHANGED, by=by, now=now, gone=gone, also=led
        )


async def led_by(row: ContactPoint) -> list[Destination]:
    """Where a contact point leads as it is stored or is to be; nowhere if nothing can be sent there, or it does not open."""
    try:
        return leads(row.kind, (await opened(row)).value)
    except SealBroken:
        return []


def led_before(earlier: Earlier) -> list[Destination]:
    """Where a contact point led in an earlier revision."""
    return leads(ContactKind(earlier.columns["kind"]), earlier.values["value"])


def leads(kind: ContactKind, value: str, id: UUID | None = None) -> list[Destination]:
    """Where a contact point leads with this kind and value."""
    return [Destination(CHANNELS[kind], value, id)] if kind in CHANNELS else []
