"""Whether a contact point reaches its owner: a code is sent there, and comes back.

A wrong code is counted also though it changes nothing else, so the counting is committed before the error is told.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import Consent, ContactCode, ContactPoint, Message, Template
from models.database import transaction
from models.errors import ProcedureError, Unfit
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures import consent as consents
from procedures.access import TRIES, VALID, Allowance, CodeExpired, CodeUsed, CodeVoid, CodeWrong, Throttle
from procedures.access import one_time_code as codes
from procedures.current import installation
from procedures.errors import Conflict, RateLimited
from procedures.ledger import record
from procedures.message import delivery, outbox
from procedures.own import own_change

#: How long it counts that a code came back.
COUNTS: Final = timedelta(days=2 * 365)
#: In a day, how many codes are sent to one contact point, and to all of one customer; and how far apart.
DAY: Final = timedelta(days=1)
A_DAY_TO_ONE: Final = 6
A_DAY_TO_ALL: Final = 12
APART: Final = timedelta(seconds=30)
#: The messages that bring a code to a contact point.
BRINGING: Final = (Template.CONTACT_CODE, Template.CONSENT_CODE)


class CodeThrottle(Throttle):
    """Wrong codes at one installation, by network address: what one who has many customers' sessions may try."""

    def __init__(self) -> None:
        super().__init__(of_login=Allowance(free=20), of_address=Allowance(free=100))


class ChannelUnavailable(Conflict):
    """This installation has no way to send anything there."""

    def __init__(self) -> None:
        super().__init__(
            "CHANNEL_UNAVAILABLE",
            "Nothing can be sent there from here. Use another contact point, or ask the operator.",
        )


async def verify(contact_point_id: UUID, *, by: Actor) -> tuple[ContactPoint, datetime]:
    """Send a code to a contact point; a code that was sent there before is void.

    Returns:
        The contact point, and until when the code is good.

    Raises:
        Refused: the actor may not.
        Unfit: NOT_REACHABLE, no code can be sent to a contact point of this kind.
        ChannelUnavailable: there is no way to send one there.
        RateLimited: enough were sent there, or to this customer.
    """
    async with transaction():
        await require(by, "verify", "ContactPoint", contact_point_id)
        point = await own_change.alone(ContactPoint, contact_point_id)
        _, until = await sent(point, Template.CONTACT_CODE, by=by)
        return point, until


async def sent(
    point: ContactPoint, template: Template, *, by: Actor, **details: str
) -> tuple[Message, datetime]:
    """Send a code to a contact point whose customer is locked, in the transaction under way; raises as `verify`.

    Args:
        point: to where.
        template: the message that brings the code.
        by: on whose behalf.
        **details: what the template's text asks for, but the code and its end.

    Returns:
        The message, and until when the code is good.
    """
    now = by.now
    if point.kind not in VALID:
        raise Unfit("No code can be sent there. Use an e-mail address or a telephone.", code="NOT_REACHABLE")
    if outbox.CHANNELS[point.kind] not in delivery.channels():
        raise ChannelUnavailable
    await _moderate(point, now)
    until, code = now + VALID[point.kind], codes.made()
    kept = ContactCode(
        customer_id=point.customer_id,
        contact_point_id=point.id,
        point_revision=point.revision,
        sent_at=now,
        expires_at=until,
    )
    kept.digest = codes.digest(kept.id, code)
    await kept.save()
    record(Event.VERIFICATION_BEGUN, by, customer=point.customer_id, contact=point.id)
    message = await outbox.queue(
        point.customer_id,
        template,
        by=by,
        contact_point_id=point.id,
        purpose=None,
        expires_at=until,
        code=code,
        until=f"{until:%Y-%m-%d %H:%M} UTC",
        **details,
    )
    return message, until


def evidence(message: Message) -> str:
    """How it can be demonstrated that a code came back: by the message that had brought it."""
    return f"message {message.id}"


