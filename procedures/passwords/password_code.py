"""Codes to set a password by, for the first time or because it was forgotten.

    send      staff who have the customer before them have a code sent
    request   somebody asks for one by a login: everybody gets the same answer, and as soon
    use       the code comes back with a password; every session ends, and the customer is told wherever they are reached

The policies say to which contact points a code may go, and are asked about the same again when it comes back.
"""

from collections import deque
from datetime import datetime
from typing import Final
from uuid import UUID

from models import Account, AccountKind, Customer, PasswordCode, Session, Template
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from policies.errors import Refused
from procedures import worker
from procedures.access import (
    Allowance,
    CodeExpired,
    CodeWrong,
    Throttle,
    hashed,
    login_mark,
    session,
    spellings,
    totp,
    user,
)
from procedures.consent import locked
from procedures.current import installation
from procedures.errors import CodeRequired, UnfitPassword
from procedures.ledger import note, record
from procedures.message import outbox
from procedures.passwords import code as codes
from procedures.passwords import points
from procedures.work import Clock

#: The name of the job.
JOB: Final = "password codes"
#: How many askings wait for the job at most; beyond it the oldest is dropped, and its asker asks again.
MOST: Final = 1_000
#: Characters of the longest number of a customer, and some.
LONGEST: Final = 40


class Asking(Throttle):
    """Counts who asked for codes at one installation, by login and network address; each asking counts."""

    def __init__(self) -> None:
        super().__init__(of_login=Allowance(free=3), of_address=Allowance(free=30))


class Waiting(deque[str]):
    """The logins for which a code was asked for, and nobody has looked yet, in the memory of this process."""

    def __init__(self) -> None:
        super().__init__(maxlen=MOST)


class Trying(Throttle):
    """Counts wrong codes at one installation, by login and network address."""

    def __init__(self) -> None:
        super().__init__(of_login=Allowance(free=5), of_address=Allowance(free=50))


async def send(customer_id: UUID, *, by: Actor) -> datetime:
    """Send a customer a code to set a password by; returns until when it is good.

    Args:
        customer_id: who is to sign in.
        by: staff who found the customer at the desk, or work for the customer.

    Raises:
        Refused: the actor may not.
        NoSurePoint: there is nowhere to send it.
        ChannelUnavailable: this installation has no channel for where it could be sent.
        RateLimited: too many codes were sent to this customer.
    """
    async with transaction():
        await require(by, "send_password_code", "Customer", customer_id)
        return await send_in_transaction(customer_id, by=by)


