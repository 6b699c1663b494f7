"""Work on a customer's behalf: looked at, opened, given to somebody, closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

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
    ContextInfo,
    First,
    Guarded,
    Ident,
    Input,
    Page,
    Payload,
    Question,
    Released,
    actor_of,
    by_id,
    decode,
    key_of,
    on_record,
    one,
    page,
    payload_of,
    recorded,
    signed_in,
    value,
)

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(
    description="A task for one customer and one purpose. While it is open, its assignee can read the "
    "data that the purpose needs."
)
class Task(Released, Guarded):
    """A task."""

    purpose: Purpose | None = value("The purpose.")
    status: TaskStatus | None = value("Whether it is open.")
    opened_at: datetime | None = value("When it was opened.")
    due_at: datetime | None = value("When it should be done.")
    closed_at: datetime | None = value("When it was closed; null while it is open.")
    outcome: Outcome | None = value("How it ended; null while it is open.")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "The customer.", here="customer_id"
    )
    assignee: Employee | None = one(
        "Employee",
        "The employee whom it is assigned to; null if there is none.",
        here="assignee_id",
        there="actor_id",
    )
    client: PartnerClient | None = one(
        "PartnerClient",
        "The partner's client that it is assigned to; null if there is none.",
        here="assignee_id",
        there="actor_id",
    )


@strawberry.input(description="Which tasks to return.")
class TaskFilter:
    """Conditions on tasks, all of which must hold."""

    status: TaskStatus | None = strawberry.field(default=None, description="Only tasks with this status.")
    purpose: Purpose | None = strawberry.field(default=None, description="Only tasks for this purpose.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only tasks for this customer."
    )


@strawberry.type
class TaskQueries:
    """What can be asked about tasks."""

    @strawberry.field(description="A task by identifier; null if there is none that you may see.")
    async def task(self, info: ContextInfo, id: Ident) -> Task | None:
        """One task."""
        found: Task | None = await by_id(info, "Task", id)
        return found

    @strawberry.field(description="The tasks that you may see, the oldest first.")
    async def tasks(
        self,
        info: ContextInfo,
        first: First = 50,
        after: After = None,
        filter: Annotated[
            TaskFilter | None, strawberry.argument(description="Which tasks to return.")
        ] = None,
    ) -> Connection[Task]:
        """A page of tasks."""
        signed_in(info.context)
        question = _tasks(info.context, filter or TaskFilter())
        return await page(info, "Task", question, Page(first, after, Order("openedAt")))


@strawberry.input(description="The task to open.")
class TaskOpenInput:
    """Work for one customer and one purpose."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    purpose: Purpose = strawberry.field(description="The purpose.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="The employee or partner's client to assign it to; not yourself."
    )
    due_at: datetime | None = strawberry.field(default=None, description="When it should be done.")


@strawberry.type
class _TaskPayload(Payload):
    """The task, as the actor may see it."""

    task: Task | None = strawberry.field(default=None, description="The task; null if you may not see it.")


@strawberry.type(description="The opened task.")
class TaskOpenPayload(_TaskPayload):
    """The task, as the actor may see it."""


@strawberry.input(description="The task, and whom to assign it to.")
class TaskAssignInput:
    """A task and its new assignee."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    assignee_id: strawberry.ID = strawberry.field(
        description="The employee or partner's client to assign it to."
    )


@strawberry.type(description="The assigned task.")
class TaskAssignPayload(_TaskPayload):
    """The task, as the actor may see it."""


@strawberry.input(description="The task to close.")
class TaskCloseInput:
    """A task and how it ended."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    outcome: Outcome = strawberry.field(default=Outcome.DONE, description="How it ended.")


@strawberry.type(description="The closed task; it no longer permits reading anything.")
class TaskClosePayload(_TaskPayload):
    """The task, as the actor may see it."""


@strawberry.type
class TaskMutations:
    """What can be done about tasks."""

    @strawberry.mutation(description="Open a task for a customer.")
    async def task_open(self, info: ContextInfo, input: Input[TaskOpenInput]) -> TaskOpenPayload:
        """Open a task."""
        return TaskOpenPayload(**await payload_of(info, "Task", _open(actor_of(info), input)))

    @strawberry.mutation(
        description="Assign a task to an employee, or to a partner's client under an agreement in force."
    )
    async def task_assign(self, info: ContextInfo, input: Input[TaskAssignInput]) -> TaskAssignPayload:
        """Assign a task."""
        return TaskAssignPayload(**await payload_of(info, "Task", _assign(actor_of(info), input)))

    @strawberry.mutation(description="Close a task; its assignee can no longer read the data by it.")
    async def task_close(self, info: ContextInfo, input: Input[TaskCloseInput]) -> TaskClosePayload:
        """Close a task."""
        work = on_record(tasks.close, "Task", input.task_id, input.outcome, by=actor_of(info))
        return TaskClosePayload(**await payload_of(info, "Task", work))


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


async def _open(actor: Actor, input: TaskOpenInput) -> Any:
    assignee = None if input.assignee_id is None else await _account(input.assignee_id)
    customer = key_of(input.customer_id, "Customer")
    return await tasks.open(customer, input.purpose, by=actor, assignee_id=assignee, due_at=input.due_at)


async def _assign(actor: Actor, input: TaskAssignInput) -> Any:
    task = key_of(input.task_id, "Task")
    return await tasks.assign(task, await _account(input.assignee_id), by=actor)


async def _account(identifier: str) -> UUID:
    """The account of an employee or a partner's client, by its identifier."""
    return await account_of(*decode(identifier))
