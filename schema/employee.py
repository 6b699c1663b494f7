"""The company's own staff."""

from typing import Annotated, Any
from uuid import UUID

from models import Role
from policies.actor import Actor
from procedures.staff import employee
from schema.reading import Guarded, Id, Released, mutation, plucked, recorded, value, within


@within
class EmployeeRole(Released, Guarded):
    """One role of an employee."""

    role: Role | None = value("The role.")


@recorded
class Employee(Released, Guarded):
    """An employee."""

    name: str | None = value("The employee's name at work.")
    roles: list[Role] | None = plucked("EmployeeRole", "role", "The employee's roles.")


EmployeeId = Annotated[UUID, Id("Employee"), "The employee; not yourself."]
#: What mutations of employees show.
SHOWN = {"employee": (Employee, "The employee.")}
#: What those show that may take tasks from somebody.
WITH_TASKS = {
    **SHOWN,
    "open_tasks": (int, "How many open tasks went back to the managers, who give them to somebody else."),
}


@mutation("The added employee.", SHOWN, input="The employee to add.", creates=True)
async def employee_add(
    login: Annotated[str, "The work e-mail address, by which they sign in."],
    name: Annotated[str, "The name at work."],
    roles: Annotated[list[Role], "The roles, at least one."],
    *,
    by: Actor,
) -> Any:
    """Add an employee, who sets a password by a code that the operator has mailed; needs a confirmed session."""
    return await employee.add(login, name, roles, by=by)


@mutation("The renamed employee.", SHOWN, input="The employee, and the name.")
async def employee_rename(
    employee_id: Annotated[UUID, Id("Employee"), "The employee."],
    name: Annotated[str, "The new name at work."],
    *,
    by: Actor,
) -> Any:
    """Change an employee's name at work."""
    return await employee.rename(employee_id, name, by=by)


@mutation(
    "The deactivated employee.",
    WITH_TASKS,
    input="The employee to deactivate.",
)
async def employee_deactivate(employee_id: EmployeeId, *, by: Actor) -> Any:
    """Deactivate an employee: all sessions end, and the employee's open tasks go back to the managers."""
    return await employee.deactivate(employee_id, by=by)


@mutation("The activated employee.", SHOWN, input="The employee to activate.")
async def employee_activate(employee_id: EmployeeId, *, by: Actor) -> Any:
    """Activate an employee again, with the former password and roles; needs a confirmed session."""
    return await employee.activate(employee_id, by=by)
