"""Sessions of an employee, ended by an administrator: a machine was lost, or somebody else signs in."""

from uuid import UUID

from models import AccessChangeKind, Employee
from models.database import transaction
from policies.actor import Actor
from procedures.access import other_sessions
from procedures.staff.employee import asked
from procedures.staff.telling import changed


async def end(employee_id: UUID, *, by: Actor) -> tuple[Employee, int]:
    """End all sessions of an employee; returns the employee, and how many ended.

    Raises:
        Refused: the actor may not, it is the actor, or there is no such employee.
    """
    async with transaction():
        by, employee = await asked(by, "end_employee_sessions", employee_id)
        ended = await other_sessions.end_of(employee.actor_id, by)
        await changed(AccessChangeKind.SESSIONS_ENDED, employee.actor_id, by, by.now)
        return employee, ended
