"""Accounts and roles, looked after by the operator at the command line, who has the machine and with it the database.

No policy is asked; privacy officers are told all the same, unless it is a customer's account.
"""

from collections.abc import Iterable
from datetime import datetime

from tortoise.exceptions import IntegrityError

from models import AccessChangeKind, Account, AccountKind, Employee, Role
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures.access import spellings, user
from procedures.errors import LoginTaken, found
from procedures.ledger import record
from procedures.staff import employee_role
from procedures.staff.telling import changed
from procedures.task import HandedBack, break_glass, hand_back
from procedures.work import Clock


async def add(
    login: str, name: str, roles: Iterable[Role], manager: str | None = None, *, clock: Clock = utc_now
) -> Account:
    """Add a member of staff with at least one role, under a manager named by login; they have no password yet.

    Raises:
        Unfit: a value that cannot be used.
        LoginTaken: somebody has this login.
        NotFound: no employee signs in by the manager's login.
    """
    given = sorted(frozenset(roles))
    try:
        async with transaction():
            over = manager if manager is None else (await _employee(manager, "manager")).id
            account, now = await user.hire(login, name, given, clock(), manager_id=over), clock()
            for role in given:
                await changed(AccessChangeKind.ROLE_GIVEN, account.id, None, now, role)
            return account
    except IntegrityError:
        # Somebody else took the login at the same time.
        raise LoginTaken from None


async def deactivate_by_login(login: str, *, clock: Clock = utc_now) -> list[HandedBack]:
    """Deactivate an account: every session of it ends, none begins, and its open tasks, returned, go back to the managers.

    Raises:
        NotFound: nobody has this login.
    """
    async with transaction():
        return await deactivate(await _account(login), clock())


async def deactivate(account: Account, now: datetime) -> list[HandedBack]:
    """Deactivate an account as `deactivate_by_login` does, in the transaction under way."""
    await user.change(account.id, Event.USER_DEACTIVATED, now, {"active": False})
    await break_glass.end_of(account.id, by=None, at=now)
    if account.active and account.kind is not AccountKind.CUSTOMER:
        await changed(AccessChangeKind.DEACTIVATED, account.id, None, now)
    return await hand_back([account.id], by=None, at=now)


async def activate_by_login(login: str, *, clock: Clock = utc_now) -> None:
    """Activate an account again; its password is that of before.

    Raises:
        NotFound: nobody has this login.
    """
    async with transaction():
        account = await _account(login)
        await Account.filter(id=account.id).update(active=True)
        record(Event.USER_ACTIVATED, None, changed={Account: [account.id]}, actor=account.id)
        if not account.active and account.kind is not AccountKind.CUSTOMER:
            await changed(AccessChangeKind.ACTIVATED, account.id, None, clock())


async def give_role_by_login(login: str, role: Role) -> list[HandedBack]:
    """Give an employee a role; one who has it keeps it. Returns the tasks that cannot be carried with it.

    Raises:
        NotFound: nobody has this login, or no employee.
    """
    async with transaction():
        return await employee_role.given(await _employee(login), role, None)


async def take_role_by_login(login: str, role: Role) -> list[HandedBack]:
    """Take a role from an employee; one who has not the role stays as they are. Returns the tasks that needed it.

    Raises:
        NotFound: nobody has this login, or no employee.
        LastRole: it is the only one.
    """
    async with transaction():
        return await employee_role.taken(await _employee(login), role, None)


async def _employee(login: str, field: str = "login") -> Employee:
    return found(await Employee.filter(actor__login__in=spellings(login)).first(), "employee", field)


async def _account(login: str) -> Account:
    """The account of a login, locked."""
    return await Account.filter(id=await user.account_id(login)).select_for_update(no_key=True).get()
