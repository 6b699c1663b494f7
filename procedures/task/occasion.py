"""What of a customer's own asks for a task; where nothing does, the task is reviewed once it is given to somebody."""

from datetime import datetime, timedelta
from typing import Final

from models import (
    DICTATED,
    Consent,
    Interaction,
    Occasion,
    Order,
    Request,
    RequestState,
    ReviewReason,
    Task,
    TaskReview,
    Template,
)
from models.event import Event
from policies.actor import Actor
from policies.decide import may
from procedures.ledger import record
from procedures.message import outbox

#: How long ago something may have been that asks for a task.
RECENT: Final = timedelta(days=90)


async def occasion_of(task: Task, now: datetime) -> Occasion | None:
    """The first thing found that asks for a task; None where nothing does."""
    customer, period = task.customer_id, (now - RECENT, now)
    if task.opened_by_id is None and task.opened_at > period[0]:
        return Occasion.DUE
    waiting = (RequestState.RECEIVED, RequestState.EXTENDED)
    for occasion, rows in (
        (Occasion.REQUEST, Request.filter(customer_id=customer, state__in=waiting)),
        (
            Occasion.OWN_TASK,
            Task.filter(customer_id=customer, opened_by__customer_id=customer, opened_at__range=period),
        ),
        # What staff wrote on the customer's word asks for nothing: else they would give themselves the occasion.
        (
            Occasion.INTERACTION,
            Interaction.filter(customer_id=customer, occurred_at__range=period).exclude(source=DICTATED),
        ),
        (
            Occasion.ORDER,
            Order.filter(customer_id=customer, placed_at__range=period).exclude(source=DICTATED),
        ),
    ):
        if await rows.exists():
            return occasion
    # Nothing is kept without consent.
    return None if await Consent.exists(customer_id=customer, permits=True) else Occasion.INTAKE


async def have_reviewed(task: Task, *, by: Actor) -> None:
    """Put a task that was given, or put off, before the privacy officer unless the policies say that it need not be.

    The customer is told. In the transaction under way.
    """
    if task.assignee_id is None or await may(by, "assign_unreviewed", "Task", task.id):
        return
    review = await TaskReview.create(
        task_id=task.id,
        customer_id=task.customer_id,
        reason=ReviewReason.NO_OCCASION if task.occasion is None else ReviewReason.AMONG_MANAGERS,
        given_by_id=by.actor_id,
        given_to_id=task.assignee_id,
        given_at=by.now,
    )
    await outbox.queue(task.customer_id, Template.TASK_REVIEW_BEGUN, by=by)
    about = {"review": review.id, "task": task.id, "customer": task.customer_id, "reason": review.reason}
    record(Event.TASK_REVIEW_BEGUN, by, changed={TaskReview: [review.id]}, **about)
