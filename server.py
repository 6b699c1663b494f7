"""Where the parts meet: the application, and who is asking.

POLICY_REFUSED   changed policy files cannot be used; those in force stay
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
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

import demo
import schema
from models.event import Event
from models.keys import keyring
from policies import policy
from policies.asker import Asker, utc_now
from policies.errors import PolicyError
from policies.offline import complete_models
from procedures import export
from procedures.access import authenticate
from procedures.installation import Settings, opened, upkeep
from procedures.ledger import LedgerUnavailable, note
from procedures.message import delivery
from schema import export_reading
from schema.build import check
from schema.reading import Context, encode
from vault import vault
from vault.vault import FRESH
from web import export as archives
from web import graphql, guards, headers, playground
from web.errors import HTTPProblem

log = logging.getLogger("savas.server")


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
            delivery.carried(),
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
