"""The page `/delivery/<token>`, where whoever asked for their data on paper fetches them: without signing in, by a code.

    GET    the page that asks for the code; the same for any token, so that it says nothing of which there are
    POST   the archive, streamed; or the page once more, with what is wrong: 404, 422, 503

The code is in the body of the request, so that it stands in no proxy's log; the token alone is worth nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from policies.actor import Actor
from procedures import instruction
from procedures.errors import NotFound
from procedures.work import Clock
from web import download, errors

PATH = "/delivery/{token}"
#: Characters of a body that holds no more than a code.
MOST: Final = 200
HEADERS: Final = {
    **download.HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_METHODS: Final = ("GET", "POST")

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Your data</title><style>
:root{{color-scheme:light dark}}body{{font:18px/1.5 sans-serif;margin:2em auto;max-width:34em;padding:0 1em}}
input,button{{font:inherit;padding:.5em}}input{{width:10em;letter-spacing:.1em}}p[role=alert]{{border-left:4px solid;padding-left:1em}}
</style></head><body><h1>Your data</h1>{said}
<p>Type the code that came to you by another way than the link to this page.</p>
<form method="post"><label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required>
<button>Get my data</button></form>
<p>You get one archive (ZIP). In it, <code>index.html</code> shows everything on one page. The file holds all that we keep
about you: store it where nobody else reads it.</p></body></html>
"""


@dataclass(frozen=True)
class Endpoint:
    """The ASGI application.

    Attributes:
        clock: gives what tells the present instant, once the installation is open.
    """

    clock: Callable[[], Clock]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await download.answer(scope, receive, send, self._answered)

    async def _answered(self, request: Request) -> Response:
        if request.method not in _METHODS:
            return _page("This is not answered here.", 405, Allow=", ".join(_METHODS))
        if request.method == "GET":
            return _page()
        try:
            archive = await instruction.delivery.fetch(
                request.path_params["token"], _code(await request.body()), by=Actor(clock=self.clock())
            )
        except NotFound:
            return _page("There is nothing here, or not any more. Ask us for another link.", 404)
        except Exception as error:  # noqa: BLE001 whatever it is, its text must not leave
            status, content, _ = errors.answered(error)
            return _page(content["errors"][0]["message"], status)
        return download.attached(archive, download.ARCHIVE, "application/zip", HEADERS)


def _code(body: bytes) -> str:
    """The code of a form; empty where there is none."""
    fields = parse_qs(body[:MOST].decode("utf-8", "replace"))
    return fields.get("code", [""])[0]


def _page(said: str = "", status: int = 200, **headers: str) -> Response:
    alert = f'<p role="alert">{escape(said)}</p>' if said else ""
    return HTMLResponse(_PAGE.format(said=alert), status, HEADERS | headers)
