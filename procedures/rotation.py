"""Replacing keys: the epoch key that wraps every customer's ring, and the keys of the blind indexes.

Both serve meanwhile, and both may be killed at any step and run again: what is left to do is known from what
is stored, never from memory.

A rotation of the epoch makes the next epoch's key, moves every ring into it, and destroys the old key: from then
on no copy of the key database made before opens anything. A rotation of the indexes makes a new key, computes every
index anew from the opened row, and destroys the old key.

    EPOCH_DESTROYED, PROVIDER_…   what the vault says when it is sealed
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from tortoise.connection import get_connection

from models import PERSONAL, Personal, keyring
from models.database import CONNECTION, dialect, transaction
from models.event import Event
from models.fields import Index
from policies.asker import utc_now
from procedures import ledger
from procedures.sealing import indexes
from vault import blind, vault
from vault.errors import SealBroken
from vault.seal import Sealed
from vault.vault import FRESH

log = logging.getLogger("savas.vault")

#: How long an epoch lasts, and how long one of the blind indexes.
EPOCH: Final = timedelta(days=1)
INDEX_EPOCH: Final = timedelta(days=30)
#: How many rings or rows are moved in one transaction.
BATCH = 1_000

#: Told how many are done, of how many.
Progress = Callable[[int, int], object]
Clock = Callable[[], datetime]


def silent(_done: int, _all: int) -> None:
    """Tell nobody."""


async def rotate(*, progress: Progress = silent, clock: Clock = utc_now) -> int:
    """Begin a new epoch, or go on with one that was begun, and destroy the keys of all earlier ones.

    Returns:
        How many rings were moved.

    Raises:
        SealedError: the vault is sealed.
    """
    live = list(await keyring.epochs())
    if len(live) == 1:
        live.append(await _begin(live[0] + 1, clock()))
    *old, new = live
    moved = await _move(old, new, progress)
    for epoch in old:
        await keyring.end(epoch)
        await _destroy("epoch", epoch, Event.EPOCH_DESTROYED)
    await keyring.compact()
    return moved


async def settle() -> None:
    """Destroy the keys of epochs that have ended: what a run that was killed at its last step left."""
    live = await keyring.epochs()
    for epoch in _numbers("epoch"):
        if epoch < min(live):
            await _destroy("epoch", epoch, Event.EPOCH_DESTROYED)


async def rotate_indexes(*, progress: Progress = silent, clock: Clock = utc_now) -> int:
    """Begin a new epoch of the blind indexes, or go on with one, and destroy the keys of all earlier ones.

    Returns:
        How many rows were indexed anew.

    Raises:
        SealedError: the vault is sealed.
    """
    keys = vault.current()
    live = _numbers("index")
    if len(live) == 1:
        keys.provider.create(f"index-{live[0] + 1}")
        keys.refresh()
        await ledger.note(Event.INDEX_EPOCH_BEGUN, None, epoch=live[0] + 1)
        live = _numbers("index")
    new, done = live[-1], 0
    await keyring.index_begun(new, clock())
    total = await outdated()
    # Another process may go on writing with the old key for a moment, so what it wrote is looked for once more.
    for wait in (0.0, 2 * FRESH):
        await asyncio.sleep(wait)
        for model in _indexed():
            while count := await _reindex(model, new):
                done += count
                progress(done, max(total, done))
    for epoch in live[:-1]:
        await _destroy("index", epoch, Event.INDEX_EPOCH_DESTROYED)
    keys.refresh()
    return done


async def outdated() -> int:
    """How many rows are not indexed under the newest key."""
    return sum([await _outdated(model, _numbers("index")[-1]) for model in _indexed()])


async def indexed() -> int:
    """How many rows have a blind index at all."""
    return sum([await model.all().count() for model in _indexed()])


async def due(*, clock: Clock = utc_now, every: timedelta = EPOCH) -> bool:
    """Whether the epoch has lasted long enough, or a rotation was interrupted."""
    begun = await keyring.epochs()
    return len(begun) > 1 or _over(max(begun.values()), clock(), every)


async def indexes_due(*, clock: Clock = utc_now, every: timedelta = INDEX_EPOCH) -> bool:
    """The same of the blind indexes."""
    live = _numbers("index")
    return len(live) > 1 or _over(await keyring.index_begun(live[-1], clock()), clock(), every)


async def keep(*, clock: Clock = utc_now) -> None:
    """Replace the keys whose time has come, and finish what was interrupted.

    Raises:
        SealedError: the vault is sealed.
    """
    await settle()
    if await due(clock=clock):
        await rotate(clock=clock)
    if await indexes_due(clock=clock):
        await rotate_indexes(clock=clock)


def _over(begun: datetime, now: datetime, every: timedelta) -> bool:
    """Whether a time is over; one that began in the future was measured by a clock that was wrong."""
    return not begun <= now < begun + every


async def _begin(epoch: int, now: datetime) -> int:
    provider = vault.current().provider
    # A key without an epoch is what a run left that was killed between these two.
    if f"epoch-{epoch}" not in provider.names():
        provider.create(f"epoch-{epoch}")
    await keyring.begin(epoch, now)
    await ledger.note(Event.EPOCH_BEGUN, None, epoch=epoch)
    return epoch


async def _move(old: list[int], new: int, progress: Progress) -> int:
    total, moved = sum([await keyring.counted(epoch) for epoch in old]), 0
    progress(0, total)
    for epoch in old:
        while count := await keyring.rewrap(epoch, new, BATCH):
            moved += count
            progress(moved, max(total, moved))
    return moved


async def _destroy(kind: str, epoch: int, event: Event) -> None:
    vault.current().provider.destroy(f"{kind}-{epoch}")
    await ledger.note(event, None, epoch=epoch)


def _numbers(kind: str) -> list[int]:
    """The numbers of the provider's keys of a kind, in order."""
    found = (re.fullmatch(rf"{kind}-(\d+)", name) for name in vault.current().provider.names())
    return sorted(int(match[1]) for match in found if match)


