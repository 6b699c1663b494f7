"""`savas suppression`: whom nobody takes in or writes to again, and lifting that at the person's own wish."""

from typing import Annotated

import typer

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where

app = App(
    name="suppression",
    no_args_is_help=True,
    help="Let somebody who left be taken in again, at their own wish.",
)


@app.callback()
def group() -> None:
    """Let somebody who left be taken in again, at their own wish."""


@app.command()
def lift(
    *,
    login: Annotated[
        str, typer.Option("--as", metavar="LOGIN", help="The login of the privacy officer who lifts it.")
    ],
    kind: Annotated[
        str,
        typer.Option("--kind", metavar="KIND", help="What is asked for: EMAIL, PHONE, FAX or PERSONAL_CODE."),
    ] = "EMAIL",
    country: Annotated[
        str | None,
        typer.Option("--country", metavar="LT", help="Of a personal code: the country that issued it."),
    ] = None,
    where: Where = HERE,
) -> None:
    """Lift what was kept of an address or personal code when its owner left; it is asked for, and not stored.

    Do so only at the wish of that person, who may be taken in again then. A reference to that wish, such as the number of a
    letter, is asked for, too; that it was lifted is recorded, with a keyed hash of it. More: docs/suppression.md.

    Exit codes: 0 lifted; 1 nothing was kept of it; 3 the vault is sealed, or this login may not.
    """
    from commands import lifting

    trait, evidence = lifting.asked(kind, country)
    lifted = where.run(lifting.lifted(login, trait, evidence), unsealed=True)
    if not lifted:
        typer.echo("Nothing is kept of it. Check how it is written, and the kind.", err=True)
        raise typer.Exit(Exit.FAILED)
    typer.echo(f"Lifted: {lifted}.")
