"""The key database: each customer's ring of keys, wrapped, apart from the data they open.

It is a database of its own (a second file, a second PostgreSQL database), so that a copy of the data is not a
copy of the keys. It holds:

    epochs          the live epochs of the key that wraps rings: usually one, two while rings are re-wrapped
    rings_<epoch>   the rings wrapped in that epoch; a ring is in one of these tables only
    rings           all of them, as a view
    index_epochs    since when each epoch of the blind indexes lasts; their keys are in the provider only
    erasures        the erasures that were carried out here
    recoveries      for which epoch a recovery copy was made, and when

Instants are text, RFC 3339 in UTC. Every function runs on the connection `keys` and commits by itself.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.base import Category
from models.database import KEYS
from vault import vault
from vault.ring import Ring
from vault.vault import Vault

_TABLES = (
    "CREATE TABLE IF NOT EXISTS epochs (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS index_epochs (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS erasures (id TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS recoveries (epoch INTEGER PRIMARY KEY, made_at TEXT NOT NULL)",
)
_LOCK_TABLE = "LOCK TABLE epochs IN {} MODE"
CATEGORIES = tuple(category.value for category in Category)


async def prepare() -> None:
    """Create what is missing of the key database."""
    async with _transaction() as client:
        for sql in _TABLES:
            await client.execute_query(sql)


async def epochs() -> dict[int, datetime]:
    """The live epochs with their beginnings, the oldest first; none before the first use."""
    rows = await _fetch(get_connection(KEYS), "SELECT number, begun_at FROM epochs ORDER BY number")
    return {row["number"]: datetime.fromisoformat(row["begun_at"]) for row in rows}


async def index_begun(epoch: int, now: datetime) -> datetime:
    """Since when an epoch of the blind indexes lasts; since now, when nobody wrote it down."""
    sql = "INSERT INTO index_epochs (number, begun_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
    await _run(get_connection(KEYS), sql, [epoch, now.isoformat()])
    rows = await _fetch(get_connection(KEYS), "SELECT begun_at FROM index_epochs WHERE number = ?", [epoch])
    return datetime.fromisoformat(rows[0]["begun_at"])


async def begin(epoch: int, now: datetime) -> None:
    """Begin an epoch: new rings are wrapped in it from now on. Its key must be there already."""
    async with _transaction() as client:
        await _lock(client, "EXCLUSIVE")
        await client.execute_query(
            f"CREATE TABLE IF NOT EXISTS rings_{epoch:d} (customer_id TEXT PRIMARY KEY, ring {_bytes(client)} NOT NULL)"
        )
        await _run(
            client,
            "INSERT INTO epochs (number, begun_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [epoch, now.isoformat()],
        )
        await _show(client)


async def end(epoch: int) -> None:
    """End an epoch whose rings are all wrapped in a later one; a ring left over is an error.

    One that has ended already, perhaps through another process, has ended.
    """
    async with _transaction() as client:
        await _lock(client, "EXCLUSIVE")
        if epoch not in await _live(client):
            return
        left = await _fetch(client, f"SELECT 1 FROM rings_{epoch:d} LIMIT 1")  # noqa: S608 a number
        if left:
            raise RuntimeError("rings are left in an epoch that is to end")
        await _run(client, "DELETE FROM epochs WHERE number = ?", [epoch])
        await _show(client)
        await client.execute_query(f"DROP TABLE rings_{epoch:d}")


async def rewrap(old: int, new: int, count: int) -> int:
    """Move at most so many rings from one epoch into another; returns how many were moved."""
    keys = vault.current()
    async with _transaction() as client:
        await _lock(client, "SHARE")
        if old not in await _live(client):
            return 0
        rows = await _fetch(
            client,
            f"SELECT customer_id, ring FROM rings_{old:d} ORDER BY customer_id LIMIT {count:d}{_for_update(client)}",  # noqa: S608 numbers
        )
        moved = [(row["customer_id"], keys.unwrap(old, row["customer_id"], row["ring"])) for row in rows]
        await _insert(client, keys, new, moved)
        await _many(client, f"DELETE FROM rings_{old:d} WHERE customer_id = ?", [[name] for name, _ in moved])  # noqa: S608 a number
    return len(moved)


async def counted(epoch: int | None = None) -> int:
    """How many rings there are, in an epoch or in all."""
    table = "rings" if epoch is None else f"rings_{epoch:d}"
    rows = await _fetch(get_connection(KEYS), f'SELECT count(*) AS "count" FROM {table}')  # noqa: S608 our own name
    return int(rows[0]["count"])


async def rings(customers: Iterable[Any]) -> dict[str, Ring]:
    """The rings of some customers, by the customer's id as text; who has none is left out.

    Raises:
        SealedError: the vault is sealed.
        SealBroken: a ring was changed or is another customer's.
    """
    keys = vault.current()
    found: dict[str, Ring] = {}
    closed = []
    for customer in {str(customer) for customer in customers}:
        ring = keys.remembered(customer)
        if ring is None:
            closed.append(customer)
        else:
            found[customer] = ring
    if closed:
        for name, ring in (await _read(get_connection(KEYS), keys, closed)).items():
            found[name] = ring
            keys.remember(name, ring)
    return found


async def ensure(customers: Iterable[Any], categories: Sequence[str] = CATEGORIES) -> dict[str, Ring]:
    """The rings of some customers as they are now, with a key for each category; makes what is missing.

    Writers use this and never a remembered ring: a key that is about to be destroyed must seal nothing more.
    """
    keys = vault.current()
    names = sorted({str(customer) for customer in customers})
    found = await _read(get_connection(KEYS), keys, names)
    if all(name in found and not found[name].lacks(categories) for name in names):
        return found
    async with _transaction() as client:
        await _lock(client, "SHARE")
        epoch = await _newest(client)
        found = await _read(client, keys, names)
        await _insert(
            client, keys, epoch, [(name, Ring.new(categories)) for name in names if name not in found]
        )
    for name, ring in found.items():
        if ring.lacks(categories):
            await _changed(name, lambda ring: ring.renewed(ring.lacks(categories)))
    return await _read(get_connection(KEYS), keys, names)


async def renew(customer: Any, category: str) -> bytes:
    """Give a customer a further key for a category, to be sealed under from now on; the old ones stay.

    Returns:
        The new key's commitment, 32 bytes.
    """
    await ensure([customer], [category])
    ring = await _changed(customer, lambda ring: ring.renewed([category]))
    return ring.key(category).commitment


async def reduce(customer: Any, category: str, successor: bytes) -> None:
    """Destroy the keys of a category that a customer had before the one with this commitment.

    On a ring without such a key (of an older backup) all are destroyed.
    """
    await ensure([customer], [category])
    await _changed(customer, lambda ring: ring.reduced(category, successor))


async def destroy(customer: Any) -> None:
    """Destroy a customer's whole ring."""
    async with _transaction() as client:
        await _lock(client, "SHARE")
        for epoch in await _live(client):
            await _run(client, f"DELETE FROM rings_{epoch:d} WHERE customer_id = ?", [str(customer)])  # noqa: S608 a number
    vault.current().forget(str(customer))


