"""Sending one mail by SMTP: the address of the server, TLS, and the codes of what can go wrong.

    smtp://crm@mail.example:587?password-file=/etc/savas/smtp      STARTTLS, which must come about (port 587)
    smtps://crm@mail.example?password-file=…&from=crm@shop.example  TLS from the first byte (port 465)
    smtp://127.0.0.1:25?from=crm@shop.example                       a relay on this machine, which needs no TLS

Certificates are verified against those that the system trusts. The password is in a file of mode 0600: an address
that holds one is refused, for addresses get into logs.

`MailError` and its codes; no message repeats an address, a text, or what the server said:

- `SMTP_INVALID`: the address of the server is not usable
- `MAIL_MALFORMED`: a mail to that address, or with that subject, cannot be written
- `MAIL_PASSWORD_UNUSABLE`: the file of the password is missing, or open to others
- `MAIL_UNREACHABLE`: nobody answers there, or the answer did not come in time
- `MAIL_UNTRUSTED`: the server's certificate is not trusted, or it offers no STARTTLS
- `MAIL_LOGIN_REFUSED`: the server does not accept the user or the password
- `MAIL_DELAYED`: the server does not take it now (4xx)
- `MAIL_REFUSED`: the server will not take it (5xx)
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from models.errors import ProcedureError
from policies.actor import utc_now
from vault import private
from vault.errors import ProviderError

#: Seconds for the whole of one sending.
PATIENCE = 30.0
PORTS = {"smtp": 587, "smtps": 465}

#: The codes of errors that happen again whenever the same mail is tried.
_FINAL = frozenset({"MAIL_MALFORMED", "MAIL_REFUSED"})


class MailError(ProcedureError):
    """A mail was not sent, or the settings for it cannot be used."""

    @property
    def final(self) -> bool:
        """Whether the same mail will fail again, whenever it is tried."""
        return self.code in _FINAL


@dataclass(frozen=True)
class SMTP:
    """A mail server.

    Attributes:
        host, port: where it listens.
        sender: the address that mails are from.
        user: the name to sign in with; None does not sign in.
        password_file: the file of mode 0600 that holds the password.
        tls: whether the connection begins with TLS; otherwise it is to become so by STARTTLS.
    """

    host: str
    port: int
    sender: str
    user: str | None = None
    password_file: Path | None = None
    tls: bool = False

    @classmethod
    def parse(cls, address: str) -> "SMTP":
        """The server that an address names.

        Raises:
            MailError: SMTP_INVALID.
        """
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise _invalid("the port is no number") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
            raise _invalid("it must be smtp://HOST or smtps://HOST, perhaps with a user and a port")
        if parts.password is not None:
            raise _invalid(
                "it holds a password: put that into a file, name it with password-file=, change it"
            )
        user, options = unquote(parts.username or "") or None, dict(parse_qsl(parts.query))
        if not options.keys() <= {"password-file", "from"}:
            raise _invalid("it may have the options password-file and from, and no other")
        if ("password-file" in options) != (user is not None):
            raise _invalid("a user and a password-file belong together")
        sender, file = _sender(options.get("from") or user or ""), options.get("password-file")
        return cls(
            parts.hostname,
            port or PORTS[parts.scheme],
            sender,
            user,
            Path(file) if file else None,
            parts.scheme == "smtps",
        )

    @property
    def domain(self) -> str:
        """The domain of the sender."""
        return self.sender.rpartition("@")[2]

    @property
    def on_this_machine(self) -> bool:
        """Whether the server is on this machine, so that TLS is not needed."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Mail:
    """What is to be sent.

    Attributes:
        to: one address.
        subject: a line.
        text: plain text.
        files: texts to attach, byte for byte, by file name.
        id: the same for a mail that is sent twice, so that its reader has one; random when empty.
    """

    to: str
    subject: str
    text: str
    files: Mapping[str, str] = field(default_factory=dict)
    id: str = ""


async def send(smtp: SMTP, mail: Mail) -> None:
    """Hand one mail to the server; when this returns, the server has taken it.

    Raises:
        MailError: it has not, or did not confirm it.
    """
    import aiosmtplib  # noqa: PLC0415 a start sends nothing

    message, password = _message(smtp, mail), _password(smtp)
    try:
        async with asyncio.timeout(PATIENCE):
            await aiosmtplib.send(
                message,
                sender=smtp.sender,
                recipients=message["To"],
                hostname=smtp.host,
                port=smtp.port,
                username=smtp.user,
                password=password,
                local_hostname=smtp.domain,
                use_tls=smtp.tls,
                # A relay on this machine may offer STARTTLS or not; everybody else must.
                start_tls=None if smtp.on_this_machine and not smtp.tls else not smtp.tls,
                tls_context=ssl.create_default_context(),
            )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _mail_error(error) from None


def valid_address(address: str) -> str:
    """An e-mail address as it is written to.

    Raises:
        MailError: MAIL_MALFORMED.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 no start needs its patterns

    try:
        email = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise MailError("MAIL_MALFORMED", "That is not an e-mail address. Check how it is spelt.") from None
    return email.ascii_email or email.normalized


def _sender(address: str) -> str:
    try:
        return valid_address(address)
    except MailError:
        raise _invalid("name the address that mails are from, as in from=crm@shop.example") from None


def _message(smtp: SMTP, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = smtp.sender, valid_address(mail.to), mail.subject
    except ValueError:
        raise MailError("MAIL_MALFORMED", "The subject of a mail is one line.") from None
    message["Message-ID"] = f"<{mail.id}@{smtp.domain}>" if mail.id else make_msgid(domain=smtp.domain)
    message["Date"] = format_datetime(utc_now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    for name, text in mail.files.items():
        # As bytes: a text would have its line ends changed on the way, and a signature its meaning.
        message.add_attachment(text.encode(), maintype="text", subtype="plain", filename=name)
    return message


def _password(smtp: SMTP) -> str | None:
    if smtp.password_file is None:
        return None
    try:
        return private.read(smtp.password_file, "file of the mail server's password").decode().rstrip("\r\n")
    except (ProviderError, UnicodeDecodeError) as error:
        why = error.message if isinstance(error, ProviderError) else "The password is no text."
        raise MailError("MAIL_PASSWORD_UNUSABLE", why) from None


def _mail_error(error: Exception) -> MailError:
    """The error of a failure, without the server's words, which often repeat addresses."""
    import aiosmtplib  # noqa: PLC0415 it is there since it was tried

    # The bare kind is what aiosmtplib raises when there is no STARTTLS, or no signing in without it.
    if _caused_by(error, ssl.SSLError) or type(error) is aiosmtplib.SMTPException:
        return MailError(
            "MAIL_UNTRUSTED", "The mail server is not to be trusted: look at its certificate and STARTTLS."
        )
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return MailError(
            "MAIL_LOGIN_REFUSED", "The mail server refused the user or the password. Check --smtp."
        )
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _mail_error(error.recipients[0])
    final = isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 500
    if final or isinstance(error, aiosmtplib.SMTPNotSupported):
        return MailError("MAIL_REFUSED", "The mail server will not take this mail.")
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 400:
        return MailError("MAIL_DELAYED", "The mail server does not take mail now. It is tried again.")
    return MailError("MAIL_UNREACHABLE", "The mail server cannot be reached. Check --smtp and that it runs.")


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def _invalid(why: str) -> MailError:
    return MailError("SMTP_INVALID", f"The address of the mail server is not usable: {why}.")
