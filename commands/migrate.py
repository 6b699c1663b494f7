"""`savas migrate`: bring the database to the form that this version needs."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from commands.exits import Exit
from commands.options import DEFAULT_DATA, Data, Database, settings_from


def command(
    data: Data = DEFAULT_DATA,
    database: Database = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be applied; change nothing.")
    ] = False,
    keep_backup: Annotated[
        bool,
        typer.Option(
            "--keep-backup",
            help="Keep the copy made before. It holds personal data: later erasures do not reach it.",
        ),
    ] = False,
) -> None:
    """Create the database, or bring a filled one to the form that this version needs.

    Safe on a filled database: one transaction, one process at a time, no row lost.
    An embedded database is copied beforehand. With nothing to do, nothing is changed.

    Exit codes: 0 done, or nothing to do; 2 wrong usage, or an address that is none;
    3 refused, nothing changed; 4 the database cannot be reached or opened.
    """
    from models.database import DatabaseError

    url = settings_from(data, database).database_url
    console = Console(highlight=False)
    try:
        asyncio.run(_list(url, console) if dry_run else _migrate(url, console, keep_backup=keep_backup))
    except DatabaseError as error:
        # Its text tells what to do about this very address, and holds no password.
        typer.echo(f"savas: {error.code}  {error.message}", err=True)
        malformed = error.code == "DATABASE_URL_INVALID"
        raise typer.Exit(Exit.USAGE if malformed else Exit.UNREACHABLE) from None


async def _list(url: str, console: Console) -> None:
    from procedures.migrate import pending

    names = await pending(url)
    console.print("Would apply:" if names else "Nothing to do.")
    for name in names:
        console.print(f"  {name}", markup=False)


async def _migrate(url: str, console: Console, *, keep_backup: bool) -> None:
    from procedures.migrate import migrate

    with console.status("Looking at the database") as status:
        report = await migrate(url, progress=status.update, keep_backup=keep_backup)
    if not report.changed:
        console.print("Nothing to do.")
        return
    for name in report.applied:
        console.print(f"Applied {name}", markup=False)
    console.print(f"{len(report.enforced)} rules and indexes put in place, {report.rows} rows kept.")
    if report.backup is not None:
        console.print(f"Copy of the database as it was before: {report.backup}", markup=False, soft_wrap=True)
