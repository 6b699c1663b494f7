"""Every transition of a consent; nothing else writes consents.

Each writes the new state, what rests on the consent, the event, the entry of the ledger and the receipt, clears
the refusal or withdrawal that it replaces, and tells the customer of what somebody else recorded. Callers are within a transaction and have asked the policies. Every change
of a customer's consents locks that customer first, so that of two at once one waits; the embedded database runs one
transaction at a time anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from models import (
    PERMITTING,
    PERSONAL,
    Category,
    ClockReading,
    CollectionMethod,
    Consent,
    ConsentEvent,
    ConsentState,
    Customer,
    CustomerStatus,
    Purpose,
)
from models.event import Event
from policies.actor import Actor
from policies.decide import may
from procedures import clock as clocks
from procedures import erasure, receipt
from procedures.consent import telling
from procedures.consent.states import DENYING, OPEN, Action, after
from procedures.errors import ConsentRequired, ConsentUnconfirmed, NotFound
from procedures.ledger import record

#: The ledger's event for a consent that came to a state.
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


#: The ledger's event where it is not the one of the state.
OTHER_EVENTS = {Action.CONTRADICT: Event.CONSENT_CONTRADICTED}


@dataclass(frozen=True)
class Ended:
    """A consent that ended; how many rows were erased with it, stay under another consent, are held back by law."""

    consent: Consent
    erased_rows: int = 0
    kept_rows: int = 0
    held_rows: int = 0


def method_of(by: Actor) -> CollectionMethod:
    """The collection method of a consent that this actor gives or records."""
    return CollectionMethod.ACCOUNT if by.kind == "Customer" else CollectionMethod.STAFF


async def locked(customer_id: UUID) -> None:
    """Lock an active customer; raises NotFound where there is none."""
    # "No key": rows that merely point at the customer may come and go meanwhile.
    customers = Customer.filter(id=customer_id, status=CustomerStatus.ACTIVE)
    if await customers.select_for_update(no_key=True).first() is None:
        raise NotFound("customer", "customerId")


async def locked_consent(consent_id: UUID) -> Consent:
    """A consent, its customer and itself locked: a row being written under it is waited for."""
    consent = await Consent.get_or_none(id=consent_id)
    if consent is None:
        raise NotFound("consent", "consentId")
    await Customer.filter(id=consent.customer_id).select_for_update(no_key=True).first()
    return await Consent.filter(id=consent_id).select_for_update(no_key=True).get()


async def latest(customer_id: UUID, category: Category, purpose: Purpose) -> Consent | None:
    """The consent in effect for a category and purpose: one that permits or denies, else a request, else the newest."""
    consents = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    return max(consents, key=_rank, default=None)


def _rank(consent: Consent) -> tuple[bool, bool, datetime, str]:
    in_effect = consent.permits or consent.denies
    return in_effect, consent.state in OPEN, consent.created_at, str(consent.id)


async def to_answer(customer_id: UUID, category: Category, purpose: Purpose) -> Consent | None:
    """The consent that permits, or else the request that waits, for a category and purpose."""
    consents = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    return max((each for each in consents if each.permits or each.state in OPEN), key=_rank, default=None)


async def standing_no(
    customer_id: UUID, category: Category, purpose: Purpose, now: datetime
) -> Consent | None:
    """The no that stands for a category and purpose: a refusal, an ended consent, or one that has run out.

    None where the customer consents, or never answered.
    """
    consents = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    in_effect = [each for each in consents if each.permits or each.denies]
    # Nothing in effect takes the place of a consent that has run out, whether or not it was ended since.
    run_out = [each for each in consents if each.state is ConsentState.EXPIRED]
    word = max(in_effect or run_out, key=_rank, default=None)
    return None if word is not None and word.permits and word.expires_at > now else word


def new(
    customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState, now: datetime, **values: Any
) -> Consent:
    """A consent in a state, not yet written; `begin` or `begin_all` does that."""
    return Consent(
        id=uuid4(), customer_id=customer_id, category=category, purpose=purpose, created_at=now,
        **_columns(state), **values,
    )  # fmt: skip


async def begin(
    customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState, by: Actor, **values: Any
) -> Consent:
    """Begin a new consent in a state.

    Raises:
        ClockDoubted: it would permit, and since when cannot be said at present.
    """
    await _certain(state, by.now)
    replaced = await _clear_denials(customer_id, category, purpose, state)
    consent = new(customer_id, category, purpose, state, by.now, **values)
    await consent.save()
    await _record([consent], by, by.now, replaced)
    return consent


async def begin_all(consents: Sequence[Consent], by: Actor | None, now: datetime) -> None:
    """Begin many consents at once, of which none replaces a refusal or withdrawal, such as those of an import.

    Raises:
        ClockDoubted: some would permit, and since when cannot be said at present.
    """
    for state in {consent.state for consent in consents}:
        await _certain(state, now)
    await Consent.bulk_create(consents)
    await _record(consents, by, now)


async def change(consent: Consent, action: Action, by: Actor | None, now: datetime, **values: Any) -> Consent:
    """Change the state of a consent on which nothing rests.

    Raises:
        Conflict: in its state this action does not happen.
    """
    return await _set_state(consent, after(consent.state, action), by, now, **values)


async def restate(consent: Consent, state: ConsentState, now: datetime) -> Consent:
    """Set a consent of a restored backup to the state that it had come to since."""
    return await _set_state(consent, state, None, now)


async def ask_again(consent: Consent, by: Actor, **values: Any) -> Consent:
    """Change the values of a request that waits, and record that it was made again."""
    await Consent.filter(id=consent.id).update(**values)
    consent = await Consent.get(id=consent.id)
    _record_entry(consent, by)
    return consent


async def ask_to_confirm(consent: Consent, by: Actor, code: str) -> Consent:
    """Ask for the confirmation of a consent that somebody recorded, by a code; `code` names the message with it."""
    await Consent.filter(id=consent.id).update(confirmation=code)
    _record_entry(consent, by, event=Event.CONSENT_REQUESTED)
    return await Consent.get(id=consent.id)


async def confirm(consent: Consent, by: Actor, **values: Any) -> Consent:
    """Record that a consent, which somebody recorded on the customer's word, is confirmed; its state stays."""
    await Consent.filter(id=consent.id).update(recorded_by_id=None, **values)
    consent = await Consent.get(id=consent.id)
    await _record([consent], by, by.now, event=Event.CONSENT_CONFIRMED)
    return consent


