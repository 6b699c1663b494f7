"""How a consent turns: its new state, what rests on it, the no that stands, the receipt.

Whoever calls is within a transaction, has asked the policies, and records what happened. Every change of a
customer's consents takes the lock of that customer first, so that two at once are one after the other. On the
embedded database a transaction is alone anyway.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import (
    PERMITTING,
    PERSONAL,
    Category,
    CollectionMethod,
    Consent,
    ConsentEvent,
    ConsentState,
    Customer,
    CustomerStatus,
    Purpose,
)
from models.event import Event
from policies.asker import Asker
from procedures import erasure, receipt
from procedures.consent.states import DENYING, OPEN, Action, after
from procedures.errors import ConsentRequired, NotFound
from procedures.ledger import record

#: What the ledger calls a consent that came to a state.
EVENTS = {
    ConsentState.REQUESTED: Event.CONSENT_REQUESTED,
    ConsentState.REQUEST_DEFERRED: Event.CONSENT_DEFERRED,
    ConsentState.REFUSED: Event.CONSENT_REFUSED,
    ConsentState.GIVEN: Event.CONSENT_GIVEN,
    ConsentState.RENEWED_CONSENT_GIVEN: Event.CONSENT_RENEWED,
    ConsentState.WITHDRAWN: Event.CONSENT_WITHDRAWN,
    ConsentState.REVOKED: Event.CONSENT_REVOKED,
    ConsentState.EXPIRED: Event.CONSENT_EXPIRED,
    ConsentState.INVALIDATED: Event.CONSENT_INVALIDATED,
    ConsentState.UNKNOWN: Event.CONSENT_ADOPTED,
}


@dataclass(frozen=True)
class Ended:
    """A consent that ended, and how many rows went with it, stay under another consent, are held back by law."""

    consent: Consent
    erased_rows: int = 0
    kept_rows: int = 0
    held_rows: int = 0


def method_of(by: Asker) -> CollectionMethod:
    """How a word reached us that this asker says or records."""
    return CollectionMethod.ACCOUNT if by.kind == "Customer" else CollectionMethod.STAFF


async def locked(customer_id: UUID) -> None:
    """Lock an active customer; raises NotFound where there is none."""
    # "No key": rows that merely point at the customer may come and go meanwhile.
    customers = Customer.filter(id=customer_id, status=CustomerStatus.ACTIVE)
    if await customers.select_for_update(no_key=True).first() is None:
        raise NotFound("customer", "customerId")


async def alone(consent_id: UUID) -> Consent:
    """A consent, its customer and itself locked: a row being written under it is waited for."""
    consent = await Consent.get_or_none(id=consent_id)
    if consent is None:
        raise NotFound("consent", "consentId")
    await Customer.filter(id=consent.customer_id).select_for_update(no_key=True).first()
    return await Consent.filter(id=consent_id).select_for_update(no_key=True).get()


async def standing(customer_id: UUID, category: Category, purpose: Purpose) -> Consent | None:
    """What a customer has said last of a category and purpose, or is asked."""
    words = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    return max(words, key=_rank, default=None)


def _rank(word: Consent) -> tuple[bool, bool, datetime, str]:
    return word.permits or word.denies, word.state in OPEN, word.created_at, str(word.id)


async def begun(
    customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState, by: Asker, **word: Any
) -> Consent:
    """Begin a new consent in a state."""
    before = await _unstand(customer_id, category, purpose, state)
    consent = await Consent.create(
        customer_id=customer_id, category=category, purpose=purpose, created_at=by.now, **_of(state), **word
    )
    return await _told(consent, by, by.now, before)


async def turned(consent: Consent, action: Action, by: Asker | None, now: datetime, **word: Any) -> Consent:
    """Turn a consent on which nothing rests.

    Raises:
        Conflict: it does not turn so.
    """
    state = after(consent.state, action)
    before = await _unstand(consent.customer_id, consent.category, consent.purpose, state)
    await Consent.filter(id=consent.id).update(**_of(state), **word)
    return await _told(await Consent.get(id=consent.id), by, now, before)


async def asked_anew(consent: Consent, by: Asker, **word: Any) -> Consent:
    """Ask for what is asked for already, otherwise than before."""
    await Consent.filter(id=consent.id).update(**word)
    consent = await Consent.get(id=consent.id)
    _record(consent, by, [])
    return consent


async def ended(consent: Consent, action: Action, by: Asker | None, now: datetime) -> Ended:
    """End a consent, and with a category's last one, erase the category.

    What rested on it passes to another live consent to the same category, if there is one.

    Raises:
        Conflict: it does not end so.
    """
    after(consent.state, action)
    other = await lasting(consent.customer_id, consent.category, now, but=consent.id)
    rows = PERSONAL[consent.category].filter(consent_id=consent.id)
    kept = await rows.update(consent_id=other.id) if other else 0
    if other:
        return Ended(await turned(consent, action, by, now), kept_rows=kept)
    # All there is of the category goes, also what rests on a consent that has run out.
    taken = await erasure.begin(consent.customer_id, consent.category, by=by, at=now)
    return Ended(await turned(consent, action, by, now), taken.erased, held_rows=taken.held)


def _of(state: ConsentState) -> dict[str, Any]:
    return {"state": state, "permits": state in PERMITTING, "denies": state in DENYING}


async def _unstand(
    customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState
) -> list[UUID]:
    """What is said now takes the place of a no that stood, which is returned; a mere request does not."""
    if state not in PERMITTING | DENYING:
        return []
    words = Consent.filter(customer_id=customer_id, category=category, purpose=purpose, denies=True)
    stood = [word.id for word in await words]
    await words.update(denies=False)
    return stood


async def _told(consent: Consent, by: Asker | None, now: datetime, before: list[UUID]) -> Consent:
    await ConsentEvent(consent_id=consent.id, state=consent.state, by_id=by and by.actor_id, at=now).save()
    _record(consent, by, before)
    await receipt.make(consent, by, now)
    return consent


def _record(consent: Consent, by: Asker | None, before: list[UUID]) -> None:
    record(
        EVENTS[consent.state],
        by,
        changed={Consent: [consent.id, *before]},
        consent=consent.id,
        customer=consent.customer_id,
        category=consent.category,
        purpose=consent.purpose,
    )


async def ground(customer_id: UUID, category: Category, purpose: Purpose, now: datetime) -> Consent:
    """The consent to a category for a purpose; raises ConsentRequired where none stands."""
    live = Consent.filter(customer_id=customer_id, category=category, purpose=purpose, permits=True)
    consent = await live.filter(expires_at__gt=now).order_by("-expires_at", "id").first()
    if consent is None:
        raise ConsentRequired
    return consent


async def lasting(
    customer_id: UUID, category: Category, now: datetime, *, but: UUID | None = None
) -> Consent | None:
    """The consent on which a category can rest, but for one that ends: of several, the one that lasts longest."""
    live = Consent.filter(customer_id=customer_id, category=category, permits=True, expires_at__gt=now)
    others = live if but is None else live.exclude(id=but)
    return await others.order_by("-expires_at", "id").first()
