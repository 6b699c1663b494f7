"""Which instructions wait and until when; nothing here opens what was said."""

from datetime import datetime
from typing import Final

from models import Instruction, InstructionState
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.ledger import record
from procedures.work import Clock

#: How many are listed at once.
MOST = 1_000
#: The states of one that is not settled: it waits, or its archive is being made.
OPEN: Final = (InstructionState.WAITING, InstructionState.APPROVED)


async def listed(*, everything: bool = False, until: datetime | None = None) -> list[Instruction]:
    """The instructions that wait, the first due first; at most 1,000.

    Args:
        everything: also those that are over.
        until: only those due by then.
    """
    instructions = Instruction.all() if everything else Instruction.filter(state__in=OPEN)
    if until is not None:
        instructions = instructions.filter(due_at__lte=until)
    return await instructions.order_by("due_at", "id").limit(MOST).prefetch_related("customer")


async def keep(*, clock: Clock = utc_now) -> int:
    """Mark the instructions that are overdue; returns how many were. Raises ClockDoubted: nothing was done."""
    await clocks.certain(clock=clock)
    late = Instruction.filter(state__in=OPEN, due_at__lte=clock(), overdue=False)
    count = 0
    for id, customer_id in await late.order_by("due_at", "id").values_list("id", "customer_id"):
        async with transaction():
            # Meanwhile it may have been decided, or another process been quicker.
            if await late.filter(id=id).update(overdue=True):
                record(Event.INSTRUCTION_OVERDUE, None, instruction=id, customer=customer_id)
                count += 1
    return count
