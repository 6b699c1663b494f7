"""Work on a customer's behalf: looked at, opened, given to somebody, closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models import Outcome, Purpose, TaskStatus
from policies import ir, search
from policies.actor import Actor
from policies.ir import Compare, Param, Path
from policies.search import Order
from procedures import task as tasks
from procedures.task import account_of
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import (
    After,
    Connection,
    Context,
    First,
    Guarded,
    Ident,
    Page,
    Plain,
    Question,
    Released,
    UserError,
    actor_of,
    attempt,
    by_id,
    decode,
    errors,
    key_of,
    one,
    page,
    recorded,
    shown,
    signed_in,
    value,
)

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(
    description="Work for one customer and one purpose; while it is open it is what opens data to its assignee."
)
class Task(Released, Guarded):
    """A task."""

    purpose: Purpose | None = value("What it is for.")
    status: TaskStatus | None = value("Whether it is open.")
    opened_at: datetime | None = value("When it was opened.")
    due_at: datetime | None = value("When it should be done.")
    closed_at: datetime | None = value("When it was closed.")
    outcome: Outcome | None = value("How it ended.")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "For whom it is done.", here="customer_id"
    )
    assignee: Employee | None = one(
        "Employee", "The employee who carries it.", here="assignee_id", there="actor_id"
    )
    client: PartnerClient | None = one(
        "PartnerClient", "The subcontractor's client that carries it.", here="assignee_id", there="actor_id"
    )


@strawberry.input(description="Which tasks.")
class TaskFilter:
    """Conditions on tasks, all of which must hold."""

    status: TaskStatus | None = strawberry.field(default=None, description="The task's status.")
    purpose: Purpose | None = strawberry.field(default=None, description="The task's purpose.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The customer it is about."
    )


@strawberry.type
class TaskQueries:
    """What can be asked about tasks."""

    @strawberry.field(description="A task by identifier; null when there is none for you.")
    async def task(self, info: Info[Context, None], id: Ident) -> Task | None:
        """One task."""
        found: Task | None = await by_id(info, "Task", id)
        return found

    @strawberry.field(description="The tasks you may see, the oldest first.")
    async def tasks(
        self,
        info: Info[Context, None],
        first: First = 50,
        after: After = None,
        filter: Annotated[TaskFilter | None, strawberry.argument(description="Which tasks.")] = None,
    ) -> Connection[Task]:
        """A page of tasks."""
        signed_in(info.context)
        question = _tasks(info.context, filter or TaskFilter())
        return await page(info, "Task", question, Page(first, after, Order("openedAt")))


@strawberry.input(description="A task to open.")
class TaskOpenInput:
    """Work for one customer and one purpose."""

    customer_id: strawberry.ID = strawberry.field(description="For whom.")
    purpose: Purpose = strawberry.field(description="What for.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="The employee or subcontractor's client who shall carry it; never oneself."
    )
    due_at: datetime | None = strawberry.field(default=None, description="When it should be done.")


@strawberry.type(description="A task opened.")
class TaskOpenPayload(Plain):
    """The task, as the actor may see it."""

    task: Task | None = strawberry.field(
        default=None, description="The task; null when it is not yours to see."
    )
    user_errors: list[UserError] = errors()


@strawberry.input(description="Who shall carry a task.")
class TaskAssignInput:
    """A task and its new assignee."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    assignee_id: strawberry.ID = strawberry.field(description="An employee or a subcontractor's client.")


@strawberry.type(description="A task assigned.")
class TaskAssignPayload(Plain):
    """The task, as the actor may see it."""

    task: Task | None = strawberry.field(
        default=None, description="The task; null when it is not yours to see."
    )
    user_errors: list[UserError] = errors()


@strawberry.input(description="A task to close.")
class TaskCloseInput:
    """A task and how it ended."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    outcome: Outcome = strawberry.field(default=Outcome.DONE, description="How it ended.")


@strawberry.type(description="A task closed; from now on it opens nothing.")
class TaskClosePayload(Plain):
    """The task, as the actor may see it."""

    task: Task | None = strawberry.field(
        default=None, description="The task; null when it is not yours to see."
    )
    user_errors: list[UserError] = errors()


@strawberry.type
class TaskMutations:
    """What can be done about tasks."""

    @strawberry.mutation(description="Open a task for a customer.")
    async def task_open(
        self,
        info: Info[Context, None],
        input: Annotated[TaskOpenInput, strawberry.argument(description="What to do.")],
    ) -> TaskOpenPayload:
        """Open a task."""
        done, errors = await attempt(_open(actor_of(info), input), info.context.actor)
        return TaskOpenPayload(task=await shown(info, "Task", "task", done), user_errors=errors)

    @strawberry.mutation(
        description="Give a task to an employee, or to a subcontractor's client under its agreement."
    )
    async def task_assign(
        self,
        info: Info[Context, None],
        input: Annotated[TaskAssignInput, strawberry.argument(description="What to do.")],
    ) -> TaskAssignPayload:
        """Assign a task."""
        done, errors = await attempt(_assign(actor_of(info), input), info.context.actor)
        return TaskAssignPayload(task=await shown(info, "Task", "task", done), user_errors=errors)

    @strawberry.mutation(description="Close a task.")
    async def task_close(
        self,
        info: Info[Context, None],
        input: Annotated[TaskCloseInput, strawberry.argument(description="What to do.")],
    ) -> TaskClosePayload:
        """Close a task."""
        done, errors = await attempt(_close(actor_of(info), input), info.context.actor)
        return TaskClosePayload(task=await shown(info, "Task", "task", done), user_errors=errors)


def _tasks(context: Context, filter: TaskFilter) -> Question:
    plan = context.policy.plan(context.actor, "Task")
    question = Question()
    if filter.status is not None:
        question = question.also(search.equals(plan, "status", "status"), {"status": filter.status.value})
    if filter.purpose is not None:
        question = question.also(search.equals(plan, "purpose", "purpose"), {"purpose": filter.purpose.value})
    if filter.customer_id is not None:
        field = Compare("=", Path(ir.THIS, ("customerId",)), Param("customer"))
        where = ir.conjunction([plan.grant("customer").condition, field])
        question = question.also(where, {"customer": key_of(filter.customer_id, "Customer")})
    return question


async def _open(
    actor: Actor, input: Annotated[TaskOpenInput, strawberry.argument(description="What to do.")]
) -> Any:
    assignee = None if input.assignee_id is None else await _carrier(input.assignee_id)
    customer = key_of(input.customer_id, "Customer")
    return await tasks.open(customer, input.purpose, by=actor, assignee_id=assignee, due_at=input.due_at)


async def _assign(
    actor: Actor, input: Annotated[TaskAssignInput, strawberry.argument(description="What to do.")]
) -> Any:
    task = key_of(input.task_id, "Task")
    return await tasks.assign(task, await _carrier(input.assignee_id), by=actor)


async def _close(
    actor: Actor, input: Annotated[TaskCloseInput, strawberry.argument(description="What to do.")]
) -> Any:
    return await tasks.close(key_of(input.task_id, "Task"), input.outcome, by=actor)


async def _carrier(identifier: str) -> UUID:
    """The actor behind an employee's or a partner's client's identifier."""
    return await account_of(*decode(identifier))
