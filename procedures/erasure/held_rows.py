"""Rows that the law forbids to erase yet: when they would be erased, they are moved, sealed, to a table nobody reads.

Whoever erases, removes or overwrites a row of a category calls this, within a transaction and with the customer
locked, so that no hold is placed or ended meanwhile. Rows are moved without being opened, so one that does not open
just now is held as well. Only `legal_hold.disclose` opens them, under the key that they were sealed under, which is
kept for that when the others of its category are destroyed.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from models import PERSONAL, Account, Category, ClockReading, HeldRow, ImportedRow, LegalHold, Personal
from models.event import Event
from models.keys import keyring
from policies.actor import Actor
from procedures.ledger import record
from vault.seal import Sealed

#: How many rows are moved at a time.
BATCH = 1_000


@dataclass(frozen=True)
class Removed:
    """How many rows of a category were erased, and how many held back instead."""

    erased: int
    held: int


async def hold_on(customer_id: UUID, category: Category, now: datetime) -> LegalHold | None:
    """The hold on a category of a customer's data; of several, the one that lasts longest.

    It stands until its last day is over by the time that can be accounted for: a clock alone does not end it.
    """
    past = await ClockReading.accounted(now)
    holds = LegalHold.filter(customer_id=customer_id, category=category, ended_at=None, until__gt=past)
    return await holds.order_by("-until", "id").first()


async def erase(
    customer_id: UUID, category: Category, now: datetime, *, by: Actor | None, id: UUID | None = None
) -> Removed:
    """Erase the rows of a category, or one of them; where there is a hold at that instant, they are held back instead."""
    rows = PERSONAL[category].filter(customer_id=customer_id, **({} if id is None else {"id": id}))
    # Where they came from stays on record: no import brings them back, and it is erased when the customer leaves.
    imported = ImportedRow.filter(record_id__in=[row["id"] for row in await rows.values("id")])
    await imported.update(record_id=customer_id)
    hold = await hold_on(customer_id, category, now)
    if hold is None:
        return Removed(await rows.delete(), 0)
    count = 0
    # Only what was copied is deleted: a row may be written meanwhile.
    while batch := await rows.limit(BATCH):
        await HeldRow.bulk_create([_copy(row, hold) for row in batch])
        count += await rows.filter(id__in=[row.id for row in batch]).delete()
    if count:
        record(Event.LEGAL_HOLD_KEPT, by, **details(hold), rows=count)
    return Removed(0, count)


async def keep(row: Personal, now: datetime, *, by: Actor | None) -> None:
    """Copy a row, as the database has it, to the held rows where there is a hold, before it is overwritten."""
    hold = await hold_on(row.customer_id, row.category, now)
    if hold is not None:
        await _copy(await type(row).get(id=row.id), hold).save()
        record(Event.LEGAL_HOLD_KEPT, by, **details(hold), rows=1)


async def counted(customer_id: UUID) -> dict[str, int]:
    """How many rows are held back of a customer, by table; tables of which there are none are left out."""
    return dict(
        Counter(await HeldRow.filter(hold__customer_id=customer_id).values_list("held_table", flat=True))
    )


async def keys(customer_id: UUID) -> set[bytes]:
    """The commitments of the keys that the held rows of a customer need, and the holds that last."""
    rows = await HeldRow.filter(hold__customer_id=customer_id).values_list("content", flat=True)
    holds: list[Any] = await LegalHold.filter(customer_id=customer_id, ended_at=None)
    contents = [*(Sealed(bytes(content)) for content in rows), *(hold.content for hold in holds)]
    return {content.commitment for content in contents if content is not None}


async def erase_keys(customer_id: UUID) -> None:
    """Destroy the keys of a customer who left, but for those that held rows need."""
    if needed := await keys(customer_id):
        await keyring.destroy_except(customer_id, needed)
    else:
        await keyring.destroy(customer_id)
    for account in await Account.filter(customer_id=customer_id):
        # What the customer signed in with is sealed under a ring of its own.
        await keyring.destroy(account.id)


def details(hold: LegalHold) -> dict[str, Any]:
    """The details of a ledger entry about a hold."""
    return {"hold": hold.id, "customer": hold.customer_id, "category": hold.category}


def _copy(row: Personal, hold: LegalHold) -> HeldRow:
    sealed: Any = row
    columns: Iterable[str] = row._meta.fields_db_projection.keys() - {"id", "revision", "content"}
    return HeldRow(
        hold_id=hold.id,
        held_table=row._meta.db_table,
        row_id=row.id,
        revision=row.revision,
        content=sealed.content.raw,
        plain=json.dumps({name: _plain(getattr(row, name)) for name in sorted(columns)}),
    )


def _plain(value: Any) -> str | int | None:
    if isinstance(value, bytes):
        return None  # held rows are not searched
    if value is None or isinstance(value, int):
        return value
    return str(value.value if isinstance(value, Enum) else value)
