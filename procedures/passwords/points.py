"""Where a code to set a password by may go, and how many of them are sent.

NO_SURE_CONTACT_POINT   the customer has no contact point of which is sure enough that it is theirs
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from models import ContactPoint, PasswordCode, opened
from policies.actor import Actor
from policies.decide import may
from procedures import clock as clocks
from procedures.errors import Conflict, RateLimited
from procedures.message import delivery, outbox
from procedures.own import ChannelUnavailable

#: How many codes are sent to a customer in a day: those that the customer asks for, and those that staff begin. A stranger
#: who knows the number uses up the first only.
DAY: Final = timedelta(days=1)
A_DAY_BY_SELF: Final = 3
A_DAY_BY_STAFF: Final = 5


class NoSurePoint(Conflict):
    """No contact point of the customer is surely theirs."""

    code = "NO_SURE_CONTACT_POINT"
    message = (
        "The customer has no e-mail address or telephone that a code can go to: one that is kept with consent, was verified "
        "a week ago or longer, by somebody else than who wrote it down, and not by you. Have one verified, and wait."
    )


async def sure(customer_id: UUID, by: Actor) -> list[ContactPoint]:
    """The contact points that a code may go to which an actor begins: mail first, what is known longest first."""
    points = await ContactPoint.filter(customer_id=customer_id).order_by("kind", "verified_at", "id")
    return [each for each in points if await may(by, "reach_for_password", "ContactPoint", each.id)]


async def best(customer_id: UUID, by: Actor) -> ContactPoint:
    """The contact point that a code goes to; raises NoSurePoint or ChannelUnavailable."""
    usable = [each for each in await sure(customer_id, by) if not await _silenced(each)]
    if not usable:
        raise NoSurePoint
    reached = [each for each in usable if outbox.CHANNELS[each.kind] in delivery.channels()]
    if not reached:
        raise ChannelUnavailable
    return reached[0]


async def _silenced(point: ContactPoint) -> bool:
    """Whether somebody who had the contact point, too, left and wishes that nobody writes there."""
    return await outbox.is_suppressed(outbox.CHANNELS[point.kind], (await opened(point)).value)


async def check_rate(customer_id: UUID, by: Actor) -> None:
    """Refuse another code after many; raises RateLimited."""
    of_customer = PasswordCode.filter(customer_id=customer_id)
    if past := await clocks.past(clock=by.clock):
        await of_customer.filter(sent_at__lt=past - DAY, expires_at__lt=past).delete()
    sent = await of_customer.filter(sent_at__gt=by.now - DAY).order_by("-sent_at")
    by_staff = by.actor_id is not None
    alike: Sequence[PasswordCode] = [each for each in sent if (each.begun_by_id is not None) is by_staff]
    most = A_DAY_BY_STAFF if by_staff else A_DAY_BY_SELF
    if len(alike) >= most:
        left = min(alike[most - 1].sent_at + DAY - by.now, DAY)
        raise RateLimited(int(left.total_seconds()) + 1, "Too many codes were sent to this customer.")
