"""What a page of a list costs the database: 50 of 100,000 customers, by agents with 1, 1,000 and 10,000 open tasks.

In one run, in turn, for each agent and for two orders:

    decided    the statement of the guard: which customers there are, and a verdict on every field of each
    by hand    the same page as somebody would write it who checks nothing but the agent's tasks

Both are run through the same connection, prepared once. The first run of the first is shown apart: planning is in it.

Run it: `.venv/bin/python -m benchmarks.lists [--database postgres] [--customers N] [--rounds N]`.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from tortoise.connection import get_connection

import models
from benchmarks.customers import NOW
from benchmarks.measuring import Database, at_work, place
from models.database import CONNECTION, dialect, fetch
from policies.actor import Actor
from policies.policy import in_force
from policies.statements.search import Order
from policies.statements.statement import Statement
from procedures.current import Addresses
from schema.reading import guard
from schema.reading.guard import Question
from schema.reading.shapes import shape

PAGE = 50
TASKS = (1, 1_000, 10_000)
CATEGORIES = (models.Category.IDENTITY, models.Category.CONTACT_POINT, models.Category.POSTAL_ADDRESS)
ORDERS = {"by id": None, "by number": Order("number")}
#: How many rows are written at once.
BATCH = 2_000


async def customers(count: int, progress: Progress) -> list[UUID]:
    """Customers who consent to three categories, each with a task of somebody else's."""
    notice = await models.Notice.create(
        purpose=models.Purpose.SUPPORT, language="en", version="1", text="-", digest="0" * 64, created_at=NOW
    )
    others = [(await _agent(f"other-{number}")).actor_id for number in range(50)]
    ids: list[UUID] = []
    for start in progress.track(range(0, count, BATCH), description="customers"):
        numbers = range(start, min(start + BATCH, count))
        some = [models.Customer(created_at=NOW, number=f"C-{number:07}") for number in numbers]
        await models.Customer.bulk_create(some)
        await models.Consent.bulk_create(
            models.Consent(
                customer_id=each.id, category=category, purpose=models.Purpose.SUPPORT, notice_id=notice.id,
                state=models.ConsentState.GIVEN, permits=True, content=models.ConsentContent("benchmark"),
                expires_at=NOW + timedelta(days=3650), created_at=NOW,
            )
            for each in some for category in CATEGORIES
        )  # fmt: skip
        await _tasks([each.id for each in some], others)
        ids += [each.id for each in some]
    return ids


async def _agent(login: str) -> Actor:
    account = await models.Account.create(kind=models.AccountKind.EMPLOYEE, login=login, created_at=NOW)
    return Actor("Employee", account.id, purposes=frozenset({models.Purpose.SUPPORT}))


async def _tasks(ids: list[UUID], assignees: list[UUID | None]) -> None:
    await models.Task.bulk_create(
        models.Task(
            customer_id=id, purpose=models.Purpose.SUPPORT, opened_at=NOW, due_at=NOW + timedelta(days=30),
            assignee_id=assignees[place % len(assignees)],
        )
        for place, id in enumerate(ids)
    )  # fmt: skip


async def agents(ids: list[UUID]) -> dict[int, Actor]:
    """By number of tasks, an agent who carries as many, for customers from all over."""
    found = {}
    for count in TASKS:
        if count <= len(ids):
            found[count] = await _agent(f"agent-{count}")
            await _tasks(ids[:: len(ids) // count][:count], [found[count].actor_id])
    return found


def decided(agent: Actor, order: Order | None) -> Statement:
    """The statement of a page of customers with all their fields."""
    kind, fields = in_force().kind(agent), frozenset(shape("Customer").fields)
    question = Question(order=order).first(PAGE + 1)
    reading = guard._reading(in_force(), kind, "Customer", fields, question, dialect())
    assert reading is not None
    return reading.statement


def by_hand(order: Order | None) -> str:
    """The page of customers for whom somebody has an open task."""
    mine = "SELECT customer_id FROM tasks WHERE assignee_id = ? AND status = 'OPEN' AND purpose = 'support'"
    columns = "id, number, status, restricted, created_at"
    return f"SELECT {columns} FROM customers WHERE id IN ({mine}) ORDER BY {'number, ' * bool(order)}id LIMIT {PAGE + 1}"


async def timed(work: Callable[[], Awaitable[Any]], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        await work()
        found.append((time.perf_counter() - start) * 1000)
    return found


async def run(where: Addresses, count: int, rounds: int, console: Console) -> None:
    """Fill, measure in turn, and print the table."""
    found = Table(title=f"{PAGE} of {count:,} customers, {where.database.partition(':')[0]}")
    for heading in ("tasks", "order", "first ms", "decided ms", "min", "by hand ms", "min", "ratio"):
        found.add_column(heading, justify="right")
    async with at_work(where):
        with Progress(console=console, transient=True) as progress:
            ids = await customers(count, progress)
        people = await agents(ids)
        client = get_connection(CONNECTION)
        await client.execute_script("ANALYZE")
        for tasks, agent in people.items():
            for name, order in ORDERS.items():
                statement, sql, own = decided(agent, order), by_hand(order), str(agent.actor_id)
                more = {"limit": PAGE + 1}
                ours = await timed(lambda: statement.fetch(agent, more), rounds)  # noqa: B023 used at once
                hand = await timed(lambda: fetch(client, sql, [own]), rounds)  # noqa: B023 used at once
                middle, base = statistics.median(ours), statistics.median(hand)
                figures = (ours[0], middle, min(ours), base, min(hand))
                found.add_row(
                    f"{tasks:,}", name, *(f"{value:.1f}" for value in figures), f"{middle / base:.1f}"
                )
    console.print(found)


def main(
    database: Database = None,
    customers: Annotated[int, typer.Option(help="How many customers there are.")] = 100_000,
    rounds: Annotated[int, typer.Option(help="How often each page is read.")] = 40,
) -> None:
    """Measure what a page of a list costs."""
    with place(database) as where:
        asyncio.run(run(where, customers, rounds, Console()))


if __name__ == "__main__":
    typer.run(main)
