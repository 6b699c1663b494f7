"""`savas message`: what waits in the outbox, and sending it."""

import asyncio
from typing import Annotated

import typer

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where

app = App(name="message", no_args_is_help=True, help="Look at the outbox, and send what waits there.")


@app.command("list")
def list_(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Also messages that were sent or given up.")] = False,
    where: Where = HERE,
) -> None:
    """List the messages that wait, the oldest first: ids and states, never an address or a text.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures.message import outbox

    for message in where.run(outbox.listed(everything=all_)):
        tried = f"tried {message.attempts} times" if message.attempts else "not tried yet"
        columns = (message.channel, message.state, message.template, tried, message.code or "-")
        typer.echo("  ".join((str(message.id), f"{message.queued_at:%Y-%m-%d %H:%M} UTC", *columns)))


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
            typer.echo("savas: NO_WAY_OUT  Name a mail server or an SMS gateway: --smtp, --sms.", err=True)
            raise typer.Exit(Exit.REFUSED)
        vault.current()
        sent = await delivery.deliver()
        return sent, await outbox.waiting()
