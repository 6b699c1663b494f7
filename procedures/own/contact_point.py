"""Verifying that a contact point reaches its owner: a code is sent there, and comes back.

A wrong code is counted, so that the transaction is committed before the error is raised.
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
from procedures import clock as clocks
from procedures import consent as consents
from procedures.access import TRIES, VALID, Allowance, CodeExpired, CodeUsed, CodeVoid, CodeWrong, Throttle
from procedures.access import one_time_code as codes
from procedures.current import installation
from procedures.errors import Conflict, RateLimited
from procedures.ledger import record
from procedures.message import delivery, outbox
from procedures.own import own_change
from procedures.suppression import found_by

#: How long a contact point counts as verified.
VERIFIED_FOR: Final = timedelta(days=2 * 365)
#: How many codes are sent in a day to one contact point, and to all of one customer; and how far apart.
DAY: Final = timedelta(days=1)
A_DAY_TO_ONE: Final = 6
A_DAY_TO_ALL: Final = 12
APART: Final = timedelta(seconds=30)
#: The messages that hold a code for a contact point.
WITH_CODE: Final = (Template.CONTACT_CODE, Template.CONSENT_CODE)


class CodeThrottle(Throttle):
    """Wrong codes at one installation by contact point and network address, also across many customers' sessions."""

    def __init__(self) -> None:
        super().__init__(of_login=Allowance(free=20), of_address=Allowance(free=100))


class ChannelUnavailable(Conflict):
    """This installation has no channel for contact points of this kind."""

    code = "CHANNEL_UNAVAILABLE"
    message = "Nothing can be sent there from here. Use another contact point, or ask the operator."


async def verify(contact_point_id: UUID, *, by: Actor) -> tuple[ContactPoint, datetime]:
    """Send a code to a contact point; a code that was sent there before is void.

    Returns:
        The contact point, and until when the code is good.

    Raises:
        Refused: the actor may not.
        Unfit: NOT_REACHABLE, no code can be sent to a contact point of this kind.
        ChannelUnavailable: this installation has no channel for it.
        RateLimited: too many codes were sent there, or to this customer.
    """
    async with transaction():
        await require(by, "verify", "ContactPoint", contact_point_id)
        point = await own_change.locked_row(ContactPoint, contact_point_id)
        _, until = await sent(point, Template.CONTACT_CODE, by=by)
        return point, until


async def sent(
    point: ContactPoint, template: Template, *, by: Actor, **details: str
) -> tuple[Message, datetime]:
    """Send a code to a contact point whose customer is locked, in the transaction under way; raises as `verify`.

    Args:
        point: where to send it.
        template: the message that brings the code.
        by: on whose behalf.
        **details: the values of the template's other placeholders than the code and its end.

    Returns:
        The message, and until when the code is good.
    """
    now = by.now
    if point.kind not in VALID:
        raise Unfit("No code can be sent there. Use an e-mail address or a telephone.", code="NOT_REACHABLE")
    if outbox.CHANNELS[point.kind] not in delivery.channels():
        raise ChannelUnavailable
    await _check_rate(point, now)
    until, code = now + VALID[point.kind], codes.new()
    row = ContactCode(
        customer_id=point.customer_id,
        contact_point_id=point.id,
        point_revision=point.revision,
        sent_at=now,
        expires_at=until,
    )
    row.digest = codes.digest(row.id, code)
    await row.save()
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
    """The reference to the message with a code, by which it can be demonstrated that the code came back."""
    return f"message {message.id}"


