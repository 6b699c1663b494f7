"""Accounts whose password a test knows; people set theirs by a code that is sent to them."""

from collections.abc import Iterable

from models import Account, Customer, Role
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures.access import hashed, user
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
