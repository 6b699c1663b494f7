"""`savas withdrawal`: customers who left, and what is still to be done for them."""

import typer

from commands.options import DEFAULT_DATA, Data, Database
from commands.user import run

app = typer.Typer(name="withdrawal", no_args_is_help=True, help="Look after the withdrawals of customers.")


@app.command("list")
def listed(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """List who left, by identifier: when, how far the erasure has come, and its entry in the ledger."""
    from rich.console import Console
    from rich.table import Table

    from procedures.leaving import withdrawal

    table = Table("Customer", "Left", "Step", "Entry")
    for one in run(data, database, withdrawal.listed()):
        entry = "-" if one.entry is None else str(one.entry)
        table.add_row(str(one.customer_id), f"{one.at:%Y-%m-%d %H:%M}", one.step, entry)
    Console().print(table)


@app.command()
def finish(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """Complete the withdrawals that an interrupted process left; a server does it when it starts, too."""
    from procedures.leaving import withdrawal

    typer.echo(f"{run(data, database, withdrawal.finish(), unsealed=True)} withdrawals were completed.")
