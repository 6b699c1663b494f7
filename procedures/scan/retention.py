"""How long a scan is kept: while what it came with waits, and for a year after that was decided.

By then the authority would have asked. What is not whole within a day is deleted, too.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import Scan, ScanState
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.ledger import record
from procedures.work import Clock

#: Within which time a scan is handed in, and how long one is kept after what it came with was decided.
DAY: Final = timedelta(days=1)
AFTER_DECISION: Final = timedelta(days=365)

ENDED: Final = clocks.Ending(
    "scans", lambda: Scan.filter(ends_at__not_isnull=True), "ends_at", AFTER_DECISION, few=1_000
)


async def end_after_decision(
    now: datetime, *, instruction_id: UUID | None = None, request_id: UUID | None = None
) -> None:
    """Say until when the scans are kept that came with what was decided now, in the transaction under way."""
    which = {"request_id": request_id} if instruction_id is None else {"instruction_id": instruction_id}
    await Scan.filter(state=ScanState.KEPT, **which).update(ends_at=now + AFTER_DECISION)


async def expire(*, clock: Clock = utc_now) -> int:
    """Delete the scans whose time is over; returns how many.

    Raises:
        ClockDoubted: the clock is doubted, or too many would go at once; nothing was done.
    """
    over, count = (await clocks.permit(ENDED, clock=clock)).due(), 0
    for id, customer_id in await over.order_by("ends_at", "id").values_list("id", "customer_id"):
        async with transaction():
            # Asked once more: meanwhile the last part may have come. The parts go with the row.
            if await over.filter(id=id).delete():
                record(Event.SCAN_EXPIRED, None, scan=id, customer=customer_id)
                count += 1
    return count