async def erased() -> set[str]:
    """The erasures that were carried out in this key database."""
    return {row["id"] for row in await _fetch(get_connection(KEYS), "SELECT id FROM erasures")}


async def mark_erased(erasure: Any) -> None:
    """Remember that an erasure was carried out."""
    await _run(
        get_connection(KEYS), "INSERT INTO erasures (id) VALUES (?) ON CONFLICT DO NOTHING", [str(erasure)]
    )


async def recovery() -> dict[int, datetime]:
    """The epochs for which a recovery copy was made, and when."""
    rows = await _fetch(get_connection(KEYS), "SELECT epoch, made_at FROM recoveries")
    return {row["epoch"]: datetime.fromisoformat(row["made_at"]) for row in rows}


async def mark_recovery(epoch: int, now: datetime) -> None:
    """Remember that a recovery copy was made; one of an earlier epoch is worth nothing any more."""
    async with _transaction() as client:
        await client.execute_query("DELETE FROM recoveries")
        await _run(client, "INSERT INTO recoveries (epoch, made_at) VALUES (?, ?)", [epoch, now.isoformat()])


async def compact() -> None:
    """Leave nothing of deleted rings in the files of the key database, as far as the database can."""
    client = get_connection(KEYS)
    if _postgres(client):
        await client.execute_query("VACUUM")
        return
    await client.execute_query("VACUUM")
    await client.execute_query("PRAGMA wal_checkpoint(TRUNCATE)")


