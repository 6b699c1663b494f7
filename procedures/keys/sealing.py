"""Sealing rows that an older version stored in plain, and leaving no plain copy behind.

A plain content is JSON and begins with a brace; a sealed one begins with the number of its form. Which rows are
still plain is therefore known from the rows themselves, and an interrupted run is simply run again. A plain row is
never read for an answer.

    CONTENT_DAMAGED   a row from an older version cannot be read, and so not be sealed; it stays as it is
"""

import logging
from collections import Counter
from typing import Any
from uuid import UUID

from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection

from models import (
    PERSONAL,
    BlindIndex,
    Consent,
    Customer,
    LegalHold,
    OutsideKey,
    OutsideKeyContent,
    SealedRow,
    key_hash,
)
from models.database import CONNECTION, TABLES, dialect, fetch, literal, run, transaction
from models.event import Event
from models.keys import keybook, keyring
from procedures import ledger
from procedures.keys import carried
from procedures.ledger import table
from procedures.work import Progress, silent

log = logging.getLogger("savas.vault")

#: How many rows are sealed in one transaction.
BATCH = 500

#: The first byte of a content in plain, and of a sealed one: the number of its form.
_PLAIN, _SEALED = b"{", b"\x01"


def _tables() -> list[type[SealedRow]]:
    """The tables of which an older version kept contents in plain."""
    return [*PERSONAL.values(), Consent, LegalHold]


async def any_sealed() -> bool:
    """Whether any row of personal data is sealed."""
    client = get_connection(CONNECTION)
    for model in PERSONAL.values():
        sql = f"SELECT 1 FROM {table(model)} WHERE {_begins(client, _SEALED)} LIMIT 1"  # noqa: S608 own names
        if await fetch(client, sql):
            return True
    return False


async def plain_rows(client: BaseDBAsyncClient | None = None) -> int:
    """How many rows are still plain; a table that an older database lacks counts as empty.

    Args:
        client: the database, where it is another than the one that is open.
    """
    client = client or get_connection(CONNECTION)
    tables = {row["name"] for row in await fetch(client, TABLES[client.capabilities.dialect])}
    total = await carried.rows(client, tables)
    for model in _tables():
        if "content" in await carried.columns(client, table(model)):
            sql = f'SELECT count(*) AS "count" FROM {table(model)} WHERE {_begins(client)}'  # noqa: S608 own names
            total += (await fetch(client, sql))[0]["count"]
    return total


async def seal_rows(progress: Progress = silent) -> int:
    """Seal every plain row; returns how many that were. May be interrupted and run again.

    A row that cannot be read is left as it is, logged, and stays unreadable.

    Args:
        progress: called with how many rows are done, and how many there are.
    """
    total, done = await plain_rows(), 0
    if not total:
        return 0
    await keybook.begin(Event.ROWS_SEALED, 0)
    progress(0, total)
    for model in _tables():
        after: Any = UUID(int=0)
        while rows := await _plain(model, after):
            done += await _batch(model, rows)
            after = rows[-1]["id"]
            progress(done, total)
    while marks := await _plain_marks():
        done += await _seal_keys(marks)
        progress(done, total)
    await settle()
    return done


async def settle() -> None:
    """Remove what a run that sealed rows, and was killed, has left of the plain ones in the database's files."""
    if (Event.ROWS_SEALED, 0) in await keybook.unfinished() and await _vacuum():
        await keybook.finish(Event.ROWS_SEALED, 0)


async def _plain(model: type[SealedRow], after: Any) -> list[dict[str, Any]]:
    client = get_connection(CONNECTION)
    sql = (
        f"SELECT * FROM {table(model)}"  # noqa: S608 own names
        f" WHERE {_begins(client)} AND id > ? ORDER BY id LIMIT {BATCH:d}"
    )
    return await fetch(client, sql, [str(after) if dialect() == "sqlite" else after])


