"""`savas clock`: what is known of the time, and believing the clock again after somebody has looked."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.terminal import print_table

if TYPE_CHECKING:
    from procedures.clock import Foreseen, Status

app = App(
    name="clock",
    no_args_is_help=True,
    help="See whether the clock is believed, and confirm it: docs/clock.md.",
)


@app.command()
def status(where: Where = HERE) -> None:
    """Show the clock, the last known time, the time that can be accounted for, and every doubt that stands.

    While the clock is doubted, nothing is ended by time, and no consent begins. More: docs/clock.md.

    Exit codes: 0 done, whether it is doubted or not; 4 the database cannot be reached.
    """
    from procedures import clock

    _tell(where.run(clock.status()))


@app.command()
def confirm(
    *,
    by: Annotated[
        str | None, typer.Option("--by", metavar="LOGIN", help="The employee who has looked at the clock.")
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(
            "--today",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="The date of today in UTC, as a calendar says it and not this machine.",
        ),
    ] = None,
    where: Where = HERE,
) -> None:
    """Confirm that the clock is right, and end every doubt of it; without --today, show what would end by that.

    What has fallen due by then ends by itself within the next hour, without asking again how many there are. It is
    recorded who confirmed it.

    Exit codes: 0 done; 2 the clock shows another date; 3 no employee has this login; 4 the database cannot be reached.
    """
    from procedures import clock
    from procedures.installation import clock_care

    if today is None or by is None:
        _tell(where.run(clock.status()))
        _foretell(where.run(clock_care.foreseen()))
        typer.echo("Nothing was changed. If the clock is right, say so: --by LOGIN --today DATE")
        return
    doubts = where.run(clock_care.confirm(by, today.date()))
    typer.echo(f"The clock is believed again; {len(doubts)} doubts are ended.")


def _tell(status: "Status") -> None:
    typer.echo(f"The clock shows          {status.now:%Y-%m-%d %H:%M} UTC")
    if status.known is not None:
        typer.echo(f"Last known time          {status.known.latest:%Y-%m-%d %H:%M} UTC")
        typer.echo(f"Can be accounted for to  {status.known.proven:%Y-%m-%d %H:%M} UTC")
        missing = status.now - status.known.proven
        typer.echo(f"Nobody can vouch for     {max(missing, timedelta(0)).days} days")
    if not status.doubts:
        typer.echo("The clock is believed.")
        return
    print_table(
        ("Doubt", "Since", "The clock showed", "Would end", "Of"),
        (
            (
                f"{one.kind} {one.ending}".strip(), f"{one.latest_at:%Y-%m-%d %H:%M}", f"{one.clock_at:%Y-%m-%d %H:%M}",
                one.due or None, one.standing or None,
            )
            for one in status.doubts
        ),
    )  # fmt: skip


def _foretell(kinds: "list[Foreseen]") -> None:
    print_table(("Would end", "How many", "Of"), ((one.ending, one.due, one.standing) for one in kinds))
