"""Ending the sessions of an employee."""

from typing import Any

from policies.actor import Actor
from procedures.staff import employee_sessions
from schema.employee import SHOWN, EmployeeId
from schema.reading import mutation


@mutation(
    "The employee, who is signed out everywhere.",
    {**SHOWN, "ended_sessions": (int, "How many sessions were ended.")},
    input="The employee whose sessions to end.",
)
async def employee_sessions_end(employee_id: EmployeeId, *, by: Actor) -> Any:
    """End all sessions of an employee."""
    return await employee_sessions.end(employee_id, by=by)
