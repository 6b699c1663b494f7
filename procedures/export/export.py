"""Exports: one archive of all that is kept about a customer, made in the background and deleted after a day.

    begin     the customer asks, and gets a token that fetches the archive
    finish    everything is read as the customer, packed, signed, and sealed under a key of the customer's ring
    download  the customer, signed in and with the token, gets it
    expire    after a day (a week, where it was asked for on paper) archive and key are destroyed; so they are when anything
              is erased that it may hold

It is in plain only in the memory of the process that makes or streams it. One whose making was interrupted is made
anew.

    EXPORT_FAILED   an archive could not be made or stored; it is tried again
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import Customer, Export, ExportChunk, ExportState, export
from models.database import after_commit, transaction, try_lock
from models.event import Event
from models.keys import keyring
from policies.actor import Actor, utc_now
from policies.decide import may, require
from procedures import clock as clocks
from procedures import ledger, scan
from procedures.access import token_hash
from procedures.audit import SIGNING_KEY
from procedures.errors import NotFound
from procedures.export import archive as export_archive
from procedures.fetched import Fetched
from procedures.work import Clock
from procedures.worker import ring
from vault import vault
from vault.errors import SealBroken

log = logging.getLogger("savas.export")

#: How long making an archive may take, and how long it is kept once it is made.
LIFETIME: Final = timedelta(hours=24)

#: How long one is kept that was asked for on paper, because a link and a code come by different ways.
ON_PAPER: Final = timedelta(days=7)

#: Archives, which are made anew for whoever asks.
EXPORTS: Final = clocks.Ending(
    "exports", lambda: Export.exclude(begun_by_id=None), "expires_at", LIFETIME, few=100
)
PAPER_EXPORTS: Final = clocks.Ending(
    "paper exports", lambda: Export.filter(begun_by_id=None), "expires_at", ON_PAPER, few=100
)

#: Called with how many percent have been read.
Progress = Callable[[int], Awaitable[None]]
#: Reads everything that a customer may read of the own data.
Reader = Callable[[Actor, Progress], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, repr=False)
class Begun:
    """An archive under way; `token` fetches it, and is returned here and never again."""

    export: Export
    token: str


async def begin(customer_id: UUID, *, by: Actor) -> Begun:
    """Have an archive made; one that is under way or waits to be fetched is returned instead, with a new token.

    Raises:
        Refused: the actor is not the customer.
        StepUpRequired: the session is to be confirmed first.
    """
    token = secrets.token_urlsafe(32)
    async with transaction():
        await require(by, "begin_export", "Customer", customer_id)
        await Customer.filter(id=customer_id).select_for_update(no_key=True).get()
        pending = await Export.get_or_none(customer_id=customer_id)
        if pending is not None and (pending.downloaded_at is not None or pending.expires_at <= by.now):
            await discard(customer_id, by=by)
            pending = None
        if pending is None:
            pending = await _create(customer_id, token_hash(token), by, by.now)
        else:
            await Export.filter(id=pending.id).update(token_hash=token_hash(token))
        ledger.record(Event.EXPORT_BEGUN, by, export=pending.id, customer=customer_id)
        after_commit(lambda: ring("archives"))
    return Begun(pending, token)


async def begin_on_paper(customer_id: UUID, *, by: Actor | None, now: datetime) -> Export:
    """Have an archive made that was asked for on paper, in the transaction under way, with its customer locked.

    One that is there goes: it may be older than what is asked for. What comes of the new one is for the caller to decide.
    """
    await discard(customer_id, by=by)
    made = await _create(customer_id, None, by, now)
    ledger.record(Event.EXPORT_BEGUN, by, export=made.id, customer=customer_id)
    after_commit(lambda: ring("archives"))
    return made


async def content(archive: Export) -> Fetched:
    """What an archive holds, opened part by part; whoever calls this has decided that it may be read, and recorded it."""
    ring = (await keyring.rings([archive.customer_id]))[str(archive.customer_id)]
    return Fetched(archive.size, archive.chunks(ring))


async def find(customer_id: UUID, *, by: Actor) -> Export | None:
    """The customer's archive that is under way or waits; None where there is none.

    Raises:
        Refused: the actor is not the customer.
    """
    await require(by, "download_export", "Customer", customer_id)
    return await Export.get_or_none(customer_id=customer_id, expires_at__gt=by.now)


async def download(token: str, *, by: Actor) -> Fetched:
    """The archive that a token fetches, for its customer alone; recorded before anything is sent.

    Raises:
        NotFound: there is none, not yet, not any more, or it is another's; the error is the same for all.
        SealedError: the vault is sealed.
        LedgerUnavailable: it cannot be recorded.
    """
    archive = await Export.get_or_none(token_hash=token_hash(token), state=ExportState.READY)
    if archive is None or archive.expires_at <= by.now:
        raise NotFound("archive")
    ring = (await keyring.rings([archive.customer_id]))[str(archive.customer_id)]
    async with transaction():
        if not await may(by, "download_export", "Customer", archive.customer_id):
            raise NotFound("archive")
        if not await Export.filter(id=archive.id).update(downloaded_at=by.now):
            raise NotFound("archive")
        ledger.record(Event.EXPORT_DOWNLOADED, by, export=archive.id, customer=archive.customer_id)
    return Fetched(archive.size, archive.chunks(ring))


async def finish(read: Reader, *, clock: Clock = utc_now) -> int:
    """Make every archive that was asked for; returns how many were made.

    Args:
        read: reads through the guard, as the actor that it is given.
        clock: gives the present instant in UTC.
    """
    count = 0
    if vault.reason() is not None:
        return count
    for each in await Export.filter(state=ExportState.PENDING, expires_at__gt=clock()):
        async with try_lock(f"export {each.id}") as locked:
            try:
                count += locked and await _make(each, read, clock)
            except Exception as error:  # noqa: BLE001 one that fails must not hold up the others, and is tried again
                code = getattr(error, "code", type(error).__name__)
                log.error("EXPORT_FAILED export=%s code=%s", each.id, code)
    return count


async def expire(*, clock: Clock = utc_now) -> int:
    """Delete the archives that have expired, and their keys; returns how many there were.

    Raises:
        ClockDoubted: the clock is doubted, or too many would go at once; nothing was done.
    """
    count = 0
    for ending in (EXPORTS, PAPER_EXPORTS):
        for each in await (await clocks.permit(ending, clock=clock)).due():
            async with transaction():
                await discard(each.customer_id)
            count += 1
    return count


async def make_again(*, clock: Clock = utc_now) -> int:
    """Have the archives of a restored backup made anew, for their keys may be gone; returns how many, in the transaction under way."""
    waiting = await Export.filter(downloaded_at=None)
    for each in waiting:
        await ExportChunk.filter(export_id=each.id).delete()
        now, again = clock(), {"state": ExportState.PENDING, "percent": 0, "size": 0}
        lasts = ON_PAPER if each.begun_by_id is None else LIFETIME
        await _renew_key(each.customer_id)
        await Export.filter(id=each.id).update(**again, begun_at=now, expires_at=now + lasts)
        ledger.record(Event.EXPORT_BEGUN, None, export=each.id, customer=each.customer_id)
    return len(waiting)


async def discard(customer_id: UUID, *, by: Actor | None = None) -> None:
    """Delete a customer's archive if there is one, in the transaction under way, and destroy its key after it."""
    archive = await Export.get_or_none(customer_id=customer_id)
    # Of two processes that delete it at once, one does, and records it.
    if archive is None or not await Export.filter(id=archive.id).delete():
        return
    ledger.record(Event.EXPORT_EXPIRED, by, export=archive.id, customer=customer_id)
    after_commit(lambda: destroy_keys(customer_id))


