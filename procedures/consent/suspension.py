"""What others than the customer say is to be ended: recorded as an instruction, which suspends the consents.

From then on nobody but the customer uses what rests on them; nothing is erased before a second person has decided
(`procedures.instruction`). Callers are within a transaction, with the customer locked.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import (
    Category,
    Consent,
    ConsentState,
    Instruction,
    InstructionContent,
    InstructionKind,
    InstructionState,
    Purpose,
    Template,
)
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from policies.policy import in_force
from procedures.consent.states import TRANSITIONS, Action
from procedures.consent.transition import suspend, waiting_about
from procedures.errors import InstructionWaits, NotGiven
from procedures.ledger import Changed
from procedures.ledger import record as record_entry
from procedures.message import outbox
from procedures.work import months_after

#: Months until an instruction has to be decided (GDPR, Art. 12(3)).
TERM = 1

#: By the state that an instruction came to, the event.
EVENTS = {
    InstructionState.CARRIED_OUT: Event.INSTRUCTION_CARRIED_OUT,
    InstructionState.REFUSED: Event.INSTRUCTION_REFUSED,
    InstructionState.CONTRADICTED: Event.INSTRUCTION_CONTRADICTED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be ended: one consent, or all of a customer to a category, for a purpose."""

    kind: InstructionKind
    customer_id: UUID
    category: Category | None = None
    purpose: Purpose | None = None
    consent_id: UUID | None = None


async def record(wanted: Wanted, evidence: str | None, *, by: Actor) -> Instruction:
    """Record an instruction, tell the customer, and suspend the consents that it is about.

    Raises:
        Refused: the actor may not record such an instruction.
        Unfit: the evidence is no line of text.
        InstructionWaits: the same waits already.
        NotGiven: no consent stands that could be ended.
    """
    columns: dict[str, Any] = {
        "customer_id": wanted.customer_id,
        "kind": wanted.kind,
        "consent_id": wanted.consent_id,
        "consent_category": wanted.category,
        "consent_purpose": wanted.purpose,
    }
    said = InstructionContent(line(evidence or "", "evidence", longest=1000))
    repeated = await Instruction.filter(**columns, state=InstructionState.WAITING).exists()
    instruction = await Instruction.create(
        **columns, special=False, content=said, recorded_by_id=by.actor_id, recorded_at=by.now,
        due_at=months_after(by.now, TERM),
    )  # fmt: skip
    # Judged as it would be; a no undoes it.
    await require(by, "record", "Instruction", instruction.id)
    consents = await concerned(instruction)
    if repeated:
        raise InstructionWaits
    if not consents and wanted.kind is not InstructionKind.OBJECT:
        raise NotGiven
    return await _recorded(instruction, consents, by)


async def _recorded(instruction: Instruction, consents: list[Consent], by: Actor) -> Instruction:
    instruction.special = is_special(consents)
    await instruction.save(update_fields=["special"])
    # Told first: the address may rest on a consent that is suspended now.
    await tell(instruction, Template.INSTRUCTION_RECORDED, by, until=f"{instruction.due_at:%Y-%m-%d}")
    free = [each for each in consents if each.permits and each.suspended_by_id is None]
    await suspend(free, instruction.id)
    changed = {Instruction: [instruction.id], Consent: [each.id for each in free]}
    record_entry(
        Event.INSTRUCTION_RECORDED, by, changed=changed, **_details(instruction), kind=instruction.kind
    )
    return instruction


async def concerned(instruction: Instruction) -> list[Consent]:
    """The consents that carrying it out would end; an objection refuses all others for the purpose besides."""
    if instruction.consent_id is not None:
        consent, action = await Consent.get(id=instruction.consent_id), Action[instruction.kind.name]
        return [consent] if isinstance(TRANSITIONS[consent.state][action], ConsentState) else []
    named = {"category": instruction.consent_category, "purpose": instruction.consent_purpose}
    scope = {column: value for column, value in named.items() if value is not None}
    return await Consent.filter(customer_id=instruction.customer_id, permits=True, **scope).order_by("id")


def is_special(consents: list[Consent]) -> bool:
    """Whether consents are to a category of which the policies let no manager decide."""
    return not {each.category.value for each in consents} <= in_force().left_to_managers


async def decide(instruction: Instruction, state: InstructionState, by: Actor) -> Instruction:
    """Give an instruction the state that it came to; what it suspends no more is suspended by another that waits, if any."""
    suspended = await Consent.filter(suspended_by_id=instruction.id)
    values = {"state": state, "decided_by_id": by.actor_id, "decided_at": by.now}
    await Instruction.filter(id=instruction.id).update(**values)
    for consent in suspended:
        others = waiting_about(consent.customer_id, consent.category, consent.purpose)
        other = await others.order_by("recorded_at", "id").first()
        await suspend([consent], None if other is None else other.id)
    changed: Changed = {Instruction: [instruction.id], Consent: [each.id for each in suspended]}
    record_entry(EVENTS[state], by, changed=changed, **_details(instruction))
    return await Instruction.get(id=instruction.id)


async def settle(customer_id: UUID, by: Actor, *, objected: Purpose | None = None) -> None:
    """Note as carried out each waiting instruction that has nothing left to end.

    Args:
        customer_id: whose.
        by: who has just ended consents; what they recorded themselves waits on.
        objected: the purpose to which the customer has just objected.
    """
    waiting = Instruction.filter(customer_id=customer_id, state=InstructionState.WAITING)
    for each in await waiting.exclude(recorded_by_id=by.actor_id):
        if each.kind is InstructionKind.OBJECT and each.consent_purpose is not objected:
            continue
        if not await concerned(each):
            await decide(each, InstructionState.CARRIED_OUT, by)


async def tell(instruction: Instruction, template: Template, by: Actor, **details: Any) -> None:
    """Send the customer a message, which names the instruction by the day on which it was recorded."""
    day = f"{instruction.recorded_at:%Y-%m-%d}"
    await outbox.queue(instruction.customer_id, template, by=by, recorded=day, **details)


def _details(instruction: Instruction) -> dict[str, Any]:
    return {"instruction": instruction.id, "customer": instruction.customer_id}
