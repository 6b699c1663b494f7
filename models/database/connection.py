"""Where the records lie: connecting, transactions, and which kind of database it is.

`DatabaseError` and its codes:

- `DATABASE_URL_INVALID`: the address is not one of the two kinds, or a part of it is malformed
- `DATABASE_MISSING`: there is no such file, or the server has no such database
- `DATABASE_UNREACHABLE`: no database server answers at the address
- `DATABASE_REFUSED`: the server does not accept the user or the password
- `DATABASE_UNUSABLE`: what is there cannot be opened, read or written as a database
- `DATABASE_BUSY`: another process held the write lock for too long
"""

import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import ParseResult, parse_qsl, quote, unquote, urlparse

import asyncpg
from tortoise import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext, get_current_context
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

#: The one connection name; policies, procedures and migrations all use it.
CONNECTION = "default"
#: The connection of the key database, which is another database.
KEYS = "keys"

Dialect = Literal["sqlite", "postgres"]

#: Lists the tables of a database, by its kind.
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
}

_POSTGRES = frozenset({"postgresql", "postgres", "asyncpg"})
_OPTIONS = frozenset({"host", "port", "user", "password", "sslmode", "application_name", "maxsize"})
_BUSY_SECONDS = 10
_PRAGMAS = {
    "busy_timeout": _BUSY_SECONDS * 1000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
}


