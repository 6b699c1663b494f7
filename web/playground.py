"""The playground: a GraphiQL of our own at `/`, its files under `/static`, and nothing from anywhere else.

`web/playground/` is its source, `web/static/` what was built from it; see `web/playground/README.md`.
"""

import asyncio
import gzip
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Media types by suffix; the machine's own table is not asked, it differs from machine to machine."""

COMPRESSED = frozenset({".css", ".js", ".md", ".svg", ".ttf"})
"""What is sent compressed; fonts of the web are already. Nothing else is: of an answer that holds a secret beside what
somebody else wrote, the length would tell the secret (BREACH)."""

STATIC = Path(__file__).parent / "static"
NONCE = "NONCE-OF-THIS-PAGE"
"""What the built page holds where a nonce belongs."""

GUARDED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def content_security_policy(nonce: str) -> str:
    """What the page may load: our own files, and style elements that carry this page's nonce.

    Style *attributes* stay open: the editor (Monaco) draws its lines as markup with a `style` of their own, and a
    policy has no nonce for attributes. They can load nothing, since images and fonts are ours alone.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "worker-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def routes(personas: Callable[[], list[dict[str, object]]] | None = None) -> list[BaseRoute]:
    """The page, its files, and the people of the demo (an empty list where the server is no demo).

    Each of `personas` is `{title, login, password, purpose, queries: [{title, query, variables?}]}`.
    """
    template = (STATIC / "index.html").read_text(encoding="utf-8")

    def page(_: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        policy = {"Content-Security-Policy": content_security_policy(nonce), "Cache-Control": "no-store"}
        return Response(template.replace(NONCE, nonce), media_type="text/html", headers=GUARDED | policy)

    def people(_: Request) -> Response:
        return JSONResponse(personas() if personas else [], headers=GUARDED | {"Cache-Control": "no-store"})

    return [
        Route("/", page, name="playground"),
        Route("/playground/personas.json", people, name="personas"),
        Mount("/static", _Files(directory=STATIC), name="static"),
    ]


class _Files(StaticFiles):
    """The built files; a changed file has a changed name, so a browser may keep each for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path == "index.html":
            return Response("Not Found", status_code=404, media_type="text/plain", headers=GUARDED)
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and Path(path).suffix in COMPRESSED:
            response = await _in_the_coding_asked_for(response, Headers(scope=scope))
        response.headers.update(GUARDED)
        # A worker runs under the policy of its own file, not of the page that started it.
        response.headers["Content-Security-Policy"] = "default-src 'none'; script-src 'self'"
        if response.status_code == 200:
            response.headers["Content-Type"] = MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream")
            lasting = path.startswith("assets/")
            response.headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if lasting else "no-cache"
            )
        return response


async def _in_the_coding_asked_for(response: FileResponse, headers: Headers) -> Response:
    """The same file compressed, where whoever asks takes it so; each is compressed once."""
    asked = (each.replace(" ", "").lower() for each in headers.get("Accept-Encoding", "").split(","))
    response.headers["Vary"] = "Accept-Encoding"
    if not any(each.partition(";")[0] == "gzip" and not each.endswith("q=0") for each in asked):
        return response
    body = await asyncio.to_thread(_compressed, str(response.path))
    # The tag names the file in whatever coding, and so is a weak one.
    kept = {"ETag": f"W/{response.headers['ETag']}", "Last-Modified": response.headers["Last-Modified"]}
    return Response(body, headers={**kept, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


@cache
def _compressed(path: str) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)
