"""The keys that customers seal to, in the key database: the private halves wrapped by the epoch key, like the rings.

    submission_keys   id, epoch (wrapped in which), sealed (the private half), public, begun_at, ends_at, carried

A key is published for a day or until its epoch ends, whichever comes first, and opens for `OVERLAP` longer, so that a
form that somebody is filling in meanwhile is not lost. A rotation carries it into the next epoch for that time, and
the rotation after that destroys it whatever the time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tortoise import BaseDBAsyncClient

from models.database import fetch, run
from models.keys.keydatabase import blob, connection, lock, newest, transaction
from vault import hpke, vault

#: How long a key is published, and how long it opens beyond that.
PUBLISHED: Final = timedelta(days=1)
OVERLAP: Final = timedelta(hours=1)

_INSERT = "INSERT INTO submission_keys (id, epoch, sealed, public, begun_at, ends_at, carried) VALUES (?, ?, ?, ?, ?, ?, 0)"
_CARRY = "UPDATE submission_keys SET epoch = ?, sealed = ?, ends_at = ?, carried = 1 WHERE id = ?"


@dataclass(frozen=True, slots=True)
class SubmissionKey:
    """The public half of a key; `ends_at` is when it opens nothing more."""

    id: UUID
    public: bytes
    ends_at: datetime


def table() -> str:
    """The statement that creates the table where it is missing."""
    bytes_ = blob(connection())
    return (
        "CREATE TABLE IF NOT EXISTS submission_keys (id TEXT PRIMARY KEY, epoch INTEGER NOT NULL,"
        f" sealed {bytes_} NOT NULL, public {bytes_} NOT NULL, begun_at TEXT NOT NULL,"
        " ends_at TEXT NOT NULL, carried INTEGER NOT NULL)"
    )


async def published(now: datetime) -> SubmissionKey | None:
    """The key to seal to, if there is one."""
    return await _published(connection(), now)


async def begin(now: datetime) -> SubmissionKey | None:
    """Make a key to seal to; None when another process just made one."""
    secret, public = hpke.new()
    key = SubmissionKey(uuid4(), public, now + PUBLISHED + OVERLAP)
    async with transaction() as client:
        # The lock of epochs serves here as well: neither may one end meanwhile, nor two keys be made.
        await lock(client, "EXCLUSIVE")
        if await _published(client, now):
            return None
        epoch = await newest(client)
        sealed = vault.current().provider.wrap(f"epoch-{epoch}", secret, _context(epoch, key.id))
        times = [now.isoformat(), key.ends_at.isoformat()]
        await run(client, _INSERT, [str(key.id), epoch, sealed, public, *times])
    return key


async def opener(id: UUID, now: datetime) -> bytes | None:
    """The private half of a key that still opens.

    Raises:
        SealBroken: it was changed.
    """
    rows = await fetch(connection(), "SELECT * FROM submission_keys WHERE id = ?", [str(id)])
    if not rows or datetime.fromisoformat(rows[0]["ends_at"]) <= now:
        return None
    return _unwrapped(rows[0])


async def live() -> set[UUID]:
    """The ids of all keys, whether they still open anything or not."""
    return {UUID(row["id"]) for row in await fetch(connection(), "SELECT id FROM submission_keys")}


async def destroy_ended(now: datetime) -> list[UUID]:
    """Destroy the keys whose time is over; returns which."""
    async with transaction() as client:
        rows = await fetch(client, "SELECT id, ends_at FROM submission_keys")
        ended = [row["id"] for row in rows if datetime.fromisoformat(row["ends_at"]) <= now]
        return await _destroy(client, ended)


async def carry(epoch: int, now: datetime) -> list[UUID]:
    """Take the published key of the epoch before into a new one for a while, and destroy those taken before.

    May be repeated: what is in the new epoch already stays as it is. Returns the destroyed.
    """
    async with transaction() as client:
        await lock(client, "EXCLUSIVE")
        rows = await fetch(client, "SELECT * FROM submission_keys WHERE epoch < ?", [epoch])
        for row in rows:
            if not row["carried"]:
                await _carry(client, row, epoch, now)
        return await _destroy(client, [row["id"] for row in rows if row["carried"]])


async def _published(client: BaseDBAsyncClient, now: datetime) -> SubmissionKey | None:
    rows = await fetch(client, "SELECT * FROM submission_keys WHERE carried = 0 ORDER BY begun_at DESC")
    for row in rows:
        if datetime.fromisoformat(row["begun_at"]) <= now < datetime.fromisoformat(row["ends_at"]) - OVERLAP:
            return SubmissionKey(
                UUID(row["id"]), bytes(row["public"]), datetime.fromisoformat(row["ends_at"])
            )
    return None


async def _carry(client: BaseDBAsyncClient, row: dict[str, Any], epoch: int, now: datetime) -> None:
    sealed = vault.current().provider.wrap(f"epoch-{epoch}", _unwrapped(row), _context(epoch, row["id"]))
    ends_at = min(datetime.fromisoformat(row["ends_at"]), now + OVERLAP)
    await run(client, _CARRY, [epoch, sealed, ends_at.isoformat(), row["id"]])


async def _destroy(client: BaseDBAsyncClient, ids: list[str]) -> list[UUID]:
    for id in ids:
        await run(client, "DELETE FROM submission_keys WHERE id = ?", [id])
    return [UUID(id) for id in ids]


def _unwrapped(row: dict[str, Any]) -> bytes:
    context = _context(row["epoch"], row["id"])
    return vault.current().provider.unwrap(f"epoch-{row['epoch']}", bytes(row["sealed"]), context)


def _context(epoch: int, id: UUID | str) -> bytes:
    return f"submission key|{epoch}|{id}".encode()
