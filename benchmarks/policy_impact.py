"""How long it takes to count whose fields open or close if other policies took the place of those in force.

    python -m benchmarks.policy_impact
    python -m benchmarks.policy_impact --database postgres

Each customer has open tasks for two purposes, and a consent and a row in each of seven categories, which have some 40 fields
between them. The
policies that would take the place of the others do not ask whether consent has run out, which half of it has.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import Progress
from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection

import models
from benchmarks.crowd import insert
from benchmarks.customers import NOW, fill
from benchmarks.measuring import Database, at_work, place
from models import PERSONAL, Category
from models.database import CONNECTION, transaction
from policies.policy import Policy
from policies.prove import Outcome, impact
from procedures.current import Addresses

CATEGORIES = (
    Category.IDENTITY, Category.CONTACT_POINT, Category.POSTAL_ADDRESS, Category.ORDER, Category.INTERACTION,
    Category.PREFERENCE, Category.IDENTITY_EVIDENCE,
)  # fmt: skip
#: Those that verifying does not need.
FOR_SALES = (Category.ORDER, Category.INTERACTION, Category.PREFERENCE)
#: How many customers a transaction writes.
BATCH = 5_000
Row = dict[str, Any]


def other(policy: Policy) -> Policy:
    """Policies that do not ask whether consent has run out."""
    asked = "consent.expiresAt > actor.now"
    text = policy.sources["consent.polar"]
    assert asked in text
    return Policy({**policy.sources, "consent.polar": text.replace(asked, "actor = actor")})


async def copied(number: int, agents: int, progress: Progress) -> None:
    """So many customers like one, each of them somebody's."""
    await fill(models.Purpose.VERIFICATION, CATEGORIES, count=1)
    (customer,) = await models.Customer.all()
    await models.Task.create(
        customer_id=customer.id, purpose=models.Purpose.SALES, opened_at=NOW, due_at=NOW + timedelta(days=30)
    )
    accounts = [
        models.Account(kind=models.AccountKind.EMPLOYEE, login=f"agent-{place}", created_at=NOW)
        for place in range(agents)
    ]
    await models.Account.bulk_create(accounts)
    tables = [
        "customers",
        "tasks",
        "consents",
        *(PERSONAL[category]._meta.db_table for category in CATEGORIES),
    ]
    client: BaseDBAsyncClient = get_connection(CONNECTION)
    one = {
        table: [dict(row) for row in await client.execute_query_dict(f"SELECT * FROM {table}")]
        for table in tables
    }
    bar = progress.add_task("customers", total=number)
    for start in range(0, number, BATCH):
        numbers = range(start, min(start + BATCH, number))
        made: dict[str, list[Row]] = {table: [] for table in tables}
        for each in numbers:
            for table, row in _copy(one, each, accounts[each * agents // number].id):
                made[table].append(row)
        async with transaction() as connection:
            for table, rows in made.items():
                await insert(connection, table, " ".join(rows[0]), [tuple(row.values()) for row in rows])
        progress.advance(bar, len(numbers))


def _copy(one: dict[str, list[Row]], number: int, agent: Any) -> Iterator[tuple[str, Row]]:
    """One more customer like the one, half of them with consents that have run out."""
    # One after another, so that the database writes at the end of its indexes.
    ids = (UUID(int=(number << 8) + place, version=4) for place in count(1))
    customer, until = next(ids), NOW + timedelta(days=3650 if number % 2 else 1)
    consents = {row["id"]: next(ids) for row in one["consents"]}
    for table, rows in one.items():
        for row in rows:
            more: Row = {"id": next(ids), "customer_id": customer}
            if table == "customers":
                more = {"id": customer, "number": f"I-{number:07}"}
            elif table == "tasks":
                more |= {"assignee_id": agent}
            elif table == "consents":
                more |= {"id": consents[row["id"]], "expires_at": until}
                more |= {"purpose": "sales"} if row["category"] in FOR_SALES else {}
            else:
                more |= {"consent_id": consents[row["consent_id"]]}
            yield table, {**row, **more}


async def run(where: Addresses, customers: int, agents: int) -> None:
    """Fill an installation, count once, and print what was counted and how long it took."""
    async with at_work(where):
        before = Policy.load()
        after = other(before)
        with Progress() as progress:
            await copied(customers, agents, progress)
        if get_connection(CONNECTION).capabilities.dialect == "postgres":
            await get_connection(CONNECTION).execute_script("ANALYZE")
        started, work = time.perf_counter(), time.process_time()
        counts = await impact(before, after)
        passed, worked = time.perf_counter() - started, time.process_time() - work
    opening = [each for each in counts if each.outcome is Outcome.WIDER]
    open_to_somebody = len(set().union(*(each.customers for each in opening)))
    fields = sum(len(each.names) for each in opening if each.record != "Customer")
    print(
        f"{customers:,} customers, {fields} fields of {agents} agents: {open_to_somebody:,} customers have one that opens"
    )
    print(
        f"{sum(each.fields for each in opening):,} fields of rows; {passed:.1f} s, of which {worked:.1f} s CPU here"
    )
    assert open_to_somebody == -(-customers // 2)


def main(
    customers: Annotated[int, typer.Option(help="How many customers there are.")] = 100_000,
    agents: Annotated[int, typer.Option(help="How many agents have as many of them each.")] = 50,
    database: Database = None,
) -> None:
    """Measure."""
    with place(database) as where:
        asyncio.run(run(where, customers, agents))


if __name__ == "__main__":
    typer.run(main)
