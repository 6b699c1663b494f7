"""What stands before every answer: nothing a caller does or leaves undone may hold up another.

    guarded(app)        Faults(BodyGuard(ConcurrencyLimit(app))): the ASGI guards in their order
      Faults            a correlation id on every answer; an exception becomes a 500 without details
      BodyGuard         the body is complete, in time and in size, before the application sees the request
      ConcurrencyLimit  at most so many requests run at once; the next gets a 503 at once
    PatientProtocol     headers must be complete in time and in size, which uvicorn itself does not ask for
    uvicorn_options()   the protocol and the rest of what uvicorn must be told

The body is read before a request counts as running, so half-sent bodies do not count. Connections that are
only waited for, and bodies that are only half here, are bounded in number: one too many ends the oldest, so a
flood of them ends itself and an honest caller, who is quick, gets through.
"""

import asyncio
import itertools
import logging
from asyncio import TimerHandle, Transport
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web import body, errors
from web.errors import HTTPProblem

log = logging.getLogger("savas.web")

_beginnings = itertools.count()
_UNCACHED = {"Cache-Control": "no-store"}


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
    """Lets at most `most` requests run at once; the next gets a 503 and is to come back later."""

    app: ASGIApp
    most: int
    _running: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while there is room."""
        if self._running >= self.most:
            raise HTTPProblem(
                503,
                "BUSY",
                "Too many requests are running.",
                "Try again in a moment.",
                headers={"Retry-After": "1"},
            )
        self._running += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._running -= 1


def guarded(
    app: ASGIApp, *, limit: int = body.LIMIT, deadline: float = 10.0, waiting: int = 256, most: int = 64
) -> ASGIApp:
    """The application behind all guards; what is no request, such as the start, passes them by.

    Args:
        app: what is guarded.
        limit: greatest size of a body in bytes.
        deadline: seconds in which a body must be complete.
        waiting: how many bodies may be half here.
        most: how many requests may run at once.
    """
    http = Faults(BodyGuard(ConcurrencyLimit(app, most), limit, deadline, waiting))

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


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with an end to its patience.

    A connection is *idle* while no complete headers are here: from its opening, and after each answer. The
    headers must be complete `patience` seconds after the first moment that they are waited for, within
    `most_header_bytes`. One connection too many ends the oldest idle one.
    """

    patience: ClassVar[float] = 10.0
    reading_patience: ClassVar[float] = 60.0
    most_header_bytes: ClassVar[int] = 32 * 1024
    most_idle: ClassVar[int] = 512

    _timer: TimerHandle | None = None
    #: When the wait began, as a number in the order of all such beginnings: clocks have ties.
    idle_since: int | None = None
    _head_bytes = 0
    _in_body = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Begin to wait for headers; when too many are waited for, give up the oldest."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > self.most_idle:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        if self.idle_since is not None and self._timer is None:
            # The caller began another request on this connection; uvicorn stops its own clock here.
            self._start_timer()
        super().data_received(data)
        if self.idle_since is None or self._in_body:
            return
        self._head_bytes += len(data)
        if self._head_bytes > self.most_header_bytes and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The caller kept their part: no more waiting here, the guards wait for the body."""
        self._stop_waiting()
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is complete; when the answer was quicker, so is the wait for the rest."""
        self._in_body = False
        super().on_message_complete()
        if self.cycle.response_complete:
            self._stop_waiting()
            self._wait()

    def on_response_complete(self) -> None:
        """Wait for the next request, or, after an early answer, for the rest of a body that nobody reads."""
        super().on_response_complete()
        if self.transport.is_closing() or not self.cycle.response_complete:
            return
        self.idle_since = next(_beginnings)
        self._head_bytes = 0
        if self._in_body:
            self._start_timer()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on a connection that asks for nothing more, even if it does not take its answer."""
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(self.reading_patience, self.transport.abort)

    def _wait(self) -> None:
        self.idle_since = next(_beginnings)
        self._start_timer()

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.patience, self._expired)

    def _stop_waiting(self) -> None:
        self.idle_since = None
        self._head_bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expired(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, when nothing was answered yet, and hang up."""
        if not self._in_body:
            head = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode())
        self.transport.close()

    def _make_room(self) -> None:
        """Close the connection that has been idle for longest, once there are too many of them."""
        idle = [
            (other.idle_since, other)
            for other in self.connections
            if isinstance(other, PatientProtocol) and other.idle_since is not None
        ]
        if len(idle) > self.most_idle:
            min(idle)[1].transport.close()


def uvicorn_options() -> dict[str, Any]:
    """What uvicorn must be told to serve Savas: `uvicorn.Config(app, **uvicorn_options())`.

    The connection limit lies well above the idle connections and half-sent bodies together, so that it is
    reached by honest load only.
    """
    return {
        "http": PatientProtocol,
        "ws": "none",
        "h11_max_incomplete_event_size": PatientProtocol.most_header_bytes,
        "limit_concurrency": 1000,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": 10,
        "server_header": False,
        "access_log": False,
    }


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
