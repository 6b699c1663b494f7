"""What policies cost: one list, decided cell by cell, beside the same list with every cell allowed.

1,000 customers x 12 fields in 4 types, asked through the whole GraphQL schema. In one run, in turn:

    policies    the shipped policies: task, purpose, consent, restriction for every cell
    constant    a policy that allows every cell to everybody: the same list without any condition
    per cell    the shipped policies, asked with Oso for each record and field in hand

Run it: `.venv/bin/python -m benchmarks.policy_cost [--database postgres] [--rounds N]`.
"""

import asyncio
import logging
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import models
import schema
from benchmarks.customers import CUSTOMERS, fill
from benchmarks.measuring import Database, at_work, place
from policies.actor import Actor
from policies.conditions import facts
from policies.conditions.kind import Personal, Record, Staff
from policies.judging import engine
from policies.policy import Policy, in_force
from policies.registry import resources
from procedures.current import Addresses
from schema.reading import Context

CATEGORIES = (models.Category.IDENTITY, models.Category.CONTACT_POINT, models.Category.POSTAL_ADDRESS)
QUERY = """{ customers(first: 1000) { nodes {
  number status
  identity { givenName familyName companyName }
  contactPoints { kind value }
  postalAddresses { kind street city postalCode country }
} } }"""
CELLS = {
    "Customer": ["number", "status", "identity", "contactPoints", "postalAddresses"],
    "Identity": ["givenName", "familyName", "companyName"],
    "ContactPoint": ["kind", "value"],
    "PostalAddress": ["kind", "street", "city", "postalCode", "country"],
}
OPEN = "\n".join(
    f'allow_field(_: Anyone, "read", _: {name}, field) if field in [{", ".join(f"{chr(34)}{f}{chr(34)}" for f in fields)}];'
    for name, fields in CELLS.items()
)


class Counter(logging.Handler):
    """Counts the statements that reach the database."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """One statement more."""
        self.count += 1


async def listed(built: Any, actor: Actor, policy: Policy) -> None:
    """Ask for the whole list, and make sure that every cell is there."""
    result = await built.execute(QUERY, context_value=Context(actor, policy=policy))
    nodes = result.data["customers"]["nodes"]
    assert result.errors is None
    assert len(nodes) == CUSTOMERS
    assert all(node["identity"]["familyName"] and node["postalAddresses"][0]["city"] for node in nodes)


async def per_cell(actor: Actor) -> int:
    """Ask Oso about every cell of the list, with the records and what the rules need of them in hand."""
    classes = {
        name: type(name, (Personal if resource.personal else Record, facts.Facts), {})
        for name, resource in resources().items()
    }
    classes |= {"Personal": Personal, "Record": Record}
    oso = engine.Engine(in_force().sources, classes)
    staff = Staff(
        id=actor.actor_id, customerId=None, partnerId=None, purpose="verification", now=actor.now, roles=[]
    )
    asked = 0
    for record, fields in CELLS.items():
        plan = in_force().plan(actor, record)
        wanted = facts.shape([plan.row, *(plan.grant(field).condition for field in fields)])
        rows = await resources()[record].model.all().values("id")
        for item in await facts.load(record, [row["id"] for row in rows], wanted, classes):
            for field in fields:
                assert oso.reads(staff, "read", item, field)
                asked += 1
    return asked


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Seconds that some work takes."""
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def run(where: Addresses, rounds: int, console: Console) -> None:
    """Fill, measure in turn, and print the table."""
    async with at_work(where):
        actor = await fill(models.Purpose.VERIFICATION, CATEGORIES)
        built, constant = schema.build(), Policy({"open.polar": OPEN})
        for policy in (in_force(), constant):
            await listed(built, actor, policy)
        compiled, statements = in_force().compiled, await counted(built, actor)
        times: dict[str, list[float]] = {"policies": [], "constant": [], "per cell": []}
        with Progress(console=console, transient=True) as progress:
            for _ in progress.track(range(rounds), description="lists"):
                times["policies"].append(await timed(lambda: listed(built, actor, in_force())))
                times["constant"].append(await timed(lambda: listed(built, actor, constant)))
            times["per cell"].append(await timed(lambda: per_cell(actor)))
        assert in_force().compiled == compiled, "Polar was evaluated while answering"
    console.print(table(where.database, times, statements))


async def counted(built: Any, actor: Actor) -> int:
    """The statements of one list."""
    counter, log = Counter(), logging.getLogger("tortoise.db_client")
    log.addHandler(counter)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    await listed(built, actor, in_force())
    log.setLevel(logging.WARNING)
    log.removeHandler(counter)
    return counter.count


def table(url: str, times: dict[str, list[float]], statements: int) -> Table:
    """The figures, the list with a constant plan being 1."""
    base = statistics.median(times["constant"])
    found = Table(
        title=f"{CUSTOMERS} customers x 12 fields in 4 types, {url.partition(':')[0]}", title_justify="left"
    )
    for heading in ("way", "median ms", "min", "max", "ratio to constant"):
        found.add_column(heading, justify="right")
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        row = (middle, min(seconds), max(seconds))
        found.add_row(name, *(f"{value * 1000:.1f}" for value in row), f"{middle / base:.2f}")
    slow, fast = statistics.median(times["per cell"]), statistics.median(times["policies"])
    found.caption = (
        f"{statements} statements a list for 4 types; Polar evaluated 0 times while answering; "
        f"{slow / fast:.0f} x faster than asking Oso cell by cell"
    )
    return found


def main(
    database: Database = None,
    rounds: Annotated[int, typer.Option(help="How many lists of each kind.")] = 15,
) -> None:
    """Measure what policies cost."""
    with place(database) as where:
        asyncio.run(run(where, rounds, Console()))


if __name__ == "__main__":
    typer.run(main)
