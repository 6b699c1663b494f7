"""Connecting to the database, and which kind of database it is.

`DatabaseError` and its codes:

- `DATABASE_URL_INVALID`: the address is not one of the two kinds, or a part of it is malformed
- `DATABASE_MISSING`: there is no such file, or the server has no such database
- `DATABASE_UNREACHABLE`: no database server answers at the address
- `DATABASE_REFUSED`: the server does not accept the user or the password
- `DATABASE_UNUSABLE`: what is there cannot be opened, read or written as a database
- `DATABASE_BUSY`: another process held the write lock for too long
- `DATABASE_KINDS_MIXED`: this process works with a database of the other kind
"""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import ParseResult, parse_qsl, quote, unquote, urlparse

from tortoise.apps import Apps
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext, _current_context
from tortoise.exceptions import DBConnectionError, OperationalError

#: The one connection name; policies, procedures and migrations all use it.
CONNECTION = "default"
#: The connection of the key database, which is another database.
KEYS = "keys"

Dialect = Literal["sqlite", "postgres"]

#: Open connections to a database, and to its key database if one was named.
Connections = TortoiseContext

#: Lists the tables of a database, by its kind.
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
}

_POSTGRES = frozenset({"postgresql", "postgres", "asyncpg"})
_OPTIONS = frozenset({"host", "port", "user", "password", "sslmode", "application_name", "maxsize"})
_SQLITE = "models.database.sqlite"
#: How long a writer waits for another process.
BUSY_SECONDS = 10
_PRAGMAS = {
    "busy_timeout": BUSY_SECONDS * 1000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
}

