"""Sending what waits in the outbox.

A message is claimed before it is tried, by one process of several; claiming also sets when it may be tried again,
so that one whose process was killed is not lost. One whose process was killed between handing it over and storing
that is handed over once more, under the same id.

    GIVEN_UP               it was tried as often as a message is tried
    MESSAGE_EXPIRED        what it says is good no longer, such as a code that has run out
    CONSENT_WITHDRAWN      the customer does not, or not any more, consent to being written to there for this
    ADDRESS_SUPPRESSED     somebody who had the address left since, and wishes that nobody writes to it
    UNREADABLE             its stored content does not open
    MESSAGE_UNDELIVERED    one message was not sent; its id and the code of the reason follow
    MESSAGES_UNDELIVERED   the round of sending failed as a whole; it is tried again
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from models import Message, MessageChannel, MessageState, opened
from models.database import transaction
from models.errors import Unfit
from models.values import checks
from policies.actor import utc_now
from procedures import clock as clocks
from procedures import current
from procedures.ledger import LedgerUnavailable
from procedures.message import outbox
from procedures.sending import Channel, Channels, Letter, Mailbox, Undelivered
from procedures.work import Clock
from vault import vault
from vault.errors import VaultError

log = logging.getLogger("savas.messages")

#: How often a message is tried; the first wait after a try and the longest: each is double the one before.
ATTEMPTS: Final = 10
FIRST: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(hours=6)
#: How many messages are handed over at the same time.
AT_ONCE: Final = 8


async def deliver(*, clock: Clock = utc_now, through: Channels | None = None, at_once: int = AT_ONCE) -> int:
    """Send the messages that are due; returns how many were sent.

    Args:
        clock: gives the present instant in UTC.
        through: the channels; those that are configured unless given.
        at_once: how many are sent at the same time.
    """
    ways = channels() if through is None else through
    if not ways or vault.reason() is not None:
        return 0
    now, sent, tried = clock(), 0, set[UUID]()
    while due := await _due(ways, now, at_once, tried):
        tried.update(message.id for message in due)
        sent += sum(await asyncio.gather(*(_deliver(message, ways, clock) for message in due)))
    return sent


def channels() -> Channels:
    """The channels that the operator configured."""
    configured, ways = current.addresses(), dict[MessageChannel, Channel]()
    if configured.smtp is not None:
        ways[MessageChannel.EMAIL] = Mailbox(configured.smtp)
    if configured.sms is not None:
        ways[MessageChannel.SMS] = configured.sms
    return ways


async def _due(ways: Channels, now: datetime, count: int, tried: set[UUID]) -> Sequence[Message]:
    # No wait is longer than the longest: one that seems to be was begun by a clock that was ahead.
    ready = Q(next_at__lte=now) | Q(next_at__gt=now + LONGEST)
    messages = Message.filter(ready, state=MessageState.QUEUED, channel__in=list(ways))
    return await messages.exclude(id__in=list(tried)).order_by("next_at", "id").limit(count)


async def _deliver(message: Message, ways: Channels, clock: Clock) -> bool:
    """Claim a message, try to hand it over, and store the outcome; returns whether it was sent."""
    if _over(message, clock()) and not _over(message, await clocks.past(clock=clock)):
        # It is not sent, and not given up either, until it is certain that its time is over.
        return False
    if not await _claim(message, clock()):
        return False
    try:
        letter = await _letter(message, clock())
        await ways[message.channel].send(letter)
    except Undelivered as error:
        log.warning("MESSAGE_UNDELIVERED %s %s", message.id, error.code)
        if error.final or message.attempts + 1 >= ATTEMPTS:
            await _finish(message, MessageState.FAILED, clock(), error.code)
        return False
    return await _finish(message, MessageState.SENT, clock())


async def _claim(message: Message, now: datetime) -> bool:
    """Claim a message for this try; returns False where another process was quicker."""
    wait = min(FIRST * (1 << message.attempts), LONGEST)
    async with transaction():
        unclaimed = Message.filter(id=message.id, state=MessageState.QUEUED, attempts=message.attempts)
        return bool(await unclaimed.update(attempts=message.attempts + 1, next_at=now + wait))


async def _letter(message: Message, now: datetime) -> Letter:
    """The letter of a message.

    Raises:
        Undelivered: it may not be sent any more, or cannot be read.
    """
    if message.attempts >= ATTEMPTS:
        raise Undelivered("GIVEN_UP", final=True)
    if _over(message, now):
        raise Undelivered("MESSAGE_EXPIRED", final=True)
    point = message.contact_point_id
    if point is not None and await outbox.usable(message.customer_id, message.purpose, now, point) is None:
        raise Undelivered("CONSENT_WITHDRAWN", final=True)
    try:
        content = await opened(message)
    except VaultError:
        raise Undelivered("UNREADABLE", final=vault.reason() is None) from None
    if await outbox.is_suppressed(message.channel, content.address):
        raise Undelivered("ADDRESS_SUPPRESSED", final=True)
    return Letter(message.id, _normalised(message, content.address), content.subject, content.text)


def _over(message: Message, at: datetime | None) -> bool:
    """Whether what a message says is good no longer at an instant; no, where the instant is not known."""
    return at is not None and message.expires_at is not None and message.expires_at <= at


def _normalised(message: Message, address: str) -> str:
    """An address as its channel takes it: a telephone number without blanks and hyphens."""
    if message.channel is not MessageChannel.SMS:
        return address
    try:
        return checks.phone(address, "value")
    except Unfit as error:
        raise Undelivered(error.code, final=True) from None


async def _finish(message: Message, state: MessageState, now: datetime, code: str | None = None) -> bool:
    """Store how a message ended; False where that could not be recorded, or the message was erased meanwhile."""
    try:
        async with transaction():
            return await outbox.end(message, state, now, code)
    except LedgerUnavailable:
        # It stays claimed and is tried again: it is rather sent twice than without a record.
        return False
