"""An instruction that something is about to become of: its customer and itself locked."""

from uuid import UUID

from models import Customer, Instruction, InstructionState
from procedures.errors import InstructionOver

WAITING = (InstructionState.WAITING,)


async def waiting(id: UUID, states: tuple[InstructionState, ...] = WAITING) -> Instruction:
    """An instruction in one of the states, locked; raises InstructionOver: it is in another."""
    instruction = await Instruction.get(id=id)
    await Customer.filter(id=instruction.customer_id).select_for_update(no_key=True).first()
    instruction = await Instruction.filter(id=id).select_for_update(no_key=True).get()
    if instruction.state not in states:
        raise InstructionOver
    return instruction
