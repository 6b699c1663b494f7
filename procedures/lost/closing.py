"""Closing again what a restored backup has open: nothing here needs the vault, and nothing opens anything.

Each changes nothing where it is closed already or not there, and records what it changes
as whoever closed it at first did, by the system.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import (
    Account,
    BreakGlass,
    BreakGlassState,
    Customer,
    CustomerStatus,
    Employee,
    EmployeeRole,
    Outcome,
    Partner,
    PasswordCode,
    Request,
    RequestState,
    Role,
    Session,
    Task,
    TaskStatus,
)
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import difference, staff
from procedures.access import session, user
from procedures.errors import NotFound
from procedures.ledger import Word, record
from procedures.request import OPEN
from procedures.staff import employee_role, partner
from procedures.task import agreement, record_event, request_task


async def end_sessions() -> None:
    """End every session and every code by which somebody gets in: whether one was ended since, nobody knows."""
    async with transaction():
        for actor_id in sorted({each.actor_id for each in await Session.filter(ended_at=None)}):
            if ended := await session.end_all(actor_id, utc_now()):
                details: dict[str, Any] = {"actor": actor_id, "sessions": len(ended)}
                record(Event.USER_SESSIONS_ENDED, None, changed={Session: ended}, **details)
        # A code that is gone lets nobody in, and needs no entry.
        await PasswordCode.filter(used_at=None).delete()


async def restrict(customer_id: UUID) -> None:
    """Have nobody use a customer's data."""
    async with transaction():
        known = Customer.filter(id=customer_id, status=CustomerStatus.ACTIVE, restricted=False)
        if await known.update(restricted=True):
            record(Event.RESTRICTION_BEGUN, None, changed={Customer: [customer_id]}, customer=customer_id)


async def _end_session(_: Word) -> None:
    """Nothing of its own: `end_sessions` ends all of them."""


async def _shut_out(word: Word) -> None:
    async with transaction():
        account = await Account.get_or_none(id=word.data["actor"], active=True)
        if account is not None:
            await staff.deactivate(account, utc_now())


async def _void_password(word: Word) -> None:
    async with transaction():
        account = await Account.get_or_none(id=word.data["actor"], password_hash__isnull=False)
        if account is not None:
            values = {"password_hash": None}
            await user.change(account.id, Event.USER_PASSWORD_VOIDED, utc_now(), values)


async def _take_role(word: Word) -> None:
    async with transaction():
        actor_id, role = word.data["actor"], Role(word.data["role"])
        employee = await Employee.get_or_none(actor_id=actor_id).prefetch_related("actor")
        if employee is None:
            return
        if await EmployeeRole.filter(employee_id=employee.id).exclude(role=role).exists():
            await employee_role.taken(employee, role, None)
        elif await EmployeeRole.exists(employee_id=employee.id):
            # The role that they had instead is lost: without any they can do nothing.
            await staff.deactivate(employee.actor, utc_now())


async def _shut_partner(word: Word) -> None:
    async with transaction():
        found = await Partner.get_or_none(id=word.data["partner"], active=True)
        if found is not None:
            await partner.deactivate_in_transaction(found, utc_now())


async def _end_agreement(word: Word) -> None:
    with suppress(NotFound):
        await agreement.end(UUID(word.data["agreement"]))


async def _take_task(word: Word) -> None:
    """Take a task from whoever has it in the backup, unless it was given to them at last."""
    async with transaction():
        task = await Task.get_or_none(id=word.data["task"], status=TaskStatus.OPEN)
        last = word.data["assignee"] if word.event is Event.TASK_ASSIGNED else None
        if task is None or task.assignee_id is None or str(task.assignee_id) == last:
            return
        taken = {"assignee_id": None, "agreement_id": None, "occasion": None, "handed_back_at": utc_now()}
        await Task.filter(id=task.id).update(**taken)
        record_event(Event.TASK_HANDED_BACK, task.id, task.customer_id, None, assignee=task.assignee_id)


async def _close_task(word: Word) -> None:
    async with transaction():
        task, outcome = await Task.get_or_none(id=word.data["task"]), Outcome(word.data["outcome"])
        closed: dict[str, Any] = {
            "status": TaskStatus.CLOSED,
            "closed_at": _not_before(task, word.at),
            "outcome": outcome,
        }
        if task is not None and await Task.filter(id=task.id, status=TaskStatus.OPEN).update(**closed):
            record_event(Event.TASK_CLOSED, task.id, task.customer_id, None, outcome=outcome)


def _not_before(task: Task | None, at: datetime) -> datetime:
    return at if task is None else max(at, task.opened_at)


async def _end_break_glass(word: Word) -> None:
    async with transaction():
        states = (BreakGlassState.REQUESTED, BreakGlassState.APPROVED)
        found = await BreakGlass.get_or_none(id=word.data["breakGlass"], state__in=states)
        if found is not None:
            ended = {"state": BreakGlassState.ENDED, "ends_at": min(found.ends_at, utc_now())}
            await BreakGlass.filter(id=found.id).update(**ended)
            details: dict[str, Any] = {"breakGlass": found.id, "customer": found.customer_id}
            record(Event.BREAK_GLASS_ENDED, None, changed={BreakGlass: [found.id]}, **details)


async def _restrict(word: Word) -> None:
    await restrict(UUID(word.data["customer"]))


async def _take_back(word: Word) -> None:
    async with transaction():
        found = await Request.get_or_none(id=word.data["request"], state__in=list(OPEN))
        if found is None:
            return
        await Request.filter(id=found.id).update(state=RequestState.WITHDRAWN, content=None)
        await request_task.close(found, Outcome.CANCELLED, now=utc_now())
        details: dict[str, Any] = {"request": found.id, "customer": found.customer_id}
        record(Event.REQUEST_WITHDRAWN, None, changed={Request: [found.id]}, **details)


async def _close_field(word: Word) -> None:
    data = word.data
    granted, actor = data["decided"] == "granted", data["actor"]
    row, by = UUID(data["row"]), UUID(actor) if actor else None
    await difference.record_found(difference.Seen(data["field"], granted, data["version"], row, by))


Closing = Callable[[Word], Awaitable[None]]

#: By event, how it is closed again.
CLOSINGS: Final[Mapping[Event, Closing]] = {
    Event.SESSION_ENDED: _end_session,
    Event.USER_SESSIONS_ENDED: _end_session,
    Event.USER_DEACTIVATED: _shut_out,
    **dict.fromkeys(
        (
            Event.USER_PASSWORD_CHANGED, Event.USER_PASSWORD_VOIDED, Event.SECRET_REPLACED, Event.PASSWORD_CODE_USED,
            Event.TOTP_CONFIRMED, Event.TOTP_RECOVERED,
        ),
        _void_password,
    ),
    Event.ROLE_TAKEN: _take_role,
    Event.PARTNER_DEACTIVATED: _shut_partner,
    Event.AGREEMENT_ENDED: _end_agreement,
    Event.TASK_ASSIGNED: _take_task,
    Event.TASK_HANDED_BACK: _take_task,
    Event.TASK_CLOSED: _close_task,
    Event.BREAK_GLASS_REFUSED: _end_break_glass,
    Event.BREAK_GLASS_ENDED: _end_break_glass,
    Event.RESTRICTION_BEGUN: _restrict,
    Event.REQUEST_WITHDRAWN: _take_back,
    Event.DIFFERENCE_FOUND: _close_field,
}  # fmt: skip
