"""Sealing rows that an older version of the house stored in plain, and leaving no plain copy behind.

A plain content is JSON and begins with a brace; a sealed one begins with the number of its form. What is still
plain is therefore known from the rows themselves, and an interrupted run is simply run again. Plain rows are
never read for an answer: until they are sealed, they do not open.
"""

from collections.abc import Callable
from typing import Any

from tortoise.connection import get_connection

from models import PERSONAL, Personal, keyring
from models.database import CONNECTION, dialect, transaction
from models.event import Event
from models.fields import Index
from procedures import ledger

#: How many rows are sealed in one transaction.
BATCH = 500

Progress = Callable[[int, int], object]


async def any_sealed() -> bool:
    """Whether anything is sealed."""
    for model in PERSONAL.values():
        if await _first(model, "01"):
            return True
    return False


async def plain_rows() -> int:
    """How many rows are still plain."""
    total = 0
    for model in PERSONAL.values():
        rows = await _query(f'SELECT count(*) AS "count" FROM {_table(model)} WHERE {_begins("7B")}')  # noqa: S608 own names
        total += rows[0]["count"]
    return total


async def seal_rows(progress: Progress = lambda _done, _all: None) -> int:
    """Seal every plain row; returns how many there were. May be interrupted and run again.

    Args:
        progress: told how many rows are done, of how many.
    """
    total, done = await plain_rows(), 0
    for model in PERSONAL.values():
        while count := await _batch(model):
            done += count
            progress(done, total)
    if total:
        await _forget_plain()
    return total


async def _batch(model: type[Personal]) -> int:
    rows = await _query(
        f"SELECT id, customer_id, content, revision FROM {_table(model)} WHERE {_begins('7B')} LIMIT {BATCH:d}"  # noqa: S608 own names
    )
    if not rows:
        return 0
    rings = await keyring.ensure({row["customer_id"] for row in rows}, [model.category])
    async with transaction() as client:
        for row in rows:
            await _seal(client, model, row, rings[str(row["customer_id"])])
        ledger.record(Event.ROWS_SEALED, None, category=model.category, rows=len(rows))
    return len(rows)


async def _seal(client: Any, model: type[Personal], row: dict[str, Any], ring: Any) -> None:
    field: Any = model._meta.fields_map["content"]
    content = field.decode(bytes(row["content"]))
    values = {"content": field.sealed(ring, row["id"], row["revision"], content), **indexes(model, content)}
    columns = list(values)
    assigned = ", ".join(f"{name} = {_slot(place)}" for place, name in enumerate(columns, 1))
    await client.execute_query(
        f"UPDATE {_table(model)} SET {assigned} WHERE id = {_slot(len(columns) + 1)} AND {_begins('7B')}",  # noqa: S608 own names
        [*values.values(), row["id"]],
    )


def indexes(model: type[Personal], content: Any) -> dict[str, bytes | None]:
    """The blind indexes of a row with this content, by column."""
    found: dict[str, bytes | None] = {}
    for name, field in model._meta.fields_map.items():
        if isinstance(field, Index):
            value = getattr(content, field.part)
            found[name] = None if value is None else field.to_db_value(value, model)
    return found


async def _forget_plain() -> None:
    """Give back the pages that held plain rows, as far as the database can; older backups keep theirs."""
    client = get_connection(CONNECTION)
    if dialect() == "sqlite":
        await client.execute_query("PRAGMA secure_delete = ON")
        await client.execute_query("VACUUM")
        await client.execute_query("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for model in PERSONAL.values():
        await client.execute_query(f"VACUUM FULL {_table(model)}")


async def _first(model: type[Personal], byte: str) -> bool:
    return bool(await _query(f"SELECT 1 FROM {_table(model)} WHERE {_begins(byte)} LIMIT 1"))  # noqa: S608 own names


async def _query(sql: str) -> list[dict[str, Any]]:
    return list(await get_connection(CONNECTION).execute_query_dict(sql))


def _begins(byte: str) -> str:
    literal = f"X'{byte}'" if dialect() == "sqlite" else f"'\\x{byte}'::bytea"
    return f"substr(content, 1, 1) = {literal}"


def _table(model: type[Personal]) -> str:
    return str(model._meta.db_table)


def _slot(place: int) -> str:
    return "?" if dialect() == "sqlite" else f"${place}"
