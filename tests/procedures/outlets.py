"""Servers on loopback that take messages, as real ones do: SMTP by aiosmtpd, a gateway over HTTP."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd import smtp as aiosmtpd_smtp

from models import MessageChannel
from procedures.mail import Mailbox
from procedures.smtp import SMTP

Answer = Callable[[str], str]


@dataclass
class Inbox:
    """What a mail server has taken; `answer` says what it answers for each recipient."""

    mails: list[EmailMessage] = field(default_factory=list)
    answer: Answer = lambda _: "250 OK"
    data: str = "250 OK"
    way: dict[MessageChannel, Mailbox] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, or not."""
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 aiosmtpd's name
        """Take a mail, or not."""
        if self.data.startswith("250"):
            read = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(read, EmailMessage)
            self.mails.append(read)
            self.arrived.set()
        return self.data


@asynccontextmanager
async def mail_server(inbox: Inbox) -> AsyncIterator[Mailbox]:
    """A mail server on this machine, and the way to it."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: aiosmtpd_smtp.SMTP(inbox, loop=loop, hostname="mx.test"), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox(port)
    finally:
        server.close()
        await server.wait_closed()


def mailbox(port: int) -> Mailbox:
    """The way to a mail server on this machine, which may not be there."""
    return Mailbox(SMTP.parse(f"smtp://127.0.0.1:{port}?from=crm@savas.example"))


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
