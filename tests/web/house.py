"""A house of which only the doors are tried: an application that answers with what it was sent, behind all guards."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from tests.web.serving import GIVE_UP, serving
from web.connections import PatientProtocol
from web.errors import HTTPProblem
from web.guards import guarded
from web.places import Places

SECRET = "Jonas Jonaitis"
HALF_HEADERS = b"POST / HTTP/1.1\r\nHost: a\r\nX-"
#: Bytes of a large answer: more than the kernel keeps for a caller who does not read.
LARGE = 8 * 2**20
HALF_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body; the path may ask for less agreeable things."""
    request = Request(scope, receive)
    if scope["path"] == "/fault":
        raise ValueError(SECRET)
    if scope["path"] == "/problem":
        raise HTTPProblem(418, "TEAPOT", "It is a teapot.")
    if scope["path"] == "/cut":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        raise ValueError(SECRET)
    if scope["path"] == "/large":
        await PlainTextResponse(b"a" * LARGE)(scope, receive, send)
        return
    if scope["path"] == "/file":
        await StreamingResponse(b"a" * 2**16 for _ in range(LARGE // 2**16))(scope, receive, send)
        return
    if scope["path"] == "/who":
        await PlainTextResponse(request.headers.get("authorization", "nobody"))(scope, receive, send)
        return
    await PlainTextResponse(await request.body())(scope, receive, send)


def protocol(**settings: float) -> type[PatientProtocol]:
    return type("Patient", (PatientProtocol,), settings)


@contextmanager
def house(
    *, deadline: float = 60.0, waiting: int = 256, places: Places | None = None, **settings: float
) -> Iterator[int]:
    """The echo behind all guards, with nobody impatient unless told so."""
    patient = protocol(**{"patience": 60.0, "taking_patience": 60.0, **settings})
    app = guarded(echo, deadline=deadline, waiting=waiting, places=places)
    with serving(app, http=patient) as port:
        yield port


def post(port: int, content: bytes = b"hello", path: str = "/") -> httpx.Response:
    return httpx.post(f"http://127.0.0.1:{port}{path}", content=content, timeout=GIVE_UP)