async def send_in_transaction(customer_id: UUID, *, by: Actor) -> datetime:
    """The same in the transaction under way, whoever may; the policies are asked about the contact point."""
    await locked(customer_id)
    point = await points.best(customer_id, by)
    await points.check_rate(customer_id, by)
    until, code = by.now + codes.VALID, codes.new()
    row = PasswordCode(
        customer_id=customer_id, contact_point_id=point.id, point_revision=point.revision,
        begun_by_id=by.actor_id, sent_at=by.now, expires_at=until,
    )  # fmt: skip
    row.digest = codes.digest(row, code)
    await row.save()
    record(
        Event.PASSWORD_CODE_SENT,
        by,
        changed={PasswordCode: [row.id]},
        code=row.id,
        customer=customer_id,
        contact=point.id,
        actor=None,
    )
    customer = await Customer.get(id=customer_id)
    await outbox.queue(
        customer_id, Template.PASSWORD_CODE, by=by, contact_point_id=point.id, expires_at=until,
        code=code, number=customer.number, until=f"{until:%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    return until


async def request(login: str, *, address: str, clock: Clock, throttle: Throttle | None = None) -> None:
    """Have a code sent to whoever signs in by a login, if it is a customer's who surely is reached somewhere.

    Args:
        login: a customer's number.
        address: the network address of the request, for the throttle alone.
        clock: gives the present instant in UTC.
        throttle: counts askings; the installation's unless given.

    Raises:
        RateLimited: too many codes were asked for from there.
        LedgerUnavailable: the asking cannot be recorded.
    """
    by = Actor(clock=clock)
    throttle = installation().instance(Asking) if throttle is None else throttle
    throttle.enter(login, address, by.now)
    await note(Event.PASSWORD_CODE_REQUESTED, by, login=login_mark(login))
    installation().instance(Waiting).append(login[: LONGEST + 1])
    await worker.ring(JOB)


async def use(
    login: str,
    code: str,
    password: str,
    app_code: str | None = None,
    *,
    address: str,
    clock: Clock,
    throttle: Throttle | None = None,
) -> str:
    """Set the password of whoever has the code, with an account made for a customer who has none; returns the login.

    Every session of the account ends. The code serves once, and no other that was sent to the same person serves after it.

    Args:
        login: a customer's number, or an employee's login.
        code: as it was typed.
        password: the new one.
        app_code: of whoever has enrolled a telephone; others need none.
        address: the network address of the request, for the throttle alone.
        clock: gives the present instant in UTC.
        throttle: counts wrong codes; the installation's unless given.

    Raises:
        CodeWrong: it is no code of that login, or none any more; which is not said.
        CodeExpired: who it was sent to is not to be reached there any more, has left, or was deactivated.
        UnfitPassword: the password cannot be used; the code is still good.
        CodeRequired, WrongCredentials: the code of the telephone is missing or wrong; the code is still good.
        RateLimited: too many attempts failed.
    """
    by = Actor(clock=clock)
    throttle = installation().instance(Trying) if throttle is None else throttle
    throttle.enter(login, address, by.now)
    row = await _fitting(login, code, by)
    if row is None:
        await note(Event.PASSWORD_CODE_REFUSED, by, login=login_mark(login), code=CodeWrong.code)
        raise CodeWrong
    try:
        name = await _login(row)
        # Before the transaction: it takes a while, and others would wait.
        secret = await hashed(password, login=name)
        await _set(row, secret, app_code, by)
    except (UnfitPassword, CodeRequired):
        throttle.succeeded(login, address, by.now)
        raise
    throttle.succeeded(login, address, by.now)
    return name


async def _fitting(login: str, code: str, by: Actor) -> PasswordCode | None:
    """The row of a code that is good."""
    if len(login) > 200 or "\0" in login:
        return None
    names = spellings(login)
    for owner in ({"customer__number__in": names}, {"account__login__in": names}):
        rows = PasswordCode.filter(used_at=None, expires_at__gt=by.now, **owner)
        for row in await rows.order_by("-sent_at"):
            if codes.fits(row, code):
                return row
    return None


async def _login(row: PasswordCode) -> str:
    """By what the owner of a code signs in, or is to."""
    if row.customer_id is not None:
        return (await Customer.get(id=row.customer_id)).number
    return (await Account.get(id=row.account_id)).login


async def _set(row: PasswordCode, secret: str, app_code: str | None, by: Actor) -> None:
    async with transaction():
        account = await _account(row)
        await _require(row, by)
        if account is None:
            customer = await Customer.get(id=row.customer_id)
            account = await user.enrol(customer, secret, by.now)
        else:
            await totp.prove(account.id, app_code, by.now, installation().instance(Throttle))
            await Account.filter(id=account.id).update(password_hash=secret)
            ended = await session.end_all(account.id, by.now)
            changed = {Account: [account.id], Session: ended}
            record(Event.USER_PASSWORD_CHANGED, by, changed=changed, actor=account.id)
        codes_used = await _use_up(row, by)
        record(
            Event.PASSWORD_CODE_USED, by, changed={PasswordCode: codes_used}, code=row.id, actor=account.id
        )
        if row.customer_id is not None:
            await _tell(row.customer_id, by)


async def _require(row: PasswordCode, by: Actor) -> None:
    """Ask the policies about the code, and about where it was sent, as they are now; raises CodeExpired."""
    try:
        await require(by, "use", "PasswordCode", row.id)
    except Refused:
        raise CodeExpired from None
    if row.customer_id is None:
        return
    sure = await points.sure(row.customer_id, by)
    if (row.contact_point_id, row.point_revision) not in {(each.id, each.revision) for each in sure}:
        raise CodeExpired


async def _use_up(row: PasswordCode, by: Actor) -> list[UUID]:
    """Let neither this code nor another one of the same person serve again; returns their ids."""
    unused = PasswordCode.filter(customer_id=row.customer_id, account_id=row.account_id, used_at=None)
    ids = [each.id for each in await unused]
    await PasswordCode.filter(id__in=ids).update(used_at=by.now)
    return ids


async def _account(row: PasswordCode) -> Account | None:
    """The account whose password is set, locked with its owner; None for a customer who has none."""
    if row.customer_id is not None:
        await Customer.filter(id=row.customer_id).select_for_update(no_key=True).first()
    of = {"customer_id": row.customer_id} if row.customer_id else {"id": row.account_id}
    kind = AccountKind.CUSTOMER if row.customer_id else AccountKind.EMPLOYEE
    return await Account.filter(**of, kind=kind).select_for_update(no_key=True).first()


async def _tell(customer_id: UUID, by: Actor) -> None:
    """Tell a customer that the password was set, wherever the customer is reached; else in the account."""
    if not await outbox.queue_everywhere(customer_id, Template.PASSWORD_SET, by=by):
        await outbox.queue(customer_id, Template.PASSWORD_SET, by=by)
