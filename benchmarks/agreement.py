"""Compare SQL, Python and plain concrete Oso over generated worlds for as long as is asked.

    python -m benchmarks.agreement --cells 5000000
    python -m benchmarks.agreement --cells 100000 --database postgresql://postgres@localhost/empty

The database named must be a migrated, empty one of its own: every world is deleted again. Without one,
an embedded database is made and thrown away. The exit code is 1 when anything differs.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.database import connection as databases
from policies.policy import Policy
from procedures.installation import migrate
from tests.installation import at_work
from tests.policies.readings import Plain, Tally, compare_all
from tests.policies.world import World, clear


async def run(cells: int, first: int, url: str) -> Tally:
    """Compare world after world until so many cells have been compared."""
    await migrate(url)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    async with at_work(url):
        policy, total, number = Policy.load(), Tally(), first
        with Progress(*columns) as progress:
            bar = progress.add_task("cells", total=cells)
            while total.cells < cells:
                total += await one(policy, World(number))
                number += 1
                said = f"world {number}, {len(total.differences)} differences"
                progress.update(bar, completed=min(total.cells, cells), description=said)
    return total


async def one(policy: Policy, world: World) -> Tally:
    """One world, written, compared and deleted."""
    await world.write()
    tally = await compare_all(policy, await Plain.of(policy.sources), world.actors())
    await clear()
    return tally


def main(
    cells: Annotated[int, typer.Option(help="How many cells to compare at least.")] = 200_000,
    first: Annotated[int, typer.Option(help="The number of the first world.")] = 0,
    database: Annotated[
        str | None, typer.Option(help="An empty database instead of an embedded one.")
    ] = None,
) -> None:
    """Compare, and print what was compared and what differs."""
    with tempfile.TemporaryDirectory() as directory:
        url = database or databases.sqlite_url(Path(directory) / "agreement.sqlite3")
        total = asyncio.run(run(cells, first, url))
    print(f"{total.cells:,} cells ({total.granted:,} granted) and {total.actions:,} actions compared")
    print(f"{len(total.differences)} differences", *total.differences[:50], sep="\n")
    raise SystemExit(bool(total.differences))


if __name__ == "__main__":
    typer.run(main)
