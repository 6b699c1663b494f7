"""Indexing rows anew: every blind index computed from the opened row, under the newest key.

Which epoch an index is of, its first bytes tell; so what is left to do is known from the rows themselves.

    SEAL_BROKEN   a stored value was changed or moved, and cannot be indexed anew; its table and row follow
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from models import PERSONAL, BlindIndex, Personal
from models.database import CONNECTION, dialect, transaction
from models.keys import keyring
from procedures.keys.sealing import indexes
from vault import blind
from vault.errors import SealBroken
from vault.seal import Sealed

log = logging.getLogger("savas.vault")

#: How many rows are indexed in one transaction.
BATCH = 1_000
#: What every row's id comes behind.
_FIRST = UUID(int=0)


async def reindex(epoch: int, progress: Callable[[int, int], object]) -> int:
    """Index every row anew that is not of this epoch, which must be the newest; returns how many."""
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
    found = [0]
    for model in _indexed():
        for name in _columns(model):
            rows = await _query(
                f"SELECT {name} AS found FROM {_table(model)} WHERE {name} IS NOT NULL ORDER BY {name} DESC LIMIT 1"  # noqa: S608 own names
            )
            found += [blind.epoch(bytes(row["found"])) for row in rows]
    return max(found)


def _indexed() -> Iterator[type[Personal]]:
    for model in PERSONAL.values():
        if _columns(model):
            yield model


def _columns(model: type[Personal]) -> list[str]:
    return [name for name, field in model._meta.fields_map.items() if isinstance(field, BlindIndex)]


def _other(model: type[Personal], first: int, last: int) -> str:
    """Rows with an index of an epoch before the first or after the last; an index begins with its epoch."""
    least, beyond = _literal(blind.prefix(first)), _literal(blind.prefix(last + 1))
    return " OR ".join(f"{name} < {least} OR {name} >= {beyond}" for name in _columns(model))


async def _count(model: type[Personal], where: str) -> int:
    rows = await _query(f'SELECT count(*) AS "count" FROM {_table(model)} WHERE {where}')  # noqa: S608 own names
    return int(rows[0]["count"])


async def _reindex(model: type[Personal], epoch: int, behind: Any) -> list[Any]:
    """Index at most a batch of rows behind an id anew, in one transaction; returns their ids, in order.

    A row that does not open loses its index. Whoever begins at the start each time looks at every row done before.
    """
    postgres = dialect() == "postgres"
    slot, locked = ("$1", " FOR UPDATE") if postgres else ("?", "")
    sql = (
        f"SELECT id, customer_id, content, revision FROM {_table(model)}"  # noqa: S608 own names
        f" WHERE id > {slot} AND ({_other(model, epoch, epoch)}) ORDER BY id LIMIT {BATCH:d}{locked}"
    )
    async with transaction() as client:
        rows = list(await client.execute_query_dict(sql, [behind if postgres else str(behind)]))
        rings = await keyring.rings({row["customer_id"] for row in rows})
        changed = [[*_anew(model, row, rings.get(str(row["customer_id"]))), row["id"]] for row in rows]
        if changed:
            await client.execute_many(_update(model), changed)
    return [row["id"] for row in rows]


def _anew(model: type[Personal], row: dict[str, Any], ring: Any) -> list[bytes | None]:
    field: Any = model._meta.fields_map["content"]
    try:
        content = field.open(ring, row["id"], row["revision"], Sealed(bytes(row["content"])))
    except SealBroken:
        log.error("SEAL_BROKEN table=%s row=%s", _table(model), row["id"])
        return [None] * len(_columns(model))
    found = indexes(model, content)
    return [found[name] for name in _columns(model)]


def _update(model: type[Personal]) -> str:
    names = _columns(model)
    slots = ["?"] * (len(names) + 1) if dialect() == "sqlite" else [f"${n}" for n in range(1, len(names) + 2)]
    assigned = ", ".join(f"{name} = {slot}" for name, slot in zip(names, slots[:-1], strict=True))
    return f"UPDATE {_table(model)} SET {assigned} WHERE id = {slots[-1]}"  # noqa: S608 own names


async def _query(sql: str) -> list[dict[str, Any]]:
    return list(await get_connection(CONNECTION).execute_query_dict(sql))


def _literal(raw: bytes) -> str:
    return f"X'{raw.hex()}'" if dialect() == "sqlite" else f"'\\x{raw.hex()}'::bytea"


def _table(model: type[Personal]) -> str:
    return str(model._meta.db_table)
