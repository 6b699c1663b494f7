"""Tasks that go back to the managers, because who has them can carry them no longer.

This is asked when an account is deactivated, or its roles change. What somebody can carry, the policies say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Account, Purpose, Task, TaskStatus
from models.event import Event
from policies.actor import Actor
from policies.decide import those
from procedures.access import actor_of
from procedures.task.task import record_event


@dataclass(frozen=True)
class HandedBack:
    """One task for display: the customer's number, what it is for, when it is due, and the login of who had it."""

    customer: str
    purpose: Purpose
    due_at: datetime | None
    login: str


async def hand_back(accounts: Iterable[UUID], *, by: Actor | None, at: datetime) -> list[HandedBack]:
    """Take from accounts the open tasks that could not be given to them now, in the transaction under way.

    Nobody has these tasks then, and a manager finds them among those of nobody. Each is recorded.

    Args:
        accounts: those that were deactivated, or of which roles changed.
        by: who did that; nobody is the operator.
        at: the present instant.

    Returns:
        What was taken, the first due first.
    """
    back = [
        HandedBack(task.customer.number, task.purpose, task.due_at, account.login)
        for account in await Account.filter(id__in=list(accounts)).order_by("login")
        for task in await _not_kept(account, at)
        if await _take(task, by, at)
    ]
    return sorted(back, key=lambda each: (each.due_at is None, each.due_at))


async def _take(task: Task, by: Actor | None, at: datetime) -> bool:
    """Take a task from who has it; False where somebody closed it, or gave it to others, meanwhile."""
    still = Task.filter(id=task.id, assignee_id=task.assignee_id, status=TaskStatus.OPEN)
    if not await still.update(assignee_id=None, agreement_id=None, occasion=None, handed_back_at=at):
        return False
    record_event(Event.TASK_HANDED_BACK, task.id, task.customer_id, by, assignee=task.assignee_id)
    return True


async def _not_kept(account: Account, at: datetime) -> list[Task]:
    """The open tasks of an account that the policies do not leave with it."""
    rows = await Account.filter(id=account.id).values(
        "kind",
        "customer_id",
        actor_id="id",
        role="employee__roles__role",
        partner_id="partner_client__partner_id",
    )
    kept = set(await those(actor_of(rows, frozenset(), clock=lambda: at), "keep", "Task"))
    tasks = Task.filter(assignee_id=account.id, status=TaskStatus.OPEN).order_by("id")
    return [task for task in await tasks.prefetch_related("customer") if task.id not in kept]
