"""Roles of employees, given and taken by administrators, who never do so to themselves."""

from uuid import UUID

from models import AccessChangeKind, Employee, EmployeeRole, Role
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from procedures.errors import Conflict
from procedures.ledger import record
from procedures.staff.employee import asked
from procedures.staff.telling import changed
from procedures.task import HandedBack, break_glass, hand_back


class LastRole(Conflict):
    """An employee without a role can do nothing, and so keeps the last one."""

    code = "LAST_ROLE"
    message = "It is the employee's only role. Give another one first, or deactivate the employee."


async def give(employee_id: UUID, role: Role, *, by: Actor) -> tuple[Employee, int]:
    """Give an employee a role; one who has it keeps it, and nothing changes.

    Returns:
        The employee, and how many open tasks went back, because nobody with the role carries tasks.

    Raises:
        Refused: the actor may not, it is the actor, or there is no such employee.
        StepUpRequired: the session has to be confirmed first.
    """
    async with transaction():
        by, employee = await asked(by, "give_employee_role", employee_id)
        return employee, len(await given(employee, role, by))


async def given(employee: Employee, role: Role, by: Actor | None) -> list[HandedBack]:
    """Give a role, in the transaction under way; by nobody is by the operator. Returns the tasks that went back."""
    if await EmployeeRole.filter(employee_id=employee.id, role=role).exists():
        return []
    assignment = await EmployeeRole.create(employee_id=employee.id, role=role)
    at = by.now if by else utc_now()
    record(Event.ROLE_GIVEN, by, changed={EmployeeRole: [assignment.id]}, actor=employee.actor_id, role=role)
    await changed(AccessChangeKind.ROLE_GIVEN, employee.actor_id, by, at, role)
    return await hand_back([employee.actor_id], by=by, at=at)


async def take(employee_id: UUID, role: Role, *, by: Actor) -> tuple[Employee, int]:
    """Take a role from an employee, and end the break-glass that they asked for; one who has not the role stays as they are.

    Returns:
        The employee, and how many open tasks went back, because nobody without the role carries them.

    Raises:
        Refused: the actor may not, it is the actor, or there is no such employee.
        StepUpRequired: the session has to be confirmed first.
        LastRole: it is the only one.
    """
    async with transaction():
        by, employee = await asked(by, "take_employee_role", employee_id)
        return employee, len(await taken(employee, role, by))


async def taken(employee: Employee, role: Role, by: Actor | None) -> list[HandedBack]:
    """Take a role, in the transaction under way; by nobody is by the operator. Returns the tasks that went back.

    Raises:
        LastRole: it is the only one.
    """
    held = {each.role: each for each in await EmployeeRole.filter(employee_id=employee.id)}
    if role not in held:
        return []
    if len(held) == 1:
        raise LastRole
    await held[role].delete()
    at = by.now if by else utc_now()
    await break_glass.end_of(employee.actor_id, by=by, at=at)
    record(Event.ROLE_TAKEN, by, changed={EmployeeRole: [held[role].id]}, actor=employee.actor_id, role=role)
    await changed(AccessChangeKind.ROLE_TAKEN, employee.actor_id, by, at, role)
    return await hand_back([employee.actor_id], by=by, at=at)
