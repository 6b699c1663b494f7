"""Taking everything along: one archive of all that is kept about a customer, made in the background, there for a day.

    begin     the customer asks; a token is told that fetches the archive
    finish    everything is read as the customer, packed, signed, and sealed under a key of the customer's ring
    download  whoever is signed in as the customer, and has the token, gets it
    expire    after a day archive and key are gone; so they are when anything is erased that it may hold

Nothing of it is anywhere in plain but in the memory of the process that makes or streams it. Whoever is killed while
making one leaves it to be made anew.

    EXPORT_FAILED   an archive could not be made or stored; it is tried again
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from models import Customer, Export, ExportState, export
from models.database import after_commit, alone, transaction
from models.event import Event
from models.keys import keyring
from policies.actor import Actor, utc_now
from policies.decide import may, require
from procedures import ledger
from procedures.audit import SIGNING_KEY
from procedures.errors import NotFound
from procedures.export import archive as export_archive
from procedures.worker import ring
from vault import vault
from vault.errors import SealBroken

log = logging.getLogger("savas.export")

#: How long an archive may take, and how long it waits once it is there.
LIFETIME: Final = timedelta(hours=24)

Tell = Callable[[int], Awaitable[None]]
#: Everything that a customer may read of the own data; told, in percent, how far it has come.
Reader = Callable[[Actor, Tell], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, repr=False)
class Begun:
    """An archive under way; `token` fetches it, and is told here and never again."""

    export: Export
    token: str


@dataclass(frozen=True, repr=False)
class Fetched:
    """An archive on its way out: how many bytes, and they."""

    size: int
    parts: AsyncIterator[bytes]


async def begin(customer_id: UUID, *, by: Actor) -> Begun:
    """Have an archive made; while one is under way or waits to be fetched, that one is told, with another token.

    Raises:
        Refused: the actor is not the customer.
        StepUpRequired: the session is to be confirmed first.
    """
    token = secrets.token_urlsafe(32)
    async with transaction():
        await require(by, "begin_export", "Customer", customer_id)
        await Customer.filter(id=customer_id).select_for_update(no_key=True).get()
        found = await Export.get_or_none(customer_id=customer_id)
        if found is not None and (found.downloaded_at is not None or found.expires_at <= by.now):
            await discard(customer_id, by=by)
            found = None
        if found is None:
            found = await _created(customer_id, hashed(token), by)
        else:
            await Export.filter(id=found.id).update(token_hash=hashed(token))
        ledger.record(Event.EXPORT_BEGUN, by, export=found.id, customer=customer_id)
        after_commit(lambda: ring("archives"))
    return Begun(found, token)


async def find(customer_id: UUID, *, by: Actor) -> Export | None:
    """The customer's archive that is under way or waits; None where there is none.

    Raises:
        Refused: the actor is not the customer.
    """
    await require(by, "download_export", "Customer", customer_id)
    return await Export.get_or_none(customer_id=customer_id, expires_at__gt=by.now)


async def download(token: str, *, by: Actor) -> Fetched:
    """The archive that a token fetches, for its customer and nobody else; recorded before anything leaves.

    Raises:
        NotFound: there is none, not yet, not any more, or it is another's; these are not told apart.
        SealedError: the vault is sealed.
        LedgerUnavailable: it cannot be recorded.
    """
    found = await Export.get_or_none(token_hash=hashed(token), state=ExportState.READY)
    if found is None or found.expires_at <= by.now:
        raise NotFound("archive")
    if not await may(by, "download_export", "Customer", found.customer_id):
        raise NotFound("archive")
    ring = (await keyring.rings([found.customer_id]))[str(found.customer_id)]
    async with transaction():
        if not await Export.filter(id=found.id).update(downloaded_at=by.now):
            raise NotFound("archive")
        ledger.record(Event.EXPORT_DOWNLOADED, by, export=found.id, customer=found.customer_id)
    return Fetched(found.size, found.chunks(ring))


async def finish(read: Reader, *, clock: Callable[[], datetime] = utc_now) -> int:
    """Make every archive that was asked for; returns how many were made.

    Args:
        read: reads through the guard, as whoever it is told.
        clock: tells the present instant in UTC.
    """
    made = 0
    if vault.reason() is not None:
        return made
    for each in await Export.filter(state=ExportState.PENDING, expires_at__gt=clock(), begun_by__active=True):
        async with alone(f"export {each.id}") as ours:
            try:
                made += ours and await _made(each, read, clock)
            except Exception as error:  # noqa: BLE001 one that fails keeps nobody else waiting, and is tried again
                code = getattr(error, "code", type(error).__name__)
                log.error("EXPORT_FAILED export=%s code=%s", each.id, code)
    return made


async def expire(*, clock: Callable[[], datetime] = utc_now) -> int:
    """Delete the archives whose time is over, and their keys; returns how many there were."""
    over = await Export.filter(expires_at__lte=clock())
    for each in over:
        async with transaction():
            await discard(each.customer_id)
    return len(over)


async def discard(customer_id: UUID, *, by: Actor | None = None) -> None:
    """Delete a customer's archive if there is one, in the transaction under way, and destroy its key after it."""
    found = await Export.get_or_none(customer_id=customer_id)
    # Of two processes that delete it at once, one does, and tells it.
    if found is None or not await Export.filter(id=found.id).delete():
        return
    ledger.record(Event.EXPORT_EXPIRED, by, export=found.id, customer=customer_id)
    after_commit(lambda: destroy_keys(customer_id))


async def destroy_keys(customer_id: UUID) -> None:
    """Destroy what a customer's archives were sealed under, if there is none any more; may be repeated.

    On a damaged ring they stay: none of them opens anything, and the erasure that waits for the ring comes back to it.
    """
    if not await Export.exists(customer_id=customer_id):
        with suppress(SealBroken):
            await keyring.reduce(customer_id, export.KEY, ())


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).digest()


async def _created(customer_id: UUID, token_hash: bytes, by: Actor) -> Export:
    commitment = await keyring.renew(customer_id, export.KEY)
    after_commit(lambda: keyring.reduce(customer_id, export.KEY, [commitment]))
    return await Export.create(
        customer_id=customer_id,
        begun_by_id=by.actor_id,
        token_hash=token_hash,
        begun_at=by.now,
        expires_at=by.now + LIFETIME,
    )


async def _made(each: Export, read: Reader, clock: Callable[[], datetime]) -> bool:
    """Make one archive; False when it was called off meanwhile."""
    by = Actor("Customer", each.begun_by_id, customer_id=each.customer_id, clock=clock)
    # The keys first: what is erased meanwhile takes them along, and nothing is sealed that would outlive it.
    ring = (await keyring.rings([each.customer_id]))[str(each.customer_id)]
    document = await read(by, lambda percent: _advanced(each, percent))
    files = await asyncio.to_thread(export_archive.files, document, clock())
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
        if not await waiting.update(**done, expires_at=clock() + LIFETIME):
            return False
        await each.keep(archive, ring)
        ledger.record(Event.EXPORT_COMPLETED, by, export=each.id, customer=each.customer_id)
    return True


async def _advanced(each: Export, percent: int) -> None:
    async with transaction():
        await Export.filter(id=each.id, state=ExportState.PENDING).update(percent=percent)
