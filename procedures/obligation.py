"""What partners owe once a customer has left: to erase what they hold, and to say so."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import Obligation, Task
from models.database import transaction
from models.event import Event
from policies.asker import Asker
from policies.decide import require
from procedures.errors import Conflict
from procedures.ledger import record

#: How long a partner has.
TERM: Final = timedelta(days=30)


class AlreadyAcknowledged(Conflict):
    """The partner has said so before."""

    def __init__(self) -> None:
        super().__init__("ALREADY_ACKNOWLEDGED", "This was acknowledged before; nothing is left to do.")


async def impose(customer_id: UUID, now: datetime) -> int:
    """Oblige every partner that ever carried a task for a customer, in the transaction under way."""
    carried = Task.filter(customer_id=customer_id, assignee__partner_client__partner_id__isnull=False)
    partners = set(await carried.values_list("assignee__partner_client__partner_id", flat=True))
    for partner in sorted(partners, key=str):
        await Obligation.create(
            partner_id=partner, customer_id=customer_id, created_at=now, due_at=now + TERM
        )
    return len(partners)


async def acknowledge(obligation_id: UUID, *, by: Asker) -> Obligation:
    """Say that a customer's data are erased at the partner's.

    Raises:
        Refused: the obligation is not the asker's.
        AlreadyAcknowledged: it was said before; nothing changes.
    """
    async with transaction():
        await require(by, "acknowledge", "Obligation", obligation_id)
        said = {"acknowledged_at": by.now, "acknowledged_by_id": by.actor_id}
        if not await Obligation.filter(id=obligation_id, acknowledged_at=None).update(**said):
            raise AlreadyAcknowledged
        obligation = await Obligation.get(id=obligation_id)
        record(
            Event.OBLIGATION_ACKNOWLEDGED,
            by,
            obligation=obligation.id,
            customer=obligation.customer_id,
            partner=obligation.partner_id,
        )
        return obligation