async def destroy_keys(customer_id: UUID) -> None:
    """Destroy the keys of a customer's archives, unless there is an archive; may be repeated.

    On a damaged ring they stay: none of them opens anything, and the erasure that waits for the ring repeats this.
    """
    if not await Export.exists(customer_id=customer_id):
        with suppress(SealBroken):
            await keyring.reduce(customer_id, export.KEY, ())


async def _create(customer_id: UUID, digest: bytes | None, by: Actor | None, now: datetime) -> Export:
    await _renew_key(customer_id)
    return await Export.create(
        customer_id=customer_id,
        begun_by_id=by.actor_id if by and digest else None,
        token_hash=digest,
        begun_at=now,
        expires_at=now + LIFETIME,
    )


async def _renew_key(customer_id: UUID) -> None:
    commitment = await keyring.renew(customer_id, export.KEY)
    after_commit(lambda: keyring.reduce(customer_id, export.KEY, [commitment]))


async def _make(each: Export, read: Reader, clock: Clock) -> bool:
    """Make one archive; False when its customer may no longer have it, or it was discarded meanwhile."""
    by = Actor("Customer", each.begun_by_id, customer_id=each.customer_id, clock=clock)
    on_paper = each.begun_by_id is None
    if not on_paper and not await may(by, "download_export", "Customer", each.customer_id):
        return False
    # The keys first: what is erased meanwhile takes them along, and nothing is sealed that would outlive it.
    ring = (await keyring.rings([each.customer_id]))[str(each.customer_id)]
    document = await read(by, lambda percent: _set_percent(each, percent))
    files = await asyncio.to_thread(export_archive.files, document, clock())
    files |= await scan.files(each.customer_id, by=by)
    manifest, keys = export_archive.manifest(files, clock()), vault.current().provider
    signed = {
        export_archive.MANIFEST: manifest,
        "MANIFEST.sig": f"{keys.sign(SIGNING_KEY, manifest).hex()}\n".encode(),
        "signing.pub": f"{keys.public(SIGNING_KEY).hex()}\n".encode(),
    }
    archive = await asyncio.to_thread(export_archive.packed, files | signed)
    async with transaction():
        waiting = Export.filter(id=each.id, state=ExportState.PENDING)
        done = {"state": ExportState.READY, "percent": 100, "size": len(archive)}
        if not await waiting.update(**done, expires_at=clock() + (ON_PAPER if on_paper else LIFETIME)):
            return False
        await each.keep(archive, ring)
        ledger.record(Event.EXPORT_COMPLETED, by, export=each.id, customer=each.customer_id)
    return True


async def _set_percent(each: Export, percent: int) -> None:
    async with transaction():
        await Export.filter(id=each.id, state=ExportState.PENDING).update(percent=percent)