async def _changed(customer: Any, change: Callable[[Ring], Ring]) -> Ring:
    """Replace a ring that is there by a changed one, wrapped in the newest epoch."""
    keys, name = vault.current(), str(customer)
    changed = Ring({})
    async with _transaction() as client:
        await _lock(client, "SHARE")
        # The oldest table first: a ring that is being moved meanwhile is met in the newer one.
        for epoch in await _live(client):
            rows = await _fetch(
                client,
                f"SELECT ring FROM rings_{epoch:d} WHERE customer_id = ?{_for_update(client)}",  # noqa: S608 a number
                [name],
            )
            if rows:
                changed = change(keys.unwrap(epoch, name, rows[0]["ring"]))
                await _replace(client, keys, name, changed)
                break
    keys.forget(name)
    return changed


async def _replace(client: BaseDBAsyncClient, keys: Vault, name: str, ring: Ring) -> None:
    for epoch in await _live(client):
        await _run(client, f"DELETE FROM rings_{epoch:d} WHERE customer_id = ?", [name])  # noqa: S608 a number
    await _insert(client, keys, await _newest(client), [(name, ring)])


async def _insert(client: BaseDBAsyncClient, keys: Vault, epoch: int, made: list[tuple[str, Ring]]) -> None:
    await _many(
        client,
        f"INSERT INTO rings_{epoch:d} (customer_id, ring) VALUES (?, ?) ON CONFLICT DO NOTHING",  # noqa: S608 a number
        [[name, keys.wrap(epoch, name, ring)] for name, ring in made],
    )


async def _read(client: BaseDBAsyncClient, keys: Vault, names: list[str]) -> dict[str, Ring]:
    among = "= ANY(?::text[])" if _postgres(client) else "IN (SELECT value FROM json_each(?))"
    given = names if _postgres(client) else json.dumps(names)
    rows = await _fetch(
        client,
        f"SELECT epoch, customer_id, ring FROM rings WHERE customer_id {among}",  # noqa: S608 our own words
        [given],
    )
    return {row["customer_id"]: keys.unwrap(row["epoch"], row["customer_id"], row["ring"]) for row in rows}


async def _live(client: BaseDBAsyncClient) -> list[int]:
    return [row["number"] for row in await _fetch(client, "SELECT number FROM epochs ORDER BY number")]


async def _newest(client: BaseDBAsyncClient) -> int:
    return (await _live(client))[-1]


async def _show(client: BaseDBAsyncClient) -> None:
    """Make the view of all rings that are live."""
    parts = [
        f"SELECT {epoch:d} AS epoch, customer_id, ring FROM rings_{epoch:d}"  # noqa: S608 a number
        for epoch in await _live(client)
    ]
    await client.execute_query("DROP VIEW IF EXISTS rings")
    await client.execute_query(f"CREATE VIEW rings AS {' UNION ALL '.join(parts)}")


async def _lock(client: BaseDBAsyncClient, mode: str) -> None:
    """Keep epochs from changing (SHARE), or everybody else from reading which they are (EXCLUSIVE).

    On the embedded database a transaction that writes is alone anyway.
    """
    if _postgres(client):
        await client.execute_query(_LOCK_TABLE.format("SHARE" if mode == "SHARE" else "ACCESS EXCLUSIVE"))


def _postgres(client: BaseDBAsyncClient) -> bool:
    return client.capabilities.dialect == "postgres"


def _bytes(client: BaseDBAsyncClient) -> str:
    return "BYTEA" if _postgres(client) else "BLOB"


def _for_update(client: BaseDBAsyncClient) -> str:
    return " FOR UPDATE" if _postgres(client) else ""


def _written(client: BaseDBAsyncClient, sql: str) -> str:
    """A statement with the placeholders of the database at hand."""
    if not _postgres(client):
        return sql
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


async def _fetch(
    client: BaseDBAsyncClient, sql: str, values: list[Any] | None = None
) -> list[dict[str, Any]]:
    return list(await client.execute_query_dict(_written(client, sql), values))


async def _run(client: BaseDBAsyncClient, sql: str, values: list[Any]) -> None:
    await client.execute_query(_written(client, sql), values)


async def _many(client: BaseDBAsyncClient, sql: str, values: list[list[Any]]) -> None:
    if values:
        await client.execute_many(_written(client, sql), values)


@asynccontextmanager
async def _transaction() -> AsyncIterator[BaseDBAsyncClient]:
    async with in_transaction(KEYS) as client:
        yield client
