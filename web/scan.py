"""The endpoint `/scan/<id>`: the scan of a letter, streamed to who may read it.

    method   only GET: 405 with Allow
    headers  whoever is signed in says so by `Authorization`: 400, 401
    scan     404 `NOT_FOUND` for one that is not there, not whole, or not for who asks; 422 `STEP_UP_REQUIRED` before the
             session is confirmed; 503 while it cannot be opened or recorded

It is attached, and no browser shows it within a page of ours or guesses what it is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from policies.errors import Refused
from procedures import scan as scans
from procedures.errors import NotFound, Unauthenticated
from schema.reading import ForeignId, MalformedId, key_of
from web import download, errors

PATH = "/scan/{id}"
HEADERS = {**download.HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}


@dataclass(frozen=True)
class Endpoint:
    """The ASGI application; `context` says who asks, and may raise what the GraphQL endpoint's may."""

    context: Callable[[Request], Awaitable[Any]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await download.answer(scope, receive, send, self._answered)

    async def _answered(self, request: Request) -> Response:
        try:
            errors.only("GET", request.method)
            actor = (await self.context(request)).actor
            if actor.kind == "Anonymous":
                raise Unauthenticated
            scan = await scans.open_(key_of(request.path_params["id"], "Scan"), by=actor)
        except (NotFound, Refused, MalformedId, ForeignId):
            # One that is not there is told of as one that is for somebody else.
            return JSONResponse({"errors": [errors.own_error(NotFound("scan"))]}, 404, HEADERS)
        except Exception as error:  # noqa: BLE001 whatever it is, its text must not leave
            status, content, headers = errors.answered(error)
            return JSONResponse(content, status, {**HEADERS, **headers})
        return download.attached(scan.file, scan.name, scan.media_type, HEADERS)
