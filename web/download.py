"""What is sent as a file to be kept: answered outside of GraphQL, attached, and stored by nobody on the way.

An `Endpoint` answers whoever is signed in:

    method   only GET: 405 with Allow
    headers  whoever is signed in says so by `Authorization`: 400, 401
    file     404 `NOT_FOUND` for what is not there, or not for who asks; 503 while it cannot be opened or recorded
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from policies.actor import Actor
from procedures.errors import NotFound, Unauthenticated
from procedures.fetched import Fetched
from web import errors

#: What every answer of such an endpoint says.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: And where no page is shown.
FILE_HEADERS: Final = {**HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}
#: What an archive is called where it is kept.
ARCHIVE: Final = "savas-export.zip"


async def answer(
    scope: Scope, receive: Receive, send: Send, work: Callable[[Request], Awaitable[Response]]
) -> None:
    """Answer one request by what the work makes of it, with its correlation id."""
    request_id = errors.begin(scope)
    response = await work(Request(scope, receive))
    response.headers["Request-Id"] = request_id
    await response(scope, receive, send)


@dataclass(frozen=True)
class Endpoint:
    """The ASGI application.

    Attributes:
        context: says who asks, and may raise what the GraphQL endpoint's may.
        fetch: the file for who asks; raises NotFound for what is not there, or not for them.
    """

    context: Callable[[Request], Awaitable[Any]]
    fetch: Callable[[Request, Actor], Awaitable[Response]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await answer(scope, receive, send, self._answered)

    async def _answered(self, request: Request) -> Response:
        try:
            errors.only("GET", request.method)
            actor = (await self.context(request)).actor
            if actor.kind == "Anonymous":
                raise Unauthenticated
            return await self.fetch(request, actor)
        except NotFound as error:
            return JSONResponse({"errors": [errors.own_error(error)]}, 404, FILE_HEADERS)
        except Exception as error:  # noqa: BLE001 whatever it is, its text must not leave
            status, content, headers = errors.answered(error)
            return JSONResponse(content, status, {**FILE_HEADERS, **headers})


def attached(file: Fetched, name: str, media_type: str, headers: dict[str, str]) -> Response:
    """A file that is streamed, to be kept under a name and shown by no browser."""
    sent = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(file.size)}
    return StreamingResponse(file.parts, headers=headers | sent, media_type=media_type)