class DatabaseError(Exception):
    """The database cannot be used; `message` says why and what to do, and holds no password."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def sqlite_url(path: Path) -> str:
    """The address of an embedded database file."""
    return f"sqlite://{quote(str(path.absolute()))}"


def beside(url: str, data: Path) -> str:
    """The address of the key database that goes with a database, unless another is named.

    Beside an embedded database it is a file in the same directory; on a server it is the database of the same
    name with `_keys` behind it.

    Args:
        url: the database's address.
        data: the installation's directory.
    """
    if kind(url) == "sqlite":
        return sqlite_url(data / "keys.sqlite3")
    parsed = urlparse(url)
    return parsed._replace(path=f"{parsed.path.rstrip('/')}_keys").geturl()


def sqlite_path(url: str) -> Path:
    """The file that an address of an embedded database names; raises DatabaseError for others."""
    parsed = _parse(url)
    path = unquote(parsed.netloc + parsed.path)
    if parsed.scheme != "sqlite" or not path.strip("/"):
        raise _invalid("an embedded database needs a file, as in sqlite:///var/lib/savas/savas.sqlite3")
    return Path("/" + path.lstrip("/")) if path.startswith("/") else Path(path)


def kind(url: str) -> Dialect:
    """Which kind of database an address names; raises DatabaseError when neither."""
    scheme = _parse(url).scheme
    if scheme == "sqlite":
        return "sqlite"
    if scheme in _POSTGRES:
        return "postgres"
    raise _invalid("it must begin with sqlite:/// or postgresql://")


def configuration(
    url: str, keys: str | None = None, *, migrations: str = "models.migrations", **pragmas: Any
) -> dict[str, Any]:
    """Tortoise's configuration for an address; `pragmas` replace the embedded database's own.

    Args:
        url: the database.
        keys: the key database, which may be of the other kind.
        migrations: the package that holds the migrations.
        pragmas: of an embedded database.
    """
    connections = {CONNECTION: _connection(url, **pragmas)}
    if keys is not None:
        # What is deleted there is a key: its bytes are overwritten, not merely forgotten.
        connections[KEYS] = _connection(keys, secure_delete="ON")
    app = {"models": ["models"], "default_connection": CONNECTION, "migrations": migrations}
    return {
        "connections": connections,
        "apps": {"models": app},
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, keys: str | None = None) -> None:
    """Open the database for this process, and its key database if one is named.

    Every task of the process sees the connections. There is one of each at a time.

    Raises:
        DatabaseError: that cannot be done.
    """
    if kind(url) == "sqlite" and not sqlite_path(url).is_file():
        raise DatabaseError(
            "DATABASE_MISSING",
            f"There is no database file at {sqlite_path(url)}; create it with: ./savas migrate",
        )
    if keys is not None and kind(keys) == "sqlite":
        create_file(sqlite_path(keys))
    await open_context(TortoiseContext(), configuration(url, keys), shared=True)


async def disconnect() -> None:
    """Close what `connect` opened; nothing happens when nothing is open."""
    context = get_current_context()
    if context is not None:
        await context.close_connections()


@asynccontextmanager
async def connected(url: str, keys: str | None = None) -> AsyncIterator[None]:
    """The database, and its key database if one is named, open for a while."""
    await connect(url, keys)
    try:
        yield
    finally:
        await disconnect()


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """All or nothing; inside another transaction, all or nothing of the inner part.

    The embedded database takes the write lock at once, so a transaction never fails half-way because
    another one writes.

    Raises:
        DatabaseError: another process held the write lock for too long.
        RuntimeError: this task was begun within a transaction that is over.
    """
    outermost = _hooks.get() is None
    hooks = _Hooks() if outermost else _under_way()
    token, mark = _hooks.set(hooks), (len(hooks.before), len(hooks.after))
    try:
        async with in_transaction(CONNECTION) as client:
            try:
                yield client
            except BaseException:
                # What an inner part asked for goes with it, should the outer one carry on.
                del hooks.before[mark[0] :], hooks.after[mark[1] :]
                raise
            if outermost:
                await hooks.run_before(client)
    except TransactionManagementError as error:
        if "locked" in str(error):
            raise DatabaseError(
                "DATABASE_BUSY",
                f"Another process has been writing for over {_BUSY_SECONDS} seconds; try again.",
            ) from None
        raise
    finally:
        _hooks.reset(token)
        hooks.over = hooks.over or outermost
    if outermost:
        for work in hooks.after:
            await work()


def in_transaction_now() -> bool:
    """Whether this task is within a transaction."""
    return _hooks.get() is not None


def before_commit(work: Callable[[BaseDBAsyncClient], Awaitable[None]]) -> None:
    """Do this last thing within the outermost transaction under way, before it is committed."""
    _under_way().before.append(work)


def after_commit(work: Callable[[], Awaitable[None]]) -> None:
    """Do this once the outermost transaction under way is committed; not at all if it is not."""
    _under_way().after.append(work)


@dataclass
class _Hooks:
    """What a transaction still has to do, and whether it is over."""

    before: list[Callable[[BaseDBAsyncClient], Awaitable[None]]] = field(default_factory=list)
    after: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    over: bool = False

    async def run_before(self, client: BaseDBAsyncClient) -> None:
        """Run what comes last, in the order in which it was asked for."""
        for work in self.before:
            await work(client)


_hooks: ContextVar[_Hooks | None] = ContextVar("savas_transaction", default=None)


def _under_way() -> _Hooks:
    hooks = _hooks.get()
    # A task keeps the context in which it was begun, and may outlive the transaction there.
    if hooks is None or hooks.over:
        raise RuntimeError("there is no transaction under way")
    return hooks


def _connection(url: str, **pragmas: Any) -> dict[str, Any]:
    if kind(url) == "sqlite":
        credentials = {"file_path": str(sqlite_path(url)), **_PRAGMAS, **pragmas}
        return {"engine": "models.database.sqlite", "credentials": credentials}
    return {"engine": "tortoise.backends.asyncpg", "credentials": _credentials(_parse(url))}


def dialect() -> Dialect:
    """Which kind of database is open."""
    return "postgres" if get_connection(CONNECTION).capabilities.dialect == "postgres" else "sqlite"


async def open_context(context: TortoiseContext, config: dict[str, Any], *, shared: bool) -> None:
    """Open a database in a context; `shared` lets every task of the process see it."""
    # Tortoise keeps the statements it wrote for one database and would send them to the next.
    EXECUTOR_CACHE.clear()
    try:
        with context:
            await context.init(config=config, _enable_global_fallback=shared)
            for name in config["connections"]:
                await _probe(context, name)
    except BaseException:
        await context.close_connections()
        raise


async def _probe(context: TortoiseContext, name: str) -> None:
    """Ask a database for an answer, so that what is wrong with it shows at once."""
    what = "key database" if name == KEYS else "database"
    try:
        await context.db(name).execute_query("SELECT 1")
    except DBConnectionError:
        raise DatabaseError(
            "DATABASE_MISSING",
            f"There is no {what} of that name on the server; create it with createdb, then run: ./savas migrate",
        ) from None
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError):
        raise DatabaseError(
            "DATABASE_REFUSED", "The server refused the user or the password; check both in the address."
        ) from None
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
        raise DatabaseError(
            "DATABASE_UNREACHABLE", "No database server answers; check host and port, and that it runs."
        ) from None
    except (sqlite3.Error, OperationalError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseError(
            "DATABASE_UNUSABLE",
            f"The database cannot be opened ({type(error).__name__}); check that the file is a database, "
            "that it and its directory can be written, and that the disk is not full.",
        ) from None


def _parse(url: str) -> ParseResult:
    try:
        parsed = urlparse(url)
        _ = parsed.port
    except ValueError:
        raise _invalid("host or port is malformed; percent-encode special characters of a password") from None
    return parsed


def _credentials(url: ParseResult) -> dict[str, Any]:
    options = dict(parse_qsl(url.query))
    if unknown := sorted(options.keys() - _OPTIONS):
        raise _invalid(f"unknown option {', '.join(unknown)}; known are {', '.join(sorted(_OPTIONS))}")
    name = unquote(url.path.strip("/"))
    if not name:
        raise _invalid("it names no database, as in postgresql://user@host/savas")
    credentials = {
        "host": url.hostname or options.get("host"),
        "port": url.port or _number(options, "port", 5432),
        "user": unquote(url.username or options.get("user", "")) or None,
        "password": unquote(url.password or options.get("password", "")) or None,
        "database": name,
        "application_name": options.get("application_name", "savas"),
        "maxsize": _number(options, "maxsize", 10),
        "timeout": 10,
    }
    return credentials | ({"ssl": options["sslmode"]} if "sslmode" in options else {})


def _number(options: dict[str, str], name: str, default: int) -> int:
    text = options.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise _invalid(f"{name} must be a number")
    return int(text)


def create_file(path: Path) -> None:
    """An empty database file that only its owner may read; one that exists is left alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseError(
            "DATABASE_UNUSABLE", f"The file {path} cannot be created or written: {error.strerror}."
        ) from None


def _invalid(why: str) -> DatabaseError:
    return DatabaseError("DATABASE_URL_INVALID", f"The database address is not usable: {why}.")
