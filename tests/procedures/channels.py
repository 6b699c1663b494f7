"""An SMS gateway on loopback, and the ways to it and to a mail server there."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from models import MessageChannel
from procedures.sending import SMTP, Channel, Mailbox
from tests import mailbox


def way(port: int) -> Mailbox:
    """The way to a mail server on this machine, which may not be there."""
    return Mailbox(SMTP.parse(f"smtp://127.0.0.1:{port}?from=crm@savas.example"))


def ways(inbox: mailbox.Mailbox) -> dict[MessageChannel, Channel]:
    """The only way out: by mail to that mailbox."""
    return {MessageChannel.EMAIL: way(inbox.port)}


@dataclass
class Heard:
    """One request that a gateway got."""

    headers: dict[str, str]
    body: dict[str, str]


@contextmanager
def gateway(statuses: list[int]) -> Iterator[tuple[str, list[Heard]]]:
    """An SMS gateway on this machine that answers with these statuses in turn: its address, and what it heard."""
    heard: list[Heard] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append(Heard(dict(self.headers), body))
            self.send_response(statuses[min(len(heard), len(statuses)) - 1])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/send", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
