"""Installations for tests: a database of either kind with keys, a key provider and a witness of its own."""

import atexit
import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

from demo.world import CONTROLLER
from models.database import kind, sqlite_path, sqlite_url
from procedures.current import Addresses
from procedures.installation import opened
from tests import scratch

#: What the file of an embedded database is called.
DATABASE = "savas.sqlite3"
_MADE = ExitStack()
atexit.register(_MADE.close)


def place(url: str, keys: str | None = None) -> Addresses:
    """Where an installation with this database keeps the rest: the same place for the same address.

    The key database is embedded unless another is named, whatever kind the database is.
    """
    here = directory(url)
    return Addresses(
        url,
        keys or sqlite_url(here / "keys.sqlite3"),
        f"file:{here / 'provider.json'}",
        here / "witness",
        controller=CONTROLLER,
    )


def directory(url: str) -> Path:
    """Where an installation with this database keeps the rest."""
    return sqlite_path(url).parent if kind(url) == "sqlite" else _directory(url)


def begin(url: str, rest: Path) -> None:
    """Have a database begin as an installation that was opened before, with its keys; spares making them.

    Args:
        url: of an embedded database, which is put there, too; or of one that is like the one opened.
        rest: the directory of the installation that was opened.
    """
    shutil.copytree(rest, directory(url), dirs_exist_ok=True)


@asynccontextmanager
async def at_work(url: str) -> AsyncIterator[Addresses]:
    """An installation, open for a while."""
    where = place(url)
    async with opened(where):
        yield where


def environment(url: str) -> dict[str, str]:
    """The same place for a command in a process of its own."""
    where = place(url)
    return {"SAVAS_KEYS": where.keys, "SAVAS_PROVIDER": where.provider, "SAVAS_WITNESS": str(where.witness)}


def words(url: str) -> list[str]:
    """The same place as options that stand before a command."""
    where = place(url)
    return ["--keys", where.keys, "--provider", where.provider, "--witness", str(where.witness)]


@cache
def _directory(url: str) -> Path:
    del url
    return _MADE.enter_context(scratch.directory("test"))
