"""`savas migrate`: bring the database to the form that this version needs."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from commands.exits import Exit
from commands.options import HERE, Where
from commands.terminal import with_progress

if TYPE_CHECKING:
    from procedures.current import Addresses


def command(
    where: Where = HERE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be applied; change nothing.")
    ] = False,
    keep_backup: Annotated[
        bool,
        typer.Option(
            "--keep-backup",
            help="Keep the copy made before. It holds personal data: later erasures reach it only when the next "
            "epoch begins. Refused while there are rows in plain, which no erasure would ever reach.",
        ),
    ] = False,
) -> None:
    """Create the database, or bring a filled one to the form that this version needs.

    Safe on a filled database: one transaction, one process at a time, no row lost.
    An embedded database is copied beforehand. With nothing to do, nothing is changed.
    Rows that an older version left in plain are sealed afterwards; if that is interrupted, run it again.

    Exit codes: 0 done, or nothing to do; 2 wrong usage, or an address that is none;
    3 refused, nothing changed; 4 the database cannot be reached or opened.
    """
    from models.database import DatabaseError

    console = Console(highlight=False)
    try:
        place = where.addresses
        asyncio.run(_list(place, console) if dry_run else _migrate(place, console, keep_backup=keep_backup))
    except DatabaseError as error:
        # Its text tells what to do about this very address, and holds no password.
        typer.echo(f"savas: {error.code}  {error.message}", err=True)
        malformed = error.code == "DATABASE_URL_INVALID"
        raise typer.Exit(Exit.USAGE if malformed else Exit.UNREACHABLE) from None


async def _list(place: "Addresses", console: Console) -> None:
    from procedures.installation import pending, plain

    names, rows = await pending(place.database), await plain(place.database)
    console.print("Would apply:" if names else "Nothing to do." if not rows else "Nothing to apply.")
    for name in names:
        console.print(f"  {name}", markup=False)
    if rows:
        console.print(f"Would seal {rows} rows that are in plain.")


async def _migrate(place: "Addresses", console: Console, *, keep_backup: bool) -> None:
    from models.database import backup
    from procedures.installation import migrate, plain, seal

    with console.status("Looking at the database") as status:
        report = await migrate(place.database, progress=status.update, keep_backup=keep_backup)
    rows = await plain(place.database)
    if not report.changed and not rows:
        console.print("Nothing to do.")
        return
    for name in report.applied:
        console.print(f"Applied {name}", markup=False)
    if report.changed:
        console.print(f"{len(report.enforced)} rules and indexes put in place, {report.rows} rows kept.")
    if report.backup is not None:
        console.print(f"Copy of the database as it was before: {report.backup}", markup=False, soft_wrap=True)
    if rows:
        done, left = await with_progress("Sealing rows", lambda tell: seal(place, progress=tell))
        console.print(f"{done} rows in plain were sealed.")
        if (copy := backup.kept_copy(place.database)) is not None:
            console.print(
                f"A copy with values in plain lies at {copy}: delete it.", markup=False, soft_wrap=True
            )
        if left:
            console.print(f"{left} rows are left in plain: see the log, and ./savas vault status.")
            raise typer.Exit(Exit.REFUSED)
