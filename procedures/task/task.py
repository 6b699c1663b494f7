"""Tasks: opening, assigning, putting off and closing what lets an assignee read a customer's data for a purpose."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import (
    Account,
    Agreement,
    Customer,
    Employee,
    Outcome,
    PartnerClient,
    Purpose,
    Task,
    TaskContent,
    TaskPriority,
    TaskStatus,
    opened,
)
from models.database import transaction
from models.errors import ProcedureError, Unfit
from models.event import Event
from models.values import later, line
from policies.actor import Actor
from policies.decide import may, require
from procedures.errors import AgreementRequired, AlreadyClosed, NotFound, SelfAssignment, TaskOverdue, found
from procedures.ledger import record
from procedures.task.occasion import have_reviewed, occasion_of

#: After how long a task is due where nobody says when.
TERM: Final = timedelta(days=30)
#: How far ahead a task may be due at most.
LONGEST: Final = timedelta(days=90)


@dataclass(frozen=True, repr=False)
class Said:
    """What is said of a task; of what is None nothing is, or it stays as it is.

    Attributes:
        subject: a line of up to 120 characters; an empty one takes it away.
        text: up to 2,000 characters; an empty one takes it away.
        priority: how urgent it is.
    """

    subject: str | None = None
    text: str | None = None
    priority: TaskPriority | None = None

    def content(self, before: TaskContent | None) -> TaskContent | None:
        """What is kept sealed of it; None for nothing.

        Raises:
            Unfit: it is too long, or no plain text.
        """
        content = before or TaskContent()
        if self.subject is not None:
            content = replace(content, subject=_text(self.subject, "subject", 120))
        if self.text is not None:
            content = replace(content, text=_text(self.text, "text", 2_000))
        return None if content == TaskContent() else content


NOTHING_SAID: Final = Said()


@dataclass(frozen=True, repr=False)
class Next:
    """A task that is to follow another of the same customer's.

    Attributes:
        purpose: for what.
        assignee_id: the account of whom it is given to; nobody yet where None.
        due_at: from when on it opens nothing; 30 days from now where None.
        said: what is to be done, and how urgent it is.
    """

    purpose: Purpose
    assignee_id: UUID | None = None
    due_at: datetime | None = None
    said: Said = NOTHING_SAID

    async def open(self, customer_id: UUID, *, by: Actor) -> Task:
        """Open it for a customer; raises what `open` does."""
        return await open(
            customer_id, self.purpose, by=by, assignee_id=self.assignee_id, due_at=self.due_at, said=self.said
        )


async def open(  # noqa: A001 the verb that goes with a task; no file is opened
    customer_id: UUID,
    purpose: Purpose,
    *,
    by: Actor,
    assignee_id: UUID | None = None,
    due_at: datetime | None = None,
    said: Said = NOTHING_SAID,
) -> Task:
    """Open a task for a customer; naming an assignee is assigning it, and needs that permission as well.

    Args:
        customer_id: for whom.
        purpose: for what.
        by: who opens it.
        assignee_id: whom it is given to; nobody yet unless given.
        due_at: from when on it opens nothing; 30 days from now unless given.
        said: what is to be done, and how urgent it is.

    Raises:
        Refused: the actor may not open tasks for this customer, or for this purpose, or not assign them.
        SelfAssignment, AgreementRequired, NotFound: as for `assign`.
        Unfit: the due date has passed, or is more than 90 days ahead; or a text cannot be used.
    """
    async with transaction():
        # A customer who is leaving is waited for.
        await Customer.filter(id=customer_id).select_for_update(no_key=True).first()
        await require(by, "open_task", "Customer", customer_id)
        now = by.now
        due = _checked_day(due_at or now + TERM, now)
        task = await Task.create(
            customer_id=customer_id,
            purpose=purpose,
            opened_by_id=by.actor_id,
            opened_at=now,
            due_at=due,
            priority=said.priority or TaskPriority.NORMAL,
            content=said.content(None),
        )
        # What it is for is asked once it is there; what is refused is undone.
        await require(by, "open", "Task", task.id)
        record_event(Event.TASK_OPENED, task.id, customer_id, by, purpose=purpose)
        return task if assignee_id is None else await assign(task.id, assignee_id, by=by)


async def assign(task_id: UUID, assignee_id: UUID, *, by: Actor) -> Task:
    """Assign an open task to an employee, or to a partner's client under the agreement that binds the partner.

    The policies are asked three times: whether the actor may assign the task, and, once it is assigned, whether it may
    be to that assignee, and without a review.

    Raises:
        Refused: the actor may not assign this task.
        SelfAssignment, AgreementRequired, NotFound: not to this assignee; or there is no such task.
        AlreadyClosed: the task is closed.
        TaskOverdue: its day is over.
    """
    async with transaction():
        await require(by, "assign", "Task", task_id)
        task = await _task(task_id)
        if task.status is TaskStatus.OPEN and (task.due_at is None or task.due_at <= by.now):
            raise TaskOverdue
        # Who is being deactivated is waited for: what is given then goes back with the rest, or is refused.
        account = await Account.filter(id=assignee_id).select_for_update(no_key=True).first()
        found(account, "assignee", "assigneeId")
        agreement_id = await _agreement(assignee_id, task.purpose, by.now)
        occasion = await occasion_of(task, by.now)
        await _change(task_id, assignee_id=assignee_id, agreement_id=agreement_id, occasion=occasion)
        if not await may(by, "assign_to", "Task", task_id):
            raise await _refusal(assignee_id, agreement_id, by)
        record_event(Event.TASK_ASSIGNED, task_id, task.customer_id, by, assignee=assignee_id)
        task = await _task(task_id)
        await have_reviewed(task, by=by)
        return task


async def extend(task_id: UUID, due_at: datetime, *, by: Actor) -> Task:
    """Put off the day from which an open task opens nothing; it is reviewed as if it were given anew.

    Raises:
        Refused: the actor may not put this task off, or carries it.
        AlreadyClosed: the task is closed.
        Unfit: the day has passed, or is more than 90 days ahead.
    """
    async with transaction():
        await require(by, "extend", "Task", task_id)
        task, due = await _task(task_id), _checked_day(due_at, by.now)
        occasion = await occasion_of(task, by.now)
        await _change(task_id, due_at=due, extended_at=by.now, occasion=occasion)
        record_event(Event.TASK_EXTENDED, task_id, task.customer_id, by)
        task = await _task(task_id)
        await have_reviewed(task, by=by)
        return task


async def change(task_id: UUID, said: Said, *, by: Actor) -> Task:
    """Change what is said of an open task, and how urgent it is.

    Raises:
        Refused: the actor may not change this task.
        AlreadyClosed: the task is closed.
        Unfit: a text cannot be used.
    """
    async with transaction():
        await require(by, "change", "Task", task_id)
        task = await Task.filter(id=task_id).select_for_update(no_key=True).get()
        if task.status is not TaskStatus.OPEN:
            raise AlreadyClosed
        task.content = said.content(await opened(task))
        task.priority = said.priority or task.priority
        await task.save(update_fields=["content", "priority"])
        record(Event.TASK_CHANGED, by, task=task_id, customer=task.customer_id)
        return task


async def close(task_id: UUID, outcome: Outcome, *, by: Actor) -> Task:
    """Close a task; from then on nothing can be read by it.

    Raises:
        Refused: the actor may not close this task.
        NotFound: there is no such task.
        AlreadyClosed: it was closed before; nothing changes.
    """
    async with transaction():
        await require(by, "close", "Task", task_id)
        await _change(task_id, status=TaskStatus.CLOSED, closed_at=by.now, outcome=outcome)
        task = await _task(task_id)
        record_event(Event.TASK_CLOSED, task_id, task.customer_id, by, outcome=outcome)
        return task


async def close_with_next(
    task_id: UUID, outcome: Outcome, following: Next, *, by: Actor
) -> tuple[Task, Task]:
    """Close a task and open the one that follows it, or neither; returns both.

    Each is judged as if it were asked for alone: whoever may not open the next task, or not give it to that assignee,
    closes nothing either.

    Raises:
        Refused, NotFound, AlreadyClosed: as for `close`.
        Refused, SelfAssignment, AgreementRequired, NotFound, Unfit: as for `open`.
    """
    async with transaction():
        await require(by, "close", "Task", task_id)
        # The next one first: while they carry this one, staff are at work for the customer, and may open another.
        opened_next = await following.open((await _task(task_id)).customer_id, by=by)
        return await close(task_id, outcome, by=by), opened_next


async def account_of(record: str, id: UUID) -> UUID:
    """The id of the account of an assignee: an employee, or a partner's client.

    Args:
        record: the name of its record.
        id: of that.

    Raises:
        NotFound: there is no such assignee.
    """
    return found(await account_or_none(record, id), "assignee", "assigneeId")


async def account_or_none(record: str, id: UUID) -> UUID | None:
    """The same; None where there is no such assignee."""
    kinds: dict[str, type[Employee | PartnerClient]] = {"Employee": Employee, "PartnerClient": PartnerClient}
    assignee = await kinds[record].get_or_none(id=id) if record in kinds else None
    return None if assignee is None else assignee.actor_id


def record_event(event: Event, task_id: UUID, customer_id: UUID, by: Actor | None, **details: Any) -> None:
    """Record an event of a task, in the transaction under way."""
    record(event, by, changed={Task: [task_id]}, task=task_id, customer=customer_id, **details)


def _text(text: str, field: str, longest: int) -> str | None:
    return line(text, field, longest) if text.strip() else None


def _checked_day(due_at: datetime, now: datetime) -> datetime:
    if later(due_at, "dueAt", than=now) > now + LONGEST:
        raise Unfit(
            f"A task is due within {LONGEST.days} days. Name an earlier day; it can be put off.", "dueAt"
        )
    return due_at


async def _task(task_id: UUID) -> Task:
    return found(await Task.get_or_none(id=task_id), "task", "taskId")


async def _change(task_id: UUID, **values: object) -> None:
    # The condition and the change are one statement, so that of two at once the later sees the earlier.
    if not await Task.filter(id=task_id, status=TaskStatus.OPEN).update(**values):
        raise AlreadyClosed if await Task.exists(id=task_id) else NotFound("task", "taskId")


async def _agreement(assignee_id: UUID, purpose: Purpose, now: datetime) -> UUID | None:
    """The agreement under which a partner's client is given a task: of several, the one that lasts longest.

    It is only chosen here; whether it binds is for the policies to say. None where there is none, as for employees.
    """
    agreements = Agreement.filter(
        partner__clients__actor_id=assignee_id, signed=True, from_at__lte=now, until_at__gt=now,
        terms__purpose=purpose,
    )  # fmt: skip
    longest = await agreements.order_by("-until_at", "id").first()
    return longest.id if longest else None


async def _refusal(assignee_id: UUID, agreement_id: UUID | None, by: Actor) -> ProcedureError:
    """What an actor is told who may assign a task, but not to this assignee; that was decided before."""
    if assignee_id == by.actor_id:
        return SelfAssignment()
    working = PartnerClient.filter(actor_id=assignee_id, actor__active=True, partner__active=True)
    if agreement_id is None and await working.exists():
        return AgreementRequired()
    return NotFound("assignee", "assigneeId")
