"""A crowd: so many customers that they are written straight into the tables, each with an agent's task and an e-mail address."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from rich.progress import Progress
from tortoise import BaseDBAsyncClient

import models
from benchmarks.customers import NOW
from models import reachable
from models.database import transaction
from models.keys import keyring
from policies.actor import Actor
from vault import vault

#: How many customers a transaction writes, and how many of them one agent has.
BATCH = 10_000
EACH = 1_000
PURPOSE = models.Purpose.SUPPORT


def address(number: int) -> str:
    """The e-mail address of a customer."""
    return f"customer.{number:07}@example.org"


async def crowd(count: int, progress: Progress) -> list[Actor]:
    """So many customers, in a table that holds none; gives the agents, of whom each has as many after each other.

    Every row is sealed under its customer's own ring, and found by its blind index.
    """
    agents = [
        models.Account(kind=models.AccountKind.EMPLOYEE, login=f"agent-{place}", created_at=NOW)
        for place in range(-(-count // EACH))
    ]
    await models.Account.bulk_create(agents)
    notice = await models.Notice.create(
        purpose=PURPOSE, language="en", version="1", text="-", digest="0" * 64, created_at=NOW
    )
    bar = progress.add_task("customers", total=count)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        await _batch(numbers, notice.id, [agents[number // EACH].id for number in numbers])
        progress.advance(bar, len(numbers))
    progress.remove_task(bar)
    return [Actor("Employee", agent.id, purposes=frozenset({PURPOSE})) for agent in agents]


async def _batch(numbers: range, notice: UUID, agents: list[UUID]) -> None:
    ids = [(uuid4(), uuid4(), uuid4(), uuid4()) for _ in numbers]
    rings = await keyring.ensure([customer for customer, *_ in ids], [models.Category.CONTACT_POINT])
    field: Any = models.ContactPoint._meta.fields_map["content"]
    assert reachable(address(0)) == address(0), "an address here is in its one spelling already"
    index, points = vault.current().index, []
    for number, (customer, consent, _, row) in zip(numbers, ids, strict=True):
        content = field.sealed(rings[str(customer)], row, 1, models.ContactPoint.Content(address(number)))
        found_by = index("contact_points.value_index", address(number).encode())
        points.append((row, customer, consent, "benchmark", NOW, 1, "EMAIL", content, found_by))
    until = NOW + timedelta(days=3650)
    named = list(zip(numbers, ids, agents, strict=True))
    async with transaction() as client:
        await insert(
            client, "customers", "id number status restricted created_at",
            [(customer, f"B-{number:07}", "ACTIVE", False, NOW) for number, (customer, *_), _ in named],
        )  # fmt: skip
        await insert(
            client, "consents", "id customer_id notice_id category purpose state permits revision expires_at created_at",
            [(consent, customer, notice, "contact_point", PURPOSE.value, "GIVEN", True, 1, until, NOW) for customer, consent, *_ in ids],
        )  # fmt: skip
        await insert(
            client, "tasks", "id customer_id assignee_id purpose status opened_at due_at",
            [(task, customer, agent, PURPOSE.value, "OPEN", NOW, until) for _, (customer, _, task, _), agent in named],
        )  # fmt: skip
        columns = "id customer_id consent_id source collected_at revision kind content value_index"
        await insert(client, "contact_points", columns, points)


async def insert(
    client: BaseDBAsyncClient, table: str, columns: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Write rows straight into a table.

    Args:
        client: the transaction.
        table: its name.
        columns: their names, with blanks between.
        rows: the values.
    """
    names = columns.split()
    if client.capabilities.dialect == "postgres":
        connection: Any = client._connection
        await connection.copy_records_to_table(table, records=rows, columns=names)
        return
    values = [[str(value) if isinstance(value, UUID) else value for value in row] for row in rows]
    slots = ", ".join("?" for _ in names)
    await client.execute_many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({slots})", values)
