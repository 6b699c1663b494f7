"""Mail to the employees whose roles let them look at something, such as privacy officers, where there is a mail server."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tortoise.queryset import QuerySet

from models import DeskLookup, Employee, MissedLookup, Record
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures.current import addresses
from procedures.ledger import record
from procedures.sending import Mail, smtp

R = TypeVar("R", bound=Record)
#: What is an alarm about an account that looks up too much.
A = TypeVar("A", DeskLookup, MissedLookup)


async def mail_each(
    rows: QuerySet[R],
    fits: Callable[[Actor], bool],
    mail: Callable[[R, str], Mail],
    sent: Callable[[R, int], Awaitable[None]],
) -> None:
    """Mail each row to every active employee who fits, and whose login is an address.

    Args:
        rows: those of which nobody was notified yet.
        fits: whether somebody's roles let them look at such rows.
        mail: what is sent of a row to an address.
        sent: notes of a row that it was sent to so many; not called where nobody fits.

    Raises:
        MailError: the server does not take a mail; all of them about that row are sent again then.
    """
    server = addresses().smtp
    if server is None:
        return
    for row in await rows:
        people = await _addresses(fits)
        for address in people:
            await smtp.send(server, mail(row, address))
        if people:
            await sent(row, len(people))


async def mail_all(fits: Callable[[Actor], bool], mail: Callable[[str], Mail]) -> int:
    """Mail every active employee who fits, as `mail_each` does; returns how many there were.

    Raises:
        MailError: the server does not take a mail.
    """
    server = addresses().smtp
    if server is None:
        return 0
    people = await _addresses(fits)
    for address in people:
        await smtp.send(server, mail(address))
    return len(people)


async def mail_alarms(alarms: type[A], subject: str, text: str, event: Event) -> None:
    """Mail each alarm that nobody was notified of yet to whoever may see whose it is.

    Args:
        alarms: where they are kept.
        subject: of each mail.
        text: of each mail; the same for every alarm.
        event: what the ledger has of an alarm that was mailed.

    Raises:
        MailError: the server does not take a mail; all of them about that alarm are sent again then.
    """

    def fits(actor: Actor) -> bool:
        return not in_force().plan(actor, alarms.__name__).grant("employee").never

    async def sent(alarm: A, count: int) -> None:
        async with transaction():
            await alarms.filter(id=alarm.id).update(notified_at=utc_now())
            record(event, None, actor=alarm.actor_id, officers=count)

    await mail_each(
        alarms.filter(alarm=True, notified_at=None).order_by("at"),
        fits,
        lambda alarm, address: Mail(address, subject, text, id=f"{alarm.id}.{address}"),
        sent,
    )


async def _addresses(fits: Callable[[Actor], bool]) -> list[str]:
    people = Employee.filter(actor__active=True).order_by("actor__login").prefetch_related("actor", "roles")
    return [each.actor.login for each in await people if "@" in each.actor.login and fits(_actor(each))]


def _actor(employee: Employee) -> Actor:
    return Actor("Employee", employee.actor_id, frozenset(each.role for each in employee.roles))
