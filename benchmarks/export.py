"""How long it takes to make and to fetch the archive of a customer with so many rows.

python -m benchmarks.export
python -m benchmarks.export --database postgres
"""

import asyncio
from functools import partial
from typing import Annotated

import typer

import models
import schema
from benchmarks.measuring import Database, Times, at_work, place
from models import Category, Purpose
from policies.asker import utc_now
from procedures import export
from schema import export_reading
from tests.contents import CONTENTS
from tests.people import Office


async def measured(database: str | None, rows: int) -> tuple[float, float, int]:
    """Seconds to make and to fetch an archive of so many rows, and its bytes."""
    making, fetching, read = Times(), Times(), partial(export_reading.read, schema.build())
    with place(database) as where:
        async with at_work(where):
            office = Office(now=utc_now())
            customer = await office.customer()
            await _fill(office, customer, rows)
            herself = await office.session(await office.himself(customer))
            begun = await export.begin(customer.id, by=herself.asker)
            with making.measured():
                assert await export.finish(read) == 1
            found = await export.download(begun.token, by=herself.asker)
            with fetching.measured():
                size = sum([len(part) async for part in found.parts])
    return making.clock[0], fetching.clock[0], size


async def _fill(office: Office, customer: models.Customer, rows: int) -> None:
    kinds = (Category.ORDER, Category.INTERACTION, Category.CONTACT, Category.ADDRESS, Category.PREFERENCE)
    for category in kinds:
        given = await office.consent(customer, category.value, Purpose.SUPPORT)
        model, content = CONTENTS[category]
        await model.bulk_create(
            model(
                customer_id=customer.id,
                consent_id=given.id,
                source="benchmark",
                collected_at=office.now,
                **content,
            )
            for _ in range(rows // len(kinds))
        )


def main(
    database: Database = None,
    rows: Annotated[list[int] | None, typer.Option(help="How many rows the customer has; repeats.")] = None,
) -> None:
    """Print seconds."""
    typer.echo("| Rows | Seconds to make | Seconds to fetch | Bytes |\n| ---: | ---: | ---: | ---: |")
    for count in rows or [10, 100, 1_000, 10_000]:
        made, fetched, size = asyncio.run(measured(database, count))
        typer.echo(f"| {count:,} | {made:.2f} | {fetched:.3f} | {size:,} |")


if __name__ == "__main__":
    typer.run(main)
