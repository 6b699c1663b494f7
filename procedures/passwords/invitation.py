"""Sending a customer a code to set a password by: begun by staff who have the customer before them, or by the customer.

The policies say to which contact points it may go (`send_password_code`), and are asked about the same again when the code
comes back.

    NO_SURE_CONTACT_POINT   the customer has no contact point of which is sure enough that it is theirs
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import ContactPoint, Customer, PasswordCode, Template, opened
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import may, require
from procedures import clock as clocks
from procedures.consent import locked
from procedures.errors import Conflict, RateLimited
from procedures.ledger import record
from procedures.message import delivery, outbox
from procedures.own import ChannelUnavailable
from procedures.passwords import code as codes

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


async def begin(customer_id: UUID, *, by: Actor) -> datetime:
    """Send a customer a code to set a password by; returns until when it is good.

    Args:
        customer_id: who is to sign in.
        by: staff who found the customer at the desk, or work for the customer.

    Raises:
        Refused: the actor may not.
        NoSurePoint: there is nowhere to send it.
        ChannelUnavailable: this installation has no channel for where it could be sent.
        RateLimited: too many codes were sent to this customer.
    """
    async with transaction():
        await require(by, "invite", "Customer", customer_id)
        return await send(customer_id, by=by)


async def send(customer_id: UUID, *, by: Actor) -> datetime:
    """Send the code, in the transaction under way; raises as `begin`."""
    await locked(customer_id)
    point = await _point(customer_id, by)
    await _check_rate(customer_id, by)
    until, code = by.now + codes.VALID, codes.new()
    row = PasswordCode(
        customer_id=customer_id, contact_point_id=point.id, point_revision=point.revision,
        begun_by_id=by.actor_id, sent_at=by.now, expires_at=until,
    )  # fmt: skip
    row.digest = codes.digest(row, code)
    await row.save()
    record(Event.PASSWORD_CODE_SENT, by, code=row.id, customer=customer_id, contact=point.id, actor=None)
    customer = await Customer.get(id=customer_id)
    await outbox.queue(
        customer_id, Template.PASSWORD_CODE, by=by, contact_point_id=point.id, expires_at=until,
        code=code, number=customer.number, until=f"{until:%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    return until


async def sure_points(customer_id: UUID, by: Actor) -> list[ContactPoint]:
    """The contact points that a code may go to which an actor begins: mail first, what is known longest first."""
    points = await ContactPoint.filter(customer_id=customer_id).order_by("kind", "verified_at", "id")
    return [each for each in points if await may(by, "send_password_code", "ContactPoint", each.id)]


async def _point(customer_id: UUID, by: Actor) -> ContactPoint:
    sure = [each for each in await sure_points(customer_id, by) if not await _silenced(each)]
    if not sure:
        raise NoSurePoint
    reached = [each for each in sure if outbox.CHANNELS[each.kind] in delivery.channels()]
    if not reached:
        raise ChannelUnavailable
    return reached[0]


async def _silenced(point: ContactPoint) -> bool:
    """Whether somebody who had the contact point, too, left and wishes that nobody writes there."""
    return await outbox.is_suppressed(outbox.CHANNELS[point.kind], (await opened(point)).value)


async def _check_rate(customer_id: UUID, by: Actor) -> None:
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
