"""The key database: each customer's ring of keys, wrapped, apart from the data they open.

It is a database of its own (a second file, a second PostgreSQL database), so that a copy of the data is not a
copy of the keys. It holds:

    epochs          the live epochs of the key that wraps rings: usually one, two while rings are re-wrapped
    rings_<epoch>   the rings wrapped in that epoch; a ring is in one of these tables only
    rings           all of them, as a view
    erasures        the erasures that were carried out here
    recoveries      for which epoch a recovery copy was made, and when
    submission_keys the keys that customers seal to, wrapped as well (`models.submission_key`)

Instants are text, RFC 3339 in UTC. Every function runs on the connection `keys` and commits by itself.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection

from models import submission_key
from models.base import Category
from models.database import KEYS
from models.keys import bytes_type, fetch, for_update, live, lock, many, newest, postgres, run, transaction
from vault import vault
from vault.ring import Ring
from vault.vault import Vault

_TABLES = (
    "CREATE TABLE IF NOT EXISTS epochs (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS erasures (id TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS recoveries (epoch INTEGER PRIMARY KEY, made_at TEXT NOT NULL)",
)
CATEGORIES = tuple(category.value for category in Category)


async def prepare() -> None:
    """Create what is missing of the key database."""
    async with transaction() as client:
        for sql in _TABLES:
            await client.execute_query(sql)
        await submission_key.prepare(client)


async def epochs() -> dict[int, datetime]:
    """The live epochs with their beginnings, the oldest first; none before the first use."""
    rows = await fetch(get_connection(KEYS), "SELECT number, begun_at FROM epochs ORDER BY number")
    return {row["number"]: datetime.fromisoformat(row["begun_at"]) for row in rows}


async def begin(epoch: int, now: datetime) -> None:
    """Begin an epoch: new rings are wrapped in it from now on. Its key must be there already."""
    async with transaction() as client:
        await lock(client, "EXCLUSIVE")
        await client.execute_query(
            f"CREATE TABLE IF NOT EXISTS rings_{epoch:d} (customer_id TEXT PRIMARY KEY, ring {bytes_type(client)} NOT NULL)"
        )
        await run(
            client,
            "INSERT INTO epochs (number, begun_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [epoch, now.isoformat()],
        )
        await _show(client)


async def end(epoch: int) -> None:
    """End an epoch whose rings and submission keys are all wrapped in a later one; one left over is an error.

    One that has ended already, perhaps through another process, has ended.
    """
    async with transaction() as client:
        await lock(client, "EXCLUSIVE")
        if epoch not in await live(client):
            return
        left = await fetch(client, f"SELECT 1 FROM rings_{epoch:d} LIMIT 1")  # noqa: S608 a number
        left += await fetch(client, "SELECT 1 FROM submission_keys WHERE epoch = ? LIMIT 1", [epoch])
        if left:
            raise RuntimeError("rings or submission keys are left in an epoch that is to end")
        await run(client, "DELETE FROM epochs WHERE number = ?", [epoch])
        await _show(client)
        await client.execute_query(f"DROP TABLE rings_{epoch:d}")


async def rewrap(old: int, new: int, count: int) -> int:
    """Move at most so many rings from one epoch into another; returns how many were moved."""
    keys = vault.current()
    async with transaction() as client:
        await lock(client, "SHARE")
        if old not in await live(client):
            return 0
        rows = await fetch(
            client,
            f"SELECT customer_id, ring FROM rings_{old:d} ORDER BY customer_id LIMIT {count:d}{for_update(client)}",  # noqa: S608 numbers
        )
        moved = [(row["customer_id"], keys.unwrap(old, row["customer_id"], row["ring"])) for row in rows]
        await _insert(client, keys, new, moved)
        await many(client, f"DELETE FROM rings_{old:d} WHERE customer_id = ?", [[name] for name, _ in moved])  # noqa: S608 a number
    return len(moved)


async def counted(epoch: int | None = None) -> int:
    """How many rings there are, in an epoch or in all."""
    table = "rings" if epoch is None else f"rings_{epoch:d}"
    rows = await fetch(get_connection(KEYS), f'SELECT count(*) AS "count" FROM {table}')  # noqa: S608 our own name
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
    async with transaction() as client:
        await lock(client, "SHARE")
        epoch = await newest(client)
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
    async with transaction() as client:
        await lock(client, "SHARE")
        for epoch in await live(client):
            await run(client, f"DELETE FROM rings_{epoch:d} WHERE customer_id = ?", [str(customer)])  # noqa: S608 a number
    vault.current().forget(str(customer))


async def erased() -> set[str]:
    """The erasures that were carried out in this key database."""
    return {row["id"] for row in await fetch(get_connection(KEYS), "SELECT id FROM erasures")}


async def mark_erased(erasure: Any) -> None:
    """Remember that an erasure was carried out."""
    await run(
        get_connection(KEYS), "INSERT INTO erasures (id) VALUES (?) ON CONFLICT DO NOTHING", [str(erasure)]
    )


async def recovery() -> dict[int, datetime]:
    """The epochs for which a recovery copy was made, and when."""
    rows = await fetch(get_connection(KEYS), "SELECT epoch, made_at FROM recoveries")
    return {row["epoch"]: datetime.fromisoformat(row["made_at"]) for row in rows}


async def mark_recovery(epoch: int, now: datetime) -> None:
    """Remember that a recovery copy was made; one of an earlier epoch is worth nothing any more."""
    async with transaction() as client:
        await client.execute_query("DELETE FROM recoveries")
        await run(client, "INSERT INTO recoveries (epoch, made_at) VALUES (?, ?)", [epoch, now.isoformat()])


async def compact() -> None:
    """Leave nothing of deleted rings in the files of the key database, as far as the database can."""
    client = get_connection(KEYS)
    if postgres(client):
        await client.execute_query("VACUUM")
        return
    await client.execute_query("VACUUM")
    await client.execute_query("PRAGMA wal_checkpoint(TRUNCATE)")


async def _changed(customer: Any, change: Callable[[Ring], Ring]) -> Ring:
    """Replace a ring that is there by a changed one, wrapped in the newest epoch."""
    keys, name = vault.current(), str(customer)
    changed = Ring({})
    async with transaction() as client:
        await lock(client, "SHARE")
        # The oldest table first: a ring that is being moved meanwhile is met in the newer one.
        for epoch in await live(client):
            rows = await fetch(
                client,
                f"SELECT ring FROM rings_{epoch:d} WHERE customer_id = ?{for_update(client)}",  # noqa: S608 a number
                [name],
            )
            if rows:
                changed = change(keys.unwrap(epoch, name, rows[0]["ring"]))
                await _replace(client, keys, name, changed)
                break
    keys.forget(name)
    return changed


async def _replace(client: BaseDBAsyncClient, keys: Vault, name: str, ring: Ring) -> None:
    for epoch in await live(client):
        await run(client, f"DELETE FROM rings_{epoch:d} WHERE customer_id = ?", [name])  # noqa: S608 a number
    await _insert(client, keys, await newest(client), [(name, ring)])


async def _insert(client: BaseDBAsyncClient, keys: Vault, epoch: int, made: list[tuple[str, Ring]]) -> None:
    await many(
        client,
        f"INSERT INTO rings_{epoch:d} (customer_id, ring) VALUES (?, ?) ON CONFLICT DO NOTHING",  # noqa: S608 a number
        [[name, keys.wrap(epoch, name, ring)] for name, ring in made],
    )


async def _read(client: BaseDBAsyncClient, keys: Vault, names: list[str]) -> dict[str, Ring]:
    among = "= ANY(?::text[])" if postgres(client) else "IN (SELECT value FROM json_each(?))"
    given = names if postgres(client) else json.dumps(names)
    rows = await fetch(
        client,
        f"SELECT epoch, customer_id, ring FROM rings WHERE customer_id {among}",  # noqa: S608 our own words
        [given],
    )
    return {row["customer_id"]: keys.unwrap(row["epoch"], row["customer_id"], row["ring"]) for row in rows}


async def _show(client: BaseDBAsyncClient) -> None:
    """Make the view of all rings that are live."""
    parts = [
        f"SELECT {epoch:d} AS epoch, customer_id, ring FROM rings_{epoch:d}"  # noqa: S608 a number
        for epoch in await live(client)
    ]
    await client.execute_query("DROP VIEW IF EXISTS rings")
    await client.execute_query(f"CREATE VIEW rings AS {' UNION ALL '.join(parts)}")
