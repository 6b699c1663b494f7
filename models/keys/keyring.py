"""The key database: each customer's ring of keys, wrapped, apart from the data they open.

It is a database of its own (a second file, a second PostgreSQL database), so that a copy of the data is not a
copy of the keys. It holds:

    epochs          the live epochs of the key that wraps rings: usually one, two while rings are re-wrapped
    rings_<epoch>   the rings wrapped in that epoch; a ring is in one of these tables only
    rings           all of them, as a view
    submission_keys the keys that customers seal to, wrapped as well (`models.keys.submission_key`)

and what `models.keys.keybook` keeps there. Instants are text, RFC 3339 in UTC. Every function commits by itself.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import Any

from tortoise import BaseDBAsyncClient

from models.base import Category
from models.database import fetch, for_update, postgres, run, run_many
from models.event import Event
from models.keys import keybook, keydatabase, submission_key
from models.keys.keydatabase import blob, connection, live, lock, newest, transaction
from vault import vault
from vault.errors import ProviderError, SealBroken
from vault.ring import Ring
from vault.vault import Vault

log = logging.getLogger("savas.vault")

_EPOCHS = "CREATE TABLE IF NOT EXISTS epochs (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL)"
CATEGORIES = tuple(category.value for category in Category)


async def prepare() -> None:
    """Create what is missing of the key database."""
    await keydatabase.prepare((_EPOCHS, *keybook.TABLES, submission_key.table()))


async def epochs() -> dict[int, datetime]:
    """The live epochs with their beginnings, the oldest first; none before the first use."""
    rows = await fetch(connection(), "SELECT number, begun_at FROM epochs ORDER BY number")
    return {row["number"]: datetime.fromisoformat(row["begun_at"]) for row in rows}


async def begin(epoch: int, now: datetime, proofs: Mapping[str, bytes]) -> bool:
    """Begin the epoch after the newest one: new rings are wrapped in it from now on.

    Args:
        epoch: its number; its key must be there already.
        now: when.
        proofs: of its key, and of others that are in use from now on.

    Returns:
        Whether it was begun; not when another process has begun it, or a later one, meanwhile.
    """
    async with transaction() as client:
        await lock(client, "EXCLUSIVE")
        if epoch != max(await live(client), default=0) + 1:
            return False
        await client.execute_query(
            f"CREATE TABLE rings_{epoch:d} (customer_id TEXT PRIMARY KEY, ring {blob(client)} NOT NULL)"
        )
        await run(client, "INSERT INTO epochs (number, begun_at) VALUES (?, ?)", [epoch, now.isoformat()])
        await keybook.add_proofs(proofs, client)
        await keybook.begin(Event.EPOCH_BEGUN, epoch, client)
        await _recreate_view(client)
    return True


async def end(epoch: int) -> None:
    """End an epoch whose rings and submission keys are all wrapped in a later one; one left over is an error.

    One that has ended already, perhaps through another process, has ended.
    """
    async with transaction() as client:
        await lock(client, "EXCLUSIVE")
        if epoch not in await live(client):
            return
        remaining = await fetch(client, f"SELECT 1 FROM rings_{epoch:d} LIMIT 1")  # noqa: S608 a number
        remaining += await fetch(client, "SELECT 1 FROM submission_keys WHERE epoch = ? LIMIT 1", [epoch])
        if remaining:
            raise RuntimeError("rings or submission keys are left in an epoch that is to end")
        await run(client, "DELETE FROM epochs WHERE number = ?", [epoch])
        await keybook.remove_proof(f"epoch-{epoch}", client)
        await keybook.begin(Event.EPOCH_DESTROYED, epoch, client)
        await _recreate_view(client)
        await client.execute_query(f"DROP TABLE rings_{epoch:d}")


async def rewrap(old: int, new: int, count: int, after: str = "") -> list[str]:
    """Move up to `count` rings, of customers behind `after`, into epoch `new`; returns whose, in order.

    A caller that began at the start each time would have PostgreSQL pass all the deleted rows again.

    Raises:
        SealBroken: a ring was changed or is another customer's; the log names the customer.
    """
    keys = vault.current()
    async with transaction() as client:
        await lock(client, "SHARE")
        if old not in await live(client):
            return []
        rows = await fetch(
            client,
            f"SELECT customer_id, ring FROM rings_{old:d} WHERE customer_id > ?"  # noqa: S608 numbers
            f" ORDER BY customer_id LIMIT {count:d}{for_update(client)}",
            [after],
        )
        moved = [(row["customer_id"], _unwrapped(keys, old, row)) for row in rows]
        names = [name for name, _ in moved]
        await _insert(client, keys, new, moved)
        condition, names_value = _in_names(client, names)
        await run(client, f"DELETE FROM rings_{old:d} WHERE customer_id {condition}", [names_value])  # noqa: S608 a number
    return names


async def count_rings(*, before: int | None = None) -> int:
    """How many rings there are, in all or in the epochs before one."""
    where = "" if before is None else f" WHERE epoch < {before:d}"
    rows = await fetch(connection(), f'SELECT count(*) AS "count" FROM rings{where}')  # noqa: S608 a number
    return int(rows[0]["count"])


async def rings(customers: Iterable[Any]) -> dict[str, Ring]:
    """The rings of some customers, by the customer's id as text; who has none is left out.

    So is a ring that does not open, and the log says whose: it keeps nothing from the other customers.

    Raises:
        SealedError: the vault is sealed.
    """
    if not (names := {str(customer) for customer in customers}):
        # What needs no ring is answered while the vault is sealed.
        return {}
    keys = vault.current()
    closings = keys.closings
    remembered = {name: keys.remembered(name) for name in names}
    opened = {name: ring for name, ring in remembered.items() if ring is not None}
    if closed := sorted(remembered.keys() - opened.keys()):
        for name, ring in (await _read(connection(), keys, closed, skipping=True)).items():
            opened[name] = ring
            keys.remember(name, ring, closings)
    return opened


async def ensure(customers: Iterable[Any], categories: Sequence[str] = CATEGORIES) -> dict[str, Ring]:
    """The rings of some customers as they are now, with a key for each category; makes what is missing.

    Writers use this and never a remembered ring: a key that is about to be destroyed must seal nothing more.

    Raises:
        SealedError: the vault is sealed.
        SealBroken: a ring was changed or is another customer's; the log names the customer.
    """
    keys = vault.current()
    names = sorted({str(customer) for customer in customers})
    present = await _read(connection(), keys, names)
    if all(name in present and not present[name].lacks(categories) for name in names):
        return present
    async with transaction() as client:
        await lock(client, "SHARE")
        epoch = await newest(client)
        present = await _read(client, keys, names)
        await _insert(
            client, keys, epoch, [(name, Ring.new(categories)) for name in names if name not in present]
        )
    for name, ring in present.items():
        if ring.lacks(categories):
            await _change(name, lambda ring: ring.renewed(ring.lacks(categories)))
    return await _read(connection(), keys, names)


async def renew(customer: Any, category: str) -> bytes:
    """Give a customer a further key for a category, to be sealed under from now on; the old ones stay.

    Returns:
        The new key's commitment, 32 bytes.
    """
    await ensure([customer], [category])
    ring = await _change(customer, lambda ring: ring.renewed([category]))
    return ring.key(category).commitment


async def reduce(
    customer: Any, category: str, successors: Collection[bytes], keeping: Collection[bytes] = ()
) -> None:
    """Destroy the keys of a category that a customer had before the newest with one of these commitments.

    On a ring without such a key (of an older backup) all are destroyed; one who has no ring has none to destroy.

    Args:
        customer: whose.
        category: of what.
        successors: the commitments of the keys that were put on the ring when the category was erased.
        keeping: the commitments of keys that stay whatever their age.
    """
    await _change(customer, lambda ring: ring.reduced(category, successors, keeping))


async def destroy_except(customer: Any, keeping: Collection[bytes]) -> None:
    """Destroy all of a customer's keys but those of these commitments; one who has no ring has none to destroy."""
    await _change(customer, lambda ring: ring.only(keeping))


