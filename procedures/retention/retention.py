"""Traces end some days after they were made, by the clock's permission.

What a customer was formerly found by is not among them: it ends with the customer, because an import that no longer
recognised somebody would take in again who said no.
"""

from datetime import timedelta
from typing import Final

from models import Disclosure, MissedLookup
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock as clocks
from procedures.current import installation
from procedures.ledger import record
from procedures.work import Clock

#: How many traces of a kind may always end in one run: a day of guessing leaves as many.
FEW: Final = 5_000


class Retention:
    """For how many days an installation keeps traces.

    Attributes:
        missed_lookups: what was looked up and not found.
        disclosures: what was disclosed and told to the customer; it stays in the customer's access log.
    """

    def __init__(self) -> None:
        self.missed_lookups = 90
        self.disclosures = 1_095


def endings() -> tuple[clocks.Ending, ...]:
    """The kinds of traces that end, as long after they were made as this installation keeps them."""
    kept = installation().instance(Retention)
    missed, disclosed = timedelta(days=kept.missed_lookups), timedelta(days=kept.disclosures)
    told = Disclosure.filter(notified_at__isnull=False)
    return (
        clocks.Ending("missed_lookups", MissedLookup.all, "at", few=FEW, after=missed),
        clocks.Ending("disclosures", told.all, "notified_at", few=FEW, after=disclosed),
    )


async def expire(*, clock: Clock = utc_now) -> int:
    """Delete the traces whose time is over; returns how many there were.

    Raises:
        ClockDoubted: the clock is doubted, or too many would go at once; nothing more was done.
    """
    count = 0
    for ending in endings():
        permit = await clocks.permit(ending, clock=clock)
        async with transaction():
            if deleted := await permit.due().delete():
                record(Event.RETENTION_ENDED, None, ending=ending.name, rows=deleted)
        count += deleted
    return count
