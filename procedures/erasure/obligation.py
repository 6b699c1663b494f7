"""What partners owe once something of a customer was erased or corrected: to do the same, and to confirm it (GDPR, Art. 19)."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import AgreementTerm, Category, Obligation, ObligationKind, Task
from models.database import transaction
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from procedures.errors import Conflict
from procedures.ledger import record
from vault import vault

#: How long a partner has.
TERM: Final = timedelta(days=30)


class AlreadyAcknowledged(Conflict):
    """The partner has acknowledged it before."""

    code = "ALREADY_ACKNOWLEDGED"
    message = "This was acknowledged before; nothing is left to do."


async def impose(customer_id: UUID, now: datetime) -> int:
    """Oblige every partner that ever was assigned a task for a customer to erase, in the transaction under way."""
    assigned = Task.filter(customer_id=customer_id, assignee__partner_client__partner_id__isnull=False)
    partners: set[Any] = set(await assigned.values_list("assignee__partner_client__partner_id", flat=True))
    return await _create(partners, now, customer_id=customer_id, kind=ObligationKind.ERASE)


async def partners_obliged(customer_id: UUID) -> int:
    """How many partners a customer who leaves has obliged."""
    return await Obligation.filter(customer_id=customer_id, category=None, kind=ObligationKind.ERASE).count()


async def oblige(
    customer_id: UUID,
    category: Category,
    kind: ObligationKind,
    now: datetime,
    *,
    record_id: UUID | None = None,
    request_id: UUID | None = None,
) -> int:
    """Oblige every partner that had a category to erase or correct it as was done here, in the transaction under way.

    A partner had it if it was assigned a task for which its agreement names the category. The same is owed only once.

    Args:
        customer_id: whose data.
        category: of which category.
        kind: what was done.
        now: the present instant.
        record_id: the row; all of the category unless given.
        request_id: the request that it follows from; each request has obligations of its own.

    Returns:
        How many partners were obliged.
    """
    # A partner that never signed never read anything, and owes nothing.
    terms = AgreementTerm.filter(
        category=category, agreement__tasks__customer_id=customer_id, agreement__signed_at__not_isnull=True
    )
    rows = await terms.values_list("agreement__partner_id", "purpose", "agreement__tasks__purpose")
    partners: set[UUID] = {partner for partner, term, task in rows if term == task}
    columns = {"customer_id": customer_id, "kind": kind, "category": category, "record_id": record_id}
    if request_id is None:
        owed = Obligation.filter(acknowledged_at=None, **columns)
        partners -= set(await owed.values_list("partner_id", flat=True))
    return await _create(partners, now, request_id=request_id, **columns)


async def _create(partners: set[UUID], now: datetime, **columns: Any) -> int:
    for partner in sorted(partners, key=str):
        await Obligation.create(partner_id=partner, created_at=now, due_at=now + TERM, **columns)
    return len(partners)


async def acknowledge(obligation_id: UUID, *, by: Actor) -> Obligation:
    """Confirm for a partner that it has erased a customer's data, or corrected a row.

    Raises:
        Refused: the obligation is not the actor's.
        AlreadyAcknowledged: it was confirmed before; nothing changes.
    """
    async with transaction():
        await require(by, "acknowledge", "Obligation", obligation_id)
        obligation = await _acknowledged(obligation_id, by)
        record(Event.OBLIGATION_ACKNOWLEDGED, by, **_details(obligation))
        return obligation


async def confirm(obligation_id: UUID, evidence: str, *, by: Actor) -> Obligation:
    """Record that a partner which was deactivated has confirmed by other means, such as a letter.

    Args:
        obligation_id: what it owed.
        evidence: a reference to what it said; the ledger has a keyed hash of it.
        by: a privacy officer.

    Raises:
        Refused: the actor may not, or the partner is active and confirms it itself.
        StepUpRequired: the session has to be confirmed first.
        Unfit: the evidence is no line of text.
        AlreadyAcknowledged: it was confirmed before; nothing changes.
    """
    async with transaction():
        await require(by, "confirm", "Obligation", obligation_id)
        digest = vault.current().keyed_hash(f"evidence|{line(evidence, 'evidence')}")
        obligation = await _acknowledged(obligation_id, by)
        record(Event.OBLIGATION_CONFIRMED, by, **_details(obligation), evidence=digest)
        return obligation


async def _acknowledged(obligation_id: UUID, by: Actor) -> Obligation:
    pending = Obligation.filter(id=obligation_id, acknowledged_at=None)
    if not await pending.update(acknowledged_at=by.now, acknowledged_by_id=by.actor_id):
        raise AlreadyAcknowledged
    return await Obligation.get(id=obligation_id)


def _details(obligation: Obligation) -> dict[str, Any]:
    return {
        "obligation": obligation.id,
        "customer": obligation.customer_id,
        "partner": obligation.partner_id,
    }
