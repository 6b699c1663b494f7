"""SQLite as Savas uses it: every transaction takes the write lock at its start, or waits for it.

A deferred transaction that turns from reading to writing is refused with "database is locked" as soon
as two writers meet; one that begins IMMEDIATE waits its turn. The module is a Tortoise engine: it is
named in `models.database.connection` and nowhere else.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError
from tortoise.migrations.schema_editor import SqliteSchemaEditor


class ImmediateClient(SqliteClient):
    """One SQLite connection whose transactions begin IMMEDIATE."""

    def _in_transaction(self) -> TransactionContext:
        return ImmediateTransaction(ImmediateWrapper(self), self._lock)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a statement. Whoever is ended meanwhile ends with the statement: SQLite goes on with it in any case.

        Otherwise statements for which nobody waits would stand one behind another, and everybody behind them.
        """
        reading = asyncio.ensure_future(super().execute_query_dict(query, values))
        try:
            return list(await asyncio.shield(reading))
        except asyncio.CancelledError:
            await asyncio.wait({reading})
            raise

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows, all or none."""
        async with self._in_transaction() as client:
            await client.execute_many(query, values)


class ImmediateWrapper(SqliteTransactionWrapper):
    """The connection while a transaction is open on it."""

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(ImmediateWrapper(self))

    async def begin(self) -> None:
        """Take the write lock, waiting for it as long as `busy_timeout` says."""
        try:
            cursor = await self._connection.execute("BEGIN IMMEDIATE")
            await cursor.close()
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error

    async def execute_script(self, query: str) -> None:
        """Run several statements inside the transaction; sqlite3's own script commits it first."""
        for statement in statements(query):
            await self.execute_query(statement)


class ImmediateTransaction(SqliteTransactionContext):
    """A transaction that, however it ends, leaves the connection outside any transaction."""

    connection: ImmediateWrapper
    _trxlock: asyncio.Lock

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            await self._abandon()
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if exc_type is None and not self.connection._finalized:
                await self.connection.commit()
        except BaseException:
            await self._abandon()
            raise
        else:
            if exc_type is not None:
                await self._abandon()
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()

    async def _abandon(self) -> None:
        """Roll back whatever is open: a BEGIN or COMMIT whose waiter was cancelled runs all the same.

        The connection's thread takes statements in order, so this one comes after those.
        """
        if self.connection._connection is not None:
            await self.connection._connection.rollback()


class WholeStatements(SqliteSchemaEditor):
    """Tortoise's editor of tables, which would cut a statement at a semicolon in a comment."""

    async def _run_sql(self, sql: str) -> None:
        await self.client.execute_script(sql)


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one; the body of a trigger stays whole."""
    pending = ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            if pending.strip(" \n\t;"):
                yield pending.strip()
            pending = ""
    if pending.strip(" \n\t;"):
        yield pending.strip()


def _instant(moment: datetime) -> str:
    """An instant as text whose order is the order of time: UTC, always to the microsecond."""
    return moment.astimezone(UTC).isoformat(" ", "microseconds")


sqlite3.register_adapter(datetime, _instant)

client_class = ImmediateClient