async def _batch(model: type[SealedRow], rows: list[dict[str, Any]]) -> int:
    rings = await keyring.ensure({row["customer_id"] for row in rows}, [model.own_key or model.category])
    sealed: Counter[str] = Counter()
    async with transaction() as client:
        for row in rows:
            category = row["category"] if model.own_key else model.category
            sealed[category] += await _seal(client, model, row, rings[str(row["customer_id"])])
        for category, count in (+sealed).items():
            ledger.record(Event.ROWS_SEALED, None, category=category, rows=count)
    return sealed.total()


async def _plain_marks() -> list[dict[str, Any]]:
    sql = f"SELECT id, source, entity, key, record_id FROM imported_rows WHERE {carried.PLAIN_KEY} LIMIT {BATCH:d}"  # noqa: S608 own names
    return await fetch(get_connection(CONNECTION), sql)


async def _seal_keys(marks: list[dict[str, Any]]) -> int:
    """Keep keyed hashes in the place of keys of outside sources, and those of customers sealed."""
    ids = [mark["record_id"] for mark in marks if mark["entity"] == "customer"]
    known = set(await Customer.filter(id__in=ids).values_list("id", flat=True))
    async with transaction() as client:
        for mark in marks:
            hashed = key_hash(mark["source"], mark["entity"], mark["key"])
            await run(client, "UPDATE imported_rows SET key = ? WHERE id = ?", [hashed, mark["id"]])
        await OutsideKey.bulk_create(
            OutsideKey(
                customer_id=mark["record_id"], source=mark["source"], content=OutsideKeyContent(mark["key"])
            )
            for mark in marks
            if UUID(str(mark["record_id"])) in known and mark["entity"] == "customer"
        )
        ledger.record(Event.ROWS_SEALED, None, category=OutsideKey.category, rows=len(marks))
    return len(marks)


async def _seal(client: Any, model: type[SealedRow], row: dict[str, Any], ring: Any) -> int:
    """Seal one row; returns 1, or 0 where it cannot be read or another process has sealed it."""
    field: Any = model._meta.fields_map["content"]
    try:
        content = field.decode(bytes(row["content"]))
    except (ValueError, TypeError, KeyError, StopIteration):
        log.error("CONTENT_DAMAGED table=%s row=%s", table(model), row["id"])
        return 0
    values = {"content": field.sealed(ring, row["id"], row["revision"], content), **indexes(model, content)}
    assigned = ", ".join(f"{name} = ?" for name in values)
    sql = f"UPDATE {table(model)} SET {assigned} WHERE id = ? AND {_begins(client)}"  # noqa: S608 own names
    return await run(client, sql, [*values.values(), row["id"]])


def indexes(model: type[SealedRow], content: Any) -> dict[str, bytes | None]:
    """The blind indexes of a row with this content, by column."""
    hashes: dict[str, bytes | None] = {}
    for name, field in model._meta.fields_map.items():
        if isinstance(field, BlindIndex):
            value = getattr(content, field.part)
            hashes[name] = None if value is None else field.to_db_value(value, model)
    return hashes


async def _vacuum() -> bool:
    """Give back the pages that held plain rows, as far as the database can; False if it must be tried again.

    Older backups, and archived logs of changes, are not reached.
    """
    client = get_connection(CONNECTION)
    if dialect() == "sqlite":
        await client.execute_query("PRAGMA secure_delete = ON")
        await client.execute_query("VACUUM")
        (row,) = await client.execute_query_dict("PRAGMA wal_checkpoint(TRUNCATE)")
        # While another process reads an older state, the file still holds that.
        return not row["busy"]
    for name in (*map(table, _tables()), "imported_rows"):
        await client.execute_query(f"VACUUM FULL {name}")
    return True


def _begins(client: BaseDBAsyncClient, byte: bytes = _PLAIN) -> str:
    return f"substr(content, 1, 1) = {literal(client, byte)}"
