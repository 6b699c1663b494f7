"""Consent: a customer's word, given, renewed and withdrawn.

Every change of a customer's consents takes the lock of that customer first, so that two at once
are one after the other. On the embedded database a transaction is alone anyway.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import (
    PERSONAL,
    SPECIAL,
    Category,
    Consent,
    ConsentEvent,
    ConsentState,
    Customer,
    CustomerStatus,
    Notice,
    Purpose,
)
from models.database import transaction
from models.event import Event
from policies.asker import Asker
from policies.decide import require
from procedures import erasure
from procedures.errors import AlreadyWithdrawn, NotFound, NoticeMismatch, SpecialCategory
from procedures.ledger import record
from procedures.values import later, line

#: How long consent lasts unless the customer says otherwise.
LIFETIME: Final = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Withdrawn:
    """A withdrawn consent, how many rows went with it, and how many stay under another consent."""

    consent: Consent
    erased_rows: int
    kept_rows: int


async def give(
    customer_id: UUID,
    category: Category,
    purpose: Purpose,
    notice_id: UUID,
    *,
    by: Asker,
    evidence: str,
    expires_at: datetime | None = None,
) -> Consent:
    """Record consent to one category for one purpose, or renew what is on record.

    Args:
        customer_id: who consents.
        category: to the keeping of what.
        purpose: and its use for what.
        notice_id: what the customer was shown.
        by: the customer, or who records it.
        evidence: a reference by which the consent can be demonstrated.
        expires_at: two years from now unless given.

    Raises:
        Refused: the asker may not record consent of this customer.
        NotFound: there is no such customer or notice.
        NoticeMismatch: the notice speaks of another purpose.
        SpecialCategory: the category is a special one, and this is not the purpose it is for.
        Unfit: the evidence is no line of text, or the expiry has passed.
    """
    async with transaction():
        await require(by, "give_consent", "Customer", customer_id)
        now = by.now
        await _locked(customer_id)
        explicit(category, purpose)
        await _told(notice_id, purpose)
        word: dict[str, Any] = {
            "notice_id": notice_id,
            "evidence": line(evidence, "evidence"),
            "expires_at": later(expires_at or now + LIFETIME, "expiresAt", than=now),
        }
        live = await Consent.get_or_none(
            customer_id=customer_id, category=category, purpose=purpose, permits=True
        )
        if live is not None:
            renewed = await _turned(live.id, ConsentState.RENEWED_CONSENT_GIVEN, by, now, **word)
            record(Event.CONSENT_RENEWED, by, **_told_of(renewed))
            return renewed
        consent = await Consent.create(
            customer_id=customer_id,
            category=category,
            purpose=purpose,
            state=ConsentState.GIVEN,
            permits=True,
            created_at=now,
            **word,
        )
        await ConsentEvent(consent_id=consent.id, state=consent.state, by_id=by.actor_id, at=now).save()
        record(Event.CONSENT_GIVEN, by, **_told_of(consent))
        return consent


async def withdraw(consent_id: UUID, *, by: Asker) -> Withdrawn:
    """Withdraw a consent, and with a category's last one, erase the category.

    What rested on the consent passes to another live consent of the same category, if there is one.

    Raises:
        Refused: the asker may not withdraw this consent.
        NotFound: there is no such consent.
        AlreadyWithdrawn: it was withdrawn before; nothing changes.
    """
    async with transaction():
        await require(by, "withdraw", "Consent", consent_id)
        now = by.now
        consent = await _alone(consent_id)
        if consent.state is ConsentState.WITHDRAWN:
            raise AlreadyWithdrawn
        other = await _other(consent, now)
        kept = (
            await PERSONAL[consent.category].filter(consent_id=consent_id).update(consent_id=other.id)
            if other
            else 0
        )
        # All there is of the category goes, also what rests on a consent that has run out.
        erased = 0 if other else await erasure.begin(consent.customer_id, consent.category, by=by)
        turned = await _turned(consent_id, ConsentState.WITHDRAWN, by, now, permits=False)
        record(Event.CONSENT_WITHDRAWN, by, **_told_of(turned))
        return Withdrawn(turned, erased, kept)


def explicit(category: Category, purpose: Purpose) -> None:
    """Let a consent pass, to a special category only for the purpose that is its own.

    Raises:
        SpecialCategory: it is for another.
    """
    if SPECIAL.get(category, purpose) is not purpose:
        raise SpecialCategory


def _told_of(consent: Consent) -> dict[str, Any]:
    """What the ledger is told of a consent."""
    return {
        "consent": consent.id,
        "customer": consent.customer_id,
        "category": consent.category,
        "purpose": consent.purpose,
    }


async def _locked(customer_id: UUID) -> None:
    # "No key": rows that merely point at the customer may come and go meanwhile.
    customers = Customer.filter(id=customer_id, status=CustomerStatus.ACTIVE)
    if await customers.select_for_update(no_key=True).first() is None:
        raise NotFound("customer", "customerId")


async def _told(notice_id: UUID, purpose: Purpose) -> None:
    notice = await Notice.get_or_none(id=notice_id)
    if notice is None:
        raise NotFound("notice", "noticeId")
    if notice.purpose is not purpose:
        raise NoticeMismatch


async def _alone(consent_id: UUID) -> Consent:
    """Return a consent, its customer and itself locked: a row being written under it is waited for."""
    consent = await Consent.get_or_none(id=consent_id)
    if consent is None:
        raise NotFound("consent", "consentId")
    await Customer.filter(id=consent.customer_id).select_for_update(no_key=True).first()
    return await Consent.filter(id=consent_id).select_for_update(no_key=True).get()


async def _other(consent: Consent, now: datetime) -> Consent | None:
    """Return the consent on which a category could rest instead: of several, the one that lasts longest."""
    others = Consent.filter(
        customer_id=consent.customer_id, category=consent.category, permits=True, expires_at__gt=now
    ).exclude(id=consent.id)
    return await others.order_by("-expires_at", "id").first()


async def _turned(
    consent_id: UUID, state: ConsentState, by: Asker, now: datetime, **values: object
) -> Consent:
    await Consent.filter(id=consent_id).update(state=state, **values)
    await ConsentEvent(consent_id=consent_id, state=state, by_id=by.actor_id, at=now).save()
    return await Consent.get(id=consent_id)
