"""Verifications that expire: which customers have to be verified again, and a task for each of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import ContactPoint, Customer, CustomerStatus, Identity, Purpose, Task, TaskStatus
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.task import TERM, record_event
from procedures.work import Clock

#: The purpose of tasks to take customers in and to verify them again.
VERIFICATION: Final = Purpose.needed("verification", "customers are taken in and verified for it")
#: How long before a verification expires the customer is to be verified again.
AHEAD: Final = timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """A customer to be verified again: the id and number, the record that expires first, and when."""

    customer_id: UUID
    number: str
    record: str
    expires_at: datetime


async def due(*, clock: Clock = utc_now) -> list[Due]:
    """The customers with a verification that has expired or soon will, and without an open task to repeat it."""
    limit = clock() + AHEAD
    by_customer: dict[UUID, Due] = {}
    for model in (Identity, ContactPoint):
        rows = await model.filter(
            verification_expires_at__lte=limit,
            customer__status=CustomerStatus.ACTIVE,
            customer__restricted=False,
        ).values("customer_id", "verification_expires_at", number="customer__number")
        for row in rows:
            each = Due(row["customer_id"], row["number"], model.__name__, row["verification_expires_at"])
            first = by_customer.setdefault(each.customer_id, each)
            if each.expires_at < first.expires_at:
                by_customer[each.customer_id] = each
    tasks = Task.filter(purpose=VERIFICATION, status=TaskStatus.OPEN)
    with_task = set(await tasks.values_list("customer_id", flat=True))
    return sorted(
        (each for each in by_customer.values() if each.customer_id not in with_task),
        key=lambda each: (each.expires_at, each.number),
    )


async def reopen(*, clock: Clock = utc_now) -> int:
    """Open a task without an assignee for each customer who is to be verified again; returns how many.

    Raises:
        ClockDoubted: the clock is doubted; no task was opened.
    """
    await clocks.certain(clock=clock)
    opened = 0
    for each in await due(clock=clock):
        async with transaction():
            await Customer.filter(id=each.customer_id).select_for_update(no_key=True).first()
            # Another process may have been quicker.
            if await Task.exists(customer_id=each.customer_id, purpose=VERIFICATION, status=TaskStatus.OPEN):
                continue
            now = clock()
            task = await Task.create(
                customer_id=each.customer_id,
                purpose=VERIFICATION,
                opened_at=now,
                due_at=each.expires_at if each.expires_at > now else now + TERM,
            )
            record_event(Event.TASK_OPENED, task.id, each.customer_id, None, purpose=VERIFICATION)
            opened += 1
    return opened
