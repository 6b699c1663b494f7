"""The task that is opened with a request, so that somebody decides it before it is due."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import Category, Consent, Outcome, Purpose, Request, Task, TaskStatus
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures.task.task import record_event

#: How long before a request is due its task is due; and for how long a task lasts that is opened or put off later.
AHEAD: Final = timedelta(days=7)
#: How long before its own day is over a task is put off.
SOON: Final = timedelta(days=1)


async def open_(
    customer_id: UUID, category: Category, due_at: datetime, *, now: datetime, by: Actor | None = None
) -> Task | None:
    """Open a task without an assignee, in the transaction under way; None where no purpose needs the category."""
    purpose = await _purpose(customer_id, category, now)
    if purpose is None:
        return None
    task = await Task.create(
        customer_id=customer_id,
        purpose=purpose,
        opened_by_id=by and by.actor_id,
        opened_at=now,
        due_at=_still_ahead(due_at, now),
    )
    record_event(Event.TASK_OPENED, task.id, customer_id, by, purpose=purpose)
    return task


async def put_off(request: Request, *, now: datetime) -> None:
    """Put off the day of the task of a request that waits, in the transaction under way, so that it can be decided."""
    due = _still_ahead(request.due_at, now)
    open_ = Task.filter(id=request.task_id, status=TaskStatus.OPEN, due_at__lte=now + SOON)
    if request.task_id and await open_.update(due_at=due, extended_at=now):
        record_event(Event.TASK_EXTENDED, request.task_id, request.customer_id, None)


async def close(request: Request, outcome: Outcome, *, now: datetime, by: Actor | None = None) -> None:
    """Close a request's task, if it is open, in the transaction under way."""
    closing = {"status": TaskStatus.CLOSED, "closed_at": now, "outcome": outcome}
    task_id = request.task_id
    if task_id and await Task.filter(id=task_id, status=TaskStatus.OPEN).update(**closing):
        record_event(Event.TASK_CLOSED, task_id, request.customer_id, by, outcome=outcome)


async def forget(customer_id: UUID, category: Category, *, by: Actor | None = None) -> None:
    """Erase a customer's requests about a category and close their tasks, in the transaction under way."""
    for request in await Request.filter(customer_id=customer_id, category=category):
        await close(request, Outcome.CANCELLED, now=by.now if by else utc_now(), by=by)
        await request.delete()


def _still_ahead(due_at: datetime, now: datetime) -> datetime:
    return due_at if due_at > now + SOON else now + AHEAD


async def _purpose(customer_id: UUID, category: Category, now: datetime) -> Purpose | None:
    """A purpose that needs the category: one that the customer consents to, or else the first."""
    needing = [each for each in Purpose if (each.value, category.value) in in_force().needs]
    live = Consent.filter(Consent.usable(now), customer_id=customer_id, category=category)
    consented = set(await live.values_list("purpose", flat=True))
    return next((each for each in [*filter(consented.__contains__, needing), *needing]), None)
