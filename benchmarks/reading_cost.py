"""What recording costs: one list whose every answer is recorded before it leaves, beside the same list unrecorded.

1,000 customers x 4 sealed categories, asked through the whole GraphQL schema. In one run, in turn:

    recorded      as the house answers: an entry, and an access for each customer, durable before the answer
    unrecorded    the same schema without the extension that records

Run it: `.venv/bin/python -m benchmarks.reading_cost [--database URL] [--rounds N]`; without a URL it runs on an
embedded database in a temporary directory.
"""

import asyncio
import gc
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import models
import schema
from models.database import sqlite_url
from models.ledger import Access, LedgerEntry
from policies.asker import Asker
from procedures.migrate import migrate
from schema.context import Context
from schema.extensions import Recording
from tests.installation import at_work
from tests.people import CONTENTS

CUSTOMERS = 1_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORIES = (
    models.Category.IDENTITY,
    models.Category.CONTACT,
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


@dataclass
class Times:
    """Seconds of each round: of the clock, and of this process's own work."""

    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)


async def fill() -> Asker:
    """1,000 customers with a row in each category that support needs, each of them with a task of one agent's."""
    agent = await models.Actor.create(kind=models.ActorKind.EMPLOYEE, login="agent", created_at=NOW)
    purpose = models.Purpose.SUPPORT
    notice = await models.Notice.create(
        purpose=purpose, language="en", version="1", text="-", digest="0" * 64, created_at=NOW
    )
    customers = [models.Customer(created_at=NOW, number=f"B-{place:06}") for place in range(CUSTOMERS)]
    await models.Customer.bulk_create(customers)
    await models.Task.bulk_create(
        models.Task(customer_id=customer.id, purpose=purpose, assignee_id=agent.id, opened_at=NOW)
        for customer in customers
    )
    for category in CATEGORIES:
        consents = [
            models.Consent(
                customer_id=customer.id, category=category, purpose=purpose, notice_id=notice.id,
                state=models.ConsentState.GIVEN, permits=True, evidence="benchmark",
                expires_at=NOW + timedelta(days=3650), created_at=NOW,
            )
            for customer in customers
        ]  # fmt: skip
        await models.Consent.bulk_create(consents)
        model, content = CONTENTS[category]
        await model.bulk_create(
            model(
                customer_id=consent.customer_id, consent_id=consent.id,
                source="benchmark", collected_at=NOW, **content,
            )
            for consent in consents
        )  # fmt: skip
    return Asker("Employee", agent.id, purposes=frozenset({purpose}))


def unrecorded() -> Any:
    """The schema of the house, that records nothing."""
    built = schema.build()
    built.extensions = tuple(each for each in built.extensions if each is not Recording)
    return built


async def listed(built: Any, asker: Asker, times: Times | None = None) -> None:
    """Ask for the whole list, and make sure that every cell is there."""
    # A full collection costs half a list, and would fall on one way each time.
    gc.collect()
    clock, work = time.perf_counter(), time.process_time()
    result = await built.execute(QUERY, context_value=Context(asker))
    if times is not None:
        times.clock.append(time.perf_counter() - clock)
        times.work.append(time.process_time() - work)
    nodes = result.data["customers"]["nodes"]
    assert result.errors is None
    assert len(nodes) == CUSTOMERS
    assert all(node["identity"]["familyName"] and node["orders"][0]["total"] for node in nodes)


async def run(url: str, rounds: int, console: Console) -> None:
    """Fill, measure in turn, and print the table."""
    await migrate(url)
    async with at_work(url):
        asker = await fill()
        ways = {"recorded": schema.build(), "unrecorded": unrecorded()}
        times = {name: Times() for name in ways}
        for built in ways.values():
            await listed(built, asker)
        with Progress(console=console, transient=True) as progress:
            for _ in progress.track(range(rounds), description="lists"):
                for name, built in ways.items():
                    await listed(built, asker, times[name])
        assert await Access.all().count() == (rounds + 1) * CUSTOMERS
        newest = await LedgerEntry.all().order_by("-number").first()
    assert newest is not None
    console.print(table(url, times, len(newest.entry)))


def table(url: str, times: dict[str, Times], size: int) -> Table:
    """The figures, the unrecorded list being 1."""
    found = Table(
        title=f"{CUSTOMERS} customers x 4 sealed categories, {url.partition(':')[0]}", title_justify="left"
    )
    for heading in ("way", "median ms", "min", "max", "ratio", "median CPU ms", "ratio of CPU"):
        found.add_column(heading, justify="right")
    base = times["unrecorded"]
    for name, each in times.items():
        clock, work = statistics.median(each.clock), statistics.median(each.work)
        found.add_row(
            name,
            *(f"{value * 1000:.1f}" for value in (clock, min(each.clock), max(each.clock))),
            f"{clock / statistics.median(base.clock):.2f}",
            f"{work * 1000:.1f}",
            f"{work / statistics.median(base.work):.2f}",
        )
    found.caption = f"an entry of {size:,} bytes and {CUSTOMERS} accesses for each recorded list"
    return found


def main(
    database: Annotated[
        str | None, typer.Option(help="A PostgreSQL database to fill; it must be empty.")
    ] = None,
    rounds: Annotated[int, typer.Option(help="How many lists of each kind.")] = 15,
) -> None:
    """Measure what recording costs."""
    with tempfile.TemporaryDirectory() as directory:
        url = database or sqlite_url(Path(directory) / f"{uuid4().hex}.sqlite3")
        asyncio.run(run(url, rounds, Console()))


if __name__ == "__main__":
    typer.run(main)
