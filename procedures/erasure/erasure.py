"""Erasure that no backup undoes: rows, then a line outside of the databases, then the keys.

An erasure begins in the transaction of the procedure that calls for it: rows deleted, a further key put on the
customer's ring so that what is collected later does not depend on the old one. Once that is committed, it is
written to the erasure list of the witness directory, and the old keys are destroyed. A process that is killed
in between is finished by the next one that opens the installation; each step can be repeated. What the law holds back
is moved away instead of deleted, and keeps its key until the hold ends (`procedures.erasure.held_rows`, `procedures.leaving.legal_hold`).

The list outlives a restored backup: what it holds and the databases do not know has to be repeated before
anything is served (`replay`).
"""

import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Category, Consent, ConsentEvent, ConsentState, Erasure, ObligationKind
from models.database import after_commit, transaction
from models.event import Event
from models.keys import keybook, keyring
from policies.asker import Asker, utc_now
from procedures import export, ledger
from procedures.erasure import erasure_list, held_rows, obligation
from procedures.message import outbox
from procedures.task import request_task
from vault.errors import SealBroken
from vault.seal import SIZE

LIST = "erasures"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the erasure list: JSON, without anything personal."""

    id: UUID
    customer_id: UUID
    category: Category
    consents: tuple[UUID, ...]
    successor: bytes
    at: datetime

    def encode(self) -> str:
        """The line's text."""
        return json.dumps(
            {
                "at": self.at.isoformat(),
                "category": self.category.value,
                "consents": [str(consent) for consent in self.consents],
                "customer": str(self.customer_id),
                "id": str(self.id),
                "successor": self.successor.hex(),
            },
            separators=(",", ":"),
        )

    @classmethod
    def decode(cls, text: str) -> "Line":
        """A line from its text; raises ValueError, KeyError or TypeError when it is none."""
        held = json.loads(text)
        return cls(
            UUID(held["id"]),
            UUID(held["customer"]),
            Category(held["category"]),
            tuple(UUID(consent) for consent in held["consents"]),
            bytes.fromhex(held["successor"]),
            datetime.fromisoformat(held["at"]),
        )


async def begin(
    customer_id: UUID, category: Category, *, by: Asker | None, at: datetime | None = None
) -> held_rows.Taken:
    """Erase a category of a customer's data, in the transaction under way.

    Args:
        customer_id: whose data.
        category: which.
        by: who calls for it; None for the system itself.
        at: the instant; the asker's present one unless given.

    Returns:
        How many rows were deleted, and how many held back.
    """
    at = at or (utc_now() if by is None else by.now)
    taken = await held_rows.erase(customer_id, category, at, by=by)
    # A copy that waits to be fetched would outlive what it was made of.
    await export.discard(customer_id, by=by)
    await request_task.forget(customer_id, category, by=by)
    await obligation.tell(customer_id, category, ObligationKind.ERASE, at)
    if category is Category.CONTACT:
        await outbox.forget(customer_id, by=by)
    erasure = await Erasure.create(
        customer_id=customer_id,
        category=category,
        successor=await _successor(customer_id, category),
        at=at,
        rows=taken.erased,
    )
    ledger.record(
        Event.ERASURE_BEGUN,
        by,
        erasure=erasure.id,
        customer=customer_id,
        category=category,
        rows=taken.erased,
    )
    after_commit(lambda: complete(erasure))
    return taken


async def destroy_keys(customer_id: UUID, category: Category, since: datetime | None = None) -> None:
    """Destroy the keys of what was erased of a category, but for those that held rows need; may be repeated.

    Args:
        customer_id: whose.
        category: of what.
        since: that of the erasure to carry out. A ring that has a key of no erasure from then on is an older backup's:
            all its keys of the category go. Without it, none is to be carried out, and keys that were held back go.
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
    erasure_list.append(LIST, line)
    with suppress(SealBroken):
        await _destroy(line)
        async with transaction():
            # Of two processes that complete it at once, one does, and tells it.
            if await Erasure.filter(id=erasure.id, completed_at=None).update(completed_at=utc_now()):
                ledger.record(Event.ERASURE_COMPLETED, None, erasure=erasure.id, customer=erasure.customer_id)


async def finish() -> None:
    """Complete what an interrupted run left, and list what the list does not hold."""
    for erasure in await Erasure.filter(completed_at=None):
        await complete(erasure)
    listed = {line.id for line in erasure_list.read(LIST, Line.decode)}
    for erasure in await Erasure.exclude(completed_at=None):
        if erasure.id not in listed:
            erasure_list.append(LIST, await _line(erasure))


async def missing() -> list[Line]:
    """The erasures of the list that one of the databases does not know: a backup was restored."""
    known = dict(await Erasure.all().values_list("id", "completed_at"))
    waiting = [id for id, completed_at in known.items() if completed_at is None]
    return await erasure_list.missing(LIST, Line.decode, known, waiting)


async def replay(progress: Callable[[int, int], object] = lambda _done, _all: None) -> int:
    """Repeat the erasures that a restored backup does not know; returns how many there were."""
    lines = await missing()
    for done, line in enumerate(lines):
        progress(done, len(lines))
        if not await Erasure.exists(id=line.id):
            await _repeat(line)
        await _destroy(line)
    progress(len(lines), len(lines))
    return len(lines)


async def _repeat(line: Line) -> None:
    async with transaction():
        taken = await held_rows.erase(line.customer_id, line.category, line.at, by=None)
        await export.discard(line.customer_id)
        await request_task.forget(line.customer_id, line.category)
        await obligation.tell(line.customer_id, line.category, ObligationKind.ERASE, line.at)
        await _withdraw(line.consents, line.at)
        if line.category is Category.CONTACT:
            await outbox.forget(line.customer_id)
        await Erasure.create(
            id=line.id,
            customer_id=line.customer_id,
            category=line.category,
            successor=line.successor,
            at=line.at,
            rows=taken.erased,
            completed_at=utc_now(),
        )
        ledger.record(
            Event.ERASURE_BEGUN,
            None,
            erasure=line.id,
            customer=line.customer_id,
            category=line.category,
            rows=taken.erased,
        )


async def _withdraw(consents: Sequence[UUID], at: datetime) -> None:
    for consent in await Consent.filter(id__in=list(consents), permits=True):
        await Consent.filter(id=consent.id).update(state=ConsentState.WITHDRAWN, permits=False, denies=True)
        await ConsentEvent(consent_id=consent.id, state=ConsentState.WITHDRAWN, at=at).save()
        ledger.record(
            Event.CONSENT_WITHDRAWN,
            None,
            changed={Consent: [consent.id]},
            consent=consent.id,
            customer=consent.customer_id,
            category=consent.category,
            purpose=consent.purpose,
        )


async def _successor(customer_id: UUID, category: Category) -> bytes:
    """The commitment of the key that is used from now on; of a damaged ring none is, should it be brought back."""
    try:
        return await keyring.renew(customer_id, category.value)
    except SealBroken:
        return secrets.token_bytes(SIZE)


async def _destroy(line: Line) -> None:
    await destroy_keys(line.customer_id, line.category, line.at)
    # Whoever was killed, or met a damaged ring, may have deleted an archive and not the key.
    await export.destroy_keys(line.customer_id)
    await keybook.mark_erased(line.id)


async def _line(erasure: Erasure) -> Line:
    consents = await Consent.filter(customer_id=erasure.customer_id, category=erasure.category, permits=False)
    ids = tuple(consent.id for consent in consents)
    return Line(erasure.id, erasure.customer_id, erasure.category, ids, erasure.successor, erasure.at)
