"""The keys that customers seal what is sensitive to: published with a signature, replaced with each epoch."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from models import Submission
from models.database import transaction
from models.event import Event
from models.keys import SubmissionKey, submission_key
from policies.actor import utc_now
from procedures import ledger
from procedures.audit import SIGNING_KEY
from vault import hpke, vault


@dataclass(frozen=True, slots=True)
class Published:
    """A key as the world sees it; binary parts are base64url without padding."""

    id: UUID
    suite: str
    public_key: str
    expires_at: datetime
    signature: str


async def published(now: datetime) -> Published:
    """The key to seal to, made when there is none.

    Raises:
        SealedError: the vault is sealed.
    """
    found = await submission_key.published(now)
    while found is None:
        await destroy_ended(now)
        if found := await submission_key.begin(now):
            await ledger.note(Event.SUBMISSION_KEY_BEGUN, None, key=found.id)
        else:
            found = await submission_key.published(now)
    signature = vault.current().provider.sign(SIGNING_KEY, _statement(found))
    return Published(found.id, hpke.SUITE, text(found.public), found.ends_at, text(signature))


async def carry(epoch: int, now: datetime) -> None:
    """Take the former key into a new epoch for a while; part of a rotation, before the old epoch ends."""
    await _forgotten(await submission_key.carry(epoch, now))
    await destroy_ended(now)


async def destroy_ended(now: datetime | None = None) -> None:
    """Destroy the keys whose time is over."""
    await _forgotten(await submission_key.destroy_ended(now or utc_now()))


async def _forgotten(keys: list[UUID]) -> None:
    """Forget what was sealed to destroyed keys: it opens nowhere any more."""
    if keys:
        async with transaction():
            await Submission.exclude(key_id__in=list(await submission_key.live())).delete()
            for key in keys:
                ledger.record(Event.SUBMISSION_KEY_DESTROYED, None, key=key)


def text(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _statement(key: SubmissionKey) -> bytes:
    """What is signed; its first line has blanks, so that it never reads as a checkpoint."""
    expires = key.ends_at.astimezone(UTC).isoformat()
    return f"savas submission key 1\n{key.id}\n{hpke.SUITE}\n{text(key.public)}\n{expires}\n".encode()
