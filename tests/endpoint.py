"""A real endpoint on loopback that keeps checkpoints, or does not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.web.serving import serving


@dataclass
class Endpoint:
    """What was posted; `status` is what it answers, and what is answered otherwise than by 2xx is not kept."""

    address: str = ""
    status: int = 204
    notes: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    asked: int = 0
    came: threading.Event = field(default_factory=threading.Event)

    async def keep(self, request: Request) -> Response:
        """Take a checkpoint."""
        self.asked += 1
        body = (await request.body()).decode()
        if self.status < 300:
            self.notes.append(body)
            self.types.add(request.headers["content-type"])
            self.came.set()
        headers = {"Location": "/elsewhere"} if 300 <= self.status < 400 else {}
        return Response(status_code=self.status, headers=headers)


@contextmanager
def endpoint(certificate: Path | None = None, key: Path | None = None) -> Iterator[Endpoint]:
    """Serve on 127.0.0.1 until the end, by TLS if there is a certificate."""
    found = Endpoint()
    app = Starlette(routes=[Route("/keep", found.keep, methods=["POST"]), Route("/elsewhere", found.keep, methods=["POST", "GET"])])  # fmt: skip
    options: dict[str, Any] = {"ssl_certfile": certificate, "ssl_keyfile": key} if certificate else {}
    with serving(app, **options) as port:
        scheme, host = ("https", "localhost") if certificate else ("http", "127.0.0.1")
        found.address = f"{scheme}://{host}:{port}/keep"
        yield found
