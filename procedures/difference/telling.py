"""Whoever may settle a difference is told of it by mail, where there is a mail server and the login is an address."""

from models import Difference
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures import officers
from procedures.ledger import record
from procedures.sending import Mail

_GRANTED = "The server granted it, and the policies do not: the field is closed to everybody until you have looked at it."
_WITHHELD = "The server withheld it, and the policies grant it: nothing was closed."
_HOW = "Ask for `differences`, and settle it by `differenceSettle`: docs/differences.md."


async def tell() -> None:
    """Mail each difference that nobody was told of yet to whoever may settle it.

    Raises:
        MailError: the server does not take a mail; all of them about that difference are sent again then.
    """
    waiting = Difference.filter(notified_at=None, settled_at=None).order_by("found_at")
    await officers.mail_each(waiting, _may_settle, _mail, _mark)


async def _mark(difference: Difference, count: int) -> None:
    async with transaction():
        await Difference.filter(id=difference.id).update(notified_at=utc_now())
        record(
            Event.DIFFERENCE_NOTIFIED,
            None,
            difference=difference.id,
            field=difference.field,
            officers=count,
        )


def _may_settle(actor: Actor) -> bool:
    return not in_force().action(actor, "settle", "Difference").never


def _mail(difference: Difference, address: str) -> Mail:
    text = f"{difference.field} was decided otherwise than plain Oso reads the policies.\n\n"
    text += f"{_GRANTED if difference.granted else _WITHHELD}\n\n{_HOW}\n"
    return Mail(
        address, f"Savas: {difference.field} is to be looked at", text, id=f"{difference.id}.{address}"
    )
