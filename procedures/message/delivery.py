"""Sending what waits in the outbox.

A message is claimed before it is tried, by one process of several; claiming also sets when it may be tried again,
so that one whose assignee was killed is not lost. Whoever is killed between handing a message over and noting that
leaves it to be handed over once more, under the same id.

    GIVEN_UP               it was tried as often as a message is tried
    MESSAGE_EXPIRED        what it says is good no longer, such as a code that has run out
    CONSENT_WITHDRAWN      the customer does not, or not any more, consent to being written to there for this
    UNREADABLE             its stored content does not open
    MESSAGE_UNDELIVERED    one message was not sent; its id and the code of the reason follow
    MESSAGES_UNDELIVERED   the round of sending failed as a whole; it is tried again
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models import Message, MessageChannel, MessageState, opened
from models.database import transaction
from models.errors import Unfit
from models.values import checks
from policies.actor import utc_now
from procedures import current
from procedures.ledger import LedgerUnavailable
from procedures.message import outbox
from procedures.sending import Channel, Channels, Letter, Mailbox, Undelivered
from vault import vault
from vault.errors import VaultError

log = logging.getLogger("savas.messages")

#: How often a message is tried, how long the first wait is, and how long the longest; each doubles the one before.
ATTEMPTS: Final = 10
FIRST: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(hours=6)
#: How many are handed over at a time.
AT_ONCE: Final = 8


async def deliver(
    *, clock: Callable[[], datetime] = utc_now, through: Channels | None = None, at_once: int = AT_ONCE
) -> int:
    """Send whatever is due; returns how many messages were sent.

    Args:
        clock: tells the present instant in UTC.
        through: the ways out; those of this process unless given.
        at_once: how many at a time.
    """
    ways = channels() if through is None else through
    if not ways or vault.reason() is not None:
        return 0
    now, sent, seen = clock(), 0, set[UUID]()
    while due := await _due(ways, now, at_once, seen):
        seen.update(message.id for message in due)
        sent += sum(await asyncio.gather(*(_carried(message, ways, clock) for message in due)))
    return sent


def channels() -> Channels:
    """The ways out that the operator configured."""
    here, found = current.addresses(), dict[MessageChannel, Channel]()
    if here.smtp is not None:
        found[MessageChannel.EMAIL] = Mailbox(here.smtp)
    if here.sms is not None:
        found[MessageChannel.SMS] = here.sms
    return found


async def _due(ways: Channels, now: datetime, count: int, seen: set[UUID]) -> Sequence[Message]:
    found = Message.filter(state=MessageState.QUEUED, channel__in=list(ways), next_at__lte=now)
    return await found.exclude(id__in=list(seen)).order_by("next_at", "id").limit(count)


async def _carried(message: Message, ways: Channels, clock: Callable[[], datetime]) -> bool:
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
    if at is not None and await outbox.usable(message.customer_id, message.purpose, now, at) is None:
        raise Undelivered("CONSENT_WITHDRAWN", final=True)
    try:
        content = await opened(message)
    except VaultError:
        raise Undelivered("UNREADABLE", final=vault.reason() is None) from None
    return Letter(message.id, _dialled(message, content.address), content.subject, content.text)


def _dialled(message: Message, address: str) -> str:
    """An address as its channel wants it: a telephone number without what people put between its digits."""
    if message.channel is not MessageChannel.SMS:
        return address
    try:
        return checks.phone(address, "value")
    except Unfit as error:
        raise Undelivered(error.code, final=True) from None


async def _finished(message: Message, state: MessageState, now: datetime, code: str | None = None) -> bool:
    """Note how a message ended; False when it could not be noted, or was forgotten meanwhile."""
    try:
        async with transaction():
            return await outbox.end(message, state, now, code)
    except LedgerUnavailable:
        # It stays claimed, and is tried again: rather twice than without a record.
        return False
