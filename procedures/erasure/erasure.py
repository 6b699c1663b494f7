"""Erasure that no backup undoes: rows, then a line outside of the databases, then the keys.

An erasure begins in the transaction of the procedure that calls for it: rows deleted, a further key put on the
customer's ring so that what is collected later does not depend on the old one. Once that is committed, it is
written to the erasure list of the witness directory, and the old keys are destroyed. A process that is killed
in between is finished by the next one that opens the installation; each step can be repeated. What the law holds back
is moved away instead of deleted, and keeps its key until the hold ends (`procedures.erasure.held_rows`, `procedures.leaving.legal_hold`).

The list outlives a restored backup: what it has and the databases lack is repeated before anything is
served (`procedures.consent.restored`).
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models import Category, Consent, ConsentState, Erasure
from models.database import after_commit, transaction
from models.event import Event
from models.keys import keybook, keyring
from policies.actor import Actor, utc_now
from procedures import export, ledger
from procedures.erasure import erasure_list, held_rows
from procedures.erasure.held_rows import Removed
from procedures.erasure.subscribers import Scope, erase
from vault.errors import SealBroken
from vault.seal import SIZE


@dataclass(frozen=True, slots=True)
class Line(erasure_list.Line):
    """One line of the list of erasures.

    Attributes:
        category: what was erased of the customer.
        consents: to the category, that do not permit any more, each with the state that it has come to.
        successor: the commitment of the key that is used from then on.
    """

    LIST = "erasures"

    category: Category
    consents: Mapping[UUID, ConsentState]
    successor: bytes


async def begin(
    customer_id: UUID, category: Category, *, by: Actor | None, at: datetime | None = None
) -> Removed:
    """Erase a category of a customer's data, in the transaction under way.

    Args:
        customer_id: whose data.
        category: which.
        by: who calls for it; None for the system itself.
        at: the instant; the actor's present one unless given.

    Returns:
        How many rows were deleted, and how many held back.
    """
    at = await _after_the_last(customer_id, category, at or (utc_now() if by is None else by.now))
    removed = (await erase(Scope(customer_id, category, at, by)))[category]
    erasure = Erasure(
        customer_id=customer_id, category=category, successor=await _successor(customer_id, category), at=at
    )
    await _record(erasure, removed, by)
    after_commit(lambda: complete(erasure))
    return removed


async def _after_the_last(customer_id: UUID, category: Category, at: datetime) -> datetime:
    """The instant of an erasure, not before an earlier one of the same category that was dated by a clock ahead.

    Which keys are left is told by their order.
    """
    last = (
        await Erasure.filter(customer_id=customer_id, category=category, at__gte=at).order_by("-at").first()
    )
    return at if last is None else last.at + timedelta(microseconds=1)


async def repeat(line: Line) -> None:
    """Erase again what a restored backup brought back, in the transaction under way; `destroy` follows it."""
    removed = (await erase(Scope(line.customer_id, line.category, line.at, None)))[line.category]
    erasure = Erasure(
        id=line.id, customer_id=line.customer_id, category=line.category, successor=line.successor, at=line.at,
        completed_at=utc_now(),
    )  # fmt: skip
    await _record(erasure, removed, None)


async def _record(erasure: Erasure, removed: Removed, by: Actor | None) -> None:
    erasure.rows = removed.erased
    await erasure.save()
    ledger.record(
        Event.ERASURE_BEGUN,
        by,
        erasure=erasure.id,
        customer=erasure.customer_id,
        category=erasure.category,
        rows=removed.erased,
    )


async def destroy_keys(customer_id: UUID, category: Category, since: datetime | None = None) -> None:
    """Destroy the keys of what was erased of a category, but for those that held rows need; may be repeated.

    Args:
        customer_id: whose.
        category: of what.
        since: the instant of the erasure to carry out. A ring without a key of any erasure from then on is an older
            backup's, and loses all its keys of the category. None: no erasure, but keys that a hold had kept.
    """
    erasures = Erasure.filter(customer_id=customer_id, category=category)
    # In this order: what is held back after the successors were read is sealed under one of them, or a newer key.
    successors = await (erasures if since is None else erasures.filter(at__gte=since)).values_list(
        "successor", flat=True
    )
    needed = await held_rows.keys(customer_id)
    if successors:
        await keyring.reduce(customer_id, category.value, {bytes(each) for each in successors}, needed)


async def complete(erasure: Erasure) -> None:
    """Write an erasure to the list, and destroy the keys of what was erased; may be repeated.

    A damaged ring opens nothing, and none of its keys can be destroyed singly: the erasure is completed once it is
    brought back, or the customer has left.
    """
    line = await _line(erasure)
    erasure_list.append(line)
    with suppress(SealBroken):
        await destroy(line)
        async with transaction():
            # Of two processes that complete it at once, one does, and records it.
            if await Erasure.filter(id=erasure.id, completed_at=None).update(completed_at=utc_now()):
                ledger.record(Event.ERASURE_COMPLETED, None, erasure=erasure.id, customer=erasure.customer_id)


async def finish() -> None:
    """Complete interrupted erasures, and add to the list those that it lacks."""
    for erasure in await Erasure.filter(completed_at=None):
        await complete(erasure)
    on_list = {line.id for line in erasure_list.read(Line)}
    for erasure in await Erasure.exclude(completed_at=None):
        if erasure.id not in on_list:
            erasure_list.append(await _line(erasure))


async def missing() -> list[Line]:
    """The erasures that the list has and one of the databases lacks: a backup was restored."""
    completed = dict(await Erasure.all().values_list("id", "completed_at"))
    incomplete = [id for id, completed_at in completed.items() if completed_at is None]
    return await erasure_list.missing(Line, completed, incomplete)


async def _successor(customer_id: UUID, category: Category) -> bytes:
    """The commitment of the key that is used from now on; a random one, of no key, where the ring is damaged."""
    try:
        return await keyring.renew(customer_id, category.value)
    except SealBroken:
        return secrets.token_bytes(SIZE)


async def destroy(line: Line) -> None:
    """Destroy the keys of what was erased; may be repeated."""
    await destroy_keys(line.customer_id, line.category, line.at)
    # Whoever was killed, or met a damaged ring, may have deleted an archive and not the key.
    await export.destroy_keys(line.customer_id)
    await keybook.mark_erased(line.id)


async def _line(erasure: Erasure) -> Line:
    ended = Consent.filter(customer_id=erasure.customer_id, category=erasure.category, permits=False)
    states = {consent.id: consent.state for consent in await ended}
    return Line(erasure.id, erasure.customer_id, erasure.at, erasure.category, states, erasure.successor)
