"""What stands before every answer: nothing a caller does or leaves undone may hold up another.

    guarded(app)        Faults(BodyGuard(ConcurrencyLimit(app))): the ASGI guards in their order
      Faults            a correlation id on every answer; an exception becomes a 500 without details
      BodyGuard         the body is complete, in time and in size, before the application sees the request
      ConcurrencyLimit  at most so many requests run at once; others wait for a little, then get a 503

The body is read before a request counts as running, so half-sent bodies do not count. Bodies that are only half here are
bounded in number: one too many ends the oldest, so a flood of them ends itself. What comes before the headers are
complete, and after the answer was written, is watched by `web.connections`.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import body, errors
from web.errors import HTTPProblem
from web.places import Caller, Place, Places

log = logging.getLogger("savas.web")

_UNCACHED = {"Cache-Control": "no-store"}
#: What is answered however many requests run: whoever asks whether the server is well must not wait for its guests.
ALWAYS = frozenset({"/health"})
#: Seconds that the next part of a file waits for a place.
MORE = 60.0


@dataclass(eq=False)
class Faults:
    """Gives every answer its correlation id, and turns an exception into a 500 without details.

    The exception is logged by class and place only. It goes no further: the server below would log its text.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        request_id = errors.begin(scope)
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["Request-Id"] = request_id
                headers.setdefault("X-Content-Type-Options", "nosniff")
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last guard: whatever it is, its text stays here
            if not isinstance(error, HTTPProblem):
                errors.report(error)
            # With an answer begun, returning without an end makes the server cut the connection.
            if not started:
                await error_response(error)(scope, receive, sending)


@dataclass(eq=False)
class BodyGuard:
    """Hands on a request only when its body is complete.

    Args:
        limit: greatest size of a body in bytes; more is 413.
        deadline: seconds from the headers to the end of the body; later is 408.
        waiting: how many bodies may be half here; one more ends the wait for the oldest.
    """

    app: ASGIApp
    limit: int
    deadline: float
    waiting: int
    _waits: dict[int, asyncio.Timeout] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, then pass the request on with it."""
        whole = await self._read(scope, receive)
        if whole is None:
            return
        pending = [{"type": "http.request", "body": whole, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, replay, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, or None when the caller has gone."""
        chunks = _chunks(receive)
        declared = dict(scope["headers"]).get(b"content-length", b"").decode("latin-1")
        try:
            async with asyncio.timeout(self.deadline) as wait:
                self._admit(wait)
                try:
                    return await body.read(chunks, declared, self.limit)
                finally:
                    self._waits.pop(id(wait), None)
        except TimeoutError:
            raise _too_slow() from None
        except ConnectionError:
            return None

    def _admit(self, wait: asyncio.Timeout) -> None:
        self._waits[id(wait)] = wait
        if len(self._waits) > self.waiting:
            oldest = self._waits.pop(next(iter(self._waits)))
            oldest.reschedule(asyncio.get_running_loop().time())


@dataclass(eq=False)
class ConcurrencyLimit:
    """Lets a request run when there is a place for it; it holds none while a caller takes what was answered."""

    app: ASGIApp
    places: Places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on once it has a place, or answer 503."""
        if scope["path"] in ALWAYS:
            await self.app(scope, receive, send)
            return
        place = Place(self.places, _caller(scope))

        async def sending(message: Message) -> None:
            place.give_back()
            await send(message)
            if message.get("more_body"):
                await place.take(MORE)

        try:
            await place.take()
            await self.app(scope, receive, sending)
        finally:
            place.give_back()


def _caller(scope: Scope) -> Caller:
    """Who asks: whoever has this token; without one, whoever is at this address."""
    token = dict(scope["headers"]).get(b"authorization")
    who = token or str((scope.get("client") or ("",))[0]).encode()
    return Caller(token is not None, hashlib.blake2b(who, digest_size=16).digest())


def guarded(
    app: ASGIApp,
    *,
    limit: int = body.LIMIT,
    deadline: float = 10.0,
    waiting: int = 256,
    places: Places | None = None,
) -> ASGIApp:
    """The application behind all guards; what is no request, such as the start, passes them by.

    Args:
        app: what is guarded.
        limit: greatest size of a body in bytes.
        deadline: seconds in which a body must be complete.
        waiting: how many bodies may be half here.
        places: where requests run; `Places()` unless given.
    """
    http = Faults(BodyGuard(ConcurrencyLimit(app, places or Places()), limit, deadline, waiting))

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        await (http if scope["type"] == "http" else _begun(app))(scope, receive, send)

    return either


def _begun(app: ASGIApp) -> ASGIApp:
    """The application while it starts and ends: of what fails then its kind and place are logged, and not its traceback."""

    async def begin(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            # Starlette tells the traceback to the server, which logs it as it is.
            await send({name: value for name, value in message.items() if name != "message"})

        try:
            await app(scope, receive, sending)
        except Exception as error:
            own = errors.is_own(error)
            log.error("%s", error) if own else errors.report(error)
            raise

    return begin


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


def _too_slow() -> HTTPProblem:
    return HTTPProblem(
        408,
        "REQUEST_TIMEOUT",
        "The body did not arrive in time.",
        "Send it again, in one go.",
        headers={"Connection": "close"},
    )


def error_response(error: Exception) -> Response:
    """The response to an exception: the text of a problem, or a fault without any detail."""
    if not isinstance(error, HTTPProblem):
        return JSONResponse({"errors": [errors.fault()]}, 500, _UNCACHED)
    log.info("status=%d code=%s request=%s", error.status, error.code, errors.correlation())
    return JSONResponse(error.body(), error.status, {**_UNCACHED, **error.headers})


async def problem_response(_: Request, error: Exception) -> Response:
    """`error_response` for Starlette, which would make a bare 500 of a problem raised in a route.

    `Starlette(exception_handlers={HTTPProblem: problem_response})`.
    """
    return error_response(error)