async def mark_told(consent: Consent, officers: int) -> None:
    """Record that so many privacy officers were told of a contradiction."""
    await Consent.filter(id=consent.id).update(officers_told=True)
    record(
        Event.CONTRADICTION_TOLD, None, consent=consent.id, customer=consent.customer_id, officers=officers
    )


async def end_one(consent_id: UUID, action: Action, by: Actor) -> Ended:
    """End one consent as `end` does, its customer and itself locked.

    Raises:
        NotFound: there is no such consent.
        Conflict: in its state this action does not happen.
    """
    return await end(await locked_consent(consent_id), action, by, by.now)


async def end(consent: Consent, action: Action, by: Actor | None, now: datetime) -> Ended:
    """End a consent, and with a category's last one, erase the category.

    What rested on it passes to another live consent to the same category, if there is one.

    Raises:
        Conflict: in its state this action does not happen.
    """
    next_state, event = after(consent.state, action), OTHER_EVENTS.get(action)
    other = await successor(consent, now)
    if other:
        moved = await PERSONAL[consent.category].filter(consent_id=consent.id).update(consent_id=other.id)
        return Ended(await _set_state(consent, next_state, by, now, event), kept_rows=moved)
    # The whole category is erased, also rows that rest on a consent that has expired.
    removed = await erasure.begin(consent.customer_id, consent.category, by=by, at=now)
    ended = await _set_state(consent, next_state, by, now, event)
    return Ended(ended, removed.erased, held_rows=removed.held)


