"""Accounts whose password or telephone a test knows; people set theirs by a code that is sent to them."""

from collections.abc import Iterable

import pyotp

from models import Account, Customer, Role, Totp
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures.access import hashed, user
from procedures.passwords import invitation
from procedures.work import Clock


async def employee(
    login: str, name: str, roles: Iterable[Role], password: str, *, clock: Clock = utc_now
) -> Account:
    """An employee who signs in by a password."""
    async with transaction():
        account = await user.hire(login, name, roles, clock())
    await set_password(login, password, clock=clock)
    return account


async def customer(number: str, password: str, *, clock: Clock = utc_now) -> Account:
    """The account of a customer, who signs in by the number."""
    secret = await hashed(password, login=number)
    async with transaction():
        return await user.enrol(await Customer.get(number=number), secret, clock())


async def set_password(login: str, password: str, *, clock: Clock = utc_now) -> None:
    """Replace a password; every session of its owner ends."""
    secret = await hashed(password, login=login)
    async with transaction():
        account = await user.account_id(login)
        await user.change(account, Event.USER_PASSWORD_CHANGED, clock(), {"password_hash": secret})


async def invited(login: str) -> str:
    """The code of an agent who is added, and has no password yet."""
    async with transaction():
        await user.hire(login, "Naujas", [Role.AGENT], utc_now())
    code, _ = await invitation.print_code(login)
    return code


async def enrolled(login: str) -> str:
    """The secret of a telephone that somebody has enrolled."""
    account, secret = await Account.get(login=login), pyotp.random_base32()
    row = Totp(actor_id=account.id, created_at=utc_now(), confirmed_at=utc_now())
    await row.seal_secret(secret)
    await row.save()
    return secret
