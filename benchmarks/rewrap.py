"""How fast keys are replaced: the epoch's, which wraps every customer's ring, and those of the blind indexes.

    rotate            for 10,000, 100,000 and 1,000,000 customers, each with a ring of a key for every category: a new epoch,
                      every ring wrapped in it, the old key destroyed, and the key database compacted
    rotate_indexes    for 100,000 customers with an e-mail address each: every row opened, and its index made anew; two
                      seconds of it are waiting for other processes

The rates are to be the same for every size: if the time grew faster than the customers, some night would be too short for them.

Run it: `.venv/bin/python -m benchmarks.rewrap [--database postgres] [--most N]`.
"""

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from tortoise.transactions import in_transaction

from benchmarks.crowd import BATCH, crowd, insert
from benchmarks.measuring import Database, Times, at_work, place
from models.database import KEYS
from models.keys import keyring
from procedures.current import Addresses
from procedures.keys import rotation
from vault import vault
from vault.ring import Ring

#: How many customers, and how often each is measured.
SIZES = {10_000: 5, 100_000: 1, 1_000_000: 1}
INDEXED = 100_000


async def rings(count: int, progress: Progress) -> None:
    """So many further customers' rings, straight into the table of the live epoch."""
    (epoch,), keys, ring = await keyring.epochs(), vault.current(), Ring.new(keyring.CATEGORIES)
    bar = progress.add_task("rings", total=count)
    for start in range(0, count, BATCH):
        names = [str(uuid4()) for _ in range(min(BATCH, count - start))]
        async with in_transaction(KEYS) as client:
            wrapped = [(name, keys.wrap(epoch, name, ring)) for name in names]
            await insert(client, f"rings_{epoch}", "customer_id ring", wrapped)
        progress.advance(bar, len(names))
    progress.remove_task(bar)


async def turned(work: Callable[..., Awaitable[int]], count: int, times: Times, progress: Progress) -> None:
    """Replace keys once, and make sure that everything moved."""
    bar = progress.add_task(f"{count:,}", total=count)
    with times.measured():
        moved = await work(progress=lambda done, _all: progress.update(bar, completed=done))
    progress.remove_task(bar)
    assert moved == count


async def run(where: Addresses, most: int, console: Console) -> Table:
    """Fill further and further, measure each size, and make the table."""
    found: dict[tuple[str, int], Times] = {}
    with Progress(console=console, transient=True) as progress:
        async with at_work(where):
            there = 0
            for size, rounds in SIZES.items():
                if size > most:
                    break
                await rings(size - there, progress)
                there, times = size, found.setdefault(("rotate", size), Times())
                for _ in range(rounds):
                    await turned(rotation.rotate, size, times, progress)
            await crowd(min(INDEXED, most), progress)
            times = found.setdefault(("rotate_indexes", min(INDEXED, most)), Times())
            await turned(rotation.rotate_indexes, min(INDEXED, most), times, progress)
    return table(where.database.partition(":")[0], found)


def table(database: str, found: dict[tuple[str, int], Times]) -> Table:
    """The rates, and how they stand to that of the fewest customers."""
    made = Table(title=f"replacing keys, {database}", title_justify="left")
    for heading in (
        "what",
        "customers",
        "seconds",
        "a second",
        "CPU seconds",
        "a second of CPU",
        "ratio of rates",
    ):
        made.add_column(heading, justify="right")
    first: dict[str, float] = {}
    for (what, size), times in found.items():
        clock, work = statistics.median(times.clock), statistics.median(times.work)
        base = first.setdefault(what, size / work)
        shown: list[Any] = [f"{clock:.1f}", f"{size / clock:,.0f}", f"{work:.1f}", f"{size / work:,.0f}"]
        made.add_row(what, f"{size:,}", *shown, f"{size / work / base:.2f}")
    return made


def main(
    database: Database = None,
    most: Annotated[int, typer.Option(help="The most customers to measure with.")] = max(SIZES),
) -> None:
    """Measure how fast keys are replaced."""
    console = Console()
    with place(database) as where:
        console.print(asyncio.run(run(where, most, console)))


if __name__ == "__main__":
    typer.run(main)
