"""What the ledger costs: entries of 64 writers at once, beside the same entries with a commit for each.

In one run on the same disk, in turn:

    shared        as Savas notes: whoever waits at the same time shares a commit
    apart         each entry committed before the next one begins

Beside them, how many bytes an entry takes in the database. On PostgreSQL what a commit costs depends on the server's
`fsync`, which is printed: without it a commit waits for no disk, and sharing one spares less.

Run it: `.venv/bin/python -m benchmarks.ledger [--database URL] [--rounds N]`; without a URL it runs on an embedded
database in a temporary directory, and `--directory` says on which disk.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from tortoise.connection import get_connection

from models import LedgerEntry
from models.database import CONNECTION, connected, dialect, sqlite_url, transaction
from models.event import Event
from models.ledger import append, entry
from policies.actor import utc_now
from procedures.installation import migrate
from procedures.ledger import note

WRITERS = 64
EACH = 32
SYSTEM = {"kind": "System", "id": None, "roles": ()}


async def shared() -> None:
    """Every writer notes one entry after the other, waiting for each to be durable."""

    async def writer() -> None:
        for _ in range(EACH):
            await note(Event.ACTION_REFUSED, None, action="close", record="Task", id=uuid4())

    await asyncio.gather(*(writer() for _ in range(WRITERS)))


async def apart() -> None:
    """The same entries, each with a transaction of its own."""

    async def writer() -> None:
        for _ in range(EACH):
            details = {"action": "close", "record": "Task", "id": uuid4()}
            raw = entry(Event.ACTION_REFUSED, utc_now(), SYSTEM, details)
            async with transaction() as client:
                await append(client, [(raw, ())])

    await asyncio.gather(*(writer() for _ in range(WRITERS)))


WAYS: dict[str, Callable[[], Awaitable[None]]] = {"shared": shared, "apart": apart}


async def size() -> int:
    """How many bytes the table of the entries takes, with its index."""
    client = get_connection(CONNECTION)
    sql = "SELECT pg_total_relation_size('ledger_entries') AS bytes"
    if dialect() == "sqlite":
        sql = "SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = 'ledger_entries'"
    return int((await client.execute_query_dict(sql))[0]["bytes"])


async def durability() -> str:
    """What a commit waits for."""
    if dialect() == "sqlite":
        return "synchronous = FULL"
    rows = await get_connection(CONNECTION).execute_query_dict(
        "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') ORDER BY name"
    )
    return ", ".join(f"{row['name']} = {row['setting']}" for row in rows)


async def run(url: str, rounds: int, console: Console) -> None:
    """Measure in turn, and print the table."""
    await migrate(url)
    async with connected(url):
        times: dict[str, list[float]] = {name: [] for name in WAYS}
        await shared()
        with Progress(console=console, transient=True) as progress:
            for _ in progress.track(range(rounds), description="rounds"):
                for name, way in WAYS.items():
                    begun = time.perf_counter()
                    await way()
                    times[name].append(time.perf_counter() - begun)
        entries = await LedgerEntry.all().count()
        newest = await LedgerEntry.all().order_by("-number").first()
        assert newest is not None
        assert newest.number == entries - 1
        found = table(times, f"{dialect()}, {await durability()}")
        found.caption = (
            f"{len(newest.entry)} bytes an entry, {await size() / entries:.0f} in the database; "
            f"{entries:,} entries, dense"
        )
    console.print(found)


def table(times: dict[str, list[float]], title: str) -> Table:
    """Entries a second, and how many times those with a commit each."""
    found = Table(title=f"{WRITERS} writers, {title}", title_justify="left")
    for heading in ("way", "entries a second", "slowest", "fastest", "times"):
        found.add_column(heading, justify="right")
    base = statistics.median(times["apart"])
    for name, seconds in times.items():
        each = (WRITERS * EACH / value for value in (statistics.median(seconds), max(seconds), min(seconds)))
        found.add_row(name, *(f"{value:,.0f}" for value in each), f"{base / statistics.median(seconds):.1f}")
    return found


def main(
    database: Annotated[
        str | None, typer.Option(help="A PostgreSQL database to fill; it must be empty.")
    ] = None,
    directory: Annotated[Path | None, typer.Option(help="Where the embedded database is made.")] = None,
    rounds: Annotated[int, typer.Option(help="How many rounds of each kind.")] = 7,
) -> None:
    """Measure what the ledger costs."""
    with tempfile.TemporaryDirectory(dir=directory) as place:
        url = database or sqlite_url(Path(place) / "savas.sqlite3")
        asyncio.run(run(url, rounds, Console()))


if __name__ == "__main__":
    typer.run(main)
