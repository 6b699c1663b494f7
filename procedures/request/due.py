"""Which requests wait and until when; nothing here opens what the customers wrote in them."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models import Customer, Request, TaskStatus
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock as clocks
from procedures import deadlines
from procedures.instruction import due as recorded
from procedures.request.states import OPEN
from procedures.task import request_task
from procedures.work import Clock


async def listed(*, everything: bool = False, until: datetime | None = None) -> list[Request]:
    """The requests that wait, as `deadlines.listed` has them."""
    return await deadlines.listed(Request, OPEN, everything=everything, until=until)


@dataclass(frozen=True)
class Due:
    """What waits for an answer, whether the customer asked here or on paper: by number and words, and no content."""

    number: str
    kind: str
    category: str | None
    state: str
    due_at: datetime
    overdue: bool


async def everything_due(*, everything: bool = False, until: datetime | None = None) -> list[Due]:
    """The requests, and what others recorded on a customer's behalf, the first due first; arguments as for `listed`."""
    requests = [
        Due(each.customer.number, each.kind, each.category, each.state, each.due_at, each.overdue)
        for each in await listed(everything=everything, until=until)
    ]
    instructions = [
        Due(each.customer.number, each.kind, each.consent_category, each.state, each.due_at, each.overdue)
        for each in await recorded.listed(everything=everything, until=until)
    ]
    return sorted([*requests, *instructions], key=lambda each: each.due_at)


async def keep(*, clock: Clock = utc_now) -> int:
    """Mark the requests that are overdue, and see to it that each that waits has a task by which it can be decided.

    One is opened where a request is due within a week and has none that is open; one whose day is nearly over is put off.

    Returns:
        How many were marked, or got a task or more time for it.

    Raises:
        ClockDoubted: the clock is doubted; nothing was done.
    """
    await clocks.certain(clock=clock)
    now, count = clock(), 0
    without_task = Q(task_id=None) | Q(task__status=TaskStatus.CLOSED)
    unattended = Request.filter(state__in=OPEN).filter(
        Q(due_at__lte=now + request_task.AHEAD) & (without_task | Q(due_at__lte=now, overdue=False))
        | Q(task__status=TaskStatus.OPEN, task__due_at__lte=now + request_task.SOON)
    )
    unattended = unattended.order_by("due_at", "id")
    for id, customer_id in await unattended.values_list("id", "customer_id"):
        async with transaction():
            await Customer.filter(id=customer_id).select_for_update(no_key=True).first()
            # Meanwhile it may have been decided, or another process been quicker.
            request = await unattended.get_or_none(id=id).prefetch_related("task")
            if request is not None:
                await _attend(request, now)
                count += 1
    return count


async def _attend(request: Request, now: datetime) -> None:
    await deadlines.mark_overdue(request, Event.REQUEST_OVERDUE, now, request=request.id)
    if request.task is None or request.task.status is TaskStatus.CLOSED:
        task = await request_task.open_(request.customer_id, request.category, request.due_at, now=now)
        await Request.filter(id=request.id).update(task_id=task and task.id)
    else:
        await request_task.put_off(request, now=now)
