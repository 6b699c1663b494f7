"""The company's own staff."""

from typing import Annotated, Any
from uuid import UUID

from models import Role
from policies.actor import Actor
from policies.conditions import Compare, Const, Exists, Param, Path, ir
from policies.statements import Order, search
from procedures.access import user
from procedures.staff import employee
from procedures.task import assignees
from schema.reading import (
    Context,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    gathered,
    input_type,
    mutation,
    plucked,
    recorded,
    value,
    within,
)


def active() -> Any:
    """The field that says whether an account may sign in."""
    return gathered(
        user.active, "Whether they may sign in: they were not deactivated.", here="actor_id", missing=False
    )


def open_tasks() -> Any:
    """The field that says how much somebody has to do."""
    return gathered(assignees.open_tasks, "How many open tasks they have.", here="actor_id", missing=0)


def overdue_tasks() -> Any:
    """The field that says how much of it is late."""
    return gathered(
        assignees.overdue_tasks, "How many of these are over their day.", here="actor_id", missing=0
    )


def listed(context: Context, type_name: str, *, active: bool | None) -> Question:
    """Those of whom the actor may see whether they are active, and who are or are not; None asks for both."""
    seen = context.policy.plan(context.actor, type_name).grant("active").condition
    question = Question().also(seen, {})
    if active is None:
        return question
    return question.also(Compare("=", Path(ir.THIS, ("actor", "active")), Const(active)), {})


@within
class EmployeeRole(Released, Guarded):
    """One role of an employee."""

    role: Role | None = value("The role.")


@recorded
class Employee(Released, Guarded):
    """An employee."""

    name: str | None = value("The employee's name at work.")
    roles: list[Role] | None = plucked("EmployeeRole", "role", "The employee's roles.")
    active: bool | None = active()
    open_tasks: int | None = open_tasks()
    overdue_tasks: int | None = overdue_tasks()


@input_type
class EmployeeFilter:
    """Which employees to return; all conditions must hold."""

    active: bool | None = value("Only those who may sign in (true) or who may not (false).", default=None)
    role: Role | None = value("Only those with this role.", default=None)


def _where(context: Context, filter: EmployeeFilter) -> Question:
    question = listed(context, "Employee", active=filter.active)
    if filter.role is None:
        return question
    plan = context.policy.plan
    shown = [plan(context.actor, "EmployeeRole").grant("role").condition]
    same = Compare("=", Path(ir.THIS, ("role",)), Param("role"))
    held = Exists("held", Path(ir.THIS, ("roles",)), search.moved(ir.conjunction([*shown, same]), "held"))
    visible = plan(context.actor, "Employee").grant("roles").condition
    return question.also(ir.conjunction([visible, held]), {"role": filter.role.value})


EMPLOYEES = all_of(
    Employee,
    "employees",
    "The employees, by name; for managers, administrators and privacy officers.",
    Order("name"),
    EmployeeFilter,
    _where,
)


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
