"""Marks of imported rows: which record of ours belongs to which key of an outside source.

A key from elsewhere may be somebody's name or number. A mark has a keyed hash of it; the key itself is kept for
customers alone, sealed as their own.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from models import ImportedRow, OutsideKey, OutsideKeyContent, Record, key_hash

#: The entity of customers.
CUSTOMER: Final = "customer"


def made(source: str, entity: str, key: str, digest: bytes, record_id: UUID, now: datetime) -> list[Record]:
    """The new rows that mark a record of ours as that of a key."""
    row = ImportedRow(
        source=source, entity=entity, key=key_hash(source, entity, key), digest=digest, record_id=record_id, imported_at=now,
    )  # fmt: skip
    if entity != CUSTOMER:
        return [row]
    return [row, OutsideKey(customer_id=record_id, source=source, content=OutsideKeyContent(key))]


async def customer_of(source: str, key: str) -> UUID | None:
    """The customer whom an outside source knows under a key; None where an import brought nobody of it."""
    mark = (await imported(source, CUSTOMER, [key])).get(key)
    return mark.record_id if mark else None


async def imported(source: str, entity: str, keys: Iterable[str]) -> dict[str, ImportedRow]:
    """The marks of earlier imports, by the keys among these that were imported."""
    wanted = list(keys)
    # An older version kept them in plain, until they are sealed.
    by_hash = {key: key for key in wanted} | {key_hash(source, entity, key): key for key in wanted}
    marks = await ImportedRow.filter(source=source, entity=entity, key__in=list(by_hash))
    return {by_hash[mark.key]: mark for mark in marks}
