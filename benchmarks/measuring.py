"""What every comparison needs: an empty installation to measure on, times of the clock and of the CPU, and their ratios."""

import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from models.database import sqlite_url
from procedures.current import Addresses
from procedures.installation import migrate, opened
from tests import postgres

Database = Annotated[
    str | None,
    typer.Option(
        help="`postgres`: a server of the benchmark's own, without fsync; or the address of an empty PostgreSQL database."
    ),
]


@dataclass
class Times:
    """Seconds of each round: of the clock, and of this process's own work."""

    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what is done within."""
        # A full collection costs as much as half a list of 1,000 customers, and would fall on one way each time.
        gc.collect()
        clock, work = time.perf_counter(), time.process_time()
        yield
        self.clock.append(time.perf_counter() - clock)
        self.work.append(time.process_time() - work)


@contextmanager
def place(database: str | None) -> Iterator[Addresses]:
    """Where to measure: an empty installation in a temporary directory, which is removed.

    Args:
        database: None for embedded databases; `postgres` for two on a server of one's own; or the address of an empty
            PostgreSQL database, whose key database is then embedded.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="savas-benchmark-")))
        url, keys = (
            database or sqlite_url(directory / "savas.sqlite3"),
            sqlite_url(directory / "keys.sqlite3"),
        )
        if database == "postgres":
            rest = stack.enter_context(postgres.at_rest(lambda _server: None))
            server = stack.enter_context(postgres.server(rest))
            url, keys = server.create("savas"), server.create("savas_keys")
        yield Addresses(url, keys, f"file:{directory / 'provider.json'}", directory / "witness")


@asynccontextmanager
async def at_work(where: Addresses) -> AsyncIterator[None]:
    """The installation there, migrated and open."""
    await migrate(where.database)
    async with opened(where):
        yield


def ratios(title: str, times: Mapping[str, Times], base: str) -> Table:
    """Medians in milliseconds, and how they stand to those of one way."""
    found = Table(title=title, title_justify="left")
    for heading in ("way", "median ms", "min", "max", "ratio", "median CPU ms", "ratio of CPU"):
        found.add_column(heading, justify="right")
    one = times[base]
    for name, each in times.items():
        clock, work = statistics.median(each.clock), statistics.median(each.work)
        found.add_row(
            name,
            *(f"{value * 1000:.1f}" for value in (clock, min(each.clock), max(each.clock))),
            f"{clock / statistics.median(one.clock):.2f}",
            f"{work * 1000:.1f}",
            f"{_ratio(each.work, one.work):.2f}",
        )
    return found


def _ratio(work: list[float], base: list[float]) -> float:
    """The median of the rounds' own ratios: what slows the machine for a while slows both ways of a round."""
    return statistics.median(mine / other for mine, other in zip(work, base, strict=True))
