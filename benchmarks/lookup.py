"""What it costs to find a customer by a blind index, beside the same look-up on a plain column.

`customers(filter: {email: …})` among 1,000,000 customers, through the whole GraphQL schema, by an agent who has 1,000
of them. In one run, in turn, for the same addresses:

    blind    as Savas looks up: by the keyed hash of the address, of the newest index key or of the one before
    plain    by the address itself, which this run keeps in a further column of the same table, with an index

All else is the same: the table, the row, the policies, the page, the opening of what was found, and its recording.

10,000 of the customers are sealed as Savas seals, and looked up; of the others, whom no agent here may see, the
database itself makes rows of the same form, or filling would take longer than all the rest.

Run it: `.venv/bin/python -m benchmarks.lookup [--database postgres] [--customers N] [--lookups N]`. It takes about 2 GB
in a temporary directory, which is removed; on PostgreSQL 4 GB, with its log.
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
from benchmarks.crowd import EACH, address, crowd
from benchmarks.customers import NOW
from benchmarks.measuring import Database, Times, at_work, place, ratios
from models import reachable
from models.database import CONNECTION, dialect, transaction
from policies.actor import Actor
from policies.conditions import ir
from policies.conditions.ir import Compare, Param, Path
from policies.registry import Field, searchable
from policies.statements import search
from procedures.current import Addresses
from schema import customer
from schema.reading import Context
from vault import blind

#: How many customers are sealed and looked up.
OWN = 10_000
QUERY = """query ($email: String) { customers(filter: {email: $email}) { nodes {
  number contactPoints { kind value }
} } }"""


async def plain_column() -> None:
    """Keep the addresses in a column of their own as well, and let a search name it."""
    await get_connection(CONNECTION).execute_query("ALTER TABLE contact_points ADD COLUMN value_plain TEXT")
    searchable()["ContactPoint"].fields["valuePlain"] = Field("value_plain", str, True, None)  # type: ignore[arg-type] # no model has it


async def strangers(numbers: range, progress: Progress) -> None:
    """Customers of others, whom nobody looks up: their rows are made by the database, and filled with chance."""
    notice = (await models.Notice.all().first().values("id"))["id"]
    await models.Account.bulk_create(
        models.Account(kind=models.AccountKind.EMPLOYEE, login=f"other-{place}", created_at=NOW)
        for place in range(numbers.start // EACH, -(-numbers.stop // EACH))
    )
    bar = progress.add_task("strangers", total=len(numbers))
    for start in range(numbers.start, numbers.stop, STRANGERS):
        some = range(start, min(start + STRANGERS, numbers.stop))
        async with transaction() as client:
            for sql in _ROWS:
                words = {**_WORDS[dialect()], **_SHARED, "notice": notice}
                words["series"] = words["series"].format(first=some.start, last=some.stop - 1)
                await client.execute_query(sql.format(**words))
        progress.advance(bar, len(some))
    progress.remove_task(bar)


#: How many of them are written in one transaction.
STRANGERS = 25_000
_WORDS: dict[str, dict[str, Any]] = {
    "sqlite": {
        "series": "(WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) SELECT n FROM s) s",
        "id": "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'"
        " || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
        "content": "randomblob(96)",
        "index": "CAST(X'00000001' || randomblob(16) AS BLOB)",
    },
    "postgres": {
        "series": "generate_series({first}, {last}) s(n)",
        "id": "gen_random_uuid()",
        "content": "decode(repeat(md5(random()::text), 6), 'hex')",
        "index": "'\\x00000001'::bytea || decode(md5(random()::text), 'hex')",
    },
}
_ROWS = (
    """INSERT INTO customers (id, number, status, restricted, created_at)
       SELECT {id}, 'S-' || n, 'ACTIVE', FALSE, {since} FROM {series}""",
    """INSERT INTO consents
       (id, customer_id, notice_id, category, purpose, state, permits, revision, expires_at, created_at)
       SELECT {id}, c.id, '{notice}', 'contact_point', 'support', 'GIVEN', TRUE, 1, {until}, {since}
       FROM {series} JOIN customers c ON c.number = 'S-' || n""",
    """INSERT INTO tasks (id, customer_id, assignee_id, purpose, status, opened_at)
       SELECT {id}, c.id, a.id, 'support', 'OPEN', {since} FROM {series}
       JOIN customers c ON c.number = 'S-' || n JOIN accounts a ON a.login = 'other-' || n / {each}""",
    """INSERT INTO contact_points
       (id, customer_id, consent_id, source, collected_at, revision, kind, content, value_index, value_plain)
       SELECT {id}, c.id, k.id, 'benchmark', {since}, 1, 'EMAIL', {content}, {index}, 'customer.' || n || '@example.org'
       FROM {series} JOIN customers c ON c.number = 'S-' || n JOIN consents k ON k.customer_id = c.id""",
)
_SHARED = {
    "since": "'2026-01-01 00:00:00.000000+00:00'",
    "until": "'2036-01-01 00:00:00.000000+00:00'",
    "each": EACH,
}


async def finish_plain_column(count: int) -> None:
    """The addresses of those who are looked up, an index, and fresh statistics where the database keeps them."""
    client = get_connection(CONNECTION)
    number = "(SELECT substr(number, 3) FROM customers WHERE id = customer_id)"
    await client.execute_query(
        f"UPDATE contact_points SET value_plain = 'customer.' || {number} || '@example.org' WHERE value_plain IS NULL"
    )
    await client.execute_query("CREATE INDEX contact_points_value_plain ON contact_points (value_plain)")
    if dialect() == "postgres":
        await client.execute_query("VACUUM ANALYZE")
    rows = await client.execute_query_dict(
        "SELECT count(value_plain) AS n, min(length(value_index)) AS least FROM contact_points"
    )
    assert rows[0] == {"n": count, "least": blind.LENGTH}


@contextmanager
def by_plain_column() -> Iterator[None]:
    """Look up in the plain column, for as long as this lasts."""

    def equals(_index: str, name: str) -> ir.Condition:
        return Compare("=", Path(ir.THIS, ("valuePlain",)), Param(name))

    def wanted(_record: str, _column: str, text: str, name: str) -> dict[str, Any]:
        return {name: reachable(text)}

    with patch.object(search, "indexed", equals), patch.object(customer, "_wanted", wanted):
        yield


async def found(built: Any, actor: Actor, number: int, times: Times) -> None:
    """Look for one customer, and make sure that it is there."""
    with times.measured():
        result = await built.execute(QUERY, {"email": address(number)}, context_value=Context(actor))
    assert result.errors is None
    (node,) = result.data["customers"]["nodes"]
    assert node["contactPoints"][0]["value"] == address(number)


async def run(where: Addresses, count: int, lookups: int, console: Console) -> Table:
    """Fill, measure in turn, and make the table."""
    async with at_work(where):
        await plain_column()
        with Progress(console=console, transient=True) as progress:
            agents = await crowd(OWN, progress)
            await strangers(range(OWN, count), progress)
            progress.add_task("index", total=None)
            await finish_plain_column(count)
        built, times = schema.build(), {"blind": Times(), "plain": Times()}
        with Progress(console=console, transient=True) as progress:
            for turn in progress.track(range(lookups + 1), description="look-ups"):
                agent, number = agents[turn % len(agents)], turn % len(agents) * EACH + turn
                await found(built, agent, number, times["blind"] if turn else Times())
                with by_plain_column():
                    await found(built, agent, number, times["plain"] if turn else Times())
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
