"""Indexing rows anew: every blind index computed from the opened row, under the newest key.

An index begins with its epoch, so that the rows themselves show which are left to do.

    SEAL_BROKEN   a stored value was changed or moved, and cannot be indexed anew; its table and row follow
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from models import PERSONAL, BlindIndex, Personal
from models.database import CONNECTION, fetch, for_update, literal, postgres, run_many, transaction
from models.keys import keyring
from procedures.keys.sealing import indexes
from procedures.ledger import table
from procedures.work import Progress
from vault import blind
from vault.errors import SealBroken
from vault.seal import Sealed

log = logging.getLogger("savas.vault")

#: How many rows are indexed in one transaction.
BATCH = 1_000
#: Before the id of every row.
_FIRST = UUID(int=0)


async def reindex(epoch: int, progress: Progress) -> int:
    """Index every row anew whose index is not of this epoch, which must be the newest; returns how many."""
    total, done = await outdated(epoch), 0
    progress(0, total)
    for model in _indexed():
        last = _FIRST
        while ids := await _reindex(model, epoch, last):
            last, done = ids[-1], done + len(ids)
            progress(done, max(total, done))
    return done


async def outdated(epoch: int) -> int:
    """How many rows have an index of another epoch."""
    return sum([await _count(model, _other(model, epoch, epoch)) for model in _indexed()])


async def unfindable(live: Sequence[int]) -> int:
    """How many rows have an index of none of these epochs."""
    return sum([await _count(model, _other(model, live[0], live[-1])) for model in _indexed()])


async def indexed() -> int:
    """How many rows have a blind index at all."""
    return sum([await model.all().count() for model in _indexed()])


async def newest() -> int:
    """The newest epoch of which there is an index; 0 when there is none."""
    epochs = [0]
    for model in _indexed():
        for name in _columns(model):
            rows = await _query(
                f"SELECT {name} AS hash FROM {table(model)} WHERE {name} IS NOT NULL ORDER BY {name} DESC LIMIT 1"  # noqa: S608 own names
            )
            epochs += [blind.epoch(bytes(row["hash"])) for row in rows]
    return max(epochs)


def _indexed() -> Iterator[type[Personal]]:
    for model in PERSONAL.values():
        if _columns(model):
            yield model


def _columns(model: type[Personal]) -> list[str]:
    return [name for name, field in model._meta.fields_map.items() if isinstance(field, BlindIndex)]


def _other(model: type[Personal], first: int, last: int) -> str:
    """The condition for rows with an index of an epoch before the first or after the last."""
    client = get_connection(CONNECTION)
    least, beyond = (literal(client, blind.prefix(epoch)) for epoch in (first, last + 1))
    return " OR ".join(f"{name} < {least} OR {name} >= {beyond}" for name in _columns(model))


async def _count(model: type[Personal], where: str) -> int:
    rows = await _query(f'SELECT count(*) AS "count" FROM {table(model)} WHERE {where}')  # noqa: S608 own names
    return int(rows[0]["count"])


async def _reindex(model: type[Personal], epoch: int, after: Any) -> list[Any]:
    """Index at most a batch of the rows after an id anew, in one transaction; returns their ids, in order.

    A row that does not open loses its index. Each batch goes on after the last, so that no row is looked at twice.
    """
    async with transaction() as client:
        rows = await fetch(
            client,
            f"SELECT id, customer_id, content, revision FROM {table(model)} WHERE id > ?"  # noqa: S608 own names
            f" AND ({_other(model, epoch, epoch)}) ORDER BY id LIMIT {BATCH:d}{for_update(client)}",
            [after if postgres(client) else str(after)],
        )
        rings = await keyring.rings({row["customer_id"] for row in rows})
        changed = [[*_anew(model, row, rings.get(str(row["customer_id"]))), row["id"]] for row in rows]
        await run_many(client, _update(model), changed)
    return [row["id"] for row in rows]


def _anew(model: type[Personal], row: dict[str, Any], ring: Any) -> list[bytes | None]:
    field: Any = model._meta.fields_map["content"]
    try:
        content = field.open(ring, row["id"], row["revision"], Sealed(bytes(row["content"])))
    except SealBroken:
        log.error("SEAL_BROKEN table=%s row=%s", table(model), row["id"])
        return [None] * len(_columns(model))
    hashes = indexes(model, content)
    return [hashes[name] for name in _columns(model)]


def _update(model: type[Personal]) -> str:
    assigned = ", ".join(f"{name} = ?" for name in _columns(model))
    return f"UPDATE {table(model)} SET {assigned} WHERE id = ?"  # noqa: S608 own names


async def _query(sql: str) -> list[dict[str, Any]]:
    return await fetch(get_connection(CONNECTION), sql)