#: How PostgreSQL plans what a connection asks: one plan for all values, which is kept; nothing compiled for it, which takes
#: longer than to run it; and pages cost little wherever they lie, so that rows are found by keys and not by reading a table.
_PLANNING = {
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "seq_page_cost": "0.1",
    "random_page_cost": "0.1",
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
    raise _invalid("it must begin with sqlite:///, postgresql:// or postgres://")


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


@asynccontextmanager
async def connected(url: str, keys: str | None = None) -> AsyncIterator[Connections]:
    """The database, and its key database if one is named, open for a while; this task has entered them.

    Raises:
        DatabaseError: that cannot be done.
    """
    if kind(url) == "sqlite" and not sqlite_path(url).is_file():
        raise DatabaseError(
            "DATABASE_MISSING",
            f"There is no database file at {sqlite_path(url).absolute()}. If it lies elsewhere, name its directory with --data "
            "(SAVAS_DATA); to begin with an empty one: ./savas migrate",
        )
    if keys is not None and kind(keys) == "sqlite":
        create_file(sqlite_path(keys))
    async with opened_context(configuration(url, keys)) as connections:
        with entered(connections):
            yield connections


@contextmanager
def entered(connections: Connections) -> Iterator[None]:
    """Work with these connections in this task, and in those that are begun meanwhile."""
    token = _current_context.set(connections)
    try:
        yield
    finally:
        _current_context.reset(token)


def _connection(url: str, **pragmas: Any) -> dict[str, Any]:
    if kind(url) == "sqlite":
        credentials = {"file_path": str(sqlite_path(url)), **_PRAGMAS, **pragmas}
        return {"engine": _SQLITE, "credentials": credentials}
    return {"engine": "tortoise.backends.asyncpg", "credentials": _credentials(_parse(url))}


def dialect() -> Dialect:
    """Which kind of database is open."""
    return "postgres" if get_connection(CONNECTION).capabilities.dialect == "postgres" else "sqlite"


@asynccontextmanager
async def opened_context(config: dict[str, Any]) -> AsyncIterator[Connections]:
    """Connections by Tortoise's configuration, open for a while."""
    connections = Connections()
    try:
        with entered(connections):
            await _init(connections, config)
            for name in config["connections"]:
                await _probe(connections, name)
        _Prepared.open += 1
        try:
            yield connections
        finally:
            _Prepared.open -= 1
    finally:
        await connections.close_connections()


class _Prepared:
    """What Tortoise keeps in the classes of the records, so that a process works with one kind of database at a time.

    Attributes:
        kind: the kind that their statements are prepared for.
        apps: what Tortoise knows of them.
        open: how many databases are open.
    """

    kind: Dialect | None = None
    apps: Apps | None = None
    open: int = 0


async def _init(context: TortoiseContext, config: dict[str, Any]) -> None:
    """What `context.init` does, but that the records are prepared once and not for every database.

    Raises:
        DatabaseError: one of the other kind is open.
    """
    required: Dialect = "sqlite" if config["connections"][CONNECTION]["engine"] == _SQLITE else "postgres"
    if _Prepared.kind != required:
        if _Prepared.open:
            raise DatabaseError(
                "DATABASE_KINDS_MIXED",
                "This process works with a database of the other kind already; use another process for this one.",
            )
        forget_statements()
        await context.init(config=config)
        _Prepared.kind, _Prepared.apps = required, context.apps
        return
    context._init_timezone(use_tz=True, timezone="UTC")
    await context.connections._init(config["connections"], False)
    context._init_routers()
    context._apps, context._default_connection, context._inited = _Prepared.apps, CONNECTION, True


def forget_statements() -> None:
    """Drop the prepared statements for writing records: Tortoise caches them by the tables' names alone.

    They are others for a database of another kind, and for a table as a migration has it before its last step.
    """
    EXECUTOR_CACHE.clear()


async def _probe(context: TortoiseContext, name: str) -> None:
    """Query a database once, so that a broken connection is reported at once."""
    try:
        await context.db(name).execute_query("SELECT 1")
    except Exception as error:
        described = _described(error, "key database" if name == KEYS else "database")
        if described is None:
            raise
        raise described from None


def _described(error: Exception, database: str) -> DatabaseError | None:
    """The error to raise for one of the driver's; None for any other."""
    import asyncpg  # noqa: PLC0415 a tenth of a second, which an embedded database need not wait for

    match error:
        case DBConnectionError():
            return DatabaseError(
                "DATABASE_MISSING",
                f"There is no {database} of that name on the server; create it with createdb, then run: ./savas migrate",
            )
        case asyncpg.InvalidAuthorizationSpecificationError() | asyncpg.InvalidPasswordError():
            return DatabaseError(
                "DATABASE_REFUSED", "The server refused the user or the password; check both in the address."
            )
        case OSError() | TimeoutError() | asyncpg.PostgresConnectionError() | asyncpg.CannotConnectNowError():
            return DatabaseError(
                "DATABASE_UNREACHABLE", "No database server answers; check host and port, and that it runs."
            )
        case sqlite3.Error() | OperationalError() | asyncpg.PostgresError() | asyncpg.InterfaceError():
            return DatabaseError(
                "DATABASE_UNUSABLE",
                f"The database cannot be opened ({type(error).__name__}); check that the file is a database, "
                "that it and its directory can be written, and that the disk is not full.",
            )
    return None


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
        "server_settings": _PLANNING,
        "statement_cache_size": 500,
        # A statement that is not kept is planned anew each time, which costs more than to run it.
        "max_cacheable_statement_size": 0,
    }
    return credentials | ({"ssl": options["sslmode"]} if "sslmode" in options else {})


def _number(options: dict[str, str], name: str, default: int) -> int:
    text = options.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise _invalid(f"{name} must be a number")
    return int(text)


def create_file(path: Path) -> None:
    """Create an empty database file that only its owner may read; one that exists is left as it is."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseError(
            "DATABASE_UNUSABLE", f"The file {path} cannot be created or written: {error.strerror}."
        ) from None


def _invalid(why: str) -> DatabaseError:
    return DatabaseError("DATABASE_URL_INVALID", f"The database address is not usable: {why}.")
