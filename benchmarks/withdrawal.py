"""How long a customer with so many rows waits from leaving to the certificate.

python -m benchmarks.withdrawal
python -m benchmarks.withdrawal --database postgres
"""

import asyncio
import statistics
from typing import Annotated

import typer

from benchmarks.customers import linked, p95
from benchmarks.measuring import Database, Times, at_work, place
from models import WithdrawalStep
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.leaving import withdrawal
from tests.people import Office


async def measured(where: Addresses, rows: list[int], rounds: int) -> None:
    """Print a line for each number of rows."""
    async with at_work(where):
        office = Office()
        # The first of a process compiles policies, which a server has done before anybody asks.
        await leaving(office, 10, Times())
        for count in rows:
            times = Times()
            for _ in range(rounds):
                await leaving(office, count, times)
            typer.echo(
                f"| {count:,} | {statistics.median(times.clock):.3f} | {p95(times.clock):.3f} "
                f"| {statistics.median(times.work):.3f} |"
            )


async def leaving(office: Office, rows: int, times: Times) -> None:
    """A new customer with so many rows, and a partner obliged, leaves."""
    office.now = utc_now()
    customer = await linked(office, rows)
    herself = await office.session(await office.himself(customer))
    van = await office.partner_client(await office.partner(), "delivery")
    await office.task(van, customer, "delivery")
    with times.measured():
        left = await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=True)
    assert left.withdrawal.step is WithdrawalStep.COMPLETED


def main(
    database: Database = None,
    rows: Annotated[list[int] | None, typer.Option(help="How many rows the customer has; repeats.")] = None,
    rounds: Annotated[int, typer.Option(help="How many customers of each size.")] = 20,
) -> None:
    """Print seconds, from the mutation to the certificate."""
    typer.echo("| Rows | Seconds to the certificate | p95 | of CPU |\n| ---: | ---: | ---: | ---: |")
    with place(database) as where:
        asyncio.run(measured(where, rows or [10, 100, 1_000, 10_000], rounds))


if __name__ == "__main__":
    typer.run(main)
