"""The open tasks of whoever was deactivated: they open nothing, and somebody else has to be given them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Purpose, Task, TaskStatus


@dataclass(frozen=True)
class LeftTask:
    """One task for display: the customer's number, what it is for, when it is due, and the login of whose it is."""

    customer: str
    purpose: Purpose
    due_at: datetime | None
    login: str


async def left_by(accounts: Iterable[UUID]) -> list[LeftTask]:
    """The open tasks of some accounts, the first due first."""
    tasks = Task.filter(assignee_id__in=list(accounts), status=TaskStatus.OPEN)
    rows = await tasks.order_by("due_at", "opened_at", "id").values_list(
        "customer__number", "purpose", "due_at", "assignee__login"
    )
    return [LeftTask(*row) for row in rows]