async def _set_state(
    consent: Consent,
    state: ConsentState,
    by: Actor | None,
    now: datetime,
    event: Event | None = None,
    **values: Any,
) -> Consent:
    if by is not None:
        await _certain(state, now)
    replaced = await _clear_denials(consent.customer_id, consent.category, consent.purpose, state)
    if event is Event.CONSENT_CONTRADICTED:
        values["officers_told"] = False
    await Consent.filter(id=consent.id).update(**_columns(state), **values)
    consent = await Consent.get(id=consent.id)
    await _record([consent], by, now, replaced, event)
    return consent


async def _certain(state: ConsentState, now: datetime) -> None:
    """Let nothing be permitted by a clock that is doubted: when it was, and until when, is a part of the proof."""
    if state in PERMITTING:
        await clocks.certain(clock=lambda: now)


def _columns(state: ConsentState) -> dict[str, Any]:
    return {"state": state, "permits": state in PERMITTING, "denies": state in DENYING}


async def _clear_denials(
    customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState
) -> list[UUID]:
    """Clear `denies` of the consents that a new state replaces, and return their ids; a mere request replaces none."""
    if state not in PERMITTING | DENYING:
        return []
    denials = Consent.filter(customer_id=customer_id, category=category, purpose=purpose, denies=True)
    replaced = [consent.id for consent in await denials]
    await denials.update(denies=False)
    return replaced


async def _record(
    consents: Sequence[Consent],
    by: Actor | None,
    now: datetime,
    replaced: Sequence[UUID] = (),
    event: Event | None = None,
) -> None:
    """Write the event, the entry and the receipt of consents that have come to their state, and tell the customer."""
    actor_id = by and by.actor_id
    await ConsentEvent.bulk_create(
        [ConsentEvent(consent_id=each.id, state=each.state, by_id=actor_id, at=now) for each in consents]
    )
    for consent in consents:
        _record_entry(consent, by, replaced, event)
    await receipt.make(consents, by, now)
    if by is not None and by.kind != "Customer":
        await telling.tell(consents, by)


def _record_entry(
    consent: Consent, by: Actor | None, replaced: Sequence[UUID] = (), event: Event | None = None
) -> None:
    record(
        event or EVENTS[consent.state],
        by,
        changed={Consent: [consent.id, *replaced]},
        consent=consent.id,
        customer=consent.customer_id,
        category=consent.category,
        purpose=consent.purpose,
    )


async def required(customer_id: UUID, category: Category, purpose: Purpose, *, by: Actor) -> Consent:
    """The consent to a category for a purpose, under which the actor may keep something.

    Raises:
        ConsentRequired: there is none.
        ConsentUnconfirmed: the actor recorded it, and nobody has confirmed it yet.
    """
    live = Consent.filter(customer_id=customer_id, category=category, purpose=purpose, permits=True)
    consent = await live.filter(expires_at__gt=by.now).order_by("-expires_at", "id").first()
    if consent is None:
        raise ConsentRequired
    if not await may(by, "use", "Consent", consent.id):
        raise ConsentUnconfirmed
    return consent


async def longest_lasting(customer_id: UUID, category: Category, now: datetime) -> Consent | None:
    """The live consent to a category that lasts longest; None where there is none."""
    live = Consent.filter(customer_id=customer_id, category=category, permits=True, expires_at__gt=now)
    return await live.order_by("-expires_at", "id").first()


async def successor(consent: Consent, now: datetime) -> Consent | None:
    """The live consent that what rests on another one passes to when that ends; None where there is none.

    Whether one is over is not for the clock alone to say: it is live until the time is over that can be accounted for.
    """
    past = await ClockReading.accounted(now)
    others = Consent.filter(customer_id=consent.customer_id, category=consent.category, permits=True)
    return (
        await others.exclude(id=consent.id).filter(expires_at__gt=past).order_by("-expires_at", "id").first()
    )
