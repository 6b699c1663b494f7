"""The keys that browsers seal submissions to: published with a signature, replaced with each epoch."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from models import Submission
from models.database import transaction
from models.event import Event
from models.keys import SubmissionKey, submission_key
from policies.actor import utc_now
from procedures import clock as clocks
from procedures import ledger
from procedures.audit import SIGNING_KEY
from vault import hpke, vault


@dataclass(frozen=True, slots=True)
class Published:
    """A key as the API publishes it; binary parts are base64url without padding."""

    id: UUID
    suite: str
    public_key: str
    expires_at: datetime
    signature: str


async def published(now: datetime) -> Published:
    """The present key to seal to, with its signature; made when there is none.

    Raises:
        SealedError: the vault is sealed.
    """
    key = await submission_key.published(now)
    while key is None:
        await destroy_ended(now)
        if key := await submission_key.begin(now):
            await ledger.note(Event.SUBMISSION_KEY_BEGUN, None, key=key.id)
        else:
            key = await submission_key.published(now)
    signature = vault.current().provider.sign(SIGNING_KEY, _statement(key))
    return Published(key.id, hpke.SUITE, text(key.public), key.ends_at, text(signature))


async def carry(epoch: int, now: datetime) -> None:
    """Keep the former key usable for a while in a new epoch; part of a rotation, before the old epoch ends."""
    await _forget_submissions(await submission_key.carry(epoch, now))
    await destroy_ended(now)


async def destroy_ended(now: datetime | None = None) -> None:
    """Destroy the keys whose time is over; none while the clock is doubted."""
    if past := await clocks.past(clock=lambda: now or utc_now()):
        await _forget_submissions(await submission_key.destroy_ended(past))


async def _forget_submissions(keys: list[UUID]) -> None:
    """Delete which nonces were used with destroyed keys: what was sealed to them cannot be opened any more."""
    if keys:
        async with transaction():
            await Submission.exclude(key_id__in=list(await submission_key.live())).delete()
            for key in keys:
                ledger.record(Event.SUBMISSION_KEY_DESTROYED, None, key=key)


def text(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _statement(key: SubmissionKey) -> bytes:
    """The text that is signed; its first line has blanks, so that it cannot pass for a checkpoint."""
    expires = key.ends_at.astimezone(UTC).isoformat()
    return f"savas submission key 1\n{key.id}\n{hpke.SUITE}\n{text(key.public)}\n{expires}\n".encode()
