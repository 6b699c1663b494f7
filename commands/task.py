"""`savas task`: tasks that wait to be reviewed, for the privacy officer's overview."""

from typing import Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, table

app = App(
    name="task",
    no_args_is_help=True,
    help="Open tasks for whom an import brought, and see which wait for a review.",
)


@app.callback()
def group() -> None:
    """Open tasks for whom an import brought, and see which wait for a review."""


@app.command()
def reviews(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Also those that were reviewed.")] = False,
    where: Where = HERE,
) -> Shown:
    """List the tasks that were given without an occasion or among managers and wait for a review, the first given first.

    More: docs/tasks.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.task import task_review

    return table(
        ("Given at (UTC)", "Customer", "Given by", "Given to", "Purpose", "Reason", "Task", "Verdict"),
        (
            (
                each.given_at, each.customer.number, each.given_by.login, each.given_to.login,
                each.task.purpose, each.reason, each.task.status, each.verdict,
            )
            for each in where.run(task_review.listed(everything=all_))
        ),
    )  # fmt: skip


@app.command(name="open")
def open_(
    *,
    login: Annotated[
        str, typer.Option("--as", metavar="LOGIN", help="The login of the manager who gives them.")
    ],
    source: Annotated[
        str, typer.Option("--import", metavar="SOURCE", help="The source of the import, as the file has it.")
    ],
    purpose: Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="What the tasks are for.")],
    assign_to: Annotated[
        str, typer.Option("--assign-to", metavar="LOGIN", help="The login of whom they are given to.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many, and open none.")] = False,
    where: Where = HERE,
) -> None:
    """Open a task for each customer whom an import brought and who has none for that purpose, and give it to somebody.

    Each is judged as if it were given alone: an import is no occasion, so that a task without one is reviewed. What is
    refused is counted by its code. May be run again. More: docs/tasks.md.

    Exit codes: 0 done; 1 some were refused; 3 the vault is sealed, or this login may not; 4 the database cannot be
    reached.
    """
    from commands import opening
    from commands.exits import Exit

    done = where.run(opening.opened(login, source, purpose, assign_to, dry_run=dry_run), unsealed=True)
    typer.echo(opening.summary(done, dry_run=dry_run))
    if done.refused:
        raise typer.Exit(Exit.FAILED)
