"""The outbox: a message is queued in the transaction of what it tells of, and leaves after that is committed.

What a message says is sealed under its customer's ring, and deleted once it is sent, or will not be. It leaves by
`procedures.message.delivery`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from models import (
    Category,
    Consent,
    ContactKind,
    ContactPoint,
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
from procedures.message.text import written
from procedures.worker import ring

CHANNELS: Final = {ContactKind.EMAIL: MessageChannel.EMAIL, ContactKind.PHONE: MessageChannel.SMS}


@dataclass(frozen=True)
class Destination:
    """Where a message goes; without an address it is kept in the customer's account."""

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
    is none, it is kept in the customer's account.

    Args:
        customer_id: to whom.
        template: what is said.
        by: on whose behalf; None for the system itself.
        contact_point_id: to this contact point of theirs, confirmed or about to be.
        purpose: what the customer must have consented to; None for what concerns the customer's own data.
        expires_at: after which it is worth nothing any more.
        **details: what the template's text asks for.

    Raises:
        NotFound: there is no such contact point that may be used for this.
        RuntimeError: there is no transaction.
    """
    now = by.now if by else utc_now()
    found = await usable(customer_id, purpose, now, contact_point_id)
    if contact_point_id is not None and found is None:
        raise NotFound("contact point", "contactPointId")
    if found is None:
        where = Destination(MessageChannel.ACCOUNT)
    else:
        where = Destination(CHANNELS[found.kind], (await opened(found)).value, found.id)
    language = await language_of(customer_id)
    return await put(
        customer_id, template, where, language, by=by, purpose=purpose, expires_at=expires_at, **details
    )


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
    """Queue a message to a place that is known already, in the transaction under way.

    Args:
        owner_id: whose ring it is sealed under: a customer, or an intake that is to become one.
        template: what is said.
        where: to where.
        language: of the text; English where there is none in it.
        by: on whose behalf; None for the system itself.
        purpose: what the customer must have consented to.
        expires_at: after which it is worth nothing any more.
        **details: what the template's text asks for.
    """
    now = by.now if by else utc_now()
    kept = where.channel is MessageChannel.ACCOUNT
    message = Message(
        customer_id=owner_id,
        contact_point_id=where.contact_point_id,
        template=template,
        channel=where.channel,
        purpose=purpose,
        state=MessageState.KEPT if kept else MessageState.QUEUED,
        content=MessageContent(where.address, *written(template, language, details)),
        queued_at=now,
        next_at=now,
        expires_at=expires_at,
    )
    await message.save()
    record(Event.MESSAGE_QUEUED, by, **_told(message))
    after_commit(lambda: ring("messages"))
    return message


async def forget(customer_id: UUID, *, by: Actor | None = None) -> None:
    """Delete what messages to a customer say, and send none of them; in the transaction under way."""
    for message in await Message.filter(customer_id=customer_id, content__isnull=False):
        await end(message, MessageState.FAILED, by.now if by else utc_now(), "ERASED", by=by)


async def listed(*, everything: bool = False) -> list[Message]:
    """The messages that are on their way, the oldest first; everything: also those that are not any more."""
    found = Message.all() if everything else Message.filter(state=MessageState.QUEUED)
    return await found.order_by("queued_at", "id")


async def waiting() -> int:
    """How many messages are on their way."""
    return await Message.filter(state=MessageState.QUEUED).count()


async def end(
    message: Message, state: MessageState, now: datetime, code: str | None = None, *, by: Actor | None = None
) -> bool:
    """Note how a message ended, and delete what it says; False when that was noted before."""
    waiting = Message.filter(id=message.id, state__in=[MessageState.QUEUED, MessageState.KEPT])
    if not await waiting.update(state=state, content=None, finished_at=now, code=code):
        return False
    if state is MessageState.SENT:
        record(Event.MESSAGE_SENT, by, **_told(message))
    else:
        record(Event.MESSAGE_FAILED, by, **_told(message), code=code)
    return True


async def usable(
    customer_id: UUID, purpose: Purpose | None, now: datetime, contact_point_id: UUID | None
) -> ContactPoint | None:
    """The contact point that a message may go to: the one that is named, or the best of those confirmed."""
    if purpose is not None and not await _consented(customer_id, purpose, now):
        return None
    lawful = ContactPoint.filter(
        customer_id=customer_id, kind__in=list(CHANNELS), consent__permits=True, consent__expires_at__gt=now
    )
    if contact_point_id is not None:
        return await lawful.get_or_none(id=contact_point_id)
    confirmed = lawful.filter(
        Q(verification_expires_at__isnull=True) | Q(verification_expires_at__gt=now),
        verified_at__isnull=False,
    )
    # "EMAIL" comes before "PHONE".
    return await confirmed.order_by("kind", "-verified_at", "id").first()


async def _consented(customer_id: UUID, purpose: Purpose, now: datetime) -> bool:
    """Whether the customer lets us write for a purpose, and has not asked us to stop processing."""
    return await Consent.filter(
        customer_id=customer_id,
        customer__restricted=False,
        category=Category.CONTACT_POINT,
        purpose=purpose,
        permits=True,
        expires_at__gt=now,
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


def _told(message: Message) -> dict[str, Any]:
    """What the ledger is told of a message."""
    return {
        "message": message.id,
        "customer": message.customer_id,
        "template": message.template,
        "channel": message.channel,
    }
