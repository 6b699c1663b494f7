"""Inviting people: the operator has a code sent to whoever has a login, and its reader sets the password; nobody else knows it.

    invite       a code goes by mail to an employee, or to where a customer is surely reached
    print_code   of an employee whom no mail reaches, such as the first administrator, the operator is told a code of short life

The operator runs this at the command line, who has the machine and with it the database: no policy is asked but where a
customer is reached. Privacy officers are told of each code of an employee.

    NO_MAIL       this installation sends no mails, or the login is no e-mail address
    MAIL_REACHES  a code can be mailed, and so none is printed
"""

from datetime import datetime, timedelta
from typing import Any, Final

from models import AccessChangeKind, Account, AccountKind, Customer, CustomerStatus, PasswordCode
from models.database import transaction
from models.event import Event
from policies.actor import Actor, utc_now
from procedures import current, staff
from procedures.access import spellings
from procedures.errors import Conflict, found
from procedures.ledger import record
from procedures.passwords import code as codes
from procedures.passwords import password_code
from procedures.sending import SMTP, Mail, smtp
from procedures.work import Clock

#: How long a printed code is good: whoever it is for sits there.
PRINTED: Final = timedelta(minutes=15)

_TEXT = (
    "You have been invited to sign in to Savas as {login}, or to choose another password.\n\n"
    "{code}\n\n"
    "Open {place}, choose `Set a password by a code`, and give your login, this code and a password of your choice. The "
    "code serves once, until {until}. Whoever invited you knows neither the code nor the password.\n"
)
_PLACE = "the address where you sign in"


class NoMail(Conflict):
    """No code can be mailed to this login."""

    code = "NO_MAIL"
    message = (
        "No code can be mailed there: the login is no e-mail address, or there is no mail server (--smtp, before the command). "
        "With --print-code the code is printed here, for the person beside you."
    )
    field = "login"


class MailReaches(Conflict):
    """A code can be mailed to this login, and so none is printed."""

    code = "MAIL_REACHES"
    message = "A code can be mailed there. Leave --print-code out."
    field = "login"


async def invite(login: str, *, clock: Clock = utc_now) -> datetime:
    """Have a code sent by which a password is set; returns until when it is good. The present password stays until then.

    An employee's is mailed at once, a customer's is sent by a running server.

    Args:
        login: of an employee, or the number of a customer, who may have no account yet.
        clock: gives the present instant in UTC.

    Raises:
        NotFound: no active employee and no customer has this login.
        NoMail: no code can be mailed to the employee.
        MailError: the mail server does not take it; the code that it holds reaches nobody.
        NoSurePoint, ChannelUnavailable, RateLimited: as for `password_code.send`.
    """
    customer = await Customer.filter(number__in=spellings(login), status=CustomerStatus.ACTIVE).first()
    if customer is not None:
        async with transaction():
            return await password_code.send_in_transaction(customer.id, by=Actor(clock=clock))
    account = await _employee(login)
    server, code = require_reachable(account.login), codes.new()
    row = await _stored(account, code, codes.VALID, clock())
    text = _TEXT.format(
        login=account.login, code=code, place=current.addresses().public or _PLACE,
        until=f"{row.expires_at:%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    await smtp.send(server, Mail(account.login, "Savas: choose a password", text, id=str(row.id)))
    return row.expires_at


async def print_code(login: str, *, clock: Clock = utc_now) -> tuple[str, datetime]:
    """A code for an employee whom no mail reaches, and until when it is good; it is told here and never again.

    Raises:
        NotFound: no active employee has this login.
        MailReaches: a code can be mailed.
    """
    account, code = await _employee(login), codes.new()
    require_unreachable(account.login)
    row = await _stored(account, code, PRINTED, clock(), printed=True)
    return code, row.expires_at


def require_reachable(login: str) -> SMTP:
    """The mail server that a login can be reached through; raises NoMail."""
    server = current.addresses().smtp
    if server is None or "@" not in login:
        raise NoMail
    return server


def require_unreachable(login: str) -> None:
    """Refuse to print a code that can be mailed; raises MailReaches."""
    if current.addresses().smtp is not None and "@" in login:
        raise MailReaches


async def _employee(login: str) -> Account:
    accounts = Account.filter(login__in=spellings(login), kind=AccountKind.EMPLOYEE, active=True)
    return found(await accounts.first(), "employee", "login")


async def _stored(
    account: Account, code: str, valid: timedelta, now: datetime, *, printed: bool = False
) -> PasswordCode:
    """Store a code of an employee's account, record it, and have privacy officers told."""
    row = PasswordCode(account_id=account.id, sent_at=now, expires_at=now + valid)
    row.digest = codes.digest(row, code)
    event = Event.PASSWORD_CODE_PRINTED if printed else Event.PASSWORD_CODE_SENT
    nowhere: dict[str, Any] = {} if printed else {"customer": None, "contact": None}
    async with transaction():
        await row.save()
        record(event, None, changed={PasswordCode: [row.id]}, code=row.id, actor=account.id, **nowhere)
        kind = AccessChangeKind.CODE_PRINTED if printed else AccessChangeKind.CODE_MAILED
        await staff.changed(kind, account.id, None, now)
    return row
