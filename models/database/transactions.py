"""Transactions: all or nothing, and what is written and done at their end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from tortoise import BaseDBAsyncClient
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction

from models.database.connection import BUSY_SECONDS, CONNECTION, DatabaseError
from models.database.statements import postgres


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """All or nothing; inside another transaction, all or nothing of the inner part.

    The embedded database takes the write lock at once, so a transaction never fails half-way because
    another one writes.

    Raises:
        DatabaseError: another process held the write lock for too long.
        RuntimeError: this task was begun within a transaction that is over.
    """
    outermost = _under_way.get() is None
    own = Transaction() if outermost else current_transaction()
    token, mark = _under_way.set(own), own.mark()
    try:
        async with in_transaction(CONNECTION) as client:
            try:
                yield client
            except BaseException:
                # What an inner part registered is dropped with it, should the outer one carry on.
                own.forget_since(mark)
                raise
            if outermost:
                await own.finish(client)
    except TransactionManagementError as error:
        if "locked" in str(error):
            raise DatabaseError(
                "DATABASE_BUSY",
                f"Another process has been writing for over {BUSY_SECONDS} seconds; try again.",
            ) from None
        raise
    finally:
        _under_way.reset(token)
        own.over = own.over or outermost
    if outermost:
        for work in own.after:
            await work()


@asynccontextmanager
async def snapshot() -> AsyncIterator[None]:
    """Reading only, and all of it as the database was at one instant; not within a transaction.

    The embedded database lets nobody write meanwhile: read what is needed, and leave.
    """
    async with transaction() as client:
        if postgres(client):
            await client.execute_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def in_transaction_now() -> bool:
    """Whether this task is within a transaction."""
    return _under_way.get() is not None


def before_commit(write: "Write", item: Any) -> None:
    """Have an item written just before the outermost transaction under way is committed.

    Args:
        write: is called once, with the transaction's client and every item registered for it.
        item: what to write.
    """
    current_transaction().items.append((write, item))


def first_time(key: Hashable) -> bool:
    """Whether this key is registered for the first time in the outermost transaction under way."""
    keys = current_transaction().keys
    if key in keys:
        return False
    keys.append(key)
    return True


def after_commit(work: Callable[[], Awaitable[None]]) -> None:
    """Do this once the outermost transaction under way is committed; not at all if it is not."""
    current_transaction().after.append(work)


Write = Callable[[BaseDBAsyncClient, list[Any]], Awaitable[None]]


@dataclass
class Transaction:
    """What the outermost transaction under way still has to write and to do, and whether it is over.

    `granted` is to whom which action on which record was granted in it, `keys` are of what is done once in it.
    """

    granted: list[tuple[Hashable, str, str]] = field(default_factory=list)
    items: list[tuple[Write, Any]] = field(default_factory=list)
    after: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    keys: list[Hashable] = field(default_factory=list)
    over: bool = False

    def mark(self) -> tuple[int, ...]:
        """How much of each was registered so far."""
        return tuple(map(len, self._registered()))

    def forget_since(self, mark: tuple[int, ...]) -> None:
        """Drop what was registered since a mark."""
        for kept, count in zip(self._registered(), mark, strict=True):
            del kept[count:]

    def _registered(self) -> tuple[list[Any], ...]:
        return self.items, self.after, self.keys, self.granted

    async def finish(self, client: BaseDBAsyncClient) -> None:
        """Write everything that was collected, in the order in which it came."""
        for write, items in groupby(self.items, key=itemgetter(0)):
            await write(client, [item for _, item in items])


_under_way: ContextVar[Transaction | None] = ContextVar("savas_transaction", default=None)


def current_transaction() -> Transaction:
    """The transaction under way.

    Raises:
        RuntimeError: there is none, or this task was begun within one that is over.
    """
    current = _under_way.get()
    # A task keeps the context in which it was begun, and may outlive the transaction there.
    if current is None or current.over:
        raise RuntimeError("there is no transaction under way")
    return current
