"""Privacy officers are told of an account at the desk that looks up conspicuously much, by mail where there is a mail server."""

from models import DeskLookup
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures import officers
from procedures.ledger import record
from procedures.sending import Mail

#: The name of the job.
JOB = "desk look-ups"

_TEXT = (
    "An account at the front desk has looked up conspicuously much in a day: many people, or many whom it did not find. "
    "Beyond its limit further look-ups are refused.\n\n"
    "Ask for `deskLookups` to see whose account it is and how it looked: docs/front-desk.md.\n"
)


async def tell() -> None:
    """Mail each alarm that nobody was told of yet to whoever may see it.

    Raises:
        MailError: the server does not take a mail; all of them about that alarm are sent again then.
    """
    alarms = DeskLookup.filter(alarm=True, told_at=None).order_by("at")
    await officers.mail_each(alarms, _may_see, _mail, _mark)


async def _mark(alarm: DeskLookup, count: int) -> None:
    async with transaction():
        await DeskLookup.filter(id=alarm.id).update(told_at=utc_now())
        record(Event.DESK_LOOKUP_TOLD, None, actor=alarm.actor_id, officers=count)


def _may_see(actor: Actor) -> bool:
    return not in_force().plan(actor, "DeskLookup").grant("employee").never


def _mail(alarm: DeskLookup, address: str) -> Mail:
    return Mail(address, "Savas: an account at the desk looks up too much", _TEXT, id=f"{alarm.id}.{address}")
