"""Where the parts meet: settings, the application, and who is asking.

The only place that reads the environment is the command line, through the options that `Settings` mirrors.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from watchfiles import awatch

import schema
from models import keyring
from models.database import beside, sqlite_url
from models.event import Event
from policies import policy
from policies.asker import Asker, utc_now
from policies.errors import PolicyError
from policies.offline import complete_models
from procedures import demo, export, message_delivery, upkeep, witnesses
from procedures.ledger import LedgerUnavailable, note
from procedures.opening import opened
from procedures.place import Place
from procedures.session import authenticate
from procedures.sms import Gateway
from procedures.smtp import SMTP
from schema import export_reading
from schema.build import check
from schema.context import Context
from schema.node import encode
from vault import vault
from vault.vault import FRESH
from web import export as archives
from web import graphql, guards, headers, playground
from web.errors import HTTPProblem

log = logging.getLogger("savas.server")


@dataclass(frozen=True)
class Settings:
    """What an operator decides; every field is an option of `./savas serve`.

    Attributes:
        data: the directory of the embedded database and of this installation's keys.
        database: a PostgreSQL address instead of the embedded database.
        keys: the address of the key database, where it is not beside the database.
        provider: where the keys are that are in no database: `file:PATH` or `pkcs11:…`.
        witness: the directory that remembers checkpoints and erasures outside of the databases.
        smtp: the server that mails are sent through, `smtp://USER@HOST?password-file=…`.
        witness_mail: addresses that checkpoints are mailed to.
        witness_url: endpoints that checkpoints are sent to.
        checkpoint_interval: seconds after which a ledger that has grown is signed again.
        controller: the file that says who is responsible for the data.
        sms: the gateway that text messages are sent through, `https://…`.
        sms_secret_file: the file of mode 0600 that holds the gateway's secret.
        host, port: where to listen.
        demo: whether the playground offers the demo's people.
        policies: the directory of the policy files in force.
        origins: foreign origins whose pages may ask, as `https://host[:port]`.
    """

    data: Path = Path("data")
    database: str | None = None
    keys: str | None = None
    provider: str | None = None
    witness: Path | None = None
    smtp: str | None = None
    witness_mail: tuple[str, ...] = ()
    witness_url: tuple[str, ...] = ()
    checkpoint_interval: float = 60
    controller: Path | None = None
    sms: str | None = None
    sms_secret_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    policies: Path = policy.HERE
    origins: frozenset[str] = frozenset()

    @property
    def database_url(self) -> str:
        """The database's address."""
        return self.database or sqlite_url(self.data / "savas.sqlite3")

    @property
    def place(self) -> Place:
        """Where everything is kept.

        Raises:
            MailError, WitnessInvalid: an address cannot be used.
        """
        server = SMTP.parse(self.smtp) if self.smtp else None
        return Place(
            self.database_url,
            self.keys or beside(self.database_url, self.data),
            self.provider or f"file:{self.data / 'provider.json'}",
            self.witness or self.data / "witness",
            server,
            tuple(witnesses.mail_address(address, server) for address in self.witness_mail),
            tuple(witnesses.url(address) for address in self.witness_url),
            self.controller or self.data / "controller.toml",
            Gateway.parse(self.sms, self.sms_secret_file) if self.sms else None,
        )


def build_app(settings: Settings, *, clock: Callable[[], Any] = utc_now) -> ASGIApp:
    """The application: opens the database when it starts, and follows the policy files while it runs.

    Args:
        settings: what the operator decided.
        clock: tells the present instant in UTC.

    Raises:
        PolicyError: the policies cannot be used, or do not decide about every field of the schema.
    """
    built = schema.build()
    # Here and not when the server starts, where an error would be told as a traceback.
    complete_models()
    _enforce(built, settings.policies)
    chores = upkeep.chores(checkpoint=timedelta(seconds=settings.checkpoint_interval))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        reading = partial(export_reading.read, built)
        async with (
            opened(settings.place),
            upkeep.kept(chores),
            message_delivery.carried(),
            export.made(reading),
        ):
            await _noted(Event.POLICY_LOADED, version=policy.house.current.version)
            watching = [asyncio.create_task(follow(built, settings.policies)), asyncio.create_task(guarded())]
            try:
                yield
            finally:
                for task in watching:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    async def context(request: Request) -> Context:
        return await who(request, clock)

    answering = graphql.endpoint(built, context, origins=settings.origins)
    routes = [
        Route("/graphql", answering),
        Route(archives.PATH, archives.Endpoint(context)),
        Route("/health", health),
        *playground.routes(_personas(settings)),
    ]
    return guards.guarded(
        Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPProblem: guards.answering})
    )


async def who(request: Request, clock: Callable[[], Any] = utc_now) -> Context:
    """Who is asking, and for which purposes.

    Raises:
        HTTPProblem: a header is wrong.
        Unauthenticated: the token is nobody's, or not any more.
    """
    stated, token = headers.purposes(request.headers), headers.bearer(request.headers)
    address = request.client.host if request.client else ""
    if token is None:
        return Context(Asker(purposes=stated, clock=clock), address)
    return Context(await authenticate(token, stated, clock=clock), address)


async def health(_: Request) -> Response:
    """Whether the server answers, under which version of the policies, and why the vault is sealed if it is."""
    told = {"status": "ok", "policy": policy.house.current.version}
    sealed = vault.reason()
    if sealed is not None:
        told |= {"status": "sealed", "reason": sealed}
    return JSONResponse(told, 200 if sealed is None else 503, headers={"Cache-Control": "no-store"})


def _enforce(built: Any, directory: Path) -> bool:
    """Put the policies in force, provided that they decide about every field; True when they are others."""
    return policy.house.use(directory, lambda found: check(built, found))


async def follow(built: Any, directory: Path) -> None:
    """Take up changed policy files; a text that is refused leaves the policies in force as they are."""
    async for _ in awatch(directory, watch_filter=lambda _, path: path.endswith(".polar"), step=100):
        try:
            changed = await asyncio.to_thread(_enforce, built, directory)
        except PolicyError as error:
            log.error("POLICY_REFUSED %s", error)
            await _noted(Event.POLICY_REFUSED, code=error.code)
        else:
            if changed:
                await _noted(Event.POLICY_LOADED, version=policy.house.current.version)


async def guarded() -> None:
    """Record that the vault is open, and that it was sealed, as soon as the key provider is not as it was."""
    if vault.reason() is None:
        await _noted(Event.VAULT_OPENED, epoch=max(await keyring.epochs()))
    while (why := vault.reason()) is None:  # noqa: ASYNC110 neither a file nor a token calls us
        await asyncio.sleep(FRESH)
    await _noted(Event.VAULT_SEALED, code=why)


async def _noted(event: Event, **details: Any) -> None:
    """Record what became of policies and vault; a ledger that cannot be written keeps every answer back by itself."""
    with suppress(LedgerUnavailable):
        await note(event, None, **details)


def _personas(settings: Settings) -> Callable[[], list[dict[str, object]]] | None:
    if not settings.demo:
        return None
    return lambda: json.loads(
        json.dumps([asdict(persona) for persona in demo.stored(settings.data)]), object_hook=_told
    )


def _told(held: dict[str, Any]) -> Any:
    """An identifier as callers have it, where a document names a record by type and key."""
    return encode(held["type"], UUID(held["id"])) if held.keys() == {"type", "id"} else held
