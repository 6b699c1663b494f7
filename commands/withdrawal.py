"""`savas withdrawal`: customers who left, and what is still to be done for them."""

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.terminal import print_table

app = App(name="withdrawal", no_args_is_help=True, help="Look after the withdrawals of customers.")


@app.command("list")
def listed(where: Where = HERE) -> None:
    """List who left, by identifier: when, how far the erasure has come, and its entry in the ledger."""
    from procedures.leaving import withdrawal

    print_table(
        ("Customer", "Left", "Step", "Entry"),
        (
            (one.customer_id, f"{one.at:%Y-%m-%d %H:%M}", one.step, "-" if one.entry is None else one.entry)
            for one in where.run(withdrawal.listed())
        ),
    )


@app.command()
def finish(where: Where = HERE) -> None:
    """Complete the withdrawals that an interrupted process left; a server does it when it starts, too."""
    from procedures.leaving import withdrawal

    typer.echo(f"{where.run(withdrawal.finish(), unsealed=True)} withdrawals were completed.")
