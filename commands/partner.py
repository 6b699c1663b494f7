"""`savas partner`: subcontractors as a whole; `savas user` adds them and their clients."""

from typing import Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, lines, table
from commands.user import print_handed_back

app = App(name="partner", no_args_is_help=True, help="End what a partner may do, and let it again.")

Name = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name.")]


@app.callback()
def group() -> None:
    """End what a partner may do, and let it again."""


@app.command()
def deactivate(name: Name, where: Where = HERE) -> None:
    """Deactivate a partner: the sessions of all its clients end at once, and its open tasks go back to the managers.

    The tasks are listed. What it still owes can be confirmed once it is activated again.

    More: docs/operator.md.
    """
    from procedures.staff import partner

    left = where.run(partner.deactivate(name))
    typer.echo("The partner is deactivated; every session of its clients has ended.")
    if left.obligations:
        typer.echo(f"Obligations that it has not confirmed: {left.obligations}.")
    print_handed_back(left.tasks)


@app.command()
def activate(name: Name, where: Where = HERE) -> None:
    """Activate a partner again: its clients can sign in, and be given tasks."""
    from procedures.staff import partner

    where.run(partner.activate(name))
    typer.echo("The partner's clients can sign in again.")


@app.command()
def networks(
    name: Name,
    known: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NETWORK]...", help="Such as 192.0.2.0/24 or 2001:db8::/32."),
    ] = None,
    where: Where = HERE,
) -> Shown:
    """Say from which networks a partner's clients come, in place of what was said before; none takes all back.

    For policies only: by itself it opens and closes nothing.

    More: docs/policies.md.
    """
    from procedures.staff import partner

    on_record = where.run(partner.set_networks(name, known or []))
    return lines({"networks": on_record}, [f"On record: {', '.join(on_record) or 'none'}."])


@app.command("list")
def listed(where: Where = HERE) -> Shown:
    """List every partner."""
    from procedures.staff import partner

    return table(
        ("Partner", "Active", "Clients", "Networks"),
        ((one.name, one.active, one.clients, one.networks) for one in where.run(partner.listed())),
    )
