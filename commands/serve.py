"""`savas serve`: from an empty directory to a running server."""

import asyncio
import errno
import gc
import logging
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
import uvicorn
from rich.console import Console

from commands.exits import Exit
from commands.options import HERE, WITNESSES, Policies, Where
from commands.shown import table
from commands.terminal import with_progress

if TYPE_CHECKING:
    from procedures.installation import Settings

console = Console(stderr=True, highlight=False)

PANEL = "What is served"
LISTENS = "Where it listens"

#: After how many more objects the garbage collector looks at them, as Python has it.
USUALLY: Final = gc.get_threshold()


def command(
    where: Where = HERE,
    host: Annotated[
        str,
        typer.Option(
            envvar="SAVAS_HOST",
            help="Address to listen on. Savas speaks plain HTTP: put a proxy in front that ends TLS, docs/operator.md.",
            rich_help_panel=LISTENS,
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            envvar="SAVAS_PORT",
            min=0,
            max=65535,
            help="Port to listen on; 0 takes a free one.",
            rich_help_panel=LISTENS,
        ),
    ] = 8000,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo",
            envvar="SAVAS_DEMO",
            show_default="asks",
            help="Fill an empty database with generated people, or do not.",
            rich_help_panel=PANEL,
        ),
    ] = None,
    policies: Policies = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            envvar="SAVAS_ORIGINS",
            metavar="URL",
            help="A foreign origin whose pages may ask, such as https://shop.example. Repeatable.",
            rich_help_panel=PANEL,
        ),
    ] = None,
    checkpoint_interval: Annotated[
        float,
        typer.Option(
            envvar="SAVAS_CHECKPOINT_INTERVAL",
            metavar="SECONDS",
            min=1,
            help="After how long a ledger that has grown is signed again and handed to the witnesses.",
            rich_help_panel=WITNESSES,
        ),
    ] = 60,
    judged_share: Annotated[
        float,
        typer.Option(
            envvar="SAVAS_JUDGED_SHARE",
            metavar="SHARE",
            min=0.0001,
            max=1,
            help="Of how many of the operations plain Oso is asked again what they released, from 0.0001 to 1 for all: "
            "docs/differences.md.",
            rich_help_panel=PANEL,
        ),
    ] = 0.001,
    missed_lookups: Annotated[
        int,
        typer.Option(
            envvar="SAVAS_MISSED_LOOKUPS",
            metavar="COUNT",
            min=100,
            max=100_000,
            help="How much an account may look up in a day that is not there or not for it, before further look-ups wait and "
            "privacy officers are told: docs/privacy-officer.md.",
            rich_help_panel=PANEL,
        ),
    ] = 500,
    keep_missed_lookups: Annotated[
        int,
        typer.Option(
            envvar="SAVAS_KEEP_MISSED_LOOKUPS",
            metavar="DAYS",
            min=2,
            max=36_500,
            help="For how many days it is kept what was looked up and not found: docs/upkeep.md.",
            rich_help_panel=PANEL,
        ),
    ] = 90,
    keep_disclosures: Annotated[
        int,
        typer.Option(
            envvar="SAVAS_KEEP_DISCLOSURES",
            metavar="DAYS",
            min=30,
            max=36_500,
            help="For how many days a disclosure is kept after the customer was told; the access log has it longer: docs/upkeep.md.",
            rich_help_panel=PANEL,
        ),
    ] = 1_095,
    desk_lookups: Annotated[
        int,
        typer.Option(
            envvar="SAVAS_DESK_LOOKUPS",
            metavar="COUNT",
            min=20,
            max=2_000,
            help="How much an account at the front desk may look up in a day; what finds nobody counts four times. At three "
            "quarters of it privacy officers are told: docs/front-desk.md.",
            rich_help_panel=PANEL,
        ),
    ] = 200,
) -> None:
    """Migrate the database, then serve the GraphQL API and the playground.

    The embedded database is created where there is none. While it serves, it also does by itself what is due: docs/upkeep.md.
    Stop it with Ctrl-C.
    """
    settings = where.settings(
        host=host,
        port=port,
        policies=policies,
        origins=frozenset(origin or ()),
        checkpoint_interval=checkpoint_interval,
        judged_share=judged_share,
        missed_lookups=missed_lookups,
        keep_missed_lookups=keep_missed_lookups,
        keep_disclosures=keep_disclosures,
        desk_lookups=desk_lookups,
    )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_serve(settings, demo))


