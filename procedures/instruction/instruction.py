"""Instructions: what was recorded on a customer's behalf, decided by a second person.

    approve     it is carried out: consents end as by the customer, and what rests on them is erased; a restriction stays;
                who leaves is erased; an archive is made and delivered (`procedures.instruction.delivery`)
    refuse      nothing is suspended or restricted by it any more
    contradict  the same, by the customer

How one is recorded is in `procedures.consent.suspension`, and on paper in `procedures.instruction.recording`.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from models import Instruction, InstructionKind, InstructionState, Proof, Template, opened
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import may, require
from procedures.consent import (
    Action,
    ConsentFilter,
    Ended,
    Wanted,
    concerned,
    consents,
    decide,
    end,
    locked,
    object_in_transaction,
    settle,
    suspension,
)
from procedures.errors import InstructionOver
from procedures.instruction import delivery, recording, restricting
from procedures.instruction.errors import (
    AlreadyPutOff,
    NothingToDeliver,
    ProofTooLow,
    PutOffTooLate,
    TooEarly,
)
from procedures.instruction.opening import waiting
from procedures.instruction.recording import Received
from procedures.leaving import withdrawal
from procedures.ledger import record as record_entry
from procedures.notice import controller
from procedures.suppression import departed, suppression
from procedures.work import months_after


@dataclass(frozen=True)
class Approved:
    """An instruction that was approved; how many rows were erased, stay under other consents, are held back by law.

    Attributes:
        certificate_token: of who has left, fetches the certificate; returned here and never again.
    """

    instruction: Instruction
    erased_rows: int = 0
    kept_rows: int = 0
    held_rows: int = 0
    certificate_token: str | None = None


async def approve(instruction_id: UUID, *, by: Actor) -> Approved:
    """Carry an instruction out, and tell the customer; one that is answered by an archive has that made.

    Raises:
        Refused: the actor recorded it, or may not decide about it.
        StepUpRequired: the session has to be confirmed first.
        InstructionOver: it was decided or contradicted before.
        ProofTooLow: it is not known surely enough that it was the customer.
        TooEarly: the customer still has time to contradict.
        NoVerifiedChannel: the archive cannot be delivered.
        AddressUnreadable: an address that is to be suppressed does not open.
    """
    await require(by, "approve", "Instruction", instruction_id)
    asked = await Instruction.get(id=instruction_id)
    digests: list[suppression.Digest] = []
    if asked.kind is InstructionKind.LEAVE and asked.state is InstructionState.WAITING:
        # Slow on purpose, and so before the transaction.
        digests = await departed.digests(asked.customer_id, wished=asked.suppress)
    async with transaction():
        await require(by, "approve", "Instruction", instruction_id)
        instruction = await waiting(instruction_id)
        await _check(instruction, by)
        if instruction.kind.delivers:
            return Approved(await delivery.begin(instruction, by=by))
        if instruction.kind is InstructionKind.LEAVE:
            return await _leave(instruction, digests, by)
        if instruction.kind is InstructionKind.RESTRICT:
            decided = await decide(instruction, InstructionState.CARRIED_OUT, by)
            await suspension.tell(decided, Template.RIGHT_CARRIED_OUT, by)
            return Approved(decided)
        return await _end(instruction, by)


async def _check(instruction: Instruction, by: Actor) -> None:
    """Ask what else the policies want, each with what to do about it; raises as `approve`."""
    customer_id, on_paper = instruction.customer_id, instruction.kind.on_paper
    about = await (recording.all_consents(customer_id) if on_paper else concerned(instruction))
    if suspension.is_special(about) and not instruction.special:
        # A consent to a special category was imported since: who decided may be another.
        await Instruction.filter(id=instruction.id).update(special=True)
        await require(by, "approve", "Instruction", instruction.id)
    if not await may(by, "rely_on", "Instruction", instruction.id):
        raise ProofTooLow
    if not await may(by, "carry_out", "Instruction", instruction.id):
        raise TooEarly


async def _end(instruction: Instruction, by: Actor) -> Approved:
    ends = await _carry_out(instruction, by)
    decided = await decide(instruction, InstructionState.CARRIED_OUT, by)
    await settle(instruction.customer_id, by)
    await suspension.tell(instruction, Template.INSTRUCTION_CARRIED_OUT, by)
    counts = [(each.erased_rows, each.kept_rows, each.held_rows) for each in ends]
    erased, kept, held = (sum(of_one[part] for of_one in counts) for part in range(3))
    return Approved(decided, erased, kept, held)


async def _leave(instruction: Instruction, digests: list[suppression.Digest], by: Actor) -> Approved:
    """Erase the customer; afterwards there is nobody to tell but by the letter that answers theirs."""
    erased, held = await withdrawal.counted(instruction.customer_id, by.now)
    decided = await decide(instruction, InstructionState.CARRIED_OUT, by)
    begun = await withdrawal.leave(instruction.customer_id, digests, by=by)
    rows = sum(erased.values()), 0, sum(held.values())
    return Approved(decided, *rows, certificate_token=begun.token)


async def refuse(instruction_id: UUID, *, by: Actor, reason: str | None = None) -> Instruction:
    """Refuse an instruction, and tell the customer: nothing is ended; a right on paper is refused with a reason.

    Raises:
        Refused: the actor recorded it, or may not decide about it.
        InstructionOver: it was decided or contradicted before.
        Unfit: a right on paper is refused without a reason.
        AuthorityUnknown: the authority to complain to is not configured.
    """
    async with transaction():
        await require(by, "refuse", "Instruction", instruction_id)
        instruction = await waiting(instruction_id, (InstructionState.WAITING, InstructionState.APPROVED))
        if not instruction.kind.on_paper:
            decided = await decide(instruction, InstructionState.REFUSED, by)
            await suspension.tell(decided, Template.INSTRUCTION_REFUSED, by)
            return decided
        instruction.content = replace(
            await opened(instruction), decision_reason=line(reason or "", "reason", longest=1000)
        )
        await instruction.save(update_fields=["content"])
        decided = await _undone(instruction, InstructionState.REFUSED, by)
        await suspension.tell(decided, Template.RIGHT_REFUSED, by, authority=controller.authority())
        return decided


async def contradict(instruction_id: UUID, *, by: Actor) -> Instruction:
    """Say that this was not wanted: nothing is ended, and an archive that was not fetched goes.

    Raises:
        Refused: the actor is not the customer.
        InstructionOver: it was decided or contradicted before.
    """
    async with transaction():
        await require(by, "contradict", "Instruction", instruction_id)
        instruction = await waiting(instruction_id, tuple(InstructionState))
        delivered = instruction.state in (InstructionState.APPROVED, InstructionState.CARRIED_OUT)
        stoppable = instruction.kind.delivers and delivered and instruction.fetched_at is None
        if instruction.state is not InstructionState.WAITING and not stoppable:
            raise InstructionOver
        return await _undone(instruction, InstructionState.CONTRADICTED, by)


async def record(wanted: Wanted, evidence: str, received: Received, *, by: Actor) -> Instruction:
    """Record what a customer wants, as a second person is to decide, and tell the customer.

    Whether a consent stands that could be ended is not told: who records it may see none.

    Args:
        wanted: the right; of consents, all to a category or for a purpose.
        evidence: a line by which it is found again, such as the mark on the letter.
        received: how and when it came.
        by: staff at work for the customer, the front desk that has just found them, or the privacy officer.

    Raises:
        Refused: the actor may not record that.
        NotFound: the customer has left.
        Unfit: the evidence is no line of text, the day cannot be, or it is not said what is wanted.
        InstructionWaits: the same waits already.
        AlreadyRestricted: the processing is restricted already.
    """
    at = recording.received_at(received.on, by.now)
    async with transaction():
        await require(by, "record_instruction", "Customer", wanted.customer_id)
        await locked(wanted.customer_id)
        recording.check(wanted)
        columns = {
            "medium": received.medium, "received_at": at, "proof": received.proof, "proved_by_id": by.actor_id,
            "due_at": recording.due_at(at, by.now),
        }  # fmt: skip
        if wanted.kind.on_paper:
            return await recording.record_right(
                wanted, evidence, {**columns, "suppress": received.suppress}, by
            )
        said = await suspension.record(wanted, evidence, by=by, telling=False)
        await Instruction.filter(id=said.id).update(**columns)
        return await Instruction.get(id=said.id)


async def prove(instruction_id: UUID, proof: Proof, evidence: str, *, by: Actor) -> Instruction:
    """Record how surely it is known since that it was the customer who asked; who says so does not approve it.

    Raises:
        Refused: the actor may not record instructions about this customer.
        InstructionOver: it was decided or contradicted before.
        Unfit: the evidence is no line of text.
    """
    async with transaction():
        await require(by, "prove", "Instruction", instruction_id)
        instruction = await waiting(instruction_id)
        why = line(evidence, "evidence", longest=1000)
        instruction.content = replace(await opened(instruction), proof_evidence=why)
        instruction.proof, instruction.proved_by_id = proof, by.actor_id
        await instruction.save(update_fields=["content", "proof", "proved_by_id"])
        details: dict[str, Any] = {
            "instruction": instruction.id,
            "customer": instruction.customer_id,
            "proof": proof,
        }
        record_entry(Event.INSTRUCTION_PROVED, by, changed={Instruction: [instruction.id]}, **details)
        return instruction


async def extend(
    instruction_id: UUID, reason: str, *, by: Actor, months: int = recording.FURTHER
) -> Instruction:
    """Put the deadline off by one or two months, and tell the customer.

    Raises:
        Refused: the actor may not decide about it.
        InstructionOver: it was decided or contradicted before.
        AlreadyPutOff, PutOffTooLate: it cannot be put off.
        Unfit: there is no reason, or it would take longer.
    """
    async with transaction():
        await require(by, "extend", "Instruction", instruction_id)
        instruction = await waiting(instruction_id)
        if instruction.extended_at is not None:
            raise AlreadyPutOff
        if by.now >= instruction.due_at:
            raise PutOffTooLate
        if not 1 <= months <= recording.FURTHER:
            raise Unfit(f"A deadline is put off by 1 or {recording.FURTHER} months.", "months")
        why = line(reason, "reason", longest=1000)
        instruction.content = replace(await opened(instruction), extension_reason=why)
        begun = instruction.received_at or instruction.recorded_at
        instruction.due_at, instruction.extended_at = months_after(begun, suspension.TERM + months), by.now
        await instruction.save(update_fields=["content", "due_at", "extended_at"])
        await suspension.tell(
            instruction, Template.RIGHT_EXTENDED, by, until=f"{instruction.due_at:%Y-%m-%d}"
        )
        details: dict[str, Any] = {
            "instruction": instruction.id,
            "customer": instruction.customer_id,
            "months": months,
        }
        record_entry(Event.INSTRUCTION_EXTENDED, by, **details)
        return instruction


async def deliver(instruction_id: UUID, *, by: Actor) -> Instruction:
    """Make the archive anew and deliver it again: the link has ended, the code is void, or nothing came.

    Raises:
        Refused: the actor may not decide about it.
        NothingToDeliver: it is not answered by an archive, was not approved yet, or was fetched.
        NoVerifiedChannel: there is no way to deliver it.
    """
    async with transaction():
        await require(by, "deliver", "Instruction", instruction_id)
        instruction = await waiting(instruction_id, tuple(InstructionState))
        over = instruction.state not in (InstructionState.APPROVED, InstructionState.CARRIED_OUT)
        if over or not instruction.kind.delivers or instruction.fetched_at is not None:
            raise NothingToDeliver
        return await delivery.begin(instruction, by=by)


async def hand_over(instruction_id: UUID, *, by: Actor) -> str:
    """A new code for an archive whose link has only one way, to be given to the customer in person; told once.

    Raises:
        Refused: the actor may not decide about it.
        NothingToDeliver: the link was not sent yet, has ended, or the code was sent.
    """
    async with transaction():
        await require(by, "hand_over", "Instruction", instruction_id)
        return await delivery.new_code(await waiting(instruction_id, tuple(InstructionState)), by=by)


async def _undone(instruction: Instruction, state: InstructionState, by: Actor) -> Instruction:
    """Take back what it holds up; nothing was ended by it."""
    if instruction.kind is InstructionKind.RESTRICT:
        await restricting.lift(instruction.customer_id, by=by)
    if instruction.kind.delivers:
        await delivery.stop(instruction, by=by)
    return await decide(instruction, state, by)


async def _carry_out(instruction: Instruction, by: Actor) -> list[Ended]:
    customer_id, purpose = instruction.customer_id, instruction.consent_purpose
    if instruction.consent_id is not None:
        action = Action[instruction.kind.name]
        return [await end(each, action, by, by.now) for each in await concerned(instruction)]
    if instruction.kind is InstructionKind.OBJECT and purpose is not None:
        return await object_in_transaction(customer_id, purpose, by=by)
    return await consents.end_all(customer_id, ConsentFilter(instruction.consent_category, purpose), by=by)
