"""Statements of the key database, in the words of whichever database it is. They run on the connection `keys`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tortoise import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.database import KEYS

_LOCK_TABLE = "LOCK TABLE epochs IN {} MODE"


async def live(client: BaseDBAsyncClient) -> list[int]:
    """The live epochs, the oldest first."""
    return [row["number"] for row in await fetch(client, "SELECT number FROM epochs ORDER BY number")]


async def newest(client: BaseDBAsyncClient) -> int:
    """The epoch that is sealed under from now on."""
    return (await live(client))[-1]


async def lock(client: BaseDBAsyncClient, mode: str) -> None:
    """Keep epochs from changing (SHARE), or everybody else from reading which they are (EXCLUSIVE).

    On the embedded database a transaction that writes is alone anyway.
    """
    if postgres(client):
        await client.execute_query(_LOCK_TABLE.format("SHARE" if mode == "SHARE" else "ACCESS EXCLUSIVE"))


def postgres(client: BaseDBAsyncClient) -> bool:
    """Whether the key database is a PostgreSQL one."""
    return client.capabilities.dialect == "postgres"


def bytes_type(client: BaseDBAsyncClient) -> str:
    """The type of a column of bytes."""
    return "BYTEA" if postgres(client) else "BLOB"


def for_update(client: BaseDBAsyncClient) -> str:
    """What makes a reader keep others from changing what it read."""
    return " FOR UPDATE" if postgres(client) else ""


def _written(client: BaseDBAsyncClient, sql: str) -> str:
    """A statement with the placeholders of the database at hand."""
    if not postgres(client):
        return sql
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


async def fetch(client: BaseDBAsyncClient, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """The rows that a statement finds."""
    return list(await client.execute_query_dict(_written(client, sql), values))


async def run(client: BaseDBAsyncClient, sql: str, values: list[Any]) -> None:
    """Run one statement."""
    await client.execute_query(_written(client, sql), values)


async def many(client: BaseDBAsyncClient, sql: str, values: list[list[Any]]) -> None:
    """Run one statement for many rows, all or none."""
    if values:
        await client.execute_many(_written(client, sql), values)


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """All or nothing, in the key database alone."""
    async with in_transaction(KEYS) as client:
        yield client
