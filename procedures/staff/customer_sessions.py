"""Sessions of a customer who reports a theft, ended by a privacy officer; the customer is told."""

from uuid import UUID

from models import Template
from models.database import transaction
from policies.actor import Actor
from policies.decide import require
from procedures.access import other_sessions
from procedures.message import outbox


async def end(customer_id: UUID, *, by: Actor) -> int:
    """End all sessions of a customer; returns how many.

    Raises:
        Refused: the actor may not, or there is no such customer.
    """
    async with transaction():
        await require(by, "end_customer_sessions", "Customer", customer_id)
        ended = await other_sessions.end_of_customer(customer_id, by=by)
        if ended:
            await outbox.queue(customer_id, Template.SESSIONS_ENDED, by=by)
        return ended
