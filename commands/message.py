"""`savas message`: what waits in the outbox, and sending it."""

import asyncio
from typing import Annotated

import typer

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where
from commands.shown import Shown, table

app = App(name="message", no_args_is_help=True, help="Look at the outbox, and send what waits there.")


@app.command("list")
def list_(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Also messages that were sent or given up.")] = False,
    where: Where = HERE,
) -> Shown:
    """List the messages that wait, the oldest first: ids and states, never an address or a text.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.message import outbox

    return table(
        ("ID", "Queued at (UTC)", "Channel", "State", "Template", "Attempts", "Code"),
        (
            (each.id, each.queued_at, each.channel, each.state, each.template, each.attempts, each.code)
            for each in where.run(outbox.listed(everything=all_))
        ),
    )


@app.command()
def send(where: Where = HERE) -> None:
    """Send what is due; a running server does so by itself.

    Exit codes: 0 done, also when some could not be sent and will be tried again; 3 there is no way to send,
    or the vault is sealed; 4 the database cannot be reached.
    """
    sent, waiting = asyncio.run(_send(where))
    typer.echo(f"{sent} sent, {waiting} waiting.")


async def _send(where: Where) -> tuple[int, int]:
    from procedures.installation import opened
    from procedures.message import delivery, outbox
    from vault import vault

    async with opened(where.addresses):
        if not delivery.channels():
            typer.echo(
                "savas: NO_WAY_OUT  Name a mail server or an SMS gateway before the command: --smtp, --sms.",
                err=True,
            )
            raise typer.Exit(Exit.REFUSED)
        vault.current()
        sent = await delivery.deliver()
        return sent, await outbox.waiting()
