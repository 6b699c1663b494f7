"""`savas legal-hold`: what a legal hold keeps from being erased yet."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from commands.app import App
from commands.options import DAY, DAYS, HERE, Where, word
from commands.shown import Shown, table

if TYPE_CHECKING:
    from models import Secrecy
    from procedures.leaving import disclosure

app = App(
    name="legal-hold",
    no_args_is_help=True,
    help="See what is kept under a legal hold, and produce it for whoever may ask for it by law.",
)


@app.command("list")
def listed(where: Where = HERE) -> Shown:
    """List every legal hold that has not ended: whose data, which category, why, until when, never what was written of it.

    More: docs/leaving.md.
    """
    from procedures.leaving import legal_hold

    return table(
        ("ID", "Customer", "Category", "Reason", "Until"),
        (
            (hold.id, hold.customer_id, hold.category, hold.reason, hold.until)
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
    login: Annotated[
        str, typer.Option("--as", metavar="LOGIN", help="The privacy officer who discloses it.")
    ],
    recipient: Annotated[
        str, typer.Option("--to", metavar="WHO", help="Who asks for it: court, authority or counsel.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it; must not exist.")],
    secrecy: Annotated[
        str | None,
        typer.Option(
            "--secret-for",
            metavar="REASON",
            help="Why the law forbids to tell the customer yet: security, investigation or proceedings.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", formats=DAYS, metavar=DAY, help="On which day the customer is told then, in UTC."
        ),
    ] = None,
    where: Where = HERE,
) -> None:
    """Write what is kept under a legal hold to a file that only you may read, for whoever may ask for it by law.

    It holds personal data in plain: hand it over, and delete it. The disclosure is recorded; the customer gets a message,
    and sees it in the access log: at once, unless the law forbids that until a day.

    Exit codes: 0 done; 2 the file exists, or a day or a reason is missing; 3 there is no such hold, whoever it is may not,
    or the vault is sealed.
    """
    from commands.explaining import signed_in
    from models import Recipient, Secrecy
    from policies.actor import Channel
    from procedures import private_file
    from procedures.leaving import disclosure

    whom = word(Recipient, recipient, "--to")
    secret = _secret(word(Secrecy, secrecy, "--secret-for") if secrecy else None, until)
    if out.exists():
        raise typer.BadParameter("There is a file already; it is left as it is.", param_hint="--out")
    with private_file.opened(out, new=True) as file:

        def tell(row: dict[str, Any]) -> None:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

        async def disclosed() -> int:
            by = await signed_in(login, channel=Channel.CONSOLE)
            return await disclosure.disclose(which, whom, tell, by=by, secret=secret)

        try:
            where.run(disclosed(), unsealed=True)
        except BaseException:
            out.unlink()
            raise
    typer.echo(f"Written to {out}. Delete it once it is handed over.")


def _secret(reason: "Secrecy | None", until: datetime | None) -> "disclosure.Secret | None":
    from procedures.leaving import disclosure

    if (reason is None) is not (until is None):
        raise typer.BadParameter(
            "Secrecy has a reason and a day on which it ends: name both, or neither.",
            param_hint="--secret-for",
        )
    return disclosure.Secret(reason, until.replace(tzinfo=UTC)) if reason and until else None
