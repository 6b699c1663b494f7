"""`savas withdrawal`: customers who left, and what is still to be done for them."""

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, table

app = App(name="withdrawal", no_args_is_help=True, help="Look after the withdrawals of customers.")


@app.command("list")
def listed(where: Where = HERE) -> Shown:
    """List who left, by identifier: when, how far the erasure has come, and its entry in the ledger."""
    from procedures.leaving import withdrawal

    return table(
        ("Customer", "Left", "Step", "Entry"),
        ((one.customer_id, one.at, one.step, one.entry) for one in where.run(withdrawal.listed())),
    )


@app.command()
def finish(where: Where = HERE) -> None:
    """Complete the withdrawals that an interrupted process left; a server does it when it starts, too."""
    from procedures.leaving import withdrawal

    typer.echo(f"{where.run(withdrawal.finish(), unsealed=True)} withdrawals were completed.")
