"""What recording costs: one list whose every answer is recorded before it leaves, beside the same list unrecorded.

1,000 customers x 4 sealed categories, asked through the whole GraphQL schema. In one run, in turn:

    recorded      as Savas answers: an entry, and an access for each customer, durable before the answer
    unrecorded    the same schema without the extension that records

Run it: `.venv/bin/python -m benchmarks.reading_cost [--database postgres] [--rounds N]`.
"""

import asyncio
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import models
import schema
from benchmarks.customers import CUSTOMERS, fill
from benchmarks.measuring import Database, Times, at_work, place, ratios
from models.ledger import Access, LedgerEntry
from policies.actor import Actor
from procedures.current import Addresses
from schema.extensions import Recording
from schema.reading import Context

CATEGORIES = (
    models.Category.IDENTITY,
    models.Category.CONTACT_POINT,
    models.Category.INTERACTION,
    models.Category.ORDER,
)
QUERY = """{ customers(first: 1000) { nodes {
  number status
  identity { givenName familyName companyName }
  contactPoints { kind value }
  interactions { channel subject body }
  orders { placedAt number total currency }
} } }"""


def unrecorded() -> Any:
    """The product's schema, which records nothing."""
    built = schema.build()
    built.extensions = tuple(each for each in built.extensions if each is not Recording)
    return built


async def listed(built: Any, actor: Actor, times: Times) -> None:
    """Ask for the whole list, and make sure that every cell is there."""
    with times.measured():
        result = await built.execute(QUERY, context_value=Context(actor))
    nodes = result.data["customers"]["nodes"]
    assert result.errors is None
    assert len(nodes) == CUSTOMERS
    assert all(node["identity"]["familyName"] and node["orders"][0]["total"] for node in nodes)


async def run(where: Addresses, rounds: int, console: Console) -> Table:
    """Fill, measure in turn, and make the table."""
    async with at_work(where):
        actor = await fill(models.Purpose.SUPPORT, CATEGORIES)
        ways = {"recorded": schema.build(), "unrecorded": unrecorded()}
        times = {name: Times() for name in ways}
        for built in ways.values():
            await listed(built, actor, Times())
        with Progress(console=console, transient=True) as progress:
            for _ in progress.track(range(rounds), description="lists"):
                for name, built in ways.items():
                    await listed(built, actor, times[name])
        assert await Access.all().count() == (rounds + 1) * CUSTOMERS
        newest = await LedgerEntry.all().order_by("-number").first()
    assert newest is not None
    title = f"{CUSTOMERS} customers x 4 sealed categories, {where.database.partition(':')[0]}"
    found = ratios(title, times, "unrecorded")
    found.caption = f"an entry of {len(newest.entry):,} bytes and {CUSTOMERS} accesses for each recorded list"
    return found


def main(
    database: Database = None,
    rounds: Annotated[int, typer.Option(help="How many lists of each kind.")] = 15,
) -> None:
    """Measure what recording costs."""
    console = Console()
    with place(database) as where:
        console.print(asyncio.run(run(where, rounds, console)))


if __name__ == "__main__":
    typer.run(main)
