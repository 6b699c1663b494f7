"""How long it takes to make and to fetch the archive of a customer with so many rows.

python -m benchmarks.export
python -m benchmarks.export --database postgres
"""

import asyncio
import statistics
from functools import partial
from typing import Annotated

import typer

import schema
from benchmarks.customers import linked, p95
from benchmarks.measuring import Database, Times, at_work, place
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.export import export
from schema import export_reading
from tests.people import Office


async def measured(where: Addresses, rows: list[int], rounds: int) -> None:
    """Print a line for each number of rows: of one process, as a server is one."""
    read = partial(export_reading.read, schema.build())
    async with at_work(where):
        office = Office()
        # The first archive of a process compiles policies, which a server has done before anybody asks.
        await archive(read, office, 10, Times(), Times())
        for count in rows:
            making, fetching = Times(), Times()
            size = [await archive(read, office, count, making, fetching) for _ in range(rounds)][-1]
            typer.echo(
                f"| {count:,} | {statistics.median(making.clock):.2f} | {p95(making.clock):.2f} "
                f"| {statistics.median(making.work):.2f} | {statistics.median(fetching.clock):.3f} | {size:,} |"
            )


async def archive(read: export.Reader, office: Office, rows: int, making: Times, fetching: Times) -> int:
    """Make and fetch the archive of a new customer; returns its bytes."""
    office.now = utc_now()
    customer = await linked(office, rows)
    herself = await office.session(await office.himself(customer))
    begun = await export.begin(customer.id, by=herself.actor)
    with making.measured():
        assert await export.finish(read) == 1
    found = await export.download(begun.token, by=herself.actor)
    with fetching.measured():
        return sum([len(part) async for part in found.parts])


def main(
    database: Database = None,
    rows: Annotated[list[int] | None, typer.Option(help="How many rows the customer has; repeats.")] = None,
    rounds: Annotated[int, typer.Option(help="How many customers of each size.")] = 5,
) -> None:
    """Print seconds."""
    typer.echo("| Rows | Seconds to make | p95 | of CPU | Seconds to fetch | Bytes |")
    typer.echo("| ---: | ---: | ---: | ---: | ---: | ---: |")
    with place(database) as where:
        asyncio.run(measured(where, rows or [10, 100, 1_000, 10_000], rounds))


if __name__ == "__main__":
    typer.run(main)