async def confirm(
    contact_point_id: UUID, code: str, *, by: Actor, address: str, throttle: Throttle | None = None
) -> tuple[ContactPoint, list[Consent]]:
    """Take a code that came back: from now on the contact point is known to reach its owner.

    What the customer was asked to consent to with this code is given by it (`procedures.own.double_opt_in`).

    Args:
        contact_point_id: where the code was sent.
        code: as it was typed.
        by: the customer, or staff with the customer before them or on the line.
        address: where the request comes from, for the throttle alone.
        throttle: what is known of failed attempts.

    Returns:
        The contact point, and what was consented to with the code.

    Raises:
        Refused: the actor may not.
        CodeWrong, CodeExpired, CodeUsed, CodeVoid: nothing was verified.
        RateLimited: too much was tried from there.
    """
    throttle = installation().kept(CodeThrottle) if throttle is None else throttle
    throttle.enter(str(contact_point_id), address, by.now)
    async with transaction():
        await require(by, "confirm", "ContactPoint", contact_point_id)
        point = await own_change.alone(ContactPoint, contact_point_id)
        error, given = await _tried(point, code, by.now), list[Consent]()
        if error is None:
            brought = evidence(await _bringer(point))
            await reached(point, by, evidence=brought)
            given = await consents.confirmed(point.customer_id, brought, by=by)
        else:
            record(
                Event.VERIFICATION_REFUSED, by, customer=point.customer_id, contact=point.id, code=error.code
            )
    if error is not None:
        raise error
    throttle.succeeded(str(contact_point_id), address, by.now)
    return point, given


async def _moderate(point: ContactPoint, now: datetime) -> None:
    """Refuse a further code where there were many; only who may act for the customer gets here, so nobody is locked out."""
    await ContactCode.filter(
        customer_id=point.customer_id, sent_at__lt=now - DAY, expires_at__lt=now
    ).delete()
    sent = await ContactCode.filter(customer_id=point.customer_id, sent_at__gt=now - DAY).order_by("-sent_at")
    there = [each for each in sent if each.contact_point_id == point.id]
    if there and there[0].sent_at > now - APART:
        raise RateLimited(int(APART.total_seconds()))
    for some, most in ((there, A_DAY_TO_ONE), (sent, A_DAY_TO_ALL)):
        if len(some) >= most:
            raise RateLimited(int((some[most - 1].sent_at + DAY - now).total_seconds()) + 1)


async def _tried(point: ContactPoint, code: str, now: datetime) -> ProcedureError | None:
    """Use a code up; or why it is none. What is said depends on what was typed only between right and wrong."""
    sent = await ContactCode.filter(contact_point_id=point.id).order_by("-sent_at", "-expires_at").first()
    if sent is None or sent.point_revision != point.revision:
        return CodeExpired()
    if sent.used_at is not None:
        return CodeUsed()
    if sent.tries >= TRIES:
        return CodeVoid()
    if sent.expires_at <= now:
        return CodeExpired()
    right = codes.fits(sent.id, code, sent.digest)
    await ContactCode.filter(id=sent.id).update(tries=sent.tries + 1, used_at=now if right else None)
    if right:
        return None
    return CodeVoid() if sent.tries + 1 >= TRIES else CodeWrong()


async def reached(point: ContactPoint, by: Actor, *, evidence: str) -> None:
    """Note that a code came back from a contact point, in the transaction under way.

    Args:
        point: where the code had been sent.
        by: who brought it.
        evidence: what the code was sent with.
    """
    method = f"CODE_BY_{point.kind}"
    await ContactPoint.filter(id=point.id).update(
        verification_method=method,
        verification_level="REACHED",
        verified_at=by.now,
        verification_evidence=evidence,
        verification_expires_at=by.now + COUNTS,
    )
    record(Event.VERIFICATION_COMPLETED, by, customer=point.customer_id, contact=point.id, method=method)


async def _bringer(point: ContactPoint) -> Message:
    """The message that brought the latest code."""
    brought = Message.filter(contact_point_id=point.id, template__in=BRINGING)
    (last,) = await brought.order_by("-queued_at").limit(1)
    return last
