"""A copy of an embedded database beside it, made before something that could harm it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from models.database.connection import kind, sqlite_path

#: Ends the name of a copy that is kept, and of one that is there only while it may be needed.
SUFFIX = ".before-migration"
WORKING = ".migrating"
_CHUNK = 1 << 20


def beside(path: Path) -> Path:
    """The path of a database's copy while it may be needed."""
    return path.with_name(path.name + WORKING)


def kept_copy(url: str) -> Path | None:
    """The copy that was kept of an embedded database; None where there is none."""
    if kind(url) != "sqlite":
        return None
    copy = sqlite_path(url).with_name(sqlite_path(url).name + SUFFIX)
    return copy if copy.exists() else None


async def write(path: Path) -> Path:
    """Copy a database that nobody else is writing; only its owner may read the copy."""
    copy = beside(path)
    await asyncio.to_thread(_write, path, copy)
    return copy


async def unchanged(path: Path, rows: dict[str, int]) -> bool:
    """Whether the database is sound and its tables hold these numbers of rows."""
    return await asyncio.to_thread(_unchanged, path, rows)


async def restore(path: Path, copy: Path) -> None:
    """Put the copy back in the place of the database; the copy stays."""
    await asyncio.to_thread(_restore, path, copy)


async def keep(copy: Path) -> Path:
    """Keep a copy under the name that tells what it is, in the place of an earlier one."""
    return await asyncio.to_thread(copy.replace, copy.with_name(copy.name.removesuffix(WORKING) + SUFFIX))


async def discard(copy: Path) -> None:
    """Overwrite and delete a copy that is no longer needed, if it is there."""
    await asyncio.to_thread(_discard, copy)


def _discard(copy: Path) -> None:
    if not copy.exists():
        return
    with copy.open("r+b") as file:
        for _ in range(0, os.fstat(file.fileno()).st_size, _CHUNK):
            file.write(bytes(_CHUNK))
        file.flush()
        os.fsync(file.fileno())
    copy.unlink(missing_ok=True)


def _write(path: Path, copy: Path) -> None:
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(copy),))
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _unchanged(path: Path, rows: dict[str, int]) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
            return sound and all(_count(database, table) == number for table, number in rows.items())
    except sqlite3.Error:
        return False


def _count(database: sqlite3.Connection, table: str) -> int:
    (number,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 names from the catalogue
    return int(number)


def _restore(path: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
