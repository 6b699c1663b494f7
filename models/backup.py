"""A copy of an embedded database beside it, made before something that could harm it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

SUFFIX = ".before-migration"


async def write(path: Path) -> Path:
    """Copy a database that nobody else is writing; only its owner may read the copy."""
    copy = path.with_name(path.name + SUFFIX)
    await asyncio.to_thread(_write, path, copy)
    return copy


async def unchanged(path: Path, rows: dict[str, int]) -> bool:
    """Whether the database is sound and its tables hold these numbers of rows."""
    return await asyncio.to_thread(_unchanged, path, rows)


async def restore(path: Path, copy: Path) -> None:
    """Put the copy back in the place of the database, and keep the copy."""
    await asyncio.to_thread(_restore, path, copy)


async def discard(copy: Path) -> None:
    """Delete a copy that is no longer needed."""
    await asyncio.to_thread(copy.unlink)


def _write(path: Path, copy: Path) -> None:
    # One left by a process that was killed is of no use: its transaction was rolled back.
    copy.unlink(missing_ok=True)
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
