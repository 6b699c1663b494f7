"""`savas clock`: what is known of the time, and believing the clock again after somebody has looked."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, below, facts, table

if TYPE_CHECKING:
    from procedures.clock import Foreseen, Status

app = App(
    name="clock",
    no_args_is_help=True,
    help="See whether the clock is believed, and confirm it: docs/clock.md.",
)


@app.command()
def status(where: Where = HERE) -> Shown:
    """Show the clock, the last known time, the time that can be accounted for, and every doubt that stands.

    While the clock is doubted, nothing is ended by time, and no consent begins. More: docs/clock.md.

    Exit codes: 0 done, whether it is doubted or not; 4 the database cannot be reached.
    """
    from procedures import clock

    return _status(where.run(clock.status()))


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
        _status(where.run(clock.status())).print()
        _foreseen(where.run(clock_care.foreseen())).print()
        typer.echo("Nothing was changed. If the clock is right, say so: --by LOGIN --today DATE")
        return
    doubts = where.run(clock_care.confirm(by, today.date()))
    typer.echo(f"The clock is believed again; {len(doubts)} doubts are ended.")


def _status(status: "Status") -> Shown:
    known = status.known
    return below(
        facts(
            {
                "Now (UTC)": status.now,
                "Last known time (UTC)": known and known.latest,
                "Accounted for to (UTC)": known and known.proven,
                "Days unaccounted for": known and max(status.now - known.proven, timedelta(0)).days,
                "Believed": not status.doubts,
            }
        ),
        doubts=table(
            ("Doubt", "Ending", "Since", "The clock showed", "Would end", "Of"),
            (
                (one.kind, one.ending, one.latest_at, one.clock_at, one.due or None, one.standing or None)
                for one in status.doubts
            ),
        ),
    )


def _foreseen(kinds: "list[Foreseen]") -> Shown:
    return table(("Would end", "How many", "Of"), ((one.ending, one.due, one.standing) for one in kinds))