async def destroy(customer: Any) -> None:
    """Destroy a customer's whole ring."""
    async with transaction() as client:
        await lock(client, "SHARE")
        for epoch in await live(client):
            await run(client, f"DELETE FROM rings_{epoch:d} WHERE customer_id = ?", [str(customer)])  # noqa: S608 a number
    vault.current().forget(str(customer))


async def compact() -> None:
    """Leave nothing of deleted rings in the files of the key database, as far as the database can."""
    client = connection()
    await client.execute_query("VACUUM")
    if not postgres(client):
        await client.execute_query("PRAGMA wal_checkpoint(TRUNCATE)")


async def _change(customer: Any, change: Callable[[Ring], Ring]) -> Ring:
    """Replace a ring that is there by a changed one, wrapped in the newest epoch."""
    keys, name = vault.current(), str(customer)
    changed = Ring({})
    async with transaction() as client:
        await lock(client, "SHARE")
        # The oldest table first: a ring that is being moved meanwhile is met in the newer one.
        for epoch in await live(client):
            rows = await fetch(
                client,
                f"SELECT customer_id, ring FROM rings_{epoch:d} WHERE customer_id = ?{for_update(client)}",  # noqa: S608 a number
                [name],
            )
            if rows:
                ring = _unwrapped(keys, epoch, rows[0])
                changed = change(ring)
                if changed is not ring:
                    await _replace(client, keys, name, changed)
                break
    keys.forget(name)
    return changed


