"""`savas task`: tasks that wait to be reviewed, for the privacy officer's overview."""

from typing import Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.terminal import print_table

app = App(name="task", no_args_is_help=True, help="See which tasks wait for a review.")


@app.callback()
def group() -> None:
    """See which tasks wait for a review."""


@app.command()
def reviews(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Also those that were reviewed.")] = False,
    where: Where = HERE,
) -> None:
    """List the tasks that were given without an occasion or among managers and wait for a review, the first given first.

    More: docs/tasks.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.task import task_review

    print_table(
        ("Given at (UTC)", "Customer", "Given by", "Given to", "Purpose", "Reason", "Task", "Verdict"),
        (
            (
                f"{each.given_at:%Y-%m-%d %H:%M}", each.customer.number, each.given_by.login, each.given_to.login,
                each.task.purpose, each.reason, each.task.status, each.verdict or "-",
            )
            for each in where.run(task_review.listed(everything=all_))
        ),
    )  # fmt: skip
