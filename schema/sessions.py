"""Ending all other sessions of one's own."""

from typing import Any

from policies.actor import Actor
from procedures.access import sessions
from schema.reading import mutation


@mutation("What was ended.", {"ended_sessions": (int, "How many other sessions of yours were ended.")})
async def sessions_end_others(*, by: Actor) -> Any:
    """End all your sessions but this one."""
    return await sessions.end_others(by=by)
