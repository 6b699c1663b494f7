"""`savas message`: what waits in the outbox, and sending it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.exits import Exit
from commands.options import DEFAULT_DATA, Data, Database, settings_from

if TYPE_CHECKING:
    from models import Message

app = typer.Typer(name="message", no_args_is_help=True, help="Look at the outbox, and send what waits there.")


@app.command("list")
def list_(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Also messages that were sent or given up.")] = False,
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """List the messages that wait, the oldest first: ids and states, never an address or a text.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    for message in asyncio.run(_listed(data, database, everything=all_)):
        tried = f"tried {message.attempts} times" if message.attempts else "not tried yet"
        columns = (message.channel, message.state, message.template, tried, message.code or "-")
        typer.echo("  ".join((str(message.id), f"{message.queued_at:%Y-%m-%d %H:%M} UTC", *columns)))


@app.command()
def send(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """Send what is due; a running server does so by itself.

    Exit codes: 0 done, also when some could not be sent and will be tried again; 3 there is no way to send,
    or the vault is sealed; 4 the database cannot be reached.
    """
    sent, waiting = asyncio.run(_send(data, database))
    typer.echo(f"{sent} sent, {waiting} waiting.")


async def _listed(data: Path, database: str | None, *, everything: bool) -> "list[Message]":
    from procedures.installation import opened_sealed
    from procedures.message import outbox

    async with opened_sealed(settings_from(data, database).addresses):
        return await outbox.listed(everything=everything)


async def _send(data: Path, database: str | None) -> tuple[int, int]:
    from procedures.installation import opened
    from procedures.message import delivery, outbox
    from vault import vault

    async with opened(settings_from(data, database).addresses):
        if not delivery.channels():
            typer.echo("savas: NO_WAY_OUT  Name a mail server or an SMS gateway: --smtp, --sms.", err=True)
            raise typer.Exit(Exit.REFUSED)
        vault.current()
        sent = await delivery.deliver()
        return sent, await outbox.waiting()
