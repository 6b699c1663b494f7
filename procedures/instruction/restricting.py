"""Restricting the processing of a customer's data, and lifting that, in the transaction under way.

The caller has locked the customer and asked whether the actor may.
"""

from uuid import UUID

from models import Customer, Instruction, InstructionKind, InstructionState
from models.event import Event
from policies.actor import Actor
from procedures.consent import decide
from procedures.instruction.errors import AlreadyRestricted, NotRestricted
from procedures.ledger import record


async def begin(customer_id: UUID, *, by: Actor) -> Customer:
    """Restrict; from the next statement on it holds. Raises AlreadyRestricted: nothing changes."""
    if not await Customer.filter(id=customer_id, restricted=False).update(restricted=True):
        raise AlreadyRestricted
    return await _recorded(customer_id, Event.RESTRICTION_BEGUN, by)


async def end(customer_id: UUID, *, by: Actor) -> Customer:
    """Lift the restriction. Raises NotRestricted: nothing changes."""
    if not await Customer.filter(id=customer_id, restricted=True).update(restricted=False):
        raise NotRestricted
    return await _recorded(customer_id, Event.RESTRICTION_ENDED, by)


async def lift(customer_id: UUID, *, by: Actor) -> None:
    """Lift the restriction, if there is still one."""
    if await Customer.exists(id=customer_id, restricted=True):
        await end(customer_id, by=by)


async def settle(customer_id: UUID, state: InstructionState, by: Actor) -> bool:
    """Give an instruction to restrict that waits the state that the customer's own word brings; whether there was one."""
    waiting = Instruction.filter(customer_id=customer_id, state=InstructionState.WAITING)
    said = await waiting.get_or_none(kind=InstructionKind.RESTRICT)
    if said is not None:
        await decide(said, state, by)
    return said is not None


async def _recorded(customer_id: UUID, event: Event, by: Actor) -> Customer:
    record(event, by, changed={Customer: [customer_id]}, customer=customer_id)
    return await Customer.get(id=customer_id)
