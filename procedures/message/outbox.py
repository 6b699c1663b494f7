"""The outbox: a message is queued in the transaction of what it is about, and sent after that is committed.

The text is sealed under its customer's ring, and deleted once the message is sent or has failed for good.
`procedures.message.delivery` sends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import (
    Category,
    Consent,
    ContactKind,
    ContactPoint,
    Dictation,
    DictationState,
    Earlier,
    Message,
    MessageChannel,
    MessageContent,
    MessageState,
    Purpose,
    Template,
    opened,
)
from models.database import after_commit
from models.event import Event
from policies.actor import Actor, utc_now
from procedures.errors import NotFound
from procedures.ledger import record
from procedures.message.text import rendered
from procedures.suppression import refusal, suppressed
from procedures.worker import ring

CHANNELS: Final = {ContactKind.EMAIL: MessageChannel.EMAIL, ContactKind.PHONE: MessageChannel.SMS}
_KINDS: Final = {channel: kind for kind, channel in CHANNELS.items()}


#: The messages that tell a customer what others did.
OF_OTHERS: Final = frozenset(
    {
        Template.BREAK_GLASS_OPENED,
        Template.CONSENT_RECORDED,
        Template.DATA_DICTATED,
        Template.HELD_DATA_DISCLOSED,
        Template.INSTRUCTION_CARRIED_OUT,
        Template.INSTRUCTION_RECORDED,
        Template.INSTRUCTION_REFUSED,
        Template.RIGHT_CARRIED_OUT,
        Template.RIGHT_EXTENDED,
        Template.RIGHT_RECORDED,
        Template.RIGHT_REFUSED,
        Template.SESSIONS_ENDED,
        Template.TASK_REVIEW_BEGUN,
    }
)


@dataclass(frozen=True)
class Destination:
    """Where a message is sent; without an address it is stored in the customer's account."""

    channel: MessageChannel
    address: str | None = None
    contact_point_id: UUID | None = None


async def queue(
    customer_id: UUID,
    template: Template,
    *,
    by: Actor | None = None,
    contact_point_id: UUID | None = None,
    purpose: Purpose | None = None,
    expires_at: datetime | None = None,
    **details: str,
) -> Message:
    """Queue a message to a customer, in the transaction under way.

    It goes to a contact point that the customer has confirmed, an e-mail address before a telephone; where there
    is none, or nobody may write to it, it is stored in the customer's account. What tells of others goes to former addresses,
    too (`places_of`); the first message is returned.

    Args:
        customer_id: to whom.
        template: which text.
        by: on whose behalf; None for the system itself.
        contact_point_id: to this contact point of theirs, confirmed or about to be.
        purpose: what the customer must have consented to; None for what concerns the customer's own data.
        expires_at: after which it is not sent any more.
        **details: the values of the text's placeholders.

    Raises:
        NotFound: there is no such contact point that may be used for this.
        Suppressed, TraitUnusable: somebody who had the named contact point left, and wishes that nobody writes to it.
        RuntimeError: there is no transaction.
    """
    now = by.now if by else utc_now()
    if contact_point_id is not None:
        point = await usable(customer_id, purpose, now, contact_point_id)
        if point is None:
            raise NotFound("contact point", "contactPointId")
        places = [await _to(point)]
    else:
        places = await places_of(customer_id, template, now, purpose)
    language = await language_of(customer_id)
    first, *_ = [
        await put(
            customer_id, template, where, language, by=by, purpose=purpose, expires_at=expires_at, **details
        )
        for where in places
    ]
    return first


async def places_of(
    customer_id: UUID, template: Template, now: datetime, purpose: Purpose | None = None
) -> list[Destination]:
    """Where a message to a customer goes that is to go to no contact point by name: the account, if nowhere else.

    What tells of others goes to former addresses as well: else whoever changes an address would keep the customer from
    hearing of the rest.
    """
    point = await usable(customer_id, purpose, now, None)
    found = [] if point is None else [await _to(point)]
    if template in OF_OTHERS:
        found += await _former(customer_id, now)
    places = {where.address: where for where in reversed(found)}
    usual = [
        each for each in reversed(places.values()) if not await is_suppressed(each.channel, each.address)
    ]
    return usual or [Destination(MessageChannel.ACCOUNT)]


async def queue_everywhere(
    customer_id: UUID,
    template: Template,
    *,
    by: Actor | None,
    now: datetime | None = None,
    gone: UUID | None = None,
    also: Sequence[Destination] = (),
    **details: Any,
) -> int:
    """Queue a message to each contact point that the customer has confirmed, in the transaction under way.

    And to each former one that somebody else changed, while it is kept.

    Args:
        customer_id: to whom.
        template: which text.
        by: on whose behalf; None for the system itself.
        now: the present instant, where it is not the actor's.
        gone: a contact point that is about to be removed, and is written to all the same.
        also: where else it goes.
        **details: the values of the text's placeholders.

    Returns:
        How many messages were queued.
    """
    language, sent = await language_of(customer_id), 0
    now = now or (by.now if by else utc_now())
    present = [await _to(point) for point in await confirmed(customer_id, now)]
    places = [
        replace(each, contact_point_id=None) if each.contact_point_id == gone else each for each in present
    ]
    by_address = {each.address: each for each in reversed([*places, *await _former(customer_id, now), *also])}
    for where in reversed(by_address.values()):
        if not await is_suppressed(where.channel, where.address):
            await put(customer_id, template, where, language, by=by, **details)
            sent += 1
    return sent


async def _to(point: ContactPoint) -> Destination:
    return Destination(CHANNELS[point.kind], (await opened(point)).value, point.id)


