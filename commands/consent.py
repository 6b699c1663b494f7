"""`savas consent`: which consents run out, ending those that have, receipts, and whether all data rest on one."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where
from commands.shown import Shown, lines, table
from commands.terminal import with_progress

app = App(name="consent", no_args_is_help=True, help="Look after consents.")


@app.command()
def due(
    days: Annotated[int, typer.Option("--days", min=0, max=3650, help="How many days to look ahead.")] = 30,
    where: Where = HERE,
) -> Shown:
    """List the consents that expire soon, and those that have expired and are not ended yet; at most 1,000."""
    from policies.actor import utc_now
    from procedures.consent import expiry

    return table(
        ("Customer", "Category", "Purpose", "Runs out", "ID"),
        (
            (one.customer.number, one.category, one.purpose, one.expires_at, one.id)
            for one in where.run(expiry.due(utc_now() + timedelta(days=days)))
        ),
    )


@app.command()
def expire(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be done; change nothing.")
    ] = False,
    where: Where = HERE,
) -> None:
    """End the consents that have expired. With the last consent to a category, its data are erased.

    A running server does it by itself. Nothing is ended while the clock is doubted, or when more than a tenth of all
    consents would end at once: look with `savas clock status`. An interrupted run is continued by the next one.

    Exit codes: 0 done; 3 the clock is doubted, or the vault is sealed; 4 the database cannot be reached.
    """
    asyncio.run(_expire(where, dry_run=dry_run))


@app.command()
def verify(where: Where = HERE) -> Shown:
    """Check that every row of personal data rests on a consent in force of its customer and category.

    Prints one line for each row that does not: a code, the table, the row's id and the consent's. The server may run.

    Exit codes: 0 nothing is wrong; 1 something is; 4 the database cannot be reached.
    """
    from policies.actor import utc_now
    from procedures.audit import personal_rows

    report = where.run(
        with_progress("Verifying", lambda tell: personal_rows.verify(utc_now(), progress=tell))
    )
    counted = (
        f"{report.rows} rows looked at; {report.rows - len(report.findings)} stand under a live consent."
    )
    return lines(
        {"rows": report.rows, "findings": [asdict(each) for each in report.findings]},
        [*map(str, report.findings), counted],
        code=Exit.FAILED if report.findings else Exit.OK,
    )


@app.command()
def receipt(
    consent: Annotated[
        UUID, typer.Argument(metavar="ID", help="The consent, as `savas consent due` shows it.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", dir_okay=False, help="Where to write; .html for a page, else JSON."
        ),
    ],
    where: Where = HERE,
) -> None:
    """Write the newest receipt of a consent to a file that only you can read.

    Exit codes: 0 written; 3 there is no receipt, or a file is there already.
    """
    from procedures.receipt import receipt_file

    where.run(receipt_file.write(consent, out))
    typer.echo(f"Written to {out}, for your eyes only.")


async def _expire(where: Where, *, dry_run: bool) -> None:
    from policies.actor import utc_now
    from procedures import clock
    from procedures.consent import expiry
    from procedures.installation import opened
    from vault import vault

    async with opened(where.addresses):
        if dry_run:
            now = utc_now()
            planned = await clock.foreseen(expiry.CONSENTS, await clock.past() or now, now)
            typer.echo(f"Would end {planned.due} of {planned.standing} consents.")
            return
        vault.current()
        swept = await with_progress("Ending", lambda tell: expiry.expire(progress=tell))
    typer.echo(
        f"{swept.consents} consents ended; {swept.erased_rows} rows erased, {swept.kept_rows} kept under other consents, "
        f"{swept.held_rows} kept under a legal hold."
    )
