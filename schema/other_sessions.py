"""Ending all other sessions of one's own."""

from typing import Any

from policies.actor import Actor
from procedures.access import other_sessions
from schema.reading import mutation


@mutation("What was ended.", {"ended_sessions": (int, "How many other sessions of yours were ended.")})
async def other_sessions_end(*, by: Actor) -> Any:
    """End all your sessions but this one."""
    return await other_sessions.end(by=by)
