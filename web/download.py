"""What is sent as a file to be kept: answered outside of GraphQL, attached, and stored by nobody on the way."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from procedures.fetched import Fetched
from web import errors

#: What every answer of such an endpoint says.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
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


def attached(file: Fetched, name: str, media_type: str, headers: dict[str, str]) -> Response:
    """A file that is streamed, to be kept under a name and shown by no browser."""
    sent = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(file.size)}
    return StreamingResponse(file.parts, headers=headers | sent, media_type=media_type)
