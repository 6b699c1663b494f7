"""A lock by name, among all processes that work on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tortoise.connection import get_connection

from models.database.connection import CONNECTION, dialect

if TYPE_CHECKING:
    import asyncpg


@asynccontextmanager
async def try_lock(name: str) -> AsyncIterator[bool]:
    """Take the lock of a name until the block ends; yields whether it was free.

    On PostgreSQL it is an advisory lock that ends with its process, however that ends. Its connection is none
    of the pool's: many locks would leave no connection for the work under them. An embedded database has one
    server, which runs one thing of a name at a time anyway: there the lock is always free.
    """
    if dialect() == "sqlite":
        yield True
        return
    number = int.from_bytes(sha256(f"savas {name}".encode()).digest()[:8], "big", signed=True)
    connection = await _connection()
    try:
        yield await connection.fetchval("SELECT pg_try_advisory_lock($1)", number)
    finally:
        # The lock ends with it.
        await connection.close()


async def _connection() -> "asyncpg.Connection":
    """A further connection to the PostgreSQL database that is open, beside the pool; whoever asks for it closes it."""
    import asyncpg  # noqa: PLC0415 it is loaded by then: the database is one of PostgreSQL

    client: Any = get_connection(CONNECTION)
    return await asyncpg.connect(
        host=client.host,
        port=client.port,
        user=client.user,
        password=client.password,
        database=client.database,
        server_settings=client.server_settings,
        **client.extra,
    )
