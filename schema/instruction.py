"""What others than the customer say is to be ended: waits for a second person, who approves or refuses it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import Category, InstructionKind, InstructionState, Purpose
from policies.actor import Actor
from policies.statements import Order
from procedures import instruction as instructions
from schema.employee import Employee
from schema.legal_hold import HELD
from schema.reading import (
    Context,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    before,
    having,
    input_type,
    mutation,
    one,
    one_of,
    recorded,
    value,
)

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
class Instruction(Released, Guarded):
    """What somebody else than the customer says is to be ended; while it waits, the consents are suspended.

    Suspended consents open the data to nobody but the customer. Nothing is erased before a second person approves.
    """

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    kind: InstructionKind | None = value("What is to be done.")
    consent_category: Category | None = value(
        "The category of the consents; null if all categories are meant."
    )
    consent_purpose: Purpose | None = value("The purpose of the consents; null if all purposes are meant.")
    evidence: str | None = value("How the customer said so, or why the consent has to end.")
    state: InstructionState | None = value("The state of the instruction.")
    recorded_at: datetime | None = value("When it was recorded.")
    due_at: datetime | None = value("The deadline for the decision.")
    overdue: bool | None = value("Whether the deadline has passed without a decision.")
    recorded_by: Employee | None = one("The employee who recorded it.", there="actor_id")
    decided_by: Employee | None = one(
        "The employee who decided; null until then, and where the customer did.", there="actor_id"
    )
    decided_at: datetime | None = value("When it was decided or contradicted; null until then.")


@input_type
class InstructionFilter:
    """Which instructions to return; all conditions must hold."""

    state: InstructionState | None = value("Only instructions in this state.", default=None)
    due_before: datetime | None = value("Only instructions whose deadline is before this time.", default=None)


def _where(context: Context, filter: InstructionFilter) -> Question:
    question = having(context, "Instruction", {"state": filter.state})
    return before(question, context, "Instruction", "dueAt", filter.due_before)


INSTRUCTION = one_of(
    Instruction, "instruction", "An instruction by identifier; null if there is none that you may see."
)
INSTRUCTIONS = all_of(
    Instruction,
    "instructions",
    "The instructions that you may see, the earliest deadline first.",
    Order("dueAt"),
    InstructionFilter,
    _where,
)

#: What mutations of instructions show.
SHOWN = {"instruction": (Instruction, "The instruction.")}
#: What mutations show besides that record one for whoever is not the customer.
RECORDED = {
    "instruction": (
        Instruction,
        (
            "The recorded instruction, which waits for a second person; null if you are the customer, whose word is "
            "carried out at once."
        ),
    )
}

InstructionId = Annotated[UUID, Id("Instruction"), "The instruction."]
Evidence = Annotated[
    str | None, "How the customer said so, or why the consent has to end; left out by the customer."
]


@mutation(
    "The approved instruction, and how much was erased by it.",
    SHOWN
    | {
        "erased_rows": (int, "How many rows of personal data were erased."),
        "kept_rows": (
            int,
            "How many rows were kept, because another consent to the category is in force.",
        ),
        "held_rows": (int, HELD),
    },
    input="The instruction to approve.",
)
async def instruction_approve(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Approve what another employee recorded: it is carried out; needs a confirmed session (`sessionConfirm`)."""
    return await instructions.approve(instruction_id, by=by)


@mutation("The refused instruction.", SHOWN, input="The instruction to refuse.")
async def instruction_refuse(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Refuse what another employee recorded: the consents are no longer suspended."""
    return await instructions.refuse(instruction_id, by=by)


@mutation("The contradicted instruction.", SHOWN, input="The instruction to contradict.")
async def instruction_contradict(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Contradict what an employee recorded about you: nothing is ended, and your consents are no longer suspended."""
    return await instructions.contradict(instruction_id, by=by)
