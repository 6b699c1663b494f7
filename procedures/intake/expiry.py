"""Destroying the intakes that visitors did not confirm in time."""

from typing import Final

from models import Intake
from models.database import transaction
from models.event import Event
from models.keys import keyring
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.intake.intake import WAITS
from procedures.ledger import record
from procedures.message import outbox
from procedures.work import Clock

#: Strangers begin as many as they like, and must not be able to have somebody asked.
INTAKES: Final = clocks.Ending("intakes", Intake.all, "expires_at", WAITS, few=1_000)


async def expire(*, clock: Clock = utc_now) -> int:
    """Destroy the intakes that have expired, the key of each first; returns how many there were.

    May be cut off anywhere and run again: without its key, what is left of an intake cannot be opened.

    Raises:
        ClockDoubted: the clock is doubted, or too many would go at once; nothing was done.
    """
    expired = await (await clocks.permit(INTAKES, clock=clock)).due()
    for intake in expired:
        await keyring.destroy(intake.id)
        async with transaction():
            await outbox.forget(intake.id)
            deleted = await Intake.filter(id=intake.id).delete()
            if deleted and intake.became is None:
                record(Event.INTAKE_EXPIRED, None, intake=intake.id)
    return len(expired)
