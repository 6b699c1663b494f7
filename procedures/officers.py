"""Mail to the employees whose roles let them look at something, such as privacy officers, where there is a mail server."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tortoise.queryset import QuerySet

from models import Employee, Record
from policies.actor import Actor
from procedures.current import addresses
from procedures.sending import Mail, smtp

R = TypeVar("R", bound=Record)


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


async def _addresses(fits: Callable[[Actor], bool]) -> list[str]:
    people = Employee.filter(actor__active=True).order_by("actor__login").prefetch_related("actor", "roles")
    return [each.actor.login for each in await people if "@" in each.actor.login and fits(_actor(each))]


def _actor(employee: Employee) -> Actor:
    return Actor("Employee", employee.actor_id, frozenset(each.role for each in employee.roles))
