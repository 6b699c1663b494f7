"""What it costs to find a customer by a blind index, beside the same look-up on a plain column.

`customers(filter: {email: …})` among 1,000,000 customers, through the whole GraphQL schema, by an agent who has 1,000
of them. In one run, in turn, for the same addresses:

    blind    as the house looks up: by the keyed hash of the address, of the newest index key or of the one before
    plain    by the address itself, which this run keeps in a further column of the same table, with an index

All else is the same: the table, the row, the policies, the page, the opening of what was found, and its recording.

Run it: `.venv/bin/python -m benchmarks.lookup [--database postgres] [--customers N] [--lookups N]`. It takes about 3 GB
in a temporary directory, which is removed.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from unittest.mock import patch

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from tortoise.connection import get_connection

import schema
from benchmarks.crowd import EACH, address, crowd
from benchmarks.measuring import Database, Times, at_work, place, ratios
from models.contact import reachable
from models.database import CONNECTION, dialect
from policies import ir, search
from policies.asker import Asker
from policies.ir import Compare, Param, Path
from policies.registry import Field, searchable
from procedures.place import Place
from schema import customer
from schema.context import Context

QUERY = """query ($email: String) { customers(filter: {email: $email}) { nodes {
  number contactPoints { kind value }
} } }"""


async def plain_column() -> None:
    """Keep the addresses in a column of their own as well, and let a search name it."""
    client = get_connection(CONNECTION)
    await client.execute_query("ALTER TABLE contact_points ADD COLUMN value_plain TEXT")
    searchable()["ContactPoint"].fields["valuePlain"] = Field("value_plain", str, True, None)  # type: ignore[arg-type] # no model has it


async def fill_plain_column(count: int) -> None:
    """The addresses of all customers, indexed, and fresh statistics where the database keeps them."""
    client = get_connection(CONNECTION)
    text = "printf('customer.%07d@example.org', substr(number, 3))"
    if dialect() == "postgres":
        text = "'customer.' || substr(number, 3) || '@example.org'"
    await client.execute_query(
        f"UPDATE contact_points SET value_plain = (SELECT {text} FROM customers WHERE id = customer_id)"
    )
    await client.execute_query("CREATE INDEX contact_points_value_plain ON contact_points (value_plain)")
    if dialect() == "postgres":
        await client.execute_query("VACUUM ANALYZE")
    rows = await client.execute_query_dict("SELECT count(value_plain) AS n FROM contact_points")
    assert rows[0]["n"] == count


@contextmanager
def by_plain_column() -> Iterator[None]:
    """Look up in the plain column, for as long as this lasts."""

    def equals(_index: str, name: str) -> ir.Condition:
        return Compare("=", Path(ir.THIS, ("valuePlain",)), Param(name))

    def wanted(_record: str, _column: str, text: str, name: str) -> dict[str, Any]:
        return {name: reachable(text)}

    with patch.object(search, "indexed", equals), patch.object(customer, "_wanted", wanted):
        yield


async def found(built: Any, asker: Asker, number: int, times: Times) -> None:
    """Look for one customer, and make sure that it is there."""
    with times.measured():
        result = await built.execute(QUERY, {"email": address(number)}, context_value=Context(asker))
    assert result.errors is None
    (node,) = result.data["customers"]["nodes"]
    assert node["contactPoints"][0]["value"] == address(number)


async def run(where: Place, count: int, lookups: int, console: Console) -> Table:
    """Fill, measure in turn, and make the table."""
    async with at_work(where):
        await plain_column()
        with Progress(console=console, transient=True) as progress:
            agents = await crowd(count, progress)
            progress.add_task("plain column", total=None)
            await fill_plain_column(count)
        built, times = schema.build(), {"blind": Times(), "plain": Times()}
        with Progress(console=console, transient=True) as progress:
            for turn in progress.track(range(lookups), description="look-ups"):
                place = turn * (len(agents) // lookups or 1) % len(agents)
                number = place * EACH + turn % EACH
                await found(built, agents[place], number, times["blind"] if turn else Times())
                with by_plain_column():
                    await found(built, agents[place], number, times["plain"] if turn else Times())
    return ratios(f"a customer among {count:,}, {where.database.partition(':')[0]}", times, "plain")


def main(
    database: Database = None,
    customers: Annotated[int, typer.Option(help="How many customers there are.")] = 1_000_000,
    lookups: Annotated[int, typer.Option(help="How many addresses are looked up in each way.")] = 200,
) -> None:
    """Measure what finding a customer by a blind index costs."""
    console = Console()
    with place(database) as where:
        console.print(asyncio.run(run(where, customers, lookups, console)))


if __name__ == "__main__":
    typer.run(main)
