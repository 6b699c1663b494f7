"""Restriction: a customer's data are stored, and nobody but the customer uses them until the customer lifts it."""

from uuid import UUID

from models import Customer
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked
from procedures.errors import Conflict
from procedures.ledger import record


class AlreadyRestricted(Conflict):
    """The processing is restricted already."""

    code = "ALREADY_RESTRICTED"
    message = "The processing is restricted already; nothing changes."


class NotRestricted(Conflict):
    """There is no restriction to lift."""

    code = "NOT_RESTRICTED"
    message = "The processing is not restricted; nothing changes."


async def begin(customer_id: UUID, *, by: Actor) -> Customer:
    """Restrict the processing of a customer's data to keeping them; from the next statement on it holds.

    Raises:
        Refused: the actor may not.
        NotFound: the customer has left.
        AlreadyRestricted: nothing changes.
    """
    async with transaction():
        await require(by, "begin_restriction", "Customer", customer_id)
        return await _set(customer_id, True, AlreadyRestricted, Event.RESTRICTION_BEGUN, by)


async def end(customer_id: UUID, *, by: Actor) -> Customer:
    """Lift the restriction: tasks and consents permit again what they permitted before.

    Raises:
        Refused: the actor may not.
        NotFound: the customer has left.
        NotRestricted: nothing changes.
    """
    async with transaction():
        await require(by, "end_restriction", "Customer", customer_id)
        return await _set(customer_id, False, NotRestricted, Event.RESTRICTION_ENDED, by)


async def _set(
    customer_id: UUID, to: bool, already: type[AlreadyRestricted | NotRestricted], event: Event, by: Actor
) -> Customer:
    await locked(customer_id)
    if not await Customer.filter(id=customer_id, restricted=not to).update(restricted=to):
        raise already()
    record(event, by, changed={Customer: [customer_id]}, customer=customer_id)
    return await Customer.get(id=customer_id)
