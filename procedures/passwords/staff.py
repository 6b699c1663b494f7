"""Inviting employees: the operator has a code mailed to the login, and its reader sets the password; nobody else knows it.

The operator runs this at the command line, who has the machine and with it the database: no policy is asked.

    NO_MAIL   this installation sends no mails, or the login is no e-mail address
"""

from datetime import datetime

from models import Account, AccountKind, PasswordCode
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import current
from procedures.access import spellings
from procedures.errors import Conflict, found
from procedures.ledger import record
from procedures.passwords import code as codes
from procedures.sending import SMTP, Mail, smtp
from procedures.work import Clock

_TEXT = (
    "You have been invited to sign in to Savas as {login}, or to choose another password.\n\n"
    "{code}\n\n"
    "Give your login, this code and a password of your choice to `passwordCodeUse`, where you sign in. The code serves once, "
    "until {until}. Whoever invited you knows neither the code nor the password.\n"
)


class NoMail(Conflict):
    """No code can be mailed to this login."""

    code = "NO_MAIL"
    message = (
        "No code can be mailed there: the login is no e-mail address, or there is no mail server (--smtp)."
    )
    field = "login"


async def invite(login: str, *, clock: Clock = utc_now) -> datetime:
    """Mail an employee a code to set a password by; returns until when it is good. The present password stays until then.

    Raises:
        NotFound: no active employee has this login.
        NoMail: no code can be mailed to it.
        MailError: the mail server does not take it; the code that it holds reaches nobody.
    """
    accounts = Account.filter(login__in=spellings(login), kind=AccountKind.EMPLOYEE, active=True)
    account = found(await accounts.first(), "employee", "login")
    server = require_reachable(account.login)
    now, code = clock(), codes.new()
    row = PasswordCode(account_id=account.id, sent_at=now, expires_at=now + codes.VALID)
    row.digest = codes.digest(row, code)
    async with transaction():
        await row.save()
        record(
            Event.PASSWORD_CODE_SENT,
            None,
            changed={PasswordCode: [row.id]},
            code=row.id,
            customer=None,
            contact=None,
            actor=account.id,
        )
    text = _TEXT.format(login=account.login, code=code, until=f"{row.expires_at:%Y-%m-%d %H:%M} UTC")
    await smtp.send(server, Mail(account.login, "Savas: choose a password", text, id=str(row.id)))
    return row.expires_at


def require_reachable(login: str) -> SMTP:
    """The mail server that a login can be reached through; raises NoMail."""
    server = current.addresses().smtp
    if server is None or "@" not in login:
        raise NoMail
    return server
