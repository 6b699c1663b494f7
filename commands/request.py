"""`savas request`: what customers ask to be put right, and by when it is answered."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, table

if TYPE_CHECKING:
    from procedures.request.due import Due

app = App(name="request", no_args_is_help=True, help="See what customers ask, and by when it is answered.")


@app.command("list")
def listed(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Also requests that were answered or withdrawn.")
    ] = False,
    where: Where = HERE,
) -> Shown:
    """List what waits for an answer, asked here or on paper, by deadline: numbers, kinds and states, never content.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from policies.actor import utc_now
    from procedures.request import due as request_due

    return _table(where.run(request_due.everything_due(everything=all_)), utc_now())


@app.command()
def due(
    days: Annotated[int, typer.Option("--days", min=0, max=365, help="How many days to look ahead.")] = 7,
    where: Where = HERE,
) -> Shown:
    """List what waits for an answer, asked here or on paper, whose deadline is near or has passed.

    A running server opens a task a week ahead where nobody has one; the privacy officer can put an answer off, or refuse.
    More: docs/requests.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from policies.actor import utc_now
    from procedures.request import due as request_due

    now = utc_now()
    return _table(where.run(request_due.everything_due(until=now + timedelta(days=days))), now)


def _table(due: "list[Due]", now: datetime) -> Shown:
    from procedures import instruction
    from procedures.request import OPEN

    waits = {*OPEN, *instruction.due.OPEN}
    return table(
        ("Customer", "Kind", "Category", "State", "Due", "Overdue"),
        (
            (
                each.number, each.kind, each.category, each.state, each.due_at,
                bool(each.overdue or (each.state in waits and each.due_at <= now)),
            )
            for each in due
        ),
    )  # fmt: skip
