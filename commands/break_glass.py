"""`savas break-glass`: who read without a task, for the privacy officer's overview."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import DEFAULT_DATA, Data, Database, settings_from

if TYPE_CHECKING:
    from models import BreakGlass

app = typer.Typer(name="break-glass", no_args_is_help=True, help="See who asked to read without a task.")


@app.callback()
def group() -> None:
    """See who asked to read without a task."""


@app.command("list")
def list_(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Also requests that were reviewed, or never approved.")
    ] = False,
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """List who read without a task and waits for a review, the latest first: numbers and states, never a reason.

    More: docs/break-glass.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table("Requested at (UTC)", "Customer", "Asked by", "Purpose", "Categories", "State", "Review")
    for glass in asyncio.run(_listed(data, database, everything=all_)):
        named = ", ".join(sorted(part.category for part in glass.categories))
        table.add_row(
            f"{glass.requested_at:%Y-%m-%d %H:%M}", glass.customer.number, glass.requested_by.login,
            glass.purpose, named, glass.state, glass.verdict or "-",
        )  # fmt: skip
    Console().print(table)


async def _listed(data: Path, database: str | None, *, everything: bool) -> "list[BreakGlass]":
    from procedures.installation import opened_sealed
    from procedures.task import break_glass

    async with opened_sealed(settings_from(data, database).addresses):
        return await break_glass.listed(everything=everything)
