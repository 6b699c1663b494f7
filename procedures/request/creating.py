"""Writing requests: the row with its task, its message and its entry; and what came on paper, which staff write down.

record            of a row that whoever records it sees
record_of_some    of a category, by who sees no row: whoever grants it names the row
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from models import Category, Request, RequestContent, RequestKind, Template
from models.event import Event
from policies.actor import Actor
from procedures.ledger import Changed, record
from procedures.message import outbox
from procedures.request.states import TERM
from procedures.task import request_task
from procedures.work import months_after


async def create(
    customer_id: UUID,
    category: Category,
    content: RequestContent,
    by: Actor,
    received: datetime,
    **columns: Any,
) -> Request:
    """Write a request with its task, and tell the customer, in the transaction under way."""
    now, due = by.now, months_after(received, TERM)
    task = await request_task.open_(customer_id, category, due - request_task.AHEAD, now=now, by=by)
    request = await Request.create(
        customer_id=customer_id,
        kind=RequestKind.RECTIFICATION,
        category=category,
        content=content,
        received_at=received,
        due_at=due,
        task_id=task and task.id,
        **columns,
    )
    await tell(request, Template.REQUEST_RECEIVED, by, until=day(due))
    what: dict[str, Any] = {"kind": request.kind, "category": category, "record": request.record_id}
    record_step(Event.REQUEST_SUBMITTED, request, by, **what)
    return request


async def tell(request: Request, template: Template, by: Actor, **values: Any) -> None:
    """Send the customer a message, which names the request by the day on which it was made."""
    await outbox.queue(request.customer_id, template, by=by, asked=day(request.received_at), **values)


def day(at: datetime) -> str:
    """A day as messages name it."""
    return f"{at:%Y-%m-%d}"


def record_step(
    event: Event, request: Request, by: Actor, *, also: Changed | None = None, **more: Any
) -> None:
    """Record what became of a request, in the transaction under way.

    Args:
        event: the step.
        request: as it is then.
        by: who took it.
        also: other rows that it changed, of those that decide.
        **more: further details of the entry.
    """
    changed: Changed = {Request: [request.id], **(also or {})}
    record(event, by, changed=changed, request=request.id, customer=request.customer_id, **more)
