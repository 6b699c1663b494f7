"""Which instructions wait and until when; nothing here opens what was said."""

from datetime import datetime
from typing import Final

from models import Instruction, InstructionState
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock as clocks
from procedures import deadlines
from procedures.work import Clock

#: The states of one that is not settled: it waits, or its archive is being made.
OPEN: Final = (InstructionState.WAITING, InstructionState.APPROVED)


async def listed(*, everything: bool = False, until: datetime | None = None) -> list[Instruction]:
    """The instructions that wait, as `deadlines.listed` has them."""
    return await deadlines.listed(Instruction, OPEN, everything=everything, until=until)


async def keep(*, clock: Clock = utc_now) -> int:
    """Mark the instructions that are overdue; returns how many were. Raises ClockDoubted: nothing was done."""
    await clocks.certain(clock=clock)
    now, count = clock(), 0
    late = Instruction.filter(state__in=OPEN, due_at__lte=now, overdue=False)
    for each in await late.order_by("due_at", "id"):
        async with transaction():
            count += await deadlines.mark_overdue(each, Event.INSTRUCTION_OVERDUE, now, instruction=each.id)
    return count
