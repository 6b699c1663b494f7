"""Restriction: a customer's data are stored, and nobody but the customer uses them until the customer lifts it."""

from uuid import UUID

from models import Customer, InstructionState
from models.database import transaction
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked
from procedures.instruction import restricting


async def begin(customer_id: UUID, *, by: Actor) -> Customer:
    """Restrict the processing of a customer's data to keeping them; from the next statement on it holds.

    Raises:
        Refused: the actor may not.
        NotFound: the customer has left.
        AlreadyRestricted: nothing changes. Where somebody else had it recorded, the customer confirms that instead.
    """
    async with transaction():
        await require(by, "begin_restriction", "Customer", customer_id)
        await locked(customer_id)
        if await restricting.settle(customer_id, InstructionState.CARRIED_OUT, by):
            return await Customer.get(id=customer_id)
        return await restricting.begin(customer_id, by=by)


async def end(customer_id: UUID, *, by: Actor) -> Customer:
    """Lift the restriction: tasks and consents permit again what they permitted before.

    Raises:
        Refused: the actor may not.
        NotFound: the customer has left.
        NotRestricted: nothing changes.
    """
    async with transaction():
        await require(by, "end_restriction", "Customer", customer_id)
        await locked(customer_id)
        await restricting.settle(customer_id, InstructionState.CONTRADICTED, by)
        return await restricting.end(customer_id, by=by)
