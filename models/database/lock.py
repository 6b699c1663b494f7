"""What one process does at a time, of all that work on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tortoise.connection import get_connection

from models.database.connection import CONNECTION, dialect

if TYPE_CHECKING:
    import asyncpg


@asynccontextmanager
async def alone(name: str) -> AsyncIterator[bool]:
    """Whether nobody else does what this name stands for; nobody begins it until the block ends.

    On PostgreSQL it is an advisory lock on a connection of its own, so it ends with its process, however that ends. It is
    none of the pool's: many who hold a lock would leave no connection for what they do under it.
    An embedded database has one server, which does one thing of a name at a time anyway.
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
