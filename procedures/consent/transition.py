"""Every transition of a consent; nothing else writes consents.

Each writes the new state, what rests on the consent, the event, the entry of the ledger and the receipt, clears
the refusal or withdrawal that it replaces, and tells the customer of what somebody else recorded. Callers are within a transaction and have asked the policies. Every
change of a customer's consents locks that customer first, so that of two at once one waits; the embedded database runs
one transaction at a time anyway.
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
    Instruction,
    InstructionKind,
    InstructionState,
    Purpose,
)
from models.database import after_commit
from models.event import Event
from policies.actor import Actor, utc_now
from procedures import clock as clocks
from procedures import erasure, receipt, scan
from procedures.consent import telling, waiting
from procedures.consent.states import DECIDED, DENYING, Action, after
from procedures.errors import NotFound
from procedures.ledger import Changed, record

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
    """A consent that ended; how many rows were erased with it, stay under another consent, are held back by law.

    With an `instruction` nothing has ended yet: a second person decides about it.
    """

    consent: Consent
    erased_rows: int = 0
    kept_rows: int = 0
    held_rows: int = 0
    instruction: Instruction | None = None


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
        InstructionWaits: it would permit, and an instruction to end such a consent waits.
    """
    await _certain(state, by.now)
    await waiting.check(customer_id, category, purpose, state)
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
        Conflict: in its state this action does not happen, or an instruction to end the consent waits.
    """
    state = after(consent.state, action)
    await waiting.check(consent.customer_id, consent.category, consent.purpose, state)
    return await _set_state(consent, state, by, now, **values)


async def restate(consent: Consent, state: ConsentState, now: datetime) -> Consent:
    """Set a consent of a restored backup to the state that it had come to since."""
    return await _set_state(consent, state, None, now)


async def ask_again(consent: Consent, by: Actor, **values: Any) -> Consent:
    """Change the values of a request that waits, and record that it was made again."""
    consent = await consent.written(**values)
    _record_entry(consent, by)
    return consent


async def ask_to_confirm(consent: Consent, by: Actor, code: str) -> Consent:
    """Ask for the confirmation of a consent that somebody recorded, by a code; `code` names the message with it."""
    consent = await consent.written(code=code, content=await consent.confirmed(code))
    _record_entry(consent, by, event=Event.CONSENT_REQUESTED)
    return consent


async def confirm(consent: Consent, by: Actor, confirmation: str | None, **values: Any) -> Consent:
    """Record that a consent, which somebody recorded on the customer's word, is confirmed; its state stays."""
    content = await consent.confirmed(confirmation)
    consent = await consent.written(recorded_by_id=None, code=None, content=content, **values)
    await _record([consent], by, by.now, event=Event.CONSENT_CONFIRMED)
    return consent


async def mark_told(consent: Consent, officers: int) -> None:
    """Record that so many privacy officers were told of a contradiction."""
    await Consent.filter(id=consent.id).update(officers_told=True)
    about: dict[str, Any] = {"consent": consent.id, "customer": consent.customer_id, "officers": officers}
    record(Event.CONTRADICTION_NOTIFIED, None, **about)


async def end_one(consent_id: UUID, action: Action, by: Actor) -> Ended:
    """End one consent as `end` does, its customer and itself locked, and settle what was said of it.

    Raises:
        NotFound: there is no such consent.
        Conflict: in its state this action does not happen.
    """
    ended = await end(await locked_consent(consent_id), action, by, by.now)
    await settle(ended.consent.customer_id, by)
    return ended


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
    consent = await consent.written(**_columns(state), **values)
    await _record([consent], by, now, replaced, event)
    return consent


async def _certain(state: ConsentState, now: datetime) -> None:
    """Let nothing be permitted by a clock that is doubted: when it was, and until when, is a part of the proof."""
    if state in PERMITTING:
        await clocks.certain(clock=lambda: now)


def _columns(state: ConsentState) -> dict[str, Any]:
    # A transition ends a suspension: what permits anew was not suspended, and what ends has nothing to suspend.
    permits, denies = state in PERMITTING, state in DENYING
    return {"state": state, "permits": permits, "denies": denies, "suspended_by_id": None}


async def suspend(consents: Sequence[Consent], instruction_id: UUID | None) -> None:
    """Suspend consents by an instruction, or none any more; the caller records it with the instruction."""
    await Consent.filter(id__in=[each.id for each in consents], permits=True).update(
        suspended_by_id=instruction_id
    )


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
    consents: Sequence[Consent], by: Actor | None, now: datetime,
    replaced: Sequence[UUID] = (), event: Event | None = None,
) -> None:  # fmt: skip
    """Write the event, the entry and the receipt of consents that have come to their state, and tell the customer."""
    actor_id = by and by.actor_id
    await ConsentEvent.bulk_create(
        [ConsentEvent(consent_id=each.id, state=each.state, by_id=actor_id, at=now) for each in consents]
    )
    for consent in consents:
        _record_entry(consent, by, replaced, event)
    after_commit(lambda: erasure.consent_list.append(consents, now))
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


async def decide(
    instruction: Instruction,
    state: InstructionState,
    by: Actor | None,
    decided: tuple[UUID, datetime] | None = None,
) -> Instruction:
    """Give an instruction the state that it came to; what it suspends no more is suspended by another that waits, if any.

    `decided` is by whom and when it was decided that a restored backup does not know.
    """
    who, at = decided or (by and by.actor_id, by.now if by else utc_now())
    suspended = await Consent.filter(suspended_by_id=instruction.id)
    await Instruction.filter(id=instruction.id).update(state=state, decided_by_id=who, decided_at=at)
    await scan.end_after_decision(at, instruction_id=instruction.id)
    for consent in suspended:
        others = waiting.waiting_about(consent.customer_id, consent.category, consent.purpose)
        other = await others.order_by("recorded_at", "id").first()
        await suspend([consent], None if other is None else other.id)
    changed: Changed = {Instruction: [instruction.id], Consent: [each.id for each in suspended]}
    record(DECIDED[state], by, changed=changed, instruction=instruction.id, customer=instruction.customer_id)
    return await Instruction.get(id=instruction.id)


async def settle(customer_id: UUID, by: Actor, *, objected: Purpose | None = None) -> None:
    """Note as carried out each waiting instruction that has nothing left to end.

    Args:
        customer_id: whose.
        by: who has just ended consents; what they recorded themselves waits on.
        objected: the purpose to which the customer has just objected.
    """
    said = Instruction.suspending(customer_id).exclude(kind=InstructionKind.LEAVE)
    for each in await said.exclude(recorded_by_id=by.actor_id):
        if each.kind is InstructionKind.OBJECT and each.consent_purpose is not objected:
            continue
        if not await waiting.concerned(each):
            await decide(each, InstructionState.CARRIED_OUT, by)


async def successor(consent: Consent, now: datetime) -> Consent | None:
    """The live consent that what rests on another one passes to when that ends; None where there is none.

    Whether one is over is not for the clock alone to say: it is live until the time is over that can be accounted for. It
    may be suspended: what rests on it is then neither used nor erased.
    """
    past = await ClockReading.accounted(now)
    others = Consent.filter(customer_id=consent.customer_id, category=consent.category, permits=True)
    return (
        await others.exclude(id=consent.id).filter(expires_at__gt=past).order_by("-expires_at", "id").first()
    )
