"""The endpoint `/export/<token>`: an archive, streamed to the customer it is about.

    method   only GET: 405 with Allow
    headers  whoever is signed in says so by `Authorization`: 400, 401
    archive  404 `NOT_FOUND` for a token that is wrong, too early, too late or another customer's; 503 while it cannot
             be opened or recorded

The token is worth nothing without the session; it may stand in a proxy's log.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from procedures import export
from procedures.errors import NotFound, Unauthenticated
from web import errors

PATH = "/export/{token}"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ATTACHED = {"Content-Disposition": 'attachment; filename="savas-export.zip"'}

ContextGetter = Callable[[Request], Awaitable[Any]]


@dataclass(frozen=True)
class Endpoint:
    """The ASGI application; `context` says who asks, and may raise what the GraphQL endpoint's may."""

    context: ContextGetter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        request_id = errors.begin(scope)
        response = await self._answered(request)
        response.headers["Request-Id"] = request_id
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        try:
            errors.only("GET", request.method)
            actor = (await self.context(request)).actor
            if actor.kind == "Anonymous":
                raise Unauthenticated
            archive = await export.download(request.path_params["token"], by=actor)
        except NotFound as error:
            return JSONResponse({"errors": [errors.own_error(error)]}, 404, HEADERS)
        except Exception as error:  # noqa: BLE001 whatever it is, its text must not leave
            status, content, headers = errors.answered(error)
            return JSONResponse(content, status, {**HEADERS, **headers})
        size = {"Content-Length": str(archive.size)}
        return StreamingResponse(
            archive.parts, headers={**HEADERS, **_ATTACHED, **size}, media_type="application/zip"
        )
