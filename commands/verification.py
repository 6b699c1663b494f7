"""`savas verification`: what was verified and has to be verified again."""

import typer

from commands.app import App
from commands.options import HERE, Where

app = App(name="verification", no_args_is_help=True, help="See whose verification runs out.")


@app.callback()
def group() -> None:
    """See whose verification runs out."""


@app.command()
def due(where: Where = HERE) -> None:
    """List, by number, the customers to be verified again for whom nobody has a task yet; the first to run out first.

    A running server opens the tasks by itself, thirty days ahead; a manager gives them to somebody.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.evidence import verification

    for each in where.run(verification.due()):
        typer.echo(f"{each.number}  {each.record}  {each.expires_at:%Y-%m-%d}")
