"""Giving and taking roles."""

from typing import Annotated, Any

from models import Role
from policies.actor import Actor
from procedures.staff import employee_role
from schema.employee import WITH_TASKS, EmployeeId
from schema.reading import mutation


@mutation("The employee with the role.", WITH_TASKS, input="The employee, and the role to give.")
async def employee_role_give(
    employee_id: EmployeeId, role: Annotated[Role, "The role."], *, by: Actor
) -> Any:
    """Give an employee a role; needs a confirmed session, and privacy officers are notified."""
    return await employee_role.give(employee_id, role, by=by)


@mutation("The employee without the role.", WITH_TASKS, input="The employee, and the role to take.")
async def employee_role_take(
    employee_id: EmployeeId, role: Annotated[Role, "The role."], *, by: Actor
) -> Any:
    """Take a role from an employee at once; needs a confirmed session, and privacy officers are notified."""
    return await employee_role.take(employee_id, role, by=by)
