"""A copy of an embedded database beside it, made before something that could harm it."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from models.database.connection import kind, sqlite_path

P = ParamSpec("P")
R = TypeVar("R")

#: Ends the name of a copy that is kept, and of one that is there only while it may be needed.
SUFFIX = ".before-migration"
WORKING = ".migrating"
_CHUNK = 1 << 20


def _in_thread(work: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Have a function that takes long run in a thread of its own, and be waited for."""

    @wraps(work)
    async def waited_for(*args: P.args, **options: P.kwargs) -> R:
        return await asyncio.to_thread(work, *args, **options)

    return waited_for


def beside(path: Path) -> Path:
    """The path of a database's copy while it may be needed."""
    return path.with_name(path.name + WORKING)


def kept_copy(url: str) -> Path | None:
    """The copy that was kept of an embedded database; None where there is none."""
    if kind(url) != "sqlite":
        return None
    copy = sqlite_path(url).with_name(sqlite_path(url).name + SUFFIX)
    return copy if copy.exists() else None


@_in_thread
def write(path: Path) -> Path:
    """Copy a database that nobody else is writing; only its owner may read the copy."""
    copy = beside(path)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(copy),))
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    return copy


@_in_thread
def unchanged(path: Path, rows: dict[str, int]) -> bool:
    """Whether the database is sound and its tables hold these numbers of rows."""
    try:
        with closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
            return sound and all(_count(database, table) == number for table, number in rows.items())
    except sqlite3.Error:
        return False


@_in_thread
def restore(path: Path, copy: Path) -> None:
    """Put the copy back in the place of the database; the copy stays."""
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)


@_in_thread
def keep(copy: Path) -> Path:
    """Keep a copy under the name that tells what it is, in the place of an earlier one."""
    return copy.replace(copy.with_name(copy.name.removesuffix(WORKING) + SUFFIX))


@_in_thread
def discard(copy: Path) -> None:
    """Overwrite and delete a copy that is no longer needed, if it is there."""
    if not copy.exists():
        return
    with copy.open("r+b") as file:
        for _ in range(0, os.fstat(file.fileno()).st_size, _CHUNK):
            file.write(bytes(_CHUNK))
        file.flush()
        os.fsync(file.fileno())
    copy.unlink(missing_ok=True)


def _count(database: sqlite3.Connection, table: str) -> int:
    (number,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 names from the catalogue
    return int(number)
