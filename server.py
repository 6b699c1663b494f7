"""Where the parts meet: the application, and the context of each request.

CLOCK_UNREAD     what is known of the time cannot be read or stored; nothing ends by time until it can
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
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import demo
import schema
from models.event import Event
from models.keys import keyring
from policies.actor import Actor, utc_now
from policies.conditions import Kind
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import Policies, in_force
from policies.registry import RECORDS
from procedures import clock as clocks
from procedures.access import authenticate
from procedures.current import Installation, installation
from procedures.front_desk import DeskBounds
from procedures.installation import Settings, opened, upkeep
from procedures.ledger import LedgerUnavailable, note
from procedures.lookup import Bounds
from procedures.retention import Retention
from procedures.worker import Job, ring, working
from schema import export_reading
from schema.build import check
from schema.reading import JOB, Context, Samples, encode, judge
from vault import vault
from vault.vault import FRESH
from web import delivery, download, graphql, guards, headers, playground, scan
from web import export as archives
from web.errors import HTTPProblem

log = logging.getLogger("savas.server")


def build_app(settings: Settings, *, clock: Callable[[], Any] = utc_now) -> ASGIApp:
    """The application: opens the database when it starts, and follows the policy files while it runs.

    Args:
        settings: what the operator decided.
        clock: tells the present instant in UTC.

    Raises:
        PolicyError: the policies cannot be used, do not decide about every field of the schema, or lack a purpose that is needed.
    """
    # Here and not when the server starts, where an error would be printed as a traceback.
    complete_models()
    policies = Policies(settings.policies)
    built = schema.build(policies.current.declared)
    _enforce(built, policies)
    # The first to ask is an agent, as a rule; what others may read is compiled while it serves already.
    for record in RECORDS:
        policies.current.plan(Kind("Staff"), record)
    serving = Serving()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with opened(settings.addresses, policies=policies):
            serving.installation = installation()
            installation().instance(Samples).share = settings.judged_share
            await _look_at_the_clock()
            installation().instance(Bounds).a_day = settings.missed_lookups
            kept = installation().instance(Retention)
            kept.missed_lookups, kept.disclosures = settings.keep_missed_lookups, settings.keep_disclosures
            installation().instance(DeskBounds).a_day = settings.desk_lookups
            await _record(Event.POLICY_LOADED, version=policies.current.version)
            async with working(_jobs(built, settings)):
                yield

    async def context(request: Request) -> Context:
        return await context_of(request, clocks.steady(clock))

    answering = graphql.Endpoint(built, context, settings.origins)
    routes = [
        Route("/graphql", answering),
        Route(archives.PATH, download.Endpoint(context, archives.fetch)),
        Route(scan.PATH, download.Endpoint(context, scan.fetch)),
        Route(delivery.PATH, delivery.Endpoint(lambda: clocks.steady(clock))),
        Route("/health", health),
        *playground.routes(_personas(settings)),
    ]
    app = Starlette(
        routes=routes, lifespan=lifespan, exception_handlers={HTTPProblem: guards.problem_response}
    )
    return guards.guarded(serving.around(app))


class Serving:
    """The installation that an application serves; each request works for it."""

    installation: Installation | None = None

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application, working for the installation once that is open."""

        async def entered(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan" or self.installation is None:
                await app(scope, receive, send)
                return
            with self.installation.entered():
                await app(scope, receive, send)

        return entered


async def _look_at_the_clock() -> None:
    """Look before anything is done by the clock, or recorded by it; what cannot be stored is looked at again."""
    try:
        await clocks.look()
    except Exception as error:  # noqa: BLE001 whatever it is: nothing ends by time before a look succeeds
        log.error("CLOCK_UNREAD %s", type(error).__name__)


def _jobs(built: Any, settings: Settings) -> tuple[Job, ...]:
    """What the server does by itself: what every server does, and what only it can."""
    policy_files, vault_state = PolicyFiles(built, settings.policies), VaultState()
    return (
        *upkeep.jobs(
            partial(export_reading.read, built), checkpoint=timedelta(seconds=settings.checkpoint_interval)
        ),
        Job("policies", timedelta(seconds=0.5), policy_files.look, shared=True),
        # Each process asks about what it released itself.
        Job(JOB, timedelta(minutes=1), judge, shared=True),
        Job("plans", timedelta(days=1), compile_plans, shared=True),
        Job("vault", timedelta(seconds=FRESH), vault_state.look, shared=True),
    )


async def context_of(request: Request, clock: Callable[[], Any] = utc_now) -> Context:
    """The context of a request: the actor, with its purposes, and the address it comes from.

    Raises:
        HTTPProblem: a header is wrong.
        Unauthenticated: the token belongs to no session, or its session has ended.
    """
    stated, token = headers.purposes(request.headers), headers.bearer(request.headers)
    address = request.client.host if request.client else ""
    if token is None:
        return Context(Actor(purposes=stated, clock=clock), address, agent=headers.agent(request.headers))
    return Context(await authenticate(token, stated, clock=clock, address=address), address)


async def health(_: Request) -> Response:
    """Whether the server answers, under which version of the policies, why the vault is sealed and the clock doubted."""
    state = {"status": "ok", "policy": in_force().version}
    if doubt := installation().instance(clocks.Watch).doubt:
        state |= {"clock": doubt.value}
    sealed = vault.reason()
    if sealed is not None:
        state |= {"status": "sealed", "reason": sealed}
    return JSONResponse(state, 200 if sealed is None else 503, headers={"Cache-Control": "no-store"})


def _enforce(built: Any, policies: Policies) -> bool:
    """Put the policies of a directory in force, provided that they fit the schema; True when they are others."""
    return policies.use(policies.directory, lambda policy: check(built, policy))


class PolicyFiles:
    """Takes up changed policy files; a text that is refused leaves the policies in force as they are."""

    def __init__(self, built: Any, directory: Path) -> None:
        self.built, self.directory, self.states = built, directory, _states(directory)

    async def look(self) -> None:
        """Take up what was changed since it was looked last."""
        if (now := _states(self.directory)) == self.states:
            return
        self.states, policies = now, installation().policies
        try:
            changed = await asyncio.to_thread(_enforce, self.built, policies)
        except PolicyError as error:
            log.error("POLICY_REFUSED %s", error)
            await _record(Event.POLICY_REFUSED, code=error.code)
        else:
            if changed:
                await _record(Event.POLICY_LOADED, version=policies.current.version)
                await ring("plans")


async def compile_plans(pause: float = 0.01) -> None:
    """Compile what actors of the usual kinds may read, so that the first of them to ask does not wait for it.

    Args:
        pause: seconds after each plan, in which others are answered.
    """
    policy = in_force()
    for kind, record in product(policy.usual, RECORDS):
        policy.plan(kind, record)
        await asyncio.sleep(pause)


def _states(directory: Path) -> dict[str, tuple[int, int, int]]:
    """By policy file, what changes when it does: the time of its last change, its size and its number."""
    states = {}
    for path in directory.glob("*.polar"):
        with suppress(FileNotFoundError):
            state = path.stat()
            states[path.name] = state.st_mtime_ns, state.st_size, state.st_ino
    return states


class VaultState:
    """Records that the vault is open, and that it was sealed, as soon as the key provider is not as it was."""

    was_open: bool | None = None

    async def look(self) -> None:
        """Record what the vault has become since it was looked last."""
        why, before = vault.reason(), self.was_open
        self.was_open = why is None
        if self.was_open is before:
            return
        if why is None:
            await _record(Event.VAULT_OPENED, epoch=max(await keyring.epochs()))
        else:
            await _record(Event.VAULT_SEALED, code=why)


async def _record(event: Event, **details: Any) -> None:
    """Record what became of policies and vault; a ledger that cannot be written keeps every answer back by itself."""
    with suppress(LedgerUnavailable):
        await note(event, None, **details)


def _personas(settings: Settings) -> Callable[[], list[dict[str, object]]] | None:
    if not settings.demo:
        return None
    return lambda: json.loads(
        json.dumps([asdict(persona) for persona in demo.stored(settings.data)]), object_hook=_with_identifiers
    )


def _with_identifiers(value: dict[str, Any]) -> Any:
    """An identifier as callers have it, where a document names a record by type and key."""
    return encode(value["type"], UUID(value["id"])) if value.keys() == {"type", "id"} else value