def _indexed() -> Iterator[type[Personal]]:
    for model in PERSONAL.values():
        if _columns(model):
            yield model


def _columns(model: type[Personal]) -> list[str]:
    return [name for name, field in model._meta.fields_map.items() if isinstance(field, Index)]


def _older(model: type[Personal], epoch: int) -> str:
    """Rows with an index of an older epoch: they begin with a smaller number."""
    prefix = blind.prefix(epoch).hex()
    literal = f"X'{prefix}'" if dialect() == "sqlite" else f"'\\x{prefix}'::bytea"
    return " OR ".join(f"{name} < {literal}" for name in _columns(model))


async def _outdated(model: type[Personal], epoch: int) -> int:
    sql = f'SELECT count(*) AS "count" FROM {model._meta.db_table} WHERE {_older(model, epoch)}'  # noqa: S608 own names
    return int((await get_connection(CONNECTION).execute_query_dict(sql))[0]["count"])


async def _reindex(model: type[Personal], epoch: int) -> int:
    """Index at most a batch of rows anew, in one transaction; a row that does not open loses its index."""
    locked = " FOR UPDATE" if dialect() == "postgres" else ""
    sql = (
        f"SELECT id, customer_id, content, revision FROM {model._meta.db_table}"  # noqa: S608 own names
        f" WHERE {_older(model, epoch)} ORDER BY id LIMIT {BATCH:d}{locked}"
    )
    async with transaction() as client:
        rows = list(await client.execute_query_dict(sql))
        rings = await keyring.rings({row["customer_id"] for row in rows})
        changed = [[*_anew(model, row, rings.get(str(row["customer_id"]))), row["id"]] for row in rows]
        if changed:
            await client.execute_many(_update(model), changed)
    return len(rows)


def _anew(model: type[Personal], row: dict[str, Any], ring: Any) -> list[bytes | None]:
    field: Any = model._meta.fields_map["content"]
    try:
        content = field.open(ring, row["id"], row["revision"], Sealed(bytes(row["content"])))
    except SealBroken:
        log.error("SEAL_BROKEN table=%s row=%s", model._meta.db_table, row["id"])
        return [None] * len(_columns(model))
    found = indexes(model, content)
    return [found[name] for name in _columns(model)]


def _update(model: type[Personal]) -> str:
    names = _columns(model)
    slots = ["?"] * (len(names) + 1) if dialect() == "sqlite" else [f"${n}" for n in range(1, len(names) + 2)]
    assigned = ", ".join(f"{name} = {slot}" for name, slot in zip(names, slots[:-1], strict=True))
    return f"UPDATE {model._meta.db_table} SET {assigned} WHERE id = {slots[-1]}"  # noqa: S608 own names
