"""Instructions to end consents: what was recorded on a customer's behalf, decided by a second person.

    approve     it is carried out: consents end as by the customer, and what rests on them is erased
    refuse      the consents are no longer suspended
    contradict  the same, by the customer

How one is recorded is in `procedures.consent.suspension`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Customer, Instruction, InstructionKind, InstructionState, Template
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.decide import require
from procedures import clock as clocks
from procedures.consent import (
    Action,
    ConsentFilter,
    Ended,
    concerned,
    consents,
    decide,
    end,
    object_in_transaction,
    settle,
    suspension,
)
from procedures.errors import InstructionOver
from procedures.ledger import record
from procedures.work import Clock

#: How many are listed at once.
MOST = 1_000


@dataclass(frozen=True)
class Approved:
    """An instruction that was carried out; how many rows were erased, stay under other consents, are held back by law."""

    instruction: Instruction
    erased_rows: int
    kept_rows: int
    held_rows: int


async def approve(instruction_id: UUID, *, by: Actor) -> Approved:
    """Carry an instruction out, and tell the customer.

    Raises:
        Refused: the actor recorded it, or may not decide about it.
        StepUpRequired: the session has to be confirmed first.
        InstructionOver: it was decided or contradicted before.
    """
    async with transaction():
        await require(by, "approve", "Instruction", instruction_id)
        instruction = await _waiting(instruction_id)
        if suspension.is_special(await concerned(instruction)) and not instruction.special:
            # A consent to a special category was imported since: who decided may be another.
            await Instruction.filter(id=instruction.id).update(special=True)
            await require(by, "approve", "Instruction", instruction_id)
        ends = await _carry_out(instruction, by)
        decided = await decide(instruction, InstructionState.CARRIED_OUT, by)
        await settle(instruction.customer_id, by)
        await suspension.tell(instruction, Template.INSTRUCTION_CARRIED_OUT, by)
    counts = [(each.erased_rows, each.kept_rows, each.held_rows) for each in ends]
    return Approved(decided, *(sum(of_one[part] for of_one in counts) for part in range(3)))


async def refuse(instruction_id: UUID, *, by: Actor) -> Instruction:
    """Refuse an instruction, and tell the customer: nothing is ended.

    Raises:
        Refused: the actor recorded it, or may not decide about it.
        InstructionOver: it was decided or contradicted before.
    """
    async with transaction():
        await require(by, "refuse", "Instruction", instruction_id)
        decided = await decide(await _waiting(instruction_id), InstructionState.REFUSED, by)
        await suspension.tell(decided, Template.INSTRUCTION_REFUSED, by)
        return decided


async def contradict(instruction_id: UUID, *, by: Actor) -> Instruction:
    """Say that this was not wanted: nothing is ended.

    Raises:
        Refused: the actor is not the customer.
        InstructionOver: it was decided or contradicted before.
    """
    async with transaction():
        await require(by, "contradict", "Instruction", instruction_id)
        return await decide(await _waiting(instruction_id), InstructionState.CONTRADICTED, by)


async def listed(*, everything: bool = False, until: datetime | None = None) -> list[Instruction]:
    """The instructions that wait, the first due first; at most 1,000.

    Args:
        everything: also those that are over.
        until: only those due by then.
    """
    instructions = Instruction.all() if everything else Instruction.filter(state=InstructionState.WAITING)
    if until is not None:
        instructions = instructions.filter(due_at__lte=until)
    return await instructions.order_by("due_at", "id").limit(MOST).prefetch_related("customer")


async def keep(*, clock: Clock = utc_now) -> int:
    """Mark the instructions that are overdue; returns how many were. Raises ClockDoubted: nothing was done."""
    await clocks.certain(clock=clock)
    late = Instruction.filter(state=InstructionState.WAITING, due_at__lte=clock(), overdue=False)
    count = 0
    for id, customer_id in await late.order_by("due_at", "id").values_list("id", "customer_id"):
        async with transaction():
            # Meanwhile it may have been decided, or another process been quicker.
            if await late.filter(id=id).update(overdue=True):
                record(Event.INSTRUCTION_OVERDUE, None, instruction=id, customer=customer_id)
                count += 1
    return count


async def _waiting(id: UUID) -> Instruction:
    """An instruction that waits, its customer and itself locked."""
    instruction = await Instruction.get(id=id)
    await Customer.filter(id=instruction.customer_id).select_for_update(no_key=True).first()
    instruction = await Instruction.filter(id=id).select_for_update(no_key=True).get()
    if instruction.state is not InstructionState.WAITING:
        raise InstructionOver
    return instruction


async def _carry_out(instruction: Instruction, by: Actor) -> list[Ended]:
    customer_id, purpose = instruction.customer_id, instruction.consent_purpose
    if instruction.consent_id is not None:
        action = Action[instruction.kind.name]
        return [await end(each, action, by, by.now) for each in await concerned(instruction)]
    if instruction.kind is InstructionKind.OBJECT and purpose is not None:
        return await object_in_transaction(customer_id, purpose, by=by)
    return await consents.end_all(customer_id, ConsentFilter(instruction.consent_category, purpose), by=by)
