"""`savas verification`: what was verified and has to be verified again."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from commands.options import DEFAULT_DATA, Data, Database, settings_from

if TYPE_CHECKING:
    from procedures.evidence import Due

app = typer.Typer(name="verification", no_args_is_help=True, help="See whose verification runs out.")


@app.callback()
def verification() -> None:
    """See whose verification runs out."""


@app.command()
def due(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """List, by number, the customers to be verified again for whom nobody has a task yet; the first to run out first.

    A running server opens the tasks by itself, thirty days ahead; a manager gives them to somebody.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    for each in asyncio.run(_due(data, database)):
        typer.echo(f"{each.number}  {each.record}  {each.expires_at:%Y-%m-%d}")


async def _due(data: Path, database: str | None) -> "list[Due]":
    from procedures.evidence import verification
    from procedures.installation import opened_sealed

    async with opened_sealed(settings_from(data, database).addresses):
        return await verification.due()