async def confirm(
    contact_point_id: UUID, code: str, *, by: Actor, address: str, throttle: Throttle | None = None
) -> tuple[ContactPoint, list[Consent]]:
    """Verify a contact point by the code that came back.

    The consents that were requested with the code are given by it (`procedures.own.double_opt_in`).

    Args:
        contact_point_id: where the code was sent.
        code: as it was typed.
        by: the customer, or staff with the customer before them or on the line.
        address: the network address of the request, for the throttle alone.
        throttle: counts failed attempts; the installation's unless given.

    Returns:
        The contact point, and the consents that were given with the code.

    Raises:
        Refused: the actor may not; also staff who wrote the contact point down, where consents wait for the code.
        CodeWrong, CodeExpired, CodeUsed, CodeVoid: nothing was verified.
        RateLimited: too many attempts failed.
    """
    throttle = installation().instance(CodeThrottle) if throttle is None else throttle
    throttle.enter(str(contact_point_id), address, by.now)
    async with transaction():
        await require(by, "confirm", "ContactPoint", contact_point_id)
        point = await own_change.locked_row(ContactPoint, contact_point_id)
        error, given = await _use_code(point, code, by.now), list[Consent]()
        if error is None:
            reference = evidence(await _latest_message(point, by.now))
            await reached(point, by, evidence=reference)
            given = await consents.give_by_code(point.customer_id, reference, by=by)
            if given:
                await require(by, "consent_by_code", "ContactPoint", contact_point_id)
        else:
            record(
                Event.VERIFICATION_REFUSED, by, customer=point.customer_id, contact=point.id, code=error.code
            )
    if error is not None:
        raise error
    throttle.succeeded(str(contact_point_id), address, by.now)
    return point, given


async def _check_rate(point: ContactPoint, now: datetime) -> None:
    """Refuse another code after many; only who may act for the customer gets here, so strangers lock nobody out."""
    of_customer = ContactCode.filter(customer_id=point.customer_id)
    if past := await clocks.past(clock=lambda: now):
        await of_customer.filter(sent_at__lt=past - DAY, expires_at__lt=past).delete()
    # A code that was sent by a clock that was ahead would stay the latest one for as long.
    await of_customer.filter(sent_at__gt=now + APART).delete()
    sent = await ContactCode.filter(customer_id=point.customer_id, sent_at__gt=now - DAY).order_by("-sent_at")
    to_point = [each for each in sent if each.contact_point_id == point.id]
    if to_point and to_point[0].sent_at > now - APART:
        raise RateLimited(int(APART.total_seconds()))
    for rows, most in ((to_point, A_DAY_TO_ONE), (sent, A_DAY_TO_ALL)):
        if len(rows) >= most:
            raise RateLimited(int((rows[most - 1].sent_at + DAY - now).total_seconds()) + 1)


async def _use_code(point: ContactPoint, code: str, now: datetime) -> ProcedureError | None:
    """Use a code up, or return why it cannot be used; what was typed decides only between right and wrong."""
    latest = await ContactCode.filter(contact_point_id=point.id).order_by("-sent_at", "-expires_at").first()
    if latest is None or latest.point_revision != point.revision:
        return CodeExpired()
    if latest.used_at is not None:
        return CodeUsed()
    if latest.tries >= TRIES:
        return CodeVoid()
    if latest.expires_at <= now:
        return CodeExpired()
    right = codes.fits(latest.id, code, latest.digest)
    await ContactCode.filter(id=latest.id).update(tries=latest.tries + 1, used_at=now if right else None)
    if right:
        return None
    return CodeVoid() if latest.tries + 1 >= TRIES else CodeWrong()


async def reached(point: ContactPoint, by: Actor, *, evidence: str) -> None:
    """Mark a contact point as verified by a code, in the transaction under way.

    Args:
        point: where the code had been sent.
        by: who entered it.
        evidence: the reference to the message with the code.

    Raises:
        ClockDoubted: until when it is verified cannot be said at present.
    """
    await clocks.certain(clock=by.clock)
    method = f"CODE_BY_{point.kind}"
    await ContactPoint.filter(id=point.id).update(
        verification_method=method,
        verification_level="REACHED",
        verified_at=by.now,
        verified_by=by.actor_id,
        verification_evidence=evidence,
        verification_expires_at=by.now + VERIFIED_FOR,
    )
    await found_by.proved([point])
    record(Event.VERIFICATION_COMPLETED, by, customer=point.customer_id, contact=point.id, method=method)


async def _latest_message(point: ContactPoint, now: datetime) -> Message:
    """The message with the latest code."""
    messages = Message.filter(contact_point_id=point.id, template__in=WITH_CODE, queued_at__lte=now + APART)
    (latest,) = await messages.order_by("-queued_at").limit(1)
    return latest
