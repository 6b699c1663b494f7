"""Tables of the key database about keys and work on them, besides customers' rings.

    proofs       by a key's name, what shows whether a provider holds that very key
    unfinished   by the event that it ends with, work that was begun and may have been interrupted
    index_epochs since when each epoch of the blind indexes lasts; their keys are in the provider only
    recoveries   for which epoch a recovery copy was made, and when; epoch 0 for one that is void
    erasures     the erasures that were carried out here

Instants are text, RFC 3339 in UTC. Every function commits by itself, unless it is given a transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise import BaseDBAsyncClient

from models.database import fetch, run, run_many
from models.keys.keydatabase import connection, transaction

TABLES = (
    "CREATE TABLE IF NOT EXISTS proofs (name TEXT PRIMARY KEY, proof TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS unfinished (event TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (event, number))",
    "CREATE TABLE IF NOT EXISTS index_epochs (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS erasures (id TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS recoveries (epoch INTEGER PRIMARY KEY, made_at TEXT NOT NULL)",
)
#: Stands for a recovery copy that is void; no epoch has this number.
VOID = 0


async def proofs() -> dict[str, bytes]:
    """The proofs of the keys in use, by the keys' names."""
    rows = await fetch(connection(), "SELECT name, proof FROM proofs")
    return {row["name"]: bytes.fromhex(row["proof"]) for row in rows}


async def add_proofs(by_name: Mapping[str, bytes], client: BaseDBAsyncClient) -> None:
    """Remember the proofs of some keys."""
    rows = [[name, proof.hex()] for name, proof in by_name.items()]
    await run_many(client, "INSERT INTO proofs (name, proof) VALUES (?, ?)", rows)


async def remove_proof(name: str, client: BaseDBAsyncClient) -> None:
    """Forget the proof of a key that is to be destroyed."""
    await run(client, "DELETE FROM proofs WHERE name = ?", [name])


async def unfinished() -> list[tuple[str, int]]:
    """The work that was begun and may not be over: events with their numbers."""
    rows = await fetch(connection(), "SELECT event, number FROM unfinished ORDER BY number, event")
    return [(row["event"], row["number"]) for row in rows]


async def begin(event: str, number: int, client: BaseDBAsyncClient | None = None) -> None:
    """Remember that work is begun which ends with this event and number."""
    sql = "INSERT INTO unfinished (event, number) VALUES (?, ?) ON CONFLICT DO NOTHING"
    await run(client or connection(), sql, [event, number])


async def finish(event: str, number: int) -> None:
    """Forget work that is over."""
    await run(connection(), "DELETE FROM unfinished WHERE event = ? AND number = ?", [event, number])


async def index_begun(epoch: int, now: datetime) -> datetime:
    """Since when an epoch of the blind indexes lasts; from now on, where that is not written down."""
    sql = "INSERT INTO index_epochs (number, begun_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
    await run(connection(), sql, [epoch, now.isoformat()])
    rows = await fetch(connection(), "SELECT begun_at FROM index_epochs WHERE number = ?", [epoch])
    return datetime.fromisoformat(rows[0]["begun_at"])


async def erased() -> set[str]:
    """The erasures that were carried out in this key database."""
    return {row["id"] for row in await fetch(connection(), "SELECT id FROM erasures")}


async def mark_erased(erasure: Any) -> None:
    """Remember that an erasure was carried out."""
    sql = "INSERT INTO erasures (id) VALUES (?) ON CONFLICT DO NOTHING"
    await run(connection(), sql, [str(erasure)])


async def recovery() -> dict[int, datetime]:
    """The epochs for which a recovery copy was made, and when."""
    rows = await fetch(connection(), "SELECT epoch, made_at FROM recoveries")
    return {row["epoch"]: datetime.fromisoformat(row["made_at"]) for row in rows}


async def mark_recovery(epoch: int, now: datetime) -> None:
    """Remember that a recovery copy was made; those made before are void."""
    async with transaction() as client:
        await client.execute_query("DELETE FROM recoveries")
        await run(client, "INSERT INTO recoveries (epoch, made_at) VALUES (?, ?)", [epoch, now.isoformat()])


async def void_recovery() -> None:
    """Remember that the recovery copy lacks a key that is in use."""
    await run(connection(), "UPDATE recoveries SET epoch = ?", [VOID])
