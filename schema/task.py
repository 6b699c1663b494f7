"""Work on a customer's behalf: looked at, opened, given to somebody, put off, closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import Choice, Occasion, Outcome, Purpose, TaskPriority, TaskStatus
from policies.actor import Actor
from policies.conditions import Compare, Const, Param, Path, ir
from policies.statements import Order
from procedures import task as tasks_
from schema.employee import Employee
from schema.enums import Direction, choice
from schema.partner import PartnerClient
from schema.reading import (
    After,
    Connection,
    Context,
    ContextInfo,
    CustomerId,
    First,
    Guarded,
    Id,
    Page,
    Question,
    Released,
    actor_of,
    before,
    decode,
    having,
    input_type,
    key_of,
    many,
    mutation,
    one,
    one_of,
    page,
    query,
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
    priority: TaskPriority | None = value("How urgent it is.")
    subject: str | None = value(
        "What is to be done, in a line; null if nobody said, and unless you carry the task or it is yours."
    )
    text: str | None = value("More of what is to be done; null as `subject` is.")
    opened_at: datetime | None = value("When it was opened.")
    due_at: datetime | None = value(
        "When it should be done: from then on it permits reading nothing, until it is put off."
    )
    extended_at: datetime | None = value("When `dueAt` was put off last; null if it was not.")
    handed_back_at: datetime | None = value(
        "When it last went back to the managers, because who had it could carry it no longer; null if it did not."
    )
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
    priority: TaskPriority | None = value("Only tasks as urgent as this.", default=None)
    assignee_id: strawberry.ID | None = value(
        "Only tasks of this employee or partner's client.", default=None
    )
    assigned: bool | None = value("Only tasks that somebody has (true) or nobody (false).", default=None)
    due_before: datetime | None = value("Only tasks that are due before this time.", default=None)
    overdue: bool | None = value("Only open tasks whose day is over (true) or is not (false).", default=None)


@choice
class TaskSort(Choice):
    """What to sort tasks by."""

    OPENED_AT = "openedAt", "When it was opened."
    DUE_AT = "dueAt", "When it is due."
    PRIORITY = "priority", "How urgent it is, the most urgent first."


@input_type
class TaskOrder:
    """How to sort tasks. Values that you may not read come last."""

    by: TaskSort = value("What to sort by.", default=TaskSort.OPENED_AT)
    direction: Direction = value("The direction.", default=Direction.ASC)


TASK = one_of(Task, "task", "A task by identifier; null if there is none that you may see.")


@query
async def tasks(
    first: First = 50,
    after: After = None,
    filter: Annotated[TaskFilter | None, "Which tasks to return."] = None,
    order_by: Annotated[TaskOrder | None, "How to sort them; the oldest first if left out."] = None,
    *,
    info: ContextInfo,
) -> Connection[Task]:
    """The tasks that you may see."""
    actor_of(info)
    sorting = order_by or TaskOrder()
    order = Order(sorting.by.value, sorting.direction is Direction.DESC)
    question = await _where(info.context, filter or TaskFilter())
    return await page(info, "Task", question, Page(first, after, order))


async def _where(context: Context, filter: TaskFilter) -> Question:
    """The filter as conditions on cells the actor may see."""
    equal = {"status": filter.status, "purpose": filter.purpose, "priority": filter.priority}
    question = having(context, "Task", equal)
    if filter.customer_id is not None:
        key = key_of(filter.customer_id, "Customer", "customerId")
        question = _field(
            question, context, "customer", _id("customerId", "=", Param("customer")), customer=key
        )
    if filter.assignee_id is not None:
        account = await tasks_.account_or_none(*decode(filter.assignee_id, "assigneeId"))
        found = _id("assigneeId", "=", Param("account"))
        question = _field(question, context, "assignee", found, account=account or NOBODY)
    if filter.assigned is not None:
        found = _id("assigneeId", "!=" if filter.assigned else "=", Const(None))
        question = _field(question, context, "assignee", found)
    question = before(question, context, "Task", "dueAt", filter.due_before)
    if filter.overdue is not None:
        question = question.also(_overdue(context, over=filter.overdue), {"now": context.actor.now})
    return question


#: The key of a record that there is not.
NOBODY = UUID(int=0)


def _id(column: str, sign: Any, value: Param | Const) -> Compare:
    return Compare(sign, Path(ir.THIS, (column,)), value)


def _field(question: Question, context: Context, field: str, holds: Compare, **values: Any) -> Question:
    """The same, with a condition on a field that the actor may see."""
    visible = context.policy.plan(context.actor, "Task").grant(field).condition
    return question.also(ir.conjunction([visible, holds]), values)


def _overdue(context: Context, *, over: bool) -> ir.Condition:
    grant = context.policy.plan(context.actor, "Task").grant
    due = Compare("<=" if over else ">", Path(ir.THIS, ("dueAt",)), Param("now"))
    open_ = Compare("=", Path(ir.THIS, ("status",)), Const(TaskStatus.OPEN.value))
    return ir.conjunction([grant("dueAt").condition, grant("status").condition, open_, due])


#: What mutations of tasks show.
SHOWN = {"task": (Task, "The task; null if you may not see it.")}

Subject = Annotated[str | None, "What is to be done, in up to 120 characters; an empty text takes it away."]
Text = Annotated[str | None, "More of what is to be done, in up to 2,000 characters; the customer sees it."]
Priority = Annotated[TaskPriority | None, "How urgent it is."]
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
    subject: Subject = None,
    text: Text = None,
    priority: Priority = None,
    *,
    by: Actor,
) -> Any:
    """Open a task for a customer."""
    assignee = None if assignee_id is None else await tasks_.account_of(*assignee_id)
    said = tasks_.Said(subject, text, priority)
    return await tasks_.open(customer_id, purpose, by=by, assignee_id=assignee, due_at=due_at, said=said)


@mutation("The changed task.", SHOWN, input="The task, and what to change; what is left out stays.")
async def task_change(
    task_id: TaskId,
    subject: Subject = None,
    text: Text = None,
    priority: Priority = None,
    *,
    by: Actor,
) -> Any:
    """Change what is said of an open task, or how urgent it is."""
    return await tasks_.change(task_id, tasks_.Said(subject, text, priority), by=by)


@mutation("The assigned task.", SHOWN, input="The task, and whom to assign it to.")
async def task_assign(task_id: TaskId, assignee_id: AssigneeId, *, by: Actor) -> Any:
    """Assign a task to an employee, or to a partner's client under an agreement in force."""
    return await tasks_.assign(task_id, await tasks_.account_of(*assignee_id), by=by)


