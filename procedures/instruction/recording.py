"""Recording on paper what a customer wants: a letter, a telephone call, somebody in person, an e-mail.

What it asks for waits for a second person. Restriction holds at once, and so does the suspension of what somebody who
leaves consented to. The customer is told of it at every address that was verified.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from models import (
    Consent,
    Instruction,
    InstructionContent,
    InstructionKind,
    InstructionState,
    Medium,
    Proof,
    Template,
)
from models.errors import Unfit
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from procedures.consent import ConsentFilter, Wanted, concerned, suspension, transition
from procedures.errors import InstructionWaits
from procedures.instruction import restricting, telling
from procedures.ledger import Changed
from procedures.ledger import record as record_entry
from procedures.work import months_after

#: Further months that an answer may take, once (GDPR, Art. 12(3)).
FURTHER: Final = 2
#: How long ago something may have come that is recorded now.
LONGEST: Final = timedelta(days=366)
#: What the company says itself, and nobody exercises.
COMPANYS: Final = (InstructionKind.REVOKE, InstructionKind.INVALIDATE)


@dataclass(frozen=True)
class Received:
    """How and when it came, and how surely it was the customer; `suppress` as for leaving."""

    medium: Medium
    on: date
    proof: Proof
    suppress: bool = False


def received_at(on: date, now: datetime) -> datetime:
    """The beginning of the day on which something came; raises Unfit: it cannot be that day."""
    if not now.date() - LONGEST <= on <= now.date():
        raise Unfit("It came on a day of the last year, and not later than today.", "receivedOn")
    return datetime.combine(on, time(), UTC)


def due_at(received: datetime, now: datetime) -> datetime:
    """The deadline; what came so long ago that it is over is due at once."""
    return max(months_after(received, suspension.TERM), now + timedelta(seconds=1))


def check(wanted: Wanted) -> None:
    """Refuse what is not said, or too much; raises Unfit."""
    if wanted.kind in COMPANYS:
        raise Unfit(
            "This is no right of the customer's. End the consent by consentRevoke or consentInvalidate.",
            "kind",
        )
    if wanted.kind is InstructionKind.OBJECT and wanted.purpose is None:
        raise Unfit("Name the purpose that the customer objects to.", "purpose")
    if wanted.kind is InstructionKind.WITHDRAW:
        ConsentFilter(wanted.category, wanted.purpose)
    elif wanted.category is not None or (wanted.purpose is not None and wanted.kind.on_paper):
        raise Unfit("This is about all data. Leave category and purpose out.", "category")


async def record_right(wanted: Wanted, evidence: str, columns: dict[str, Any], by: Actor) -> Instruction:
    """Record a right that concerns all data, in the transaction under way, with the customer locked.

    Args:
        wanted: the right.
        evidence: a line by which it is found again.
        columns: the others of the instruction.
        by: who records it.

    Raises:
        Refused: the actor may not record that.
        Unfit: the evidence is no line of text.
        InstructionWaits: the same waits already.
        AlreadyRestricted: the processing is restricted already.
    """
    customer_id, kind = wanted.customer_id, wanted.kind
    repeated = Instruction.filter(customer_id=customer_id, kind=kind, state=InstructionState.WAITING)
    waits = await repeated.exists()
    instruction = await Instruction.create(
        customer_id=customer_id, kind=kind, special=suspension.is_special(await all_consents(customer_id)),
        content=InstructionContent(line(evidence, "evidence", longest=1000)),
        recorded_by_id=by.actor_id, recorded_at=by.now, **columns,
    )  # fmt: skip
    # Judged as it would be; a no undoes it.
    await require(by, "record", "Instruction", instruction.id)
    if waits:
        raise InstructionWaits
    await telling.tell_everywhere(instruction, Template.RIGHT_RECORDED, by)
    free = [each for each in await concerned(instruction) if each.suspended_by_id is None]
    await transition.suspend(free, instruction.id)
    if kind is InstructionKind.RESTRICT:
        await restricting.begin(customer_id, by=by)
    changed: Changed = {Instruction: [instruction.id], Consent: [each.id for each in free]}
    details: dict[str, Any] = {"instruction": instruction.id, "customer": customer_id, "kind": kind}
    record_entry(Event.INSTRUCTION_RECORDED, by, changed=changed, **details)
    return instruction


async def all_consents(customer_id: UUID) -> list[Consent]:
    """The consents of a customer that permit anything: what a right that concerns all data is about."""
    return await Consent.filter(customer_id=customer_id, permits=True)
