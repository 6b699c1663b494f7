"""Accounts: added, changed and listed.

Nobody is added with a password: people set their own by a code (`procedures.passwords`), and the program of a partner gets a
secret. What is not in a transaction under way the operator runs at the command line, who has the machine and with it the
database: no policy is asked.
"""

import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import (
    Account,
    AccountKind,
    Customer,
    Employee,
    EmployeeRole,
    Partner,
    PartnerClient,
    Role,
    Session,
)
from models.database import transaction
from models.errors import ProcedureError, Unfit
from models.event import Event
from models.values import line
from policies.actor import Actor, utc_now
from procedures.access import totp
from procedures.access.password import hashed
from procedures.access.session import KINDS, end_all, spellings
from procedures.errors import AlreadyExists, LoginTaken, NotFound, found
from procedures.ledger import Changed, record
from procedures.work import Clock


@dataclass(frozen=True)
class User:
    """An account for display; a customer is named by number alone."""

    login: str
    kind: AccountKind
    name: str | None
    roles: tuple[Role, ...]
    active: bool


async def hire(
    login: str,
    name: str,
    roles: Iterable[Role],
    at: datetime,
    *,
    by: Actor | None = None,
    manager_id: UUID | None = None,
) -> Account:
    """Add a member of staff, who cannot sign in before they set a password, in the transaction under way.

    Args:
        login: what they sign in by.
        name: at work.
        roles: at least one.
        at: the present instant.
        by: who adds them; None for the operator.
        manager_id: the employee who manages them.

    Raises:
        Unfit: a value that cannot be used.
        LoginTaken: somebody has this login.
    """
    login, name, roles = line(login, "login").casefold(), line(name, "name"), frozenset(roles)
    if not roles:
        raise Unfit("An employee without a role can do nothing. Name at least one.", "roles")
    account = await _created(AccountKind.EMPLOYEE, login, None, at)
    employee = await Employee.create(actor_id=account.id, name=name, manager_id=manager_id)
    assignments = [EmployeeRole(employee_id=employee.id, role=role) for role in sorted(roles)]
    await EmployeeRole.bulk_create(assignments)
    _record(account, {Employee: [employee.id], EmployeeRole: [each.id for each in assignments]}, by)
    return account


async def enrol(customer: Customer, secret: str, at: datetime) -> Account:
    """Add the account of a new customer, in the transaction under way.

    Args:
        customer: who.
        secret: the hash of the password.
        at: the present instant.

    Raises:
        LoginTaken: somebody signs in by that number already.
    """
    account = await _created(AccountKind.CUSTOMER, customer.number, secret, at, customer.id)
    _record(account, {})
    return account


async def add_partner(name: str, *, clock: Clock = utc_now) -> Partner:
    """Add a subcontractor, which may read nothing until an agreement is signed.

    Raises:
        AlreadyExists: a partner has this name.
    """
    name = line(name, "name")
    async with _transaction(AlreadyExists("partner", "name")):
        partner = await Partner.create(name=name, created_at=clock())
        record(Event.PARTNER_ADDED, None, changed={Partner: [partner.id]}, partner=partner.id)
        return partner


async def add_partner_client(partner: str, name: str, *, clock: Clock = utc_now) -> tuple[Account, str]:
    """Add a program of a partner, which signs in by its own name and the secret, told here and never again.

    Raises:
        NotFound: there is no partner of this name.
        LoginTaken: somebody has this login.
    """
    name, secret = line(name, "name"), secrets.token_urlsafe(32)
    digest = await hashed(secret, login=name)
    async with _transaction(LoginTaken()):
        owner = found(await Partner.get_or_none(name=partner.strip()), "partner", "partner")
        account = await _created(AccountKind.PARTNER_CLIENT, name.casefold(), digest, clock())
        client = await PartnerClient.create(actor_id=account.id, partner_id=owner.id, name=name)
        _record(account, {PartnerClient: [client.id]})
    return account, secret


async def reset_totp(login: str) -> None:
    """Remove the codes of somebody who lost telephone and recovery codes: the password alone signs in.

    Raises:
        NotFound: nobody has this login.
        NotEnrolled: they need no code.
    """
    async with transaction():
        await totp.reset(await account_id(login))


async def listed() -> list[User]:
    """Every account, by kind and login."""
    rows = await Account.all().values(
        "login",
        "kind",
        "active",
        employee="employee__name",
        client="partner_client__name",
        role="employee__roles__role",
    )
    roles: dict[str, set[Role]] = {row["login"]: set() for row in rows}
    for row in rows:
        if row["role"] is not None:
            roles[row["login"]].add(row["role"])
    users = {
        row["login"]: User(
            row["login"],
            row["kind"],
            row["employee"] or row["client"],
            tuple(sorted(roles[row["login"]])),
            row["active"],
        )
        for row in rows
    }
    return sorted(users.values(), key=lambda user: (user.kind, user.login))


async def active(accounts: Collection[UUID], _now: datetime) -> dict[UUID, bool]:
    """Whether some accounts may sign in, by identifier."""
    return dict(await Account.filter(id__in=accounts).values_list("id", "active"))


async def _created(
    kind: AccountKind, login: str, secret: str | None, at: datetime, customer_id: UUID | None = None
) -> Account:
    # The unique column knows one spelling only; two logins that differ in case are a trap.
    if await Account.filter(login__in=spellings(login)).exists():
        raise LoginTaken
    return await Account.create(
        kind=kind, login=login, password_hash=secret, customer_id=customer_id, created_at=at
    )


def _record(account: Account, others: Changed, by: Actor | None = None) -> None:
    record(
        Event.USER_ADDED,
        by,
        changed={Account: [account.id], **others},
        actor=account.id,
        kind=KINDS[account.kind],
    )


async def change(
    actor_id: UUID, event: Event, at: datetime, values: Mapping[str, object], by: Actor | None = None
) -> None:
    """Change an account, and end its sessions, in the transaction under way."""
    await Account.filter(id=actor_id).update(**values)
    changed = {Account: [actor_id], Session: await end_all(actor_id, at)}
    record(event, by, changed=changed, actor=actor_id)


async def account_id(login: str) -> UUID:
    """The account of a login, however it is spelled.

    Raises:
        NotFound: nobody has this login.
    """
    names = spellings(login)
    ids = {account.login: account.id for account in await Account.filter(login__in=names)}
    for name in names:
        if name in ids:
            return ids[name]
    raise NotFound("login", "login")


@asynccontextmanager
async def _transaction(error: ProcedureError) -> AsyncIterator[None]:
    """A transaction that raises `error` where another one took a name first."""
    try:
        async with transaction():
            yield
    except IntegrityError:
        raise error from None
