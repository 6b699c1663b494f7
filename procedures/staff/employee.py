"""Employees: added, renamed, deactivated and activated, by administrators.

Nobody decides about themselves, and so the last administrator stays one. What two administrators do to each other at the
same time is done by one of them: who acts, and on whom, is locked, and the roles are those of that instant.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid4

from tortoise.exceptions import IntegrityError

from models import AccessChangeKind, Account, Employee, EmployeeRole, Role
from models.database import transaction
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from procedures.access import user
from procedures.errors import LoginTaken
from procedures.ledger import record
from procedures.staff.telling import changed
from procedures.task import break_glass, hand_back


async def add(login: str, name: str, roles: Iterable[Role], *, by: Actor) -> Employee:
    """Add an employee, who has no password yet and so cannot sign in.

    Raises:
        Refused: the actor may not.
        StepUpRequired: the session has to be confirmed first.
        Unfit: a value that cannot be used.
        LoginTaken: somebody has this login.
    """
    try:
        async with transaction():
            by = await present(by)
            own = await Employee.get_or_none(actor_id=by.actor_id)
            await require(by, "add_employee", "Employee", own.id if own else uuid4())
            account = await user.hire(login, name, roles, by.now, by=by)
            for role in sorted(frozenset(roles)):
                await changed(AccessChangeKind.ROLE_GIVEN, account.id, by, by.now, role)
            return await Employee.get(actor_id=account.id)
    except IntegrityError:
        # Somebody else took the login at the same time.
        raise LoginTaken from None


async def rename(employee_id: UUID, name: str, *, by: Actor) -> Employee:
    """Change an employee's name at work.

    Raises:
        Refused: the actor may not, or there is no such employee.
        Unfit: the name is no line of text.
    """
    async with transaction():
        by, employee = await asked(by, "rename", employee_id)
        await Employee.filter(id=employee_id).update(name=line(name, "name"))
        record(Event.EMPLOYEE_RENAMED, by, actor=employee.actor_id)
        return employee


async def deactivate(employee_id: UUID, *, by: Actor) -> tuple[Employee, int]:
    """Deactivate an employee: every session ends, none begins, and open tasks go back to the managers.

    Returns:
        The employee, and how many open tasks went back.

    Raises:
        Refused: the actor may not, it is the actor, or there is no such employee.
        StepUpRequired: the session has to be confirmed first.
    """
    async with transaction():
        by, employee = await asked(by, "deactivate", employee_id)
        if await Account.filter(id=employee.actor_id, active=True).exists():
            await user.change(employee.actor_id, Event.USER_DEACTIVATED, by.now, {"active": False}, by)
            await break_glass.end_of(employee.actor_id, by=by, at=by.now)
            await changed(AccessChangeKind.DEACTIVATED, employee.actor_id, by, by.now)
        return employee, len(await hand_back([employee.actor_id], by=by, at=by.now))


async def activate(employee_id: UUID, *, by: Actor) -> Employee:
    """Activate an employee again, with the password and the roles of before.

    Raises:
        Refused: the actor may not, it is the actor, or there is no such employee.
        StepUpRequired: the session has to be confirmed first.
    """
    async with transaction():
        by, employee = await asked(by, "activate", employee_id)
        if await Account.filter(id=employee.actor_id, active=False).exists():
            await user.change(employee.actor_id, Event.USER_ACTIVATED, by.now, {"active": True}, by)
            await changed(AccessChangeKind.ACTIVATED, employee.actor_id, by, by.now)
        return employee


async def asked(by: Actor, action: str, employee_id: UUID) -> tuple[Actor, Employee]:
    """The actor as of now, and an employee about whom the actor may decide; both are locked."""
    employee = await Employee.get_or_none(id=employee_id)
    by = await present(by, *([employee.actor_id] if employee else []))
    await require(by, action, "Employee", employee_id)
    return by, await Employee.get(id=employee_id)


async def present(by: Actor, *others: UUID) -> Actor:
    """The actor with the roles of this instant; none where the account is no longer active."""
    # In one order, so that two who act on each other do not wait for each other for ever.
    for id in sorted({by.actor_id, *others} - {None}, key=str):
        await Account.filter(id=id).select_for_update(no_key=True).first()
    held = EmployeeRole.filter(employee__actor_id=by.actor_id, employee__actor__active=True)
    return replace(by, roles=frozenset(each.role for each in await held))
