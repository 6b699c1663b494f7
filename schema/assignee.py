"""Whom tasks can be given to."""

from __future__ import annotations

from typing import Annotated, Any

from models import Purpose
from policies.actor import Actor
from procedures import task as tasks
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import (
    ContextInfo,
    First,
    Plain,
    Question,
    check_first,
    guard,
    object_type,
    query,
    selected,
    value,
)


@object_type
class Assignee(Plain):
    """Somebody whom you could give a task to: an employee, or a partner's client."""

    employee: Employee | None = value("The employee; null for a partner's client.")
    client: PartnerClient | None = value("The partner's client; null for an employee.")
    open_tasks: int = value("How many open tasks they have.")
    overdue_tasks: int = value("How many of these are over their day.")


@query
async def assignees(
    purpose: Annotated[Purpose, "What the task is for; a partner's client needs an agreement for it."],
    first: First = 50,
    *,
    by: Actor,
    info: ContextInfo,
) -> list[Assignee]:
    """Whom you could give a task for a purpose to, those with the fewest open tasks first."""
    check_first(first)
    listed = (await tasks.assignees.candidates(purpose, by=by))[:first]
    employees = await _views(info, "Employee", "employee", [each.employee_id for each in listed])
    clients = await _views(info, "PartnerClient", "client", [each.client_id for each in listed])
    return [
        Assignee(
            employee=employees.get(each.employee_id),
            client=clients.get(each.client_id),
            open_tasks=each.open_tasks,
            overdue_tasks=each.overdue_tasks,
        )
        for each in listed
    ]


async def _views(info: Any, type_name: str, field: str, ids: list[Any]) -> dict[Any, Any]:
    """By identifier, the records as the actor may see them; nothing is read that was not asked for."""
    selection, known = selected(info, type_name, field), [each for each in ids if each is not None]
    if not known or not selection.sets:
        return {}
    return {
        view.key: view for view in await guard.read(info.context, selection, Question().among("id", known))
    }
