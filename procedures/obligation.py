"""What partners owe once a customer has left, or something was put right: to do the same, and to say so (GDPR, Art. 19)."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import AgreementTerm, Obligation, ObligationKind, Request, Task
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
    """Oblige every partner that ever carried a task for a customer to erase, in the transaction under way."""
    carried = Task.filter(customer_id=customer_id, assignee__partner_client__partner_id__isnull=False)
    partners: set[Any] = set(await carried.values_list("assignee__partner_client__partner_id", flat=True))
    return await _imposed(partners, now, customer_id=customer_id, kind=ObligationKind.ERASE)


async def tell(request: Request, now: datetime) -> int:
    """Oblige every partner that carried a task for which its agreement names the category to put the row right, too."""
    terms = AgreementTerm.filter(category=request.category, agreement__tasks__customer_id=request.customer_id)
    found = await terms.values_list("agreement__partner_id", "purpose", "agreement__tasks__purpose")
    partners: set[UUID] = {partner for partner, term, task in found if term == task}
    return await _imposed(
        partners,
        now,
        customer_id=request.customer_id,
        kind=ObligationKind.RECTIFY,
        category=request.category,
        record_id=request.record_id,
        request_id=request.id,
    )


async def _imposed(partners: set[UUID], now: datetime, **what: Any) -> int:
    for partner in sorted(partners, key=str):
        await Obligation.create(partner_id=partner, created_at=now, due_at=now + TERM, **what)
    return len(partners)


async def acknowledge(obligation_id: UUID, *, by: Asker) -> Obligation:
    """Say that it is done at the partner's: a customer's data erased, or a row put right.

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
