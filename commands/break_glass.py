"""`savas break-glass`: who read without a task, for the privacy officer's overview."""

from typing import Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, table

app = App(name="break-glass", no_args_is_help=True, help="See who asked to read without a task.")


@app.callback()
def group() -> None:
    """See who asked to read without a task."""


@app.command("list")
def list_(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Also requests that were reviewed, or never approved.")
    ] = False,
    where: Where = HERE,
) -> Shown:
    """List who read without a task and waits for a review, the latest first: numbers and states, never a reason.

    More: docs/break-glass.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.task import break_glass

    return table(
        ("Requested at (UTC)", "Customer", "Asked by", "Purpose", "Categories", "State", "Review"),
        (
            (
                glass.requested_at, glass.customer.number, glass.requested_by.login, glass.purpose,
                sorted(part.category for part in glass.categories), glass.state, glass.verdict,
            )
            for glass in where.run(break_glass.listed(everything=all_))
        ),
    )  # fmt: skip
