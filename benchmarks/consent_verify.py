"""What it costs to check that every personal row stands under a live consent.

Customers with a consent each to contact and address, and two rows on each consent; contents are not sealed, because
the check never reads them. One consent is made to have run out, so that the check has something to find.

Run it: `.venv/bin/python -m benchmarks.consent_verify [--rows N] [--rounds N] [--database URL]`; without a URL it runs
on an embedded database in a temporary directory.
"""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress
from tortoise import BaseDBAsyncClient

from models import Consent, Notice, Purpose
from models.database import connected, dialect, sqlite_url, transaction
from procedures.audit import personal_rows
from procedures.installation import migrate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=365)
BATCH = 10_000
#: Personal rows of one customer: two contact points and two addresses.
EACH = 4
TABLES = {"contact_point": ("contact_points", "EMAIL"), "postal_address": ("postal_addresses", "HOME")}


class Filler:
    """Writes customers with their consents and rows, in plain SQL."""

    def __init__(self, client: BaseDBAsyncClient, notice: UUID) -> None:
        self.client, self.notice = client, notice
        self.postgres = client.capabilities.dialect == "postgres"

    def key(self, number: int, kind: int) -> Any:
        """An id as scattered as random ones, and the same every time."""
        id = UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC834 + kind) % 2**128)
        return id if self.postgres else str(id)

    async def write(self, first: int, last: int) -> None:
        """Write the customers of these numbers."""
        customers = [[self.key(n, 0), f"C-{n}", "ACTIVE", False, self.at(NOW)] for n in range(first, last)]
        await self.insert("customers", "id number status restricted created_at", customers)
        for kind, (category, (table, word)) in enumerate(TABLES.items(), 1):
            consents = [
                [self.key(n, kind), self.key(n, 0), category, "support", self.of_notice, "GIVEN", True, False, 1,
                 self.at(LATER), self.at(NOW)]
                for n in range(first, last)
            ]  # fmt: skip
            columns = "id customer_id category purpose notice_id state permits denies revision expires_at created_at"
            await self.insert("consents", columns, consents)
            rows = [
                [
                    self.key(n, 10 * kind + place),
                    self.key(n, 0),
                    self.key(n, kind),
                    "form",
                    self.at(NOW),
                    1,
                    word,
                    b"",
                ]
                for n in range(first, last)
                for place in range(EACH // len(TABLES))
            ]
            await self.insert(
                table, "id customer_id consent_id source collected_at revision kind content", rows
            )

    @property
    def of_notice(self) -> Any:
        """The notice's id, as the driver takes it."""
        return self.notice if self.postgres else str(self.notice)

    def at(self, instant: datetime) -> Any:
        """An instant, as the driver takes it and Tortoise writes it."""
        return instant if self.postgres else str(instant)

    async def insert(self, table: str, columns: str, rows: list[list[Any]]) -> None:
        """Insert rows."""
        names = columns.split()
        slots = ", ".join(f"${place}" if self.postgres else "?" for place in range(1, len(names) + 1))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({slots})"
        await self.client.execute_many(statement, rows)


async def fill(rows: int, progress: Progress) -> None:
    """Fill an empty database, then let one consent run out."""
    task = progress.add_task("filling", total=rows)
    notice = await Notice.create(
        purpose=Purpose.SUPPORT, language="en", version="1", text="Why.", digest="0" * 64, created_at=NOW
    )
    customers = rows // EACH
    for first in range(0, customers, BATCH):
        last = min(first + BATCH, customers)
        async with transaction() as client:
            await Filler(client, notice.id).write(first, last)
        progress.advance(task, EACH * (last - first))
    chosen = await Consent.filter(category="contact_point").first()
    assert chosen is not None
    await Consent.filter(id=chosen.id).update(expires_at=NOW)


async def measured(url: str, rows: int, rounds: int, progress: Progress) -> list[float]:
    """Seconds of each round."""
    await migrate(url)
    async with connected(url):
        await fill(rows, progress)
        task = progress.add_task(f"verifying, {dialect()}", total=rounds)
        seconds = []
        for _ in range(rounds):
            start = time.perf_counter()
            report = await personal_rows.verify(NOW)
            seconds.append(time.perf_counter() - start)
            assert report.rows == rows // EACH * EACH
            assert [found.code for found in report.findings] == ["CONSENT_RUN_OUT"] * 2
            progress.advance(task)
    return seconds


def main(
    rows: Annotated[int, typer.Option(help="How many personal rows.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="How often the check is measured.")] = 3,
    database: Annotated[str | None, typer.Option(help="An empty PostgreSQL database.")] = None,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory, Progress(console=Console(stderr=True)) as progress:
        url = database or sqlite_url(Path(directory) / "savas.sqlite3")
        seconds = asyncio.run(measured(url, rows, rounds, progress))
    median = statistics.median(seconds)
    Console().print(
        f"{rows} rows: {median:.1f} s, {rows / median:,.0f} rows a second (median of {rounds} rounds)"
    )


if __name__ == "__main__":
    typer.run(main)