async def _serve(settings: "Settings", wanted: bool | None) -> None:
    from server import build_app
    from web.connections import open_more_files, uvicorn_options

    listening = await _bound(settings.host, settings.port)
    settings = replace(settings, demo=await _prepare(settings, wanted))
    _tell_responsible(settings)
    await _check_words(settings)
    open_more_files()
    config = uvicorn.Config(
        build_app(settings), host=settings.host, port=settings.port, log_level="warning", **uvicorn_options()
    )
    server = _Server(config)
    server.settings = settings
    await server.serve(listening)
    if not server.started:
        raise typer.Exit(Exit.FAILED)


async def _bound(host: str, port: int) -> list[socket.socket]:
    """Sockets at the address, taken before anything is made, on which nobody is heard yet; leaves the command without."""
    loop = asyncio.get_running_loop()
    try:
        listener = await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        typer.echo(
            f"savas: ADDRESS_TAKEN  Nobody can listen at {host} port {port}: it is {'taken' if taken else 'not to be had'}. "
            "Name another with --host or --port, or stop who listens there.",
            err=True,
        )
        raise typer.Exit(Exit.TAKEN) from None
    sockets = [each.dup() for each in listener.sockets]
    listener.close()
    return sockets


class _Server(uvicorn.Server):
    """Tells where it is once it listens."""

    settings: "Settings"

    async def startup(self, sockets: Any = None) -> None:
        """Start, then say how to get in."""
        await super().startup(sockets)
        if self.started:
            _, port, *_ = self.servers[0].sockets[0].getsockname()
            _announce(self.settings, port)
        gc.freeze()
        gc.set_threshold(*USUALLY)


async def _prepare(settings: "Settings", wanted: bool | None) -> bool:
    """Migrate, and offer the demo to an empty database; True when there are demo people to show."""
    import demo
    from models import Customer
    from procedures.installation import migrate, opened

    with console.status("Preparing the database…") as status:
        await migrate(settings.database_url, progress=status.update)
    await _sealed(settings)
    if wanted is False:
        return False
    async with opened(settings.addresses):
        if not await Customer.exists() and (wanted or _asked()):
            with console.status("Inventing people, their consents and what is to be done for them…"):
                await demo.fill(directory=settings.data)
    return bool(demo.stored(settings.data))


async def _sealed(settings: "Settings") -> None:
    """Seal what an older version left in plain; while the vault is sealed it stays, and nobody reads it."""
    from procedures.installation import plain, seal

    if await plain(settings.database_url):
        done, left = await with_progress("Sealing rows", lambda tell: seal(settings.addresses, progress=tell))
        console.print(f"{done} rows in plain were sealed" + (f", {left} are left." if left else "."))


def _asked() -> bool:
    if not sys.stdin.isatty():
        console.print("The database is empty. Start with --demo to fill it with generated people.")
        return False
    return typer.confirm(
        "The database is empty. Fill it with generated people to try things out?", default=True
    )


def _tell_responsible(settings: "Settings") -> None:
    """Refuse a file of the controller that cannot be used, and say so when there is none."""
    from procedures.notice import controller

    path = settings.addresses.controller
    if path is not None and path.is_file():
        controller.load(path)
    else:
        console.print(f"Nothing says who is responsible ({path}): no receipts for consents are made.")


async def _check_words(settings: "Settings") -> None:
    """Refuse policies that lack a purpose or role of what is kept, and say for which purposes nobody can consent."""
    from policies.language import declared
    from procedures import notice
    from procedures.installation import opened_sealed, vocabulary

    found = declared.of(settings.policies)
    async with opened_sealed(settings.addresses):
        await vocabulary.check(found)
        missing = await notice.missing(found.purposes)
    if missing:
        console.print(
            f"No notice says what {', '.join(missing)} is for, so nobody can consent to it: ./savas notice ship, or "
            "./savas notice add."
        )


def _announce(settings: "Settings", port: int) -> None:
    import demo

    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    console.print(f"\nSavas is serving at [bold]http://{host}:{port}/[/bold]  (GraphQL at /graphql)")
    personas = demo.stored(settings.data) if settings.demo else ()
    if not personas:
        console.print(
            "Sign in with a login made by `./savas user add`; on an empty server: docs/first-customer.md.\n"
        )
        return
    console.print("Sign in as")
    table(
        ("Who", "Login", "Password", "Purpose"),
        ((persona.title, persona.login, persona.password, persona.purpose) for persona in personas),
    ).print(stderr=True)
    console.print("The playground offers these people, with queries for each.\n")
