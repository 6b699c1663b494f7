"""Replacing keys: the epoch key that wraps every customer's ring, and the keys of the blind indexes.

The server goes on serving meanwhile. Both may be killed at any step and run again, by several processes at once: what
is left to do is known from what is stored, never from memory.

A rotation of the epoch makes the next epoch's key, moves every ring and the newest submission key into it, and
destroys the old key: from then on no copy of the key database made before opens anything. A rotation of the indexes
makes a new key, computes every index anew from the opened row, and destroys the old key.
"""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Final

from models.event import Event
from models.keys import keybook, keyring
from policies.actor import utc_now
from procedures import clock as clocks
from procedures import ledger
from procedures.keys import indexing
from procedures.submission import key
from procedures.work import Clock, Progress, silent
from vault import proof, vault
from vault.errors import ProviderError
from vault.provider import KeyProvider
from vault.vault import FRESH

#: How long an epoch of the rings lasts, and one of the blind indexes.
EPOCH: Final = timedelta(days=1)
INDEX_EPOCH: Final = timedelta(days=30)
#: How many rings are moved in one transaction.
BATCH = 1_000
#: The events that begin and that end an epoch, with the kind of its key.
_BEGINS: Final = {Event.EPOCH_BEGUN: "epoch", Event.INDEX_EPOCH_BEGUN: "index"}
_DESTROYS: Final = {Event.EPOCH_DESTROYED: "epoch", Event.INDEX_EPOCH_DESTROYED: "index"}


async def rotate(*, progress: Progress = silent, clock: Clock = utc_now) -> int:
    """Begin a new epoch, or go on with one that was begun, and destroy the keys of all earlier ones.

    Returns:
        How many rings were moved.

    Raises:
        SealedError: the vault is sealed.
    """
    await settle()
    live = list(await keyring.epochs())
    if len(live) == 1:
        await _begin(live[0] + 1, clock())
        live = list(await keyring.epochs())
    *old, new = live
    moved = await _move(old, new, progress)
    await key.carry(new, clock())
    for epoch in old:
        await keyring.end(epoch)
    await settle()
    await keyring.compact()
    return moved


async def settle() -> None:
    """Finish what a killed run has left: destroy the keys of ended epochs, and record what is not recorded yet.

    If a run is killed just after it has recorded something, that is recorded a second time.
    """
    for event, number in await keybook.unfinished():
        if event in _DESTROYS:
            vault.current().provider.destroy(f"{_DESTROYS[Event(event)]}-{number}")
        elif event not in _BEGINS or number not in numbers(_BEGINS[Event(event)]):
            continue
        await ledger.note(Event(event), None, epoch=number)
        await keybook.finish(event, number)
    # A process whose epoch came too late has made a key that serves nothing.
    live = await keyring.epochs()
    for epoch in numbers("epoch"):
        if epoch < min(live):
            vault.current().provider.destroy(f"epoch-{epoch}")


async def rotate_indexes(*, progress: Progress = silent, clock: Clock = utc_now) -> int:
    """Begin a new epoch of the blind indexes, or go on with one that was begun, and destroy the keys of earlier ones.

    Returns:
        How many rows were indexed anew.

    Raises:
        SealedError: the vault is sealed.
    """
    keys = vault.current()
    await settle()
    if len(numbers("index")) < 2 or await unfindable():
        await _begin_index(max([*numbers("index"), await indexing.newest()]) + 1)
    *old, new = numbers("index")
    await keybook.index_begun(new, clock())
    done = 0
    # Another process learns of the new key only after `FRESH` seconds. Until then it does not search under it, so no
    # row may be moved yet; and it goes on writing under the old one, so there is a second round for those rows.
    for _ in range(2):
        await asyncio.sleep(2 * FRESH)
        done += await indexing.reindex(new, progress)
    for epoch in old:
        await keybook.begin(Event.INDEX_EPOCH_DESTROYED, epoch)
    await settle()
    keys.refresh()
    return done + await indexing.reindex(new, progress)


def numbers(kind: str) -> list[int]:
    """The numbers of the provider's keys of a kind, in order."""
    matches = (re.fullmatch(rf"{kind}-(\d+)", name) for name in vault.current().provider.names())
    return sorted(int(match[1]) for match in matches if match)


def create(keys: KeyProvider, name: str) -> None:
    """Make a key unless it exists; another process may be making it."""
    try:
        if name not in keys.names():
            keys.create(name)
    except ProviderError as error:
        if error.code != "PROVIDER_EXISTS":
            raise


async def unfindable() -> int:
    """How many rows have a blind index whose key is gone, so that no search finds them."""
    return await indexing.unfindable(numbers("index") or [0])


async def due(*, clock: Clock = utc_now, every: timedelta = EPOCH) -> bool:
    """Whether the epoch has lasted long enough, or a rotation was interrupted."""
    epochs = await keyring.epochs()
    return len(epochs) > 1 or _over(max(epochs.values()), clock(), every)


async def indexes_due(*, clock: Clock = utc_now, every: timedelta = INDEX_EPOCH) -> bool:
    """Whether the epoch of the blind indexes has lasted long enough, or a rotation of them was interrupted."""
    live = numbers("index")
    return len(live) > 1 or _over(await keybook.index_begun(live[-1], clock()), clock(), every)


async def keep(*, clock: Clock = utc_now) -> None:
    """Rotate the epoch and the indexes where that is due, and finish what was interrupted.

    Raises:
        SealedError: the vault is sealed.
        ClockDoubted: the clock is doubted; what was interrupted is finished.
    """
    await settle()
    await clocks.certain(clock=clock)
    if await due(clock=clock):
        await rotate(clock=clock)
    if await indexes_due(clock=clock):
        await rotate_indexes(clock=clock)


def _over(begun: datetime, now: datetime, every: timedelta) -> bool:
    """Whether a period is over; one that began in the future was measured by a wrong clock and counts as over."""
    return not begun <= now < begun + every


async def _begin(epoch: int, now: datetime) -> None:
    provider, name = vault.current().provider, f"epoch-{epoch}"
    # A run that is killed before the next line leaves a key without an epoch.
    create(provider, name)
    await keyring.begin(epoch, now, {name: proof.make(provider, name)})
    await settle()


async def _begin_index(epoch: int) -> None:
    keys = vault.current()
    await keybook.begin(Event.INDEX_EPOCH_BEGUN, epoch)
    # A recovery copy lacks the new key.
    await keybook.void_recovery()
    create(keys.provider, f"index-{epoch}")
    keys.refresh()
    await settle()


async def _move(old: list[int], new: int, progress: Progress) -> int:
    total, moved = await keyring.count_rings(before=new), 0
    progress(0, total)
    for epoch in old:
        last = ""
        while names := await keyring.rewrap(epoch, new, BATCH, last):
            last, moved = names[-1], moved + len(names)
            progress(moved, max(total, moved))
    return moved
