"""What sealing costs: one list of sealed rows, beside the same list of rows stored in plain.

1,000 customers x 4 categories, asked through the whole GraphQL schema. In one run, in turn:

    cold          no ring is remembered: the rings are fetched from the key database and unwrapped, every row is opened
    remembered    the rings were opened a moment ago; every row is opened
    plain         another agent's customers, whose rows lie as JSON in the same tables; no ring is fetched, and where a
                  row would be opened its JSON is read. The product cannot read such rows: this run replaces the two
                  functions that fetch rings and open rows while it asks for them

Run it: `.venv/bin/python -m benchmarks.sealing_cost [--database postgres] [--rounds N]`.
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

import models
import schema
from benchmarks import customers
from benchmarks.measuring import Database, Times, at_work, place, ratios
from benchmarks.reading_cost import CATEGORIES, listed
from models import Content
from models.database import CONNECTION, transaction
from models.keys import keyring
from policies.actor import Actor
from procedures.current import Addresses
from vault import vault
from vault.seal import Sealed


async def unsealed(actor: Actor) -> None:
    """Store the contents of one agent's customers in plain."""
    own = set(await models.Task.filter(assignee_id=actor.actor_id).values_list("customer_id", flat=True))
    slots = ("?", "?") if get_connection(CONNECTION).capabilities.dialect == "sqlite" else ("$1", "$2")
    for category in CATEGORIES:
        model: Any = models.PERSONAL[category]
        field = model._meta.fields_map["content"]
        rows = [
            (field.encode(await models.opened(row)), row.id)
            for row in await model.filter(customer_id__in=own)
        ]
        async with transaction() as client:
            await client.execute_many(
                f"UPDATE {model._meta.db_table} SET content = {slots[0]} WHERE id = {slots[1]}",
                [[plain, str(id) if slots[0] == "?" else id] for plain, id in rows],
            )


@contextmanager
def plain() -> Iterator[None]:
    """Read contents as the JSON that they are, without rings, for as long as this lasts."""

    async def none(_customers: Any) -> dict[str, Any]:
        return {}

    def read(field: Content, _ring: Any, _row: Any, _revision: int, stored: Sealed) -> Any:
        return field.decode(stored.raw)

    with patch.object(keyring, "rings", none), patch.object(Content, "open", read):
        yield


async def one_round(built: Any, agent: Actor, other: Actor, times: dict[str, Times]) -> None:
    """Each way once."""
    vault.current().forget()
    await listed(built, agent, times["cold"])
    await listed(built, agent, times["remembered"])
    with plain():
        await listed(built, other, times["plain"])


async def run(where: Addresses, rounds: int, console: Console) -> Table:
    """Fill, measure in turn, and make the table."""
    async with at_work(where):
        agent = await customers.fill(models.Purpose.SUPPORT, CATEGORIES, "sealed")
        other = await customers.fill(models.Purpose.SUPPORT, CATEGORIES, "plain")
        await unsealed(other)
        built, times = schema.build(), {name: Times() for name in ("cold", "remembered", "plain")}
        await one_round(built, agent, other, {name: Times() for name in times})
        with Progress(console=console, transient=True) as progress:
            for _ in progress.track(range(rounds), description="lists"):
                await one_round(built, agent, other, times)
    return ratios(
        f"{customers.CUSTOMERS} customers x 4 categories, {where.database.partition(':')[0]}", times, "plain"
    )


def main(
    database: Database = None,
    rounds: Annotated[int, typer.Option(help="How many lists of each kind.")] = 15,
) -> None:
    """Measure what sealing costs."""
    console = Console()
    with place(database) as where:
        console.print(asyncio.run(run(where, rounds, console)))


if __name__ == "__main__":
    typer.run(main)
