"""Statements in SQL, written with `?` for a value whichever kind of database they go to."""

from typing import Any

from tortoise import BaseDBAsyncClient


def postgres(client: BaseDBAsyncClient) -> bool:
    """Whether a client is connected to PostgreSQL."""
    return client.capabilities.dialect == "postgres"


def for_update(client: BaseDBAsyncClient) -> str:
    """The end of a query that locks the rows it reads; empty where the whole database is locked."""
    return " FOR UPDATE" if postgres(client) else ""


def literal(client: BaseDBAsyncClient, raw: bytes) -> str:
    """Bytes as a statement has them."""
    return f"'\\x{raw.hex()}'::bytea" if postgres(client) else f"X'{raw.hex()}'"


async def fetch(client: BaseDBAsyncClient, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """The rows that a query returns, as dictionaries."""
    return list(await client.execute_query_dict(with_slots(client, sql), values))


async def run(client: BaseDBAsyncClient, sql: str, values: list[Any]) -> int:
    """Carry out a statement; returns how many rows it changed."""
    count, _ = await client.execute_query(with_slots(client, sql), values)
    return count


async def run_many(client: BaseDBAsyncClient, sql: str, values: list[list[Any]]) -> None:
    """Carry out a statement for each of some rows."""
    if values:
        await client.execute_many(with_slots(client, sql), values)


def with_slots(client: BaseDBAsyncClient, sql: str) -> str:
    """A statement with the placeholders of the client's database."""
    if not postgres(client):
        return sql
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
