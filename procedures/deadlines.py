"""What has to be answered by a day, whether it was asked here or recorded on paper: listed, and marked once it is overdue."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from tortoise.queryset import QuerySet

from models import Instruction, Request
from models.event import Event
from procedures.ledger import record

D = TypeVar("D", Instruction, Request)

#: How many are listed at once.
MOST: Final = 1_000


async def listed(
    kind: type[D], waiting: Collection[StrEnum], *, everything: bool, until: datetime | None
) -> list[D]:
    """Those that wait, with their customers, the first due first; at most 1,000. Nothing here opens what was said.

    Args:
        kind: instructions or requests.
        waiting: the states of those that wait.
        everything: also those that are over.
        until: only those due by then.
    """
    rows: QuerySet[D] = kind.all() if everything else kind.filter(state__in=list(waiting))
    if until is not None:
        rows = rows.filter(due_at__lte=until)
    return await rows.order_by("due_at", "id").limit(MOST).prefetch_related("customer")


async def mark_overdue(row: Any, event: Event, now: datetime, **details: Any) -> bool:
    """Mark one that waits, its day over, and record that, in the transaction under way; whether it was done now."""
    late = type(row).filter(id=row.id, state=row.state, due_at__lte=now, overdue=False)
    # Meanwhile it may have been decided, or another process been quicker.
    if not await late.update(overdue=True):
        return False
    record(event, None, customer=row.customer_id, **details)
    return True
