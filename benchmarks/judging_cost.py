"""What asking plain Oso again costs: readings that are not sampled, the same ones sampled, and asking about them afterwards.

1,000 customers x 4 sealed categories, through the whole GraphQL schema. In one run, in turn:

    unsampled   a reading as most are; it looks which fields are closed
    sampled     the same reading, noted for plain Oso
    judged      plain Oso asked about it, off the request's path: at most 20 of its records

Run it: `.venv/bin/python -m benchmarks.judging_cost [--database postgres] [--rounds N]`.
"""

import asyncio
from math import inf
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import models
import schema
from benchmarks.customers import fill
from benchmarks.measuring import Database, Times, at_work, place, ratios
from benchmarks.reading_cost import CATEGORIES, QUERY
from models import Difference
from policies.actor import Actor
from procedures import difference
from procedures.current import Addresses, installation
from schema.reading import Context, Samples, judge

#: By what is read: the document. The first is a customer's page, the second the longest list there is.
READINGS = {"one customer": QUERY.replace("first: 1000", "first: 1"), "1,000 customers": QUERY}


async def measure(built: Any, actor: Actor, document: str, times: dict[str, Times]) -> None:
    """One reading unsampled, one sampled, and plain Oso asked about that."""
    samples = installation().instance(Samples)
    for name, share in (("unsampled", 0), ("sampled", 1)):
        samples.share = share
        with times[name].measured():
            result = await built.execute(document, context_value=Context(actor))
        assert result.errors is None
    with times["judged"].measured():
        count = await judge()
    assert (count.operations, count.failed) == (1, 0)
    with times["closed fields"].measured():
        await difference.closed_fields()


async def run(where: Addresses, rounds: int) -> list[Table]:
    """Fill, measure in turn, and make a table for each reading."""
    tables = []
    async with at_work(where):
        actor = await fill(models.Purpose.SUPPORT, CATEGORIES)
        installation().instance(Samples).budget = inf
        built = schema.build()
        for what, document in READINGS.items():
            names = ("unsampled", "sampled", "judged", "closed fields")
            times = {name: Times() for name in names}
            for _ in range(2):
                # Plain Oso learns what its rules follow, and statements are prepared.
                await measure(built, actor, document, {name: Times() for name in names})
            for _ in range(rounds):
                await measure(built, actor, document, times)
            title = f"{what} x 4 sealed categories, {where.database.partition(':')[0]}"
            tables.append(ratios(title, times, "unsampled"))
        assert await Difference.all().count() == 0
    return tables


def main(
    database: Database = None,
    rounds: Annotated[int, typer.Option(help="How many readings of each kind.")] = 15,
) -> None:
    """Measure what asking plain Oso again costs."""
    console = Console()
    with place(database) as where:
        for table in asyncio.run(run(where, rounds)):
            console.print(table)


if __name__ == "__main__":
    typer.run(main)
