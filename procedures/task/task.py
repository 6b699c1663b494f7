"""Tasks: opening, assigning and closing what lets an assignee read a customer's data for a purpose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models import (
    Account,
    AccountKind,
    Agreement,
    Customer,
    CustomerStatus,
    Employee,
    Outcome,
    PartnerClient,
    Purpose,
    Task,
    TaskStatus,
)
from models.database import transaction
from models.event import Event
from models.values import later
from policies.actor import Actor
from policies.decide import require
from procedures.errors import AgreementRequired, AlreadyClosed, NotFound, SelfAssignment, found
from procedures.ledger import record


async def open(  # noqa: A001 the verb that goes with a task; no file is opened
    customer_id: UUID,
    purpose: Purpose,
    *,
    by: Actor,
    assignee_id: UUID | None = None,
    due_at: datetime | None = None,
) -> Task:
    """Open a task for a customer; naming an assignee is assigning it, and needs that permission as well.

    Raises:
        Refused: the actor may not open tasks for this customer, or not assign them.
        SelfAssignment, AgreementRequired, NotFound: as for `assign`.
        Unfit: the due date has passed.
    """
    async with transaction():
        await require(by, "open_task", "Customer", customer_id)
        now = by.now
        if due_at is not None:
            later(due_at, "dueAt", than=now)
        if not await Customer.filter(id=customer_id, status=CustomerStatus.ACTIVE).exists():
            raise NotFound("customer", "customerId")
        task = await Task.create(
            customer_id=customer_id, purpose=purpose, opened_by_id=by.actor_id, opened_at=now, due_at=due_at
        )
        record_event(Event.TASK_OPENED, task.id, customer_id, by, purpose=purpose)
        return task if assignee_id is None else await assign(task.id, assignee_id, by=by)


async def assign(task_id: UUID, assignee_id: UUID, *, by: Actor) -> Task:
    """Assign an open task to an employee, or to a partner's client under the agreement that binds the partner.

    Raises:
        Refused: the actor may not assign this task.
        SelfAssignment: the assignee would be the actor.
        NotFound: there is no such task, or no such active assignee.
        AgreementRequired: the partner is not bound for the task's purpose.
        AlreadyClosed: the task is closed.
    """
    async with transaction():
        await require(by, "assign", "Task", task_id)
        if assignee_id == by.actor_id:
            raise SelfAssignment
        task = await _task(task_id)
        agreement_id = await _agreement(assignee_id, task.purpose, by.now)
        await _change(task_id, assignee_id=assignee_id, agreement_id=agreement_id)
        record_event(Event.TASK_ASSIGNED, task_id, task.customer_id, by, assignee=assignee_id)
        return await _task(task_id)


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


async def account_of(record: str, id: UUID) -> UUID:
    """The id of the account of an assignee: an employee, or a partner's client.

    Args:
        record: the name of its record.
        id: of that.

    Raises:
        NotFound: there is no such assignee.
    """
    kinds: dict[str, type[Employee | PartnerClient]] = {"Employee": Employee, "PartnerClient": PartnerClient}
    assignee = await kinds[record].get_or_none(id=id) if record in kinds else None
    if assignee is None:
        raise NotFound("assignee", "assigneeId")
    return assignee.actor_id


def record_event(event: Event, task_id: UUID, customer_id: UUID, by: Actor | None, **details: Any) -> None:
    """Record an event of a task, in the transaction under way."""
    record(event, by, changed={Task: [task_id]}, task=task_id, customer=customer_id, **details)


async def _task(task_id: UUID) -> Task:
    return found(await Task.get_or_none(id=task_id), "task", "taskId")


async def _change(task_id: UUID, **values: object) -> None:
    # The condition and the change are one statement, so that of two at once the later sees the earlier.
    if not await Task.filter(id=task_id, status=TaskStatus.OPEN).update(**values):
        raise AlreadyClosed if await Task.exists(id=task_id) else NotFound("task", "taskId")


async def _agreement(assignee_id: UUID, purpose: Purpose, now: datetime) -> UUID | None:
    """The agreement in force that binds an assignee; None for an employee."""
    assignee = await Account.get_or_none(id=assignee_id, active=True)
    if assignee is None or assignee.kind is AccountKind.CUSTOMER:
        raise NotFound("assignee", "assigneeId")
    if assignee.kind is AccountKind.EMPLOYEE:
        return None
    client = await PartnerClient.get_or_none(actor_id=assignee_id, partner__active=True)
    return await _in_force(found(client, "assignee", "assigneeId").partner_id, purpose, now)


async def _in_force(partner_id: UUID, purpose: Purpose, now: datetime) -> UUID:
    """The agreement that binds a partner for a purpose: of several, the one that lasts longest."""
    agreement = (
        await Agreement.filter(
            partner_id=partner_id, signed=True, from_at__lte=now, until_at__gt=now, terms__purpose=purpose
        )
        .order_by("-until_at", "id")
        .first()
    )
    if agreement is None:
        raise AgreementRequired
    return agreement.id
