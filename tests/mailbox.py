"""A real mail server on loopback, and what was sent to it."""

import asyncio
import email
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What arrived; `answers` says, by the SMTP command, what the server answers instead of taking it.

    Attributes:
        port: where it listens.
        secure: for each mail, whether it came by TLS.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        """Take a mail, or not."""
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients.extend(envelope.rcpt_tos)
        self.secure.append(session.ssl is not None)
        self.arrived.set()
        return "250 OK"


@asynccontextmanager
async def mailbox(
    login: tuple[str, str] | None = None, port: int = 0, **options: Any
) -> AsyncIterator[Mailbox]:
    """Serve on 127.0.0.1 until the end.

    Args:
        login: the only user with the password.
        port: where, if it is not to be a free one.
        options: of aiosmtpd's SMTP; `ssl` begins with TLS.
    """
    box, context = Mailbox(), options.pop("ssl", None)

    def authenticator(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any
    ) -> AuthResult:
        known = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == login
        return AuthResult(success=known, handled=False)

    def connection() -> SMTP:
        more: dict[str, Any] = {"authenticator": authenticator, "auth_required": True} if login else {}
        with warnings.catch_warnings():
            # aiosmtpd warns whoever asks for passwords on what it does not know to be TLS from the first byte.
            warnings.simplefilter("ignore")
            return SMTP(box, hostname="localhost", **more, **options)

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port, ssl=context)
    async with server:
        box.port = server.sockets[0].getsockname()[1]
        yield box
