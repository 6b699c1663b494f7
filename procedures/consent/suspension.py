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
from procedures.consent.transition import suspend
from procedures.consent.waiting import concerned
from procedures.errors import InstructionWaits, NotGiven
from procedures.ledger import Changed
from procedures.ledger import record as record_entry
from procedures.message import outbox
from procedures.work import months_after

#: Months until an instruction has to be decided (GDPR, Art. 12(3)).
TERM = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be ended: one consent, or all of a customer to a category, for a purpose."""

    kind: InstructionKind
    customer_id: UUID
    category: Category | None = None
    purpose: Purpose | None = None
    consent_id: UUID | None = None


async def record(wanted: Wanted, evidence: str | None, *, by: Actor, telling: bool = True) -> Instruction:
    """Record an instruction, tell the customer, and suspend the consents that it is about.

    Args:
        wanted: what is to be ended.
        evidence: how the customer said so, or why it has to end.
        by: who records it.
        telling: whether the actor is told that there is nothing to end; who sees no consents is not.

    Raises:
        Refused: the actor may not record such an instruction.
        Unfit: the evidence is no line of text.
        InstructionWaits: the same waits already.
        NotGiven: no consent stands that could be ended, and the actor is told.
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
    if telling and not consents and wanted.kind is not InstructionKind.OBJECT:
        raise NotGiven
    return await _recorded(instruction, consents, by)


async def _recorded(instruction: Instruction, consents: list[Consent], by: Actor) -> Instruction:
    instruction.special = is_special(consents)
    await instruction.save(update_fields=["special"])
    # Told first: the address may rest on a consent that is suspended now.
    await tell(instruction, Template.INSTRUCTION_RECORDED, by, until=f"{instruction.due_at:%Y-%m-%d}")
    free = [each for each in consents if each.permits and each.suspended_by_id is None]
    await suspend(free, instruction.id)
    changed: Changed = {Instruction: [instruction.id], Consent: [each.id for each in free]}
    record_entry(
        Event.INSTRUCTION_RECORDED, by, changed=changed, **_details(instruction), kind=instruction.kind
    )
    return instruction


def is_special(consents: list[Consent]) -> bool:
    """Whether consents are to a category of which the policies let no manager decide."""
    return not {each.category.value for each in consents} <= in_force().left_to_managers


async def tell(instruction: Instruction, template: Template, by: Actor, **details: Any) -> None:
    """Send the customer a message, which names the instruction by the day on which it was recorded."""
    day = f"{instruction.recorded_at:%Y-%m-%d}"
    await outbox.queue(instruction.customer_id, template, by=by, recorded=day, **details)


def _details(instruction: Instruction) -> dict[str, Any]:
    return {"instruction": instruction.id, "customer": instruction.customer_id}