@mutation("The task with its new day.", SHOWN, input="The task to put off, and until when.")
async def task_extend(
    task_id: TaskId,
    due_at: Annotated[datetime, "When it should be done now, at most 90 days from now."],
    *,
    by: Actor,
) -> Any:
    """Put off when an open task is due, and with that until when its assignee can read the data; not one's own."""
    return await tasks_.extend(task_id, due_at, by=by)


@input_type
class NextTaskInput:
    """A task for the same customer that follows another; judged as `taskOpen` and `taskAssign` are."""

    purpose: Purpose = value("The purpose.")
    assignee_id: strawberry.ID | None = value(
        "The employee or partner's client to assign it to; not yourself. Nobody yet if left out.",
        default=None,
    )
    due_at: datetime | None = value(
        "When it should be done, at most 90 days from now; in 30 days unless given.", default=None
    )
    subject: str | None = value("What is to be done, in up to 120 characters.", default=None)
    text: str | None = value(
        "More of what is to be done, in up to 2,000 characters; the customer sees it.", default=None
    )
    priority: TaskPriority | None = value("How urgent it is.", default=None)


async def next_of(given: NextTaskInput) -> tasks_.Next:
    """The same for the procedures.

    Raises:
        MalformedId: what is named as the assignee is no identifier.
        NotFound: there is no such assignee.
    """
    assignee = (
        None
        if given.assignee_id is None
        else await tasks_.account_of(*decode(given.assignee_id, "assigneeId"))
    )
    said = tasks_.Said(given.subject, given.text, given.priority)
    return tasks_.Next(given.purpose, assignee, given.due_at, said)


#: The payload's field for a task that follows another.
NEXT = {"next_task": (Task, "The task that follows; null if none was asked for, or you may not see it.")}


@mutation(
    "The closed task, which no longer permits reading anything, and the one that follows it.",
    SHOWN | NEXT,
    input="The task to close, and what follows it.",
    creates=True,
)
async def task_close(
    task_id: TaskId,
    outcome: Annotated[Outcome, "How it ended."] = Outcome.DONE,
    next_task: Annotated[
        NextTaskInput | None,
        "The task that follows, opened together with this one's end, or neither is done.",
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Close a task; its assignee can no longer read the data by it. What is still to be done may follow as another task."""
    if next_task is None:
        return await tasks_.close(task_id, outcome, by=by), None
    return await tasks_.close_with_next(task_id, outcome, await next_of(next_task), by=by)
