"""What others than the customer say is wanted: waits for a second person, who approves or refuses it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import Category, InstructionKind, InstructionState, Medium, Proof, Purpose
from policies.actor import Actor
from policies.statements import Order
from procedures import instruction as instructions
from procedures.consent import Wanted
from procedures.instruction import Received
from schema.employee import Employee
from schema.legal_hold import HELD
from schema.reading import (
    Context,
    CustomerId,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    before,
    having,
    input_type,
    many,
    mutation,
    one,
    one_of,
    recorded,
    value,
)
from schema.scan import Scan

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
class Instruction(Released, Guarded):
    """What somebody else than the customer says is wanted: that consents end, or a right that came on paper.

    While it waits, the consents that it would end are suspended, and open the data to nobody but the customer; a
    restriction holds. Nothing is erased, and nothing given out, before a second person approves.
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
    medium: Medium | None = value(
        "How it came; null if it was said to an employee at work, or by the company."
    )
    received_at: datetime | None = value("The beginning of the day on which it came; null as for `medium`.")
    proof: Proof | None = value("How surely it was the customer; null as for `medium`.")
    proof_evidence: str | None = value("By what that was found out later; null if it was not.")
    suppress: bool | None = value("Whether nobody takes the customer in again after leaving.")
    extended_at: datetime | None = value("When the deadline was extended; null if it was not.")
    extension_reason: str | None = value("Why the deadline was extended; null if it was not.")
    decision_reason: str | None = value("Why it was refused; null if it was not, or needs no reason.")
    sent_at: datetime | None = value("When the link to the archive was sent; null if it was not.")
    link_ends_at: datetime | None = value("Until when the archive can be fetched; null if there is none.")
    scans: list[Scan] | None = many("The scans of the letter.")
    fetched_at: datetime | None = value("When the archive was last fetched; null if it was not.")


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
        "certificate_token": (
            str,
            "What shows the certificate of erasure (`withdrawalCertificate`), for the letter to who has left; null otherwise.",
        ),
    },
    input="The instruction to approve.",
)
async def instruction_approve(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Approve what another employee recorded: it is carried out; needs a confirmed session (`sessionConfirm`)."""
    return await instructions.approve(instruction_id, by=by)


@mutation("The refused instruction.", SHOWN, input="The instruction to refuse.")
async def instruction_refuse(
    instruction_id: InstructionId,
    reason: Annotated[
        str | None,
        "The reason, which a right on paper needs; the customer is notified of it, and of where to complain.",
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Refuse what another employee recorded: nothing is suspended or restricted by it any more."""
    return await instructions.refuse(instruction_id, by=by, reason=reason)


@mutation("The contradicted instruction.", SHOWN, input="The instruction to contradict.")
async def instruction_contradict(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Contradict what an employee recorded about you: nothing is ended, suspended, restricted or delivered by it."""
    return await instructions.contradict(instruction_id, by=by)


@mutation(
    "The recorded instruction, which waits for a second person.",
    SHOWN,
    input="What the customer wants.",
    creates=True,
)
async def instruction_record(
    customer_id: CustomerId,
    kind: Annotated[
        InstructionKind, "What the customer wants; not `REVOKE` or `INVALIDATE`, which are the company's own."
    ],
    medium: Annotated[Medium, "How it came."],
    received_on: Annotated[date, "The day on which it came, from which the deadline counts."],
    evidence: Annotated[str, "A line by which it is found again, such as the mark on the letter."],
    proof: Annotated[
        Proof, "How surely it was the customer; more can be recorded later (`instructionProve`)."
    ],
    category: Annotated[Category | None, "For `WITHDRAW`: the category of the consents."] = None,
    purpose: Annotated[Purpose | None, "For `WITHDRAW` and `OBJECT`: the purpose of the consents."] = None,
    suppress: Annotated[
        bool, "For `LEAVE`: whether nobody takes the customer in, or writes to them, again."
    ] = False,
    *,
    by: Actor,
) -> Any:
    """Record what a customer wants who does not sign in: a letter, a telephone call, somebody in person, an e-mail.

    A restriction holds at once, and so does the suspension of what the customer consented to; the rest waits for a second
    person. The customer is notified.
    """
    wanted = Wanted(kind, customer_id, category, purpose)
    received = Received(medium, received_on, proof, suppress)
    return await instructions.record(wanted, evidence, received, by=by)


@mutation("The instruction with its proof.", SHOWN, input="How surely it was the customer.")
async def instruction_prove(
    instruction_id: InstructionId,
    proof: Annotated[Proof, "How surely it was the customer."],
    evidence: Annotated[str, "By what that was found out, such as the documents that were shown."],
    *,
    by: Actor,
) -> Any:
    """Record how surely it is known since that it was the customer; who does that does not approve the instruction."""
    return await instructions.prove(instruction_id, proof, evidence, by=by)


@mutation("The instruction with its new deadline.", SHOWN, input="The instruction whose deadline to extend.")
async def instruction_extend(
    instruction_id: InstructionId,
    reason: Annotated[str, "The reason, of which the customer is notified."],
    months: Annotated[int, "By how many months: 1 or 2."] = 2,
    *,
    by: Actor,
) -> Any:
    """Extend the deadline by up to two months: once, within the first month, with a reason."""
    return await instructions.extend(instruction_id, reason, by=by, months=months)


@mutation("The instruction whose archive is made anew.", SHOWN, input="The instruction to deliver again.")
async def instruction_deliver(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Make the archive anew and send another link and code; needs a confirmed session (`sessionConfirm`)."""
    return await instructions.deliver(instruction_id, by=by)


@mutation(
    "The code to the archive.",
    {
        "code": (
            str,
            "The code, to be given to the customer in person; shown only once, and any before it is void.",
        )
    },
    input="The instruction whose code to hand over.",
)
async def instruction_hand_over(instruction_id: InstructionId, *, by: Actor) -> Any:
    """Get the code to an archive whose customer has one verified address only; needs a confirmed session.

    Give it to nobody but the customer, in person, once their documents were seen.
    """
    return await instructions.hand_over(instruction_id, by=by)
