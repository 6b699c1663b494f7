"""The outbox: a message is queued in the transaction of what it tells of, and leaves after that is committed.

A message is claimed before it is tried, by one process of several; claiming also sets when it may be tried again,
so that one whose carrier was killed is not lost. Whoever is killed between handing a message over and noting that
leaves it to be handed over once more, under the same id. What a message says is sealed under its customer's ring,
and deleted once it is sent, or will not be.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from models.database import after_commit, transaction
from models.event import Event
from policies.asker import Asker, utc_now
from procedures import outlets
from procedures.errors import NotFound
from procedures.ledger import LedgerUnavailable, record
from procedures.message_text import written
from procedures.outlets import Letter, Outlets, Undelivered
from vault import vault
from vault.errors import VaultError

log = logging.getLogger("savas.messages")

#: How often a message is tried, how long the first wait is, and how long the longest; each doubles the one before.
ATTEMPTS: Final = 10
FIRST: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(hours=6)
#: How many are handed over at a time.
AT_ONCE: Final = 8
#: Seconds after which the outbox is looked at, whether somebody knocked or not.
INTERVAL: Final = 60.0

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
    by: Asker | None = None,
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
    found = await _usable(customer_id, purpose, now, contact_point_id)
    if contact_point_id is not None and found is None:
        raise NotFound("contact point", "contactPointId")
    if found is None:
        where = Destination(MessageChannel.ACCOUNT)
    else:
        where = Destination(CHANNELS[found.kind], (await opened(found)).value, found.id)
    language = await _language(customer_id)
    return await put(
        customer_id, template, where, language, by=by, purpose=purpose, expires_at=expires_at, **details
    )


async def put(
    owner_id: UUID,
    template: Template,
    where: Destination,
    language: str,
    *,
    by: Asker | None = None,
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
    after_commit(_knock)
    return message


async def forget(customer_id: UUID, *, by: Asker | None = None) -> None:
    """Delete what messages to a customer say, and send none of them; in the transaction under way."""
    for message in await Message.filter(customer_id=customer_id, content__isnull=False):
        await _end(message, MessageState.FAILED, by.now if by else utc_now(), "ERASED", by=by)


async def deliver(
    *, clock: Callable[[], datetime] = utc_now, through: Outlets | None = None, at_once: int = AT_ONCE
) -> int:
    """Send whatever is due; returns how many messages were sent.

    Args:
        clock: tells the present instant in UTC.
        through: the ways out; those of this process unless given.
        at_once: how many at a time.
    """
    ways = outlets.current() if through is None else through
    if not ways or vault.reason() is not None:
        return 0
    now, sent, seen = clock(), 0, set[UUID]()
    while due := await _due(ways, now, at_once, seen):
        seen.update(message.id for message in due)
        sent += sum(await asyncio.gather(*(_carried(message, ways, clock) for message in due)))
    return sent


async def carry() -> None:
    """Deliver whenever a message is queued here, and every minute; until cancelled."""
    _Bell.bell = asyncio.Event()
    try:
        while True:
            _Bell.bell.clear()
            try:
                await deliver()
            except Exception as error:  # noqa: BLE001 the next minute may be better
                log.error("MESSAGES_UNDELIVERED %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(_Bell.bell.wait(), INTERVAL)
    finally:
        _Bell.bell = None


class _Bell:
    """Rung when a message is queued in this process; there only while somebody listens."""

    bell: asyncio.Event | None = None


async def _knock() -> None:
    if _Bell.bell is not None:
        _Bell.bell.set()


async def _due(ways: Outlets, now: datetime, count: int, seen: set[UUID]) -> Sequence[Message]:
    found = Message.filter(state=MessageState.QUEUED, channel__in=list(ways), next_at__lte=now)
    return await found.exclude(id__in=list(seen)).order_by("next_at", "id").limit(count)


async def _carried(message: Message, ways: Outlets, clock: Callable[[], datetime]) -> bool:
    """Claim a message, try to hand it over, and note what came of it; whether it was sent."""
    if not await _claimed(message, clock()):
        return False
    try:
        letter = await _letter(message, clock())
        await ways[message.channel].send(letter)
    except Undelivered as error:
        log.warning("MESSAGE_UNDELIVERED %s %s", message.id, error.code)
        if error.final or message.attempts + 1 >= ATTEMPTS:
            await _finished(message, MessageState.FAILED, clock(), error.code)
        return False
    return await _finished(message, MessageState.SENT, clock())


async def _claimed(message: Message, now: datetime) -> bool:
    """Take a message for this try; of several processes that want it, one has it."""
    wait = min(FIRST * (1 << message.attempts), LONGEST)
    async with transaction():
        ours = Message.filter(id=message.id, state=MessageState.QUEUED, attempts=message.attempts)
        return bool(await ours.update(attempts=message.attempts + 1, next_at=now + wait))


async def _letter(message: Message, now: datetime) -> Letter:
    """What is to be handed over.

    Raises:
        Undelivered: it may not be, not any more.
    """
    if message.attempts >= ATTEMPTS:
        raise Undelivered("GIVEN_UP", final=True)
    if message.expires_at is not None and message.expires_at <= now:
        raise Undelivered("MESSAGE_EXPIRED", final=True)
    at = message.contact_point_id
    if at is not None and await _usable(message.customer_id, message.purpose, now, at) is None:
        raise Undelivered("CONSENT_WITHDRAWN", final=True)
    try:
        content = await opened(message)
    except VaultError:
        raise Undelivered("UNREADABLE", final=vault.reason() is None) from None
    return Letter(message.id, content.address, content.subject, content.text)


async def _finished(message: Message, state: MessageState, now: datetime, code: str | None = None) -> bool:
    """Note how a message ended; False when it could not be noted, or was forgotten meanwhile."""
    try:
        async with transaction():
            return await _end(message, state, now, code)
    except LedgerUnavailable:
        # It stays claimed, and is tried again: rather twice than without a record.
        return False


async def _end(
    message: Message, state: MessageState, now: datetime, code: str | None = None, *, by: Asker | None = None
) -> bool:
    waiting = Message.filter(id=message.id, state__in=[MessageState.QUEUED, MessageState.KEPT])
    if not await waiting.update(state=state, content=None, finished_at=now, code=code):
        return False
    if state is MessageState.SENT:
        record(Event.MESSAGE_SENT, by, **_told(message))
    else:
        record(Event.MESSAGE_FAILED, by, **_told(message), code=code)
    return True


async def _usable(
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
        category=Category.CONTACT,
        purpose=purpose,
        permits=True,
        expires_at__gt=now,
    ).exists()


async def _language(customer_id: UUID) -> str:
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
