"""`savas legal-hold`: what a legal hold keeps from being erased yet."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.terminal import print_table

app = App(
    name="legal-hold",
    no_args_is_help=True,
    help="See what is kept under a legal hold, and produce it for whoever may ask for it by law.",
)


@app.command("list")
def listed(where: Where = HERE) -> None:
    """List every legal hold that has not ended: whose data, which category, why, until when. More: docs/leaving.md."""
    from procedures.leaving import legal_hold

    print_table(
        ("ID", "Customer", "Category", "Reason", "Basis", "Until"),
        (
            (hold.id, hold.customer_id, hold.category, hold.reason, hold.basis, f"{hold.until:%Y-%m-%d}")
            for hold in where.run(legal_hold.listed())
        ),
    )


@app.command()
def expire(where: Where = HERE) -> None:
    """End the legal holds whose day has come, and erase what was kept under them; a running server does it by itself.

    Exit codes: 0 done; 3 the clock is doubted (`savas clock status`), or the vault is sealed; 4 the database cannot be reached.
    """
    from procedures.leaving import legal_hold

    typer.echo(f"{where.run(legal_hold.expire(), unsealed=True)} holds ended.")


@app.command()
def disclose(
    which: Annotated[
        UUID,
        typer.Argument(
            metavar="ID", help="The legal hold's identifier, as `savas legal-hold list` shows it."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it; must not exist.")],
    where: Where = HERE,
) -> None:
    """Write what is kept under a legal hold to a file that only you may read, for whoever may ask for it by law.

    It holds personal data in plain: hand it over, and delete it. That it was disclosed is recorded.

    Exit codes: 0 done; 2 the file exists; 3 there is no such hold, or the vault is sealed.
    """
    from procedures import private_file
    from procedures.leaving import legal_hold

    if out.exists():
        raise typer.BadParameter("There is a file already; it is left as it is.", param_hint="--out")
    with private_file.opened(out, new=True) as file:

        def tell(row: dict[str, Any]) -> None:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

        try:
            where.run(legal_hold.disclose(which, tell), unsealed=True)
        except BaseException:
            out.unlink()
            raise
    typer.echo(f"Written to {out}. Delete it once it is handed over.")
