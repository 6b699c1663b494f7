"""What one process does at a time, of all that work on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from tortoise.connection import get_connection

from models.database import CONNECTION, dialect


@asynccontextmanager
async def alone(name: str) -> AsyncIterator[bool]:
    """Whether nobody else does what this name stands for; nobody begins it until the block ends.

    On PostgreSQL it is an advisory lock on a connection of its own, so it ends with its process, however that ends.
    An embedded database has one server, which does one thing of a name at a time anyway.
    """
    if dialect() == "sqlite":
        yield True
        return
    number = int.from_bytes(sha256(f"savas {name}".encode()).digest()[:8], "big", signed=True)
    async with get_connection(CONNECTION).acquire_connection() as connection:
        ours = await connection.fetchval("SELECT pg_try_advisory_lock($1)", number)
        try:
            yield ours
        finally:
            if ours:
                await connection.execute("SELECT pg_advisory_unlock($1)", number)
