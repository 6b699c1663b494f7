"""Privacy officers are told of an account that misses too much, by mail where there is a mail server."""

from models import MissedLookup
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures import officers
from procedures.ledger import record
from procedures.sending import Mail

#: The name of the job.
JOB = "look-ups"

_TEXT = (
    "An account has looked up more records in a day than usual that are not there, or that it may not see. Further "
    "look-ups by it are refused for a time, longer with each one that finds nothing.\n\n"
    "Ask for `missedLookups` to see whose account it is and how it looked: docs/privacy-officer.md.\n"
)


async def tell() -> None:
    """Mail each alarm that nobody was told of yet to whoever may see it.

    Raises:
        MailError: the server does not take a mail; all of them about that alarm are sent again then.
    """
    alarms = MissedLookup.filter(alarm=True, told_at=None).order_by("at")
    await officers.mail_each(alarms, _may_see, _mail, _mark)


async def _mark(alarm: MissedLookup, count: int) -> None:
    async with transaction():
        await MissedLookup.filter(id=alarm.id).update(told_at=utc_now())
        record(Event.LOOKUP_TOLD, None, actor=alarm.actor_id, officers=count)


def _may_see(actor: Actor) -> bool:
    return not in_force().plan(actor, "MissedLookup").grant("employee").never


def _mail(alarm: MissedLookup, address: str) -> Mail:
    return Mail(
        address, "Savas: an account looks up too much that is not found", _TEXT, id=f"{alarm.id}.{address}"
    )
