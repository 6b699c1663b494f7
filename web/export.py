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
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from procedures import export
from procedures.errors import NotFound, Unauthenticated
from web import download, errors

PATH = "/export/{token}"
HEADERS = {**download.HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}

ContextGetter = Callable[[Request], Awaitable[Any]]


@dataclass(frozen=True)
class Endpoint:
    """The ASGI application; `context` says who asks, and may raise what the GraphQL endpoint's may."""

    context: ContextGetter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await download.answer(scope, receive, send, self._answered)

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
        return download.attached(archive, download.ARCHIVE, "application/zip", HEADERS)
