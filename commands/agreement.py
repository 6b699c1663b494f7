"""`savas agreement`: agreements with partners."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from commands.app import App
from commands.options import DAY, DAYS, HERE, Where, purposes_from
from commands.shown import Shown, table

app = App(name="agreement", no_args_is_help=True, help="Record, sign, list and end agreements with partners.")

Which = Annotated[
    UUID, typer.Argument(metavar="ID", help="The agreement's identifier, as `savas agreement list` shows it.")
]


@app.command()
def add(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name.")],
    *,
    purpose: Annotated[
        list[str], typer.Option("--purpose", metavar="PURPOSE", help="A purpose of the partner's work; may be repeated.")
    ],
    field: Annotated[
        list[str],
        typer.Option(
            "--field", metavar="NAME",
            help="A field the partner may read, such as postal_address.street, or a whole category, "
                 "such as postal_address; may be repeated.",
        ),
    ],
    until: Annotated[datetime, typer.Option("--until", formats=DAYS, metavar=DAY, help="When it ends, in UTC.")],
    begin: Annotated[
        datetime | None, typer.Option("--from", formats=DAYS, metavar=DAY, show_default="now", help="When it begins, in UTC.")
    ] = None,
    signed: Annotated[
        datetime | None,
        typer.Option("--signed-on", formats=DAYS, metavar=DAY, help="When it was signed; until then it permits nothing."),
    ] = None,
    where: Where = HERE,
) -> None:  # fmt: skip
    """Record an agreement: its purposes, fields and period."""
    from procedures.task import agreement

    work = agreement.add(
        partner, purposes_from(purpose, "--purpose"), field,
        until_at=_utc(until), from_at=_utc(begin) if begin else None, signed_at=_utc(signed) if signed else None,
    )  # fmt: skip
    typer.echo(f"Recorded: {where.run(work).id}")


@app.command()
def sign(
    which: Which,
    on: Annotated[
        datetime, typer.Option("--on", formats=DAYS, metavar=DAY, help="When it was signed, in UTC.")
    ],
    where: Where = HERE,
) -> None:
    """Record that an agreement was signed: it permits reading its fields while it is in force."""
    from procedures.task import agreement

    where.run(agreement.sign(which, _utc(on)))
    typer.echo("Signed.")


@app.command()
def end(which: Which, where: Where = HERE) -> None:
    """End an agreement now; its partner can no longer read anything under it."""
    from procedures.task import agreement

    where.run(agreement.end(which))
    typer.echo("Ended.")


@app.command("list")
def listed(where: Where = HERE) -> Shown:
    """List every agreement, in force or not."""
    from procedures.task import agreement

    return table(
        ("ID", "Partner", "From", "Until", "Signed", "In force", "Terms"),
        (
            (one.id, one.partner, one.from_at, one.until_at, one.signed, one.in_force, one.terms)
            for one in where.run(agreement.listed())
        ),
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
