"""Legal hold: what the law forbids to erase yet is kept apart, used for nothing, and erased when the hold ends.

A hold on a customer who is here changes nothing. When the customer leaves, rows of the held categories are moved out
of the category tables as they lie there, sealed, so that no query reaches them; the keys of those categories alone
stay. When the last hold on a category ends, its rows and keys go.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from models import (
    PERSONAL,
    Actor,
    Category,
    Customer,
    CustomerStatus,
    HeldRow,
    HoldReason,
    LegalHold,
    Personal,
    keyring,
)
from models.database import after_commit, transaction
from models.event import Event
from policies.asker import Asker, utc_now
from policies.decide import require
from procedures.consent_turn import locked
from procedures.errors import AlreadyClosed, NotFound
from procedures.ledger import note, record
from procedures.values import later, line
from vault.seal import Sealed


class HoldEnded(AlreadyClosed):
    """The hold has ended before."""


async def place(
    customer_id: UUID, category: Category, reason: HoldReason, *, by: Asker, basis: str, until: datetime
) -> LegalHold:
    """Hold a category of a customer's data back from erasure.

    Args:
        customer_id: whose.
        category: what.
        reason: one of those that the law lists.
        by: a privacy officer.
        basis: the reference of the law or of the case.
        until: when it ends by itself.

    Raises:
        Refused: the asker may place no hold.
        NotFound: there is no such customer, or the customer has left.
        Unfit: the basis is no line of text, or the end has passed.
    """
    async with transaction():
        await require(by, "place_legal_hold", "Customer", customer_id)
        await locked(customer_id)
        hold = await LegalHold.create(
            customer_id=customer_id,
            category=category,
            reason=reason,
            basis=line(basis, "basis"),
            placed_by_id=by.actor_id,
            placed_at=by.now,
            until=later(until, "until", than=by.now),
        )
        record(Event.LEGAL_HOLD_PLACED, by, **_told(hold), reason=reason)
        return hold


async def end(hold_id: UUID, *, by: Asker) -> LegalHold:
    """End a hold before its time; what it alone held back is erased.

    Raises:
        Refused: the asker may end no hold.
        HoldEnded: it has ended; nothing changes.
    """
    async with transaction():
        await require(by, "end", "LegalHold", hold_id)
        return await _ended(hold_id, by.now, by)


async def expire(now: datetime | None = None) -> int:
    """End the holds whose time has come; returns how many."""
    due = await LegalHold.filter(ended_at=None, until__lte=now or utc_now())
    for hold in due:
        async with transaction():
            await _ended(hold.id, now or utc_now(), None)
    return len(due)


async def listed() -> list[LegalHold]:
    """Every hold that has not ended, the first to end first."""
    return await LegalHold.filter(ended_at=None).order_by("until")


async def standing(customer_id: UUID, now: datetime) -> dict[Category, LegalHold]:
    """The holds on a customer's data by category; of several, the one that lasts longest."""
    holds = await LegalHold.filter(customer_id=customer_id, ended_at=None, until__gt=now).order_by("until")
    return {hold.category: hold for hold in holds}


async def keep_back(customer_id: UUID, hold: LegalHold) -> int:
    """Move the rows of a held category out of everybody's reach, in the transaction under way."""
    model: Any = PERSONAL[hold.category]
    rows = await model.filter(customer_id=customer_id)
    if rows:
        await HeldRow.bulk_create([_held(row, hold) for row in rows])
    await model.filter(customer_id=customer_id).delete()
    return len(rows)


async def disclose(hold_id: UUID, tell: Callable[[dict[str, Any]], object]) -> int:
    """Open what a hold keeps back, for the one who must produce it; recorded before anything is told.

    Args:
        hold_id: which hold.
        tell: given each row: its table, its id, what is known of it, its content.

    Raises:
        NotFound: there is no such hold, or it has ended.
        SealBroken: a row does not open.
        LedgerUnavailable: it cannot be recorded.
    """
    hold = await LegalHold.get_or_none(id=hold_id, ended_at=None)
    if hold is None:
        raise NotFound("hold")
    rows = await HeldRow.filter(hold_id=hold_id)
    rings = await keyring.rings([hold.customer_id])
    await note(Event.LEGAL_HOLD_DISCLOSED, None, **_told(hold), rows=len(rows))
    field: Any = PERSONAL[hold.category]._meta.fields_map["content"]
    for row in rows:
        content = field.open(
            rings.get(str(hold.customer_id)), row.row_id, row.revision, Sealed(bytes(row.content))
        )
        plain = {"table": row.held_table, "id": str(row.row_id), **json.loads(row.plain)}
        tell({**plain, "content": asdict(content)})
    return len(rows)


async def erase_keys(customer_id: UUID) -> None:
    """Destroy the keys of a customer who left, but for those of what is still held back."""
    held = HeldRow.filter(hold__customer_id=customer_id)
    categories = {str(name) for name in await held.values_list("hold__category", flat=True)}
    if categories:
        await keyring.spare(customer_id, categories)
    else:
        await keyring.destroy(customer_id)
    for actor in await Actor.filter(customer_id=customer_id):
        # What the customer signed in with is sealed under a ring of its own.
        await keyring.destroy(actor.id)


async def finish() -> None:
    """Destroy the keys that ended holds have left; what a killed process did not do is done by the next."""
    gone = await Customer.filter(
        legal_holds__ended_at__isnull=False, legal_holds__erased_at=None, status=CustomerStatus.WITHDRAWN
    ).distinct()
    for customer in gone:
        ended = await LegalHold.filter(customer_id=customer.id, ended_at__isnull=False, erased_at=None)
        await erase_keys(customer.id)
        async with transaction():
            ids = [hold.id for hold in ended]
            if await LegalHold.filter(id__in=ids, erased_at=None).update(erased_at=utc_now()):
                record(Event.LEGAL_HOLD_ERASED, None, customer=customer.id, holds=ids)


async def _ended(hold_id: UUID, now: datetime, by: Asker | None) -> LegalHold:
    if not await LegalHold.filter(id=hold_id, ended_at=None).update(ended_at=now):
        raise HoldEnded
    hold = await LegalHold.get(id=hold_id)
    rows = HeldRow.filter(hold_id=hold_id)
    others = (await standing(hold.customer_id, now)).get(hold.category)
    # What another hold still needs passes to that one.
    count = 0 if others else await rows.count()
    await (rows.update(hold_id=others.id) if others else rows.delete())
    record(Event.LEGAL_HOLD_ENDED, by, **_told(hold), rows=count)
    after_commit(finish)
    return hold


def _held(row: Personal, hold: LegalHold) -> HeldRow:
    found: Any = row
    columns: Iterable[str] = row._meta.fields_db_projection.keys() - {"id", "revision", "content"}
    return HeldRow(
        hold_id=hold.id,
        held_table=row._meta.db_table,
        row_id=row.id,
        revision=row.revision,
        content=found.content.raw,
        plain=json.dumps({name: _plain(getattr(row, name)) for name in sorted(columns)}),
    )


def _plain(value: Any) -> str | int | None:
    if isinstance(value, bytes):
        return None  # a blind index finds nobody who has left
    if value is None or isinstance(value, int):
        return value
    return str(value.value if isinstance(value, Enum) else value)


def _told(hold: LegalHold) -> dict[str, Any]:
    return {"hold": hold.id, "customer": hold.customer_id, "category": hold.category}
