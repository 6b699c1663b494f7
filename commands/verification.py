"""`savas verification`: what was verified and has to be verified again."""

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, table

app = App(name="verification", no_args_is_help=True, help="See whose verification runs out.")


@app.callback()
def group() -> None:
    """See whose verification runs out."""


@app.command()
def due(where: Where = HERE) -> Shown:
    """List, by number, the customers to be verified again for whom nobody has a task yet; the first to run out first.

    A running server opens the tasks by itself, thirty days ahead; a manager gives them to somebody.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.evidence import verification

    return table(
        ("Customer", "Type", "Expires"),
        ((each.number, each.record, each.expires_at) for each in where.run(verification.due())),
    )