async def _former(customer_id: UUID, now: datetime) -> list[Destination]:
    """Where confirmed contact points led before somebody else than the customer changed them, while that is kept."""
    changed = Dictation.filter(
        customer_id=customer_id,
        category=Category.CONTACT_POINT,
        state=DictationState.STANDS,
        kept_until__gt=now,
    )
    kept = [Earlier.read((await opened(each)).before) for each in await changed.order_by("recorded_at", "id")]
    return [
        Destination(CHANNELS[ContactKind(each.columns["kind"])], each.values["value"])
        for each in kept
        if each.columns["verified_at"] is not None and each.columns["kind"] in CHANNELS
    ]


async def put(
    owner_id: UUID,
    template: Template,
    where: Destination,
    language: str,
    *,
    by: Actor | None = None,
    purpose: Purpose | None = None,
    expires_at: datetime | None = None,
    **details: str,
) -> Message:
    """Queue a message to a given destination, in the transaction under way.

    Args:
        owner_id: whose ring it is sealed under: a customer, or an intake that is to become one.
        template: which text.
        where: the destination.
        language: of the text; English where there is no text in it.
        by: on whose behalf; None for the system itself.
        purpose: what the customer must have consented to.
        expires_at: after which it is not sent any more.
        **details: the values of the text's placeholders.

    Raises:
        Suppressed, TraitUnusable: somebody who had the address left, and wishes that nobody writes to it.
    """
    if await is_suppressed(where.channel, where.address):
        raise refusal(by)
    now = by.now if by else utc_now()
    in_account = where.channel is MessageChannel.ACCOUNT
    message = Message(
        customer_id=owner_id,
        contact_point_id=where.contact_point_id,
        template=template,
        channel=where.channel,
        purpose=purpose,
        state=MessageState.KEPT if in_account else MessageState.QUEUED,
        content=MessageContent(where.address, *rendered(template, language, details)),
        queued_at=now,
        next_at=now,
        expires_at=expires_at,
    )
    await message.save()
    record(Event.MESSAGE_QUEUED, by, **_details(message))
    after_commit(lambda: ring("messages"))
    return message


async def is_suppressed(channel: MessageChannel, address: str | None) -> bool:
    """Whether somebody who had this address left, and wishes that nobody writes to it."""
    return address is not None and await suppressed([(_KINDS[channel], address)])


async def forget(customer_id: UUID, *, by: Actor | None = None) -> None:
    """Delete the texts of messages to a customer, and send none of them; in the transaction under way."""
    for message in await Message.filter(customer_id=customer_id, content__isnull=False):
        await end(message, MessageState.FAILED, by.now if by else utc_now(), "ERASED", by=by)


async def listed(*, everything: bool = False) -> list[Message]:
    """The messages that wait to be sent, the oldest first; with `everything` also all others."""
    messages = Message.all() if everything else Message.filter(state=MessageState.QUEUED)
    return await messages.order_by("queued_at", "id")


async def waiting() -> int:
    """How many messages wait to be sent."""
    return await Message.filter(state=MessageState.QUEUED).count()


async def end(
    message: Message, state: MessageState, now: datetime, code: str | None = None, *, by: Actor | None = None
) -> bool:
    """Store how a message ended, and delete its text; False where it had ended before."""
    waiting = Message.filter(id=message.id, state__in=[MessageState.QUEUED, MessageState.KEPT])
    if not await waiting.update(state=state, content=None, finished_at=now, code=code):
        return False
    if state is MessageState.SENT:
        record(Event.MESSAGE_SENT, by, **_details(message))
    else:
        record(Event.MESSAGE_FAILED, by, **_details(message), code=code)
    return True


async def usable(
    customer_id: UUID, purpose: Purpose | None, now: datetime, contact_point_id: UUID | None
) -> ContactPoint | None:
    """The contact point that a message may go to: the one that is named, or the best of those confirmed."""
    if purpose is not None and not await _consented(customer_id, purpose, now):
        return None
    if contact_point_id is not None:
        return await _permitted(customer_id, now).get_or_none(id=contact_point_id)
    return await confirmed(customer_id, now).first()


def _permitted(customer_id: UUID, now: datetime) -> QuerySet[ContactPoint]:
    """The contact points that may be written to."""
    # What is told of the customer's own data is told although somebody said that the address is not to be kept.
    return ContactPoint.filter(
        customer_id=customer_id, kind__in=list(CHANNELS), consent__permits=True, consent__expires_at__gt=now
    )


def confirmed(customer_id: UUID, now: datetime) -> QuerySet[ContactPoint]:
    """Those of them that the customer has confirmed, an e-mail address before a telephone."""
    points = _permitted(customer_id, now).filter(
        Q(verification_expires_at__isnull=True) | Q(verification_expires_at__gt=now),
        verified_at__isnull=False,
    )
    # "EMAIL" comes before "PHONE".
    return points.order_by("kind", "-verified_at", "id")


async def _consented(customer_id: UUID, purpose: Purpose, now: datetime) -> bool:
    """Whether the customer consents to messages for a purpose, and processing is not restricted."""
    return await Consent.filter(
        Consent.usable(now),
        customer_id=customer_id,
        customer__restricted=False,
        category=Category.CONTACT_POINT,
        purpose=purpose,
    ).exists()


async def language_of(customer_id: UUID) -> str:
    """The language a customer chose: that of the notice under the latest consent."""
    latest = (
        await Consent.filter(customer_id=customer_id)
        .order_by("-created_at", "id")
        .first()
        .values("notice__language")
    )
    return str(latest["notice__language"]) if latest else "en"


def _details(message: Message) -> dict[str, Any]:
    """The details of a ledger entry about a message."""
    return {
        "message": message.id,
        "customer": message.customer_id,
        "template": message.template,
        "channel": message.channel,
    }
