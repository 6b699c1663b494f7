"""Reaching the key database, which may be of either kind, whatever kind the database of the data is.

Statements are written with `?` for a value. Every function runs on the connection `keys`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.database import KEYS

_LOCK_TABLE = "LOCK TABLE epochs IN {} MODE"
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
        await client.execute_query(_LOCK_TABLE.format("SHARE" if mode == "SHARE" else "ACCESS EXCLUSIVE"))


async def live(client: BaseDBAsyncClient) -> list[int]:
    """The live epochs, the oldest first."""
    return [row["number"] for row in await fetch(client, "SELECT number FROM epochs ORDER BY number")]


async def newest(client: BaseDBAsyncClient) -> int:
    """The epoch that new rings are wrapped in."""
    return (await live(client))[-1]


def connection() -> BaseDBAsyncClient:
    """The connection outside of any transaction."""
    return get_connection(KEYS)


def postgres(client: BaseDBAsyncClient) -> bool:
    """Whether a client is connected to PostgreSQL."""
    return client.capabilities.dialect == "postgres"


def blob(client: BaseDBAsyncClient) -> str:
    """The type of a column of bytes."""
    return "BYTEA" if postgres(client) else "BLOB"


def for_update(client: BaseDBAsyncClient) -> str:
    """The end of a query that locks the rows it reads; empty where the whole database is locked."""
    return " FOR UPDATE" if postgres(client) else ""


async def fetch(client: BaseDBAsyncClient, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """The rows that a query returns, as dictionaries."""
    return list(await client.execute_query_dict(_written(client, sql), values))


async def run(client: BaseDBAsyncClient, sql: str, values: list[Any]) -> None:
    """Carry out a statement."""
    await client.execute_query(_written(client, sql), values)


async def run_many(client: BaseDBAsyncClient, sql: str, values: list[list[Any]]) -> None:
    """Carry out a statement for each of some rows."""
    if values:
        await client.execute_many(_written(client, sql), values)


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """A transaction in the key database."""
    async with in_transaction(KEYS) as client:
        yield client


def _written(client: BaseDBAsyncClient, sql: str) -> str:
    """A statement with the placeholders of the client's database."""
    if not postgres(client):
        return sql
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
