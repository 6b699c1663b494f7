"""What would end by time, in numbers, and confirming the clock after somebody has looked at both."""

from datetime import date
from typing import Final
from uuid import UUID

from models import Account, AccountKind
from models.database import transaction
from models.errors import Unfit
from policies.actor import Actor, Channel, utc_now
from procedures import client_key, retention, scan
from procedures import clock as clocks
from procedures.access import spellings
from procedures.consent import expiry as consent_expiry
from procedures.errors import found
from procedures.export import EXPORTS, PAPER_EXPORTS
from procedures.intake import expiry as intake_expiry
from procedures.leaving import legal_hold
from procedures.own import dictated
from procedures.task import break_glass
from procedures.work import Clock

#: Every kind of thing that ends by time, but for the traces of `procedures.retention`.
ENDINGS: Final = (
    consent_expiry.CONSENTS,
    legal_hold.HOLDS,
    EXPORTS,
    PAPER_EXPORTS,
    intake_expiry.INTAKES,
    client_key.KEYS,
    dictated.KEPT,
    scan.ENDED,
)


class DateDiffers(Unfit):
    """The date that was typed is not the one that the clock shows."""

    code = "DATE_DIFFERS"
    message = (
        "The clock of this machine shows another date. Put the clock right, or look at a calendar again."
    )


async def foreseen(*, clock: Clock = utc_now) -> list[clocks.Foreseen]:
    """By kind, how many things would end if the clock were confirmed as it is; changes nothing."""
    now = clock()
    return [await clocks.foreseen(each, now, now) for each in (*ENDINGS, *retention.endings())]


async def confirm(login: str, today: date, *, clock: Clock = utc_now) -> list[UUID]:
    """Believe the clock as it is, and end every doubt; what has fallen due ends by itself from then on.

    What was opened without a task by a clock that was ahead, and would last too long, ends at once.

    Args:
        login: of the employee who has looked.
        today: the date, from somewhere else than this machine.
        clock: gives the present instant in UTC.

    Returns:
        The doubts that were ended.

    Raises:
        NotFound: no active employee has this login.
        DateDiffers: it is not the date that the clock shows, in UTC.
    """
    employees = Account.filter(login__in=spellings(login), kind=AccountKind.EMPLOYEE, active=True)
    account = found(await employees.first(), "employee")
    now = clock()
    if now.date() != today:
        raise DateDiffers
    by = Actor("Employee", account.id, clock=lambda: now, channel=Channel.CONSOLE)
    async with transaction():
        doubts = await clocks.confirm(by=by)
        await break_glass.end_impossible(by=by)
    return doubts
