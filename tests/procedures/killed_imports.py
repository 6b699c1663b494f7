"""Imports that tell of each batch that they have done, and kill themselves after a certain one if told to."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from models import Purpose
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.imports import importing
from procedures.imports.consent import LegalBasis, NoticeText, registered
from procedures.imports.customers import import_customers
from procedures.installation import opened
from procedures.tables import column_map
from procedures.tables.error_rows import ErrorRows
from procedures.tables.keyed_digest import digest_key
from procedures.tables.table import open_table
from procedures.work import Progress
from tests.forked import forked
from tests.procedures.arriving import Desk, Parcel

#: Imports what lies in a directory.
Import = Callable[[Path, Progress], Awaitable[str]]


async def customers(directory: Path, progress: Progress) -> str:
    """Import `rows.csv`, twenty rows in a batch; tells how many were created, unchanged and wrong."""
    columns = column_map.load(str(directory / "shop.toml"), "customers")
    table = open_table(directory / "rows.csv")
    key = await digest_key(directory / "data")
    notices = await registered(NoticeText("We keep it."), [Purpose.SUPPORT], utc_now())
    grounds = LegalBasis(notices, "form 12", utc_now() + timedelta(days=9))
    options = importing.Options("shop", key, batch=20, progress=progress)
    with ErrorRows(directory / "errors.csv", table.header) as errors:
        report = await import_customers(table, columns, grounds, errors, options)
    return f"{report.created} {report.unchanged} {report.errors}"


async def archive(directory: Path, progress: Progress) -> str:
    """Take `sent.zip` in, row by row."""
    parcel = Parcel.of((directory / "sent.zip").read_bytes())
    await Desk(directory).takes(parcel, batch=1, progress=progress)
    return "taken"


def killed(work: Import, place: Addresses, directory: Path, batch: int, *, outside: bool) -> None:
    """Let a process import until it is killed after a batch: between two transactions, or while the next is under way."""
    with forked(_live, work, place, directory, 0 if outside else batch) as child:
        for line in child.stdout:
            if outside and line.strip() == str(batch):
                child.kill()
        child.wait()
        assert child.killed, f"{work.__name__} ended before batch {batch}"


def whole(work: Import, place: Addresses, directory: Path) -> str:
    """Let a process import everything; what it told at the end."""
    with forked(_live, work, place, directory, 0) as child:
        said = child.stdout.read()
        assert child.wait() == 0, said
        return str(said.splitlines()[-1])


def _live(work: Import, place: Addresses, directory: Path, stop: int) -> None:
    told = 0

    def progress(_line: int, _lines: int) -> None:
        nonlocal told
        told += 1
        print(told, flush=True)  # noqa: T201 who kills it reads it
        if told == stop:
            os.kill(os.getpid(), signal.SIGKILL)

    async def main() -> Any:
        async with opened(place):
            return await work(directory, progress)

    print(asyncio.run(main()))  # noqa: T201 the test reads it
