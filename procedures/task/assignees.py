"""Whom a task could be given to, and how much they have to do."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models import Employee, PartnerClient, Purpose, Task, TaskStatus
from policies.actor import Actor
from policies.decide import require, those
from policies.errors import Refused


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be given a task: the employee or the partner's client, and their open tasks."""

    employee_id: UUID | None
    client_id: UUID | None
    open_tasks: int
    overdue_tasks: int


async def candidates(purpose: Purpose, *, by: Actor) -> list[Candidate]:
    """Whom the actor could give a task for a purpose to, those with the fewest open tasks first.

    Raises:
        Refused: the actor gives tasks to nobody.
    """
    own = await Employee.get_or_none(actor_id=by.actor_id)
    if own is None:
        raise Refused("list_assignees", "Employee")
    await require(by, "list_assignees", "Employee", own.id)
    accounts = await those(replace(by, purposes=frozenset({purpose})), "could_assign_to", "Account")
    employees = dict(await Employee.filter(actor_id__in=accounts).values_list("actor_id", "id"))
    clients = dict(await PartnerClient.filter(actor_id__in=accounts).values_list("actor_id", "id"))
    open_, overdue = await open_tasks(accounts, by.now), await overdue_tasks(accounts, by.now)
    listed = [
        Candidate(employees.get(each), clients.get(each), open_.get(each, 0), overdue.get(each, 0))
        for each in accounts
    ]
    return sorted(listed, key=lambda each: (each.open_tasks, each.overdue_tasks))


async def open_tasks(accounts: Collection[UUID], _now: datetime) -> dict[UUID, int]:
    """How many open tasks some accounts have, whether or not their day is over; those without any are left out."""
    return await _counted(Task.filter(status=TaskStatus.OPEN, assignee_id__in=accounts))


async def overdue_tasks(accounts: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """The same of those that are over their day."""
    return await _counted(Task.filter(status=TaskStatus.OPEN, assignee_id__in=accounts, due_at__lte=now))


async def _counted(tasks: QuerySet[Task]) -> dict[UUID, int]:
    rows = await tasks.annotate(number=Count("id")).group_by("assignee_id").values("assignee_id", "number")
    return {row["assignee_id"]: row["number"] for row in rows}
