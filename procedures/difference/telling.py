"""Whoever may settle a difference is told of it by mail, where there is a mail server and the login is an address."""

from models import Difference, Employee
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures.current import addresses
from procedures.ledger import record
from procedures.sending import Mail, smtp

_GRANTED = "The server granted it, and the policies do not: the field is closed to everybody until you have looked at it."
_WITHHELD = "The server withheld it, and the policies grant it: nothing was closed."
_HOW = "Ask for `differences`, and settle it by `differenceSettle`: docs/differences.md."


async def tell() -> None:
    """Mail each difference that nobody was told of yet to whoever may settle it.

    Raises:
        MailError: the server does not take a mail; all of them about that difference are sent again then.
    """
    server = addresses().smtp
    if server is None:
        return
    for difference in await Difference.filter(told_at=None, settled_at=None).order_by("found_at"):
        people = await addresses_of("settle", "Difference")
        for address in people:
            await smtp.send(server, _mail(difference, address))
        if people:
            await _mark(difference, len(people))


async def _mark(difference: Difference, officers: int) -> None:
    async with transaction():
        await Difference.filter(id=difference.id).update(told_at=utc_now())
        record(
            Event.DIFFERENCE_TOLD,
            None,
            difference=difference.id,
            field=difference.field,
            officers=officers,
        )


async def addresses_of(action: str, record: str) -> list[str]:
    """The logins, as far as they are addresses, of employees with a role that may do something to some record."""
    people = Employee.filter(actor__active=True).order_by("actor__login").prefetch_related("actor", "roles")
    return [
        each.actor.login for each in await people if "@" in each.actor.login and _may(each, action, record)
    ]


def _may(employee: Employee, action: str, record: str) -> bool:
    actor = Actor("Employee", employee.actor_id, frozenset(each.role for each in employee.roles))
    return not in_force().action(actor, action, record).never


def _mail(difference: Difference, address: str) -> Mail:
    text = f"{difference.field} was decided otherwise than plain Oso reads the policies.\n\n"
    text += f"{_GRANTED if difference.granted else _WITHHELD}\n\n{_HOW}\n"
    return Mail(
        address, f"Savas: {difference.field} is to be looked at", text, id=f"{difference.id}.{address}"
    )
