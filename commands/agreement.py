"""`savas agreement`: agreements with partners."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from commands.options import DEFAULT_DATA, Data, Database, purposes_from
from commands.user import do, run

app = typer.Typer(
    name="agreement", no_args_is_help=True, help="Record, sign, list and end agreements with partners."
)

DAYS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
DAY = "YYYY-MM-DD"
Which = Annotated[
    UUID,
    typer.Argument(
        metavar="ID",
        help="The agreement's identifier, as `savas agreement list` shows it.",
        show_default=False,
    ),
]


@app.command()
def add(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name.", show_default=False)],
    *,
    purpose: Annotated[
        list[str], typer.Option("--purpose", metavar="PURPOSE", help="A purpose of the partner's work; may be repeated.", show_default=False)
    ],
    field: Annotated[
        list[str],
        typer.Option(
            "--field", metavar="NAME", show_default=False,
            help="A field the partner may read, such as postal_address.street, or a whole category, "
                 "such as postal_address; may be repeated.",
        ),
    ],
    until: Annotated[datetime, typer.Option("--until", formats=DAYS, metavar=DAY, help="When it ends, in UTC.", show_default=False)],
    begin: Annotated[
        datetime | None, typer.Option("--from", formats=DAYS, metavar=DAY, show_default="now", help="When it begins, in UTC.")
    ] = None,
    signed: Annotated[
        datetime | None,
        typer.Option("--signed-on", formats=DAYS, metavar=DAY, help="When it was signed; until then it permits nothing."),
    ] = None,
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:  # fmt: skip
    """Record an agreement: its purposes, fields and period."""
    from procedures.task import agreement

    work = agreement.add(
        partner, purposes_from(purpose, "--purpose"), field,
        until_at=_utc(until), from_at=_utc(begin) if begin else None, signed_at=_utc(signed) if signed else None,
    )  # fmt: skip
    typer.echo(f"Recorded: {run(data, database, work).id}")


@app.command()
def sign(
    which: Which,
    on: Annotated[
        datetime,
        typer.Option(
            "--on", formats=DAYS, metavar=DAY, help="When it was signed, in UTC.", show_default=False
        ),
    ],
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Record that an agreement was signed: it permits reading its fields while it is in force."""
    from procedures.task import agreement

    do(data, database, agreement.sign(which, _utc(on)))
    typer.echo("Signed.")


@app.command()
def end(which: Which, data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """End an agreement now; its partner can no longer read anything under it."""
    from procedures.task import agreement

    do(data, database, agreement.end(which))
    typer.echo("Ended.")


@app.command("list")
def listed(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """List every agreement, in force or not."""
    from rich.console import Console
    from rich.table import Table

    from procedures.task import agreement

    table = Table("ID", "Partner", "From", "Until", "In force", "Terms")
    for one in run(data, database, agreement.listed()):
        state = "yes" if one.in_force else "no" if one.signed else "no, unsigned"
        table.add_row(
            str(one.id),
            one.partner,
            f"{one.from_at:%Y-%m-%d}",
            f"{one.until_at:%Y-%m-%d}",
            state,
            "\n".join(one.terms),
        )
    Console().print(table)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
