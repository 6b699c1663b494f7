"""Reviews of tasks that were given without an occasion or among managers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import ReviewReason, Verdict
from policies.actor import Actor
from policies.conditions import ir
from policies.statements import Order
from procedures.task import task_review
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import (
    Context,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    input_type,
    mutation,
    one,
    one_of,
    recorded,
    value,
)
from schema.reviewed import Reviewed, with_verdict
from schema.task import Task

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
class TaskReview(Reviewed, Released, Guarded):
    """The review of a task's being assigned, or put off, without an occasion of the customer's own or among managers."""

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    task: Task | None = one("The task.")
    reason: ReviewReason | None = value("Why it is reviewed.")
    given_at: datetime | None = value("When the task was assigned or put off.")
    given_by: Employee | None = one("The employee who did that.", there="actor_id")
    given_to: Employee | None = one(
        "The employee who had the task then; null if it was a partner's client.", there="actor_id"
    )
    given_to_client: PartnerClient | None = one(
        "The partner's client that had the task then; null if it was an employee.",
        here="given_to_id",
        there="actor_id",
    )


@input_type
class TaskReviewFilter:
    """Which reviews of tasks to return."""

    reviewed: bool | None = value("Only those with a verdict (true) or without one (false).", default=None)


def _where(context: Context, filter: TaskReviewFilter) -> Question:
    if filter.reviewed is None:
        return Question()
    visible = context.policy.plan(context.actor, "TaskReview").grant("verdict").condition
    return Question().also(ir.conjunction([visible, with_verdict(filter.reviewed)]), {})


TASK_REVIEW = one_of(
    TaskReview, "task_review", "A review of a task by identifier; null if there is none that you may see."
)
TASK_REVIEWS = all_of(
    TaskReview,
    "task_reviews",
    "The reviews of tasks that you may see, the first given first.",
    Order("givenAt"),
    TaskReviewFilter,
    _where,
)


@mutation(
    "The review with its verdict, which is final.",
    {"task_review": (TaskReview, "The review.")},
    input="A verdict on the giving of a task.",
)
async def task_review_decide(
    task_review_id: Annotated[UUID, Id("TaskReview"), "The review."],
    verdict: Annotated[Verdict, "The verdict."],
    note: Annotated[str, "The findings."],
    *,
    by: Actor,
) -> Any:
    """Decide a review; not by who opened, assigned or has the task. One that was not necessary is closed."""
    return await task_review.decide(task_review_id, verdict, note, by=by)
