"""Ending the sessions of a customer who reports a theft."""

from typing import Any

from policies.actor import Actor
from procedures.staff import customer_sessions
from schema.reading import CustomerId, mutation


@mutation(
    "What was ended.",
    {"ended_sessions": (int, "How many sessions were ended.")},
    input="The customer whose sessions to end.",
)
async def customer_sessions_end(customer_id: CustomerId, *, by: Actor) -> Any:
    """End all sessions of a customer who reports that somebody else signs in; needs a confirmed session, and the customer is notified."""
    return await customer_sessions.end(customer_id, by=by)
