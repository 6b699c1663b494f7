"""What partners owe once something of a customer was erased or put right: to do the same, and to say so (GDPR, Art. 19)."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import AgreementTerm, Category, Obligation, ObligationKind, Task
from models.database import transaction
from models.event import Event
from policies.actor import Actor
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


async def imposed(customer_id: UUID) -> int:
    """How many partners a customer who leaves has obliged."""
    return await Obligation.filter(customer_id=customer_id, category=None, kind=ObligationKind.ERASE).count()


async def tell(
    customer_id: UUID,
    category: Category,
    kind: ObligationKind,
    now: datetime,
    *,
    record_id: UUID | None = None,
    request_id: UUID | None = None,
) -> int:
    """Oblige every partner that had a category to do with it what was done here, in the transaction under way.

    A partner had it if it carried a task for which its agreement names the category. What it owes already, it owes once.

    Args:
        customer_id: whose data.
        category: of which category.
        kind: what was done.
        now: the present instant.
        record_id: the row; all of the category unless given.
        request_id: the request that it follows from, which is told of its own obligations.

    Returns:
        How many partners were told.
    """
    # Who was never bound never read anything, and is told nothing.
    terms = AgreementTerm.filter(
        category=category, agreement__tasks__customer_id=customer_id, agreement__signed_at__not_isnull=True
    )
    found = await terms.values_list("agreement__partner_id", "purpose", "agreement__tasks__purpose")
    partners: set[UUID] = {partner for partner, term, task in found if term == task}
    what = {"customer_id": customer_id, "kind": kind, "category": category, "record_id": record_id}
    if request_id is None:
        owed = Obligation.filter(acknowledged_at=None, **what)
        partners -= set(await owed.values_list("partner_id", flat=True))
    return await _imposed(partners, now, request_id=request_id, **what)


async def _imposed(partners: set[UUID], now: datetime, **what: Any) -> int:
    for partner in sorted(partners, key=str):
        await Obligation.create(partner_id=partner, created_at=now, due_at=now + TERM, **what)
    return len(partners)


async def acknowledge(obligation_id: UUID, *, by: Actor) -> Obligation:
    """Say that it is done at the partner's: a customer's data erased, or a row put right.

    Raises:
        Refused: the obligation is not the actor's.
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
