"""Work on a customer's behalf: looked at, opened, given to somebody, put off, closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import Occasion, Outcome, Purpose, TaskStatus
from policies.actor import Actor
from policies.conditions import Compare, Param, Path, ir
from policies.statements import Order
from procedures import task as tasks
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import (
    Context,
    CustomerId,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    having,
    input_type,
    key_of,
    many,
    mutation,
    one,
    one_of,
    recorded,
    value,
)

if TYPE_CHECKING:
    from schema.customer import Customer
    from schema.task_review import TaskReview


@recorded
class Task(Released, Guarded):
    """A task for one customer and one purpose.

    While it is open, its assignee can read the data that the purpose needs, until it is due.
    """

    purpose: Purpose | None = value("The purpose.")
    status: TaskStatus | None = value("Whether it is open.")
    opened_at: datetime | None = value("When it was opened.")
    due_at: datetime | None = value(
        "When it should be done: from then on it permits reading nothing, until it is put off."
    )
    extended_at: datetime | None = value("When `dueAt` was put off last; null if it was not.")
    occasion: Occasion | None = value(
        "What of the customer's own asked for it when it was assigned or put off last; null if nothing did, or "
        "it was not assigned."
    )
    closed_at: datetime | None = value("When it was closed; null while it is open.")
    outcome: Outcome | None = value("How it ended; null while it is open.")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    assignee: Employee | None = one(
        "The employee whom it is assigned to; null if there is none.", there="actor_id"
    )
    client: PartnerClient | None = one(
        "The partner's client that it is assigned to; null if there is none.",
        here="assignee_id",
        there="actor_id",
    )
    reviews: list[Annotated[TaskReview, strawberry.lazy("schema.task_review")]] | None = many(
        "The reviews of its being assigned or put off; none where something of the customer's own asked for it."
    )


@input_type
class TaskFilter:
    """Which tasks to return."""

    status: TaskStatus | None = value("Only tasks with this status.", default=None)
    purpose: Purpose | None = value("Only tasks for this purpose.", default=None)
    customer_id: strawberry.ID | None = value("Only tasks for this customer.", default=None)


def _where(context: Context, filter: TaskFilter) -> Question:
    question = having(context, "Task", {"status": filter.status, "purpose": filter.purpose})
    if filter.customer_id is not None:
        visible = context.policy.plan(context.actor, "Task").grant("customer").condition
        of = Compare("=", Path(ir.THIS, ("customerId",)), Param("customer"))
        key = key_of(filter.customer_id, "Customer")
        question = question.also(ir.conjunction([visible, of]), {"customer": key})
    return question


TASK = one_of(Task, "task", "A task by identifier; null if there is none that you may see.")
TASKS = all_of(
    Task,
    "tasks",
    "The tasks that you may see, the oldest first.",
    Order("openedAt"),
    TaskFilter,
    _where,
)

#: What mutations of tasks show.
SHOWN = {"task": (Task, "The task; null if you may not see it.")}

TaskId = Annotated[UUID, Id("Task"), "The task."]
AssigneeId = Annotated[tuple[str, UUID], Id(), "The employee or partner's client to assign it to."]


@mutation("The opened task.", SHOWN, input="The task to open.", creates=True)
async def task_open(
    customer_id: CustomerId,
    purpose: Annotated[Purpose, "The purpose."],
    assignee_id: Annotated[
        tuple[str, UUID] | None, Id(), "The employee or partner's client to assign it to; not yourself."
    ] = None,
    due_at: Annotated[
        datetime | None, "When it should be done, at most 90 days from now; in 30 days unless given."
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Open a task for a customer."""
    assignee = None if assignee_id is None else await tasks.account_of(*assignee_id)
    return await tasks.open(customer_id, purpose, by=by, assignee_id=assignee, due_at=due_at)


@mutation("The assigned task.", SHOWN, input="The task, and whom to assign it to.")
async def task_assign(task_id: TaskId, assignee_id: AssigneeId, *, by: Actor) -> Any:
    """Assign a task to an employee, or to a partner's client under an agreement in force."""
    return await tasks.assign(task_id, await tasks.account_of(*assignee_id), by=by)


@mutation("The task with its new day.", SHOWN, input="The task to put off, and until when.")
async def task_extend(
    task_id: TaskId,
    due_at: Annotated[datetime, "When it should be done now, at most 90 days from now."],
    *,
    by: Actor,
) -> Any:
    """Put off when an open task is due, and with that until when its assignee can read the data; not one's own."""
    return await tasks.extend(task_id, due_at, by=by)


@mutation("The closed task; it no longer permits reading anything.", SHOWN, input="The task to close.")
async def task_close(
    task_id: TaskId, outcome: Annotated[Outcome, "How it ended."] = Outcome.DONE, *, by: Actor
) -> Any:
    """Close a task; its assignee can no longer read the data by it."""
    return await tasks.close(task_id, outcome, by=by)