async def _replace(client: BaseDBAsyncClient, keys: Vault, name: str, ring: Ring) -> None:
    for epoch in await live(client):
        await run(client, f"DELETE FROM rings_{epoch:d} WHERE customer_id = ?", [name])  # noqa: S608 a number
    await _insert(client, keys, await newest(client), [(name, ring)])


async def _insert(client: BaseDBAsyncClient, keys: Vault, epoch: int, rings: list[tuple[str, Ring]]) -> None:
    await run_many(
        client,
        f"INSERT INTO rings_{epoch:d} (customer_id, ring) VALUES (?, ?) ON CONFLICT DO NOTHING",  # noqa: S608 a number
        [[name, keys.wrap(epoch, name, ring)] for name, ring in rings],
    )


async def _read(
    client: BaseDBAsyncClient, keys: Vault, names: list[str], *, skipping: bool = False
) -> dict[str, Ring]:
    """The rings of some customers; one that does not open is an error, or left out."""
    condition, names_value = _in_names(client, names)
    sql = f"SELECT epoch, customer_id, ring FROM rings WHERE customer_id {condition}"  # noqa: S608 names from the code
    rows = await fetch(client, sql, [names_value])
    try:
        return _opened(keys, rows, skipping=skipping)
    except ProviderError:
        # Their epoch may have ended since they were read; then they lie in a later one.
        return _opened(keys, await fetch(client, sql, [names_value]), skipping=skipping)


def _opened(keys: Vault, rows: list[dict[str, Any]], *, skipping: bool) -> dict[str, Ring]:
    opened = {}
    for row in rows:
        with suppress(SealBroken) if skipping else nullcontext():
            opened[row["customer_id"]] = _unwrapped(keys, row["epoch"], row)
    return opened


def _unwrapped(keys: Vault, epoch: int, row: dict[str, Any]) -> Ring:
    """The ring of a row; of one that does not open, the log says whose it is."""
    try:
        return keys.unwrap(epoch, row["customer_id"], row["ring"])
    except SealBroken:
        log.error("SEAL_BROKEN table=rings_%d row=%s", epoch, row["customer_id"])
        raise


def _in_names(client: BaseDBAsyncClient, names: list[str]) -> tuple[str, Any]:
    """The SQL behind a column that is to be one of these names, and the value of its parameter."""
    if postgres(client):
        return "= ANY(?::text[])", names
    return "IN (SELECT value FROM json_each(?))", json.dumps(names)


async def _recreate_view(client: BaseDBAsyncClient) -> None:
    """Make the view of all rings that are live."""
    parts = [
        f"SELECT {epoch:d} AS epoch, customer_id, ring FROM rings_{epoch:d}"  # noqa: S608 a number
        for epoch in await live(client)
    ]
    await client.execute_query("DROP VIEW IF EXISTS rings")
    await client.execute_query(f"CREATE VIEW rings AS {' UNION ALL '.join(parts)}")
