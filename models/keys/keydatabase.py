"""Reaching the key database, which may be of either kind, whatever kind the database of the data is.

Every function runs on the connection `keys`.
"""

from tortoise import BaseDBAsyncClient
from tortoise.backends.base.client import TransactionContext
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.database import KEYS, fetch, postgres

# A name in the server's space of advisory locks; any number will do that nobody else uses.
_PREPARING = 0x5A_7A_6


async def prepare(tables: tuple[str, ...]) -> None:
    """Create what is missing of some tables; several processes may do so at once."""
    async with transaction() as client:
        if postgres(client):
            await client.execute_query(f"SELECT pg_advisory_xact_lock({_PREPARING})")
        for sql in tables:
            await client.execute_query(sql)


async def lock(client: BaseDBAsyncClient, mode: str) -> None:
    """Keep epochs from changing (SHARE), or everybody else from reading which they are (EXCLUSIVE).

    On the embedded database only one transaction writes at a time anyway.
    """
    if postgres(client):
        mode = "SHARE" if mode == "SHARE" else "ACCESS EXCLUSIVE"
        await client.execute_query(f"LOCK TABLE epochs IN {mode} MODE")


async def live(client: BaseDBAsyncClient) -> list[int]:
    """The live epochs, the oldest first."""
    return [row["number"] for row in await fetch(client, "SELECT number FROM epochs ORDER BY number")]


async def newest(client: BaseDBAsyncClient) -> int:
    """The epoch that new rings are wrapped in."""
    return (await live(client))[-1]


def connection() -> BaseDBAsyncClient:
    """The connection outside of any transaction."""
    return get_connection(KEYS)


def blob(client: BaseDBAsyncClient) -> str:
    """The type of a column of bytes."""
    return "BYTEA" if postgres(client) else "BLOB"


def transaction() -> TransactionContext:
    """A transaction in the key database."""
    return in_transaction(KEYS)
