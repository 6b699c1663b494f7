"""A real server on loopback, and callers that know less of manners than httpx does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from web.connections import uvicorn_options

#: Seconds after which a test gives up waiting for the server; nothing is measured by it.
GIVE_UP = 300.0


class Server(uvicorn.Server):
    """Tells when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def serving(app: ASGIApp, **options: Any) -> Iterator[int]:
    """Serve the application with our own options; gives the port."""
    config = uvicorn.Config(app, **{**uvicorn_options(), "log_config": None, "lifespan": "off", **options})
    server = Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            assert server.ready.wait(GIVE_UP)
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(GIVE_UP)


@contextmanager
def calling(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    """A bare connection on which these bytes were sent."""
    with socket.create_connection(("127.0.0.1", port), GIVE_UP) as connection:
        connection.sendall(sent)
        yield connection


def heard(connection: socket.socket) -> bytes:
    """Everything the server says until it hangs up."""
    parts = []
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)
