"""Employees and their roles are looked after by administrators, who never decide about themselves."""

import asyncio
from uuid import UUID

import pytest

from models import (
    AccessChange,
    Account,
    BreakGlass,
    BreakGlassState,
    Employee,
    EmployeeRole,
    Role,
    Session,
    Task,
)
from models.event import Event
from policies.errors import Refused, StepUpRequired
from procedures import staff
from procedures.errors import LoginTaken
from procedures.staff import employee, employee_role
from procedures.staff.employee_role import LastRole
from tests import accounts, ledger
from tests.mailbox import Mailbox
from tests.people import Office, Someone


async def administrator(office: Office, *others: str) -> Someone:
    """An administrator in a confirmed session."""
    return await office.session(await office.employee("administrator", *others))


async def roles(someone: Someone) -> set[str]:
    return {each.role.value for each in await EmployeeRole.filter(employee_id=_id(someone))}


def _id(someone: Someone) -> UUID:
    assert someone.record is not None
    return someone.record.id


@pytest.mark.every_database
async def test_a_role_is_given_and_taken_at_once(office: Office) -> None:
    boss, ruta = await administrator(office), await office.agent()

    await employee_role.give(_id(ruta), Role.MANAGER, by=boss.actor)
    await employee_role.give(_id(ruta), Role.MANAGER, by=boss.actor)
    assert await roles(ruta) == {"agent", "manager"}
    await employee_role.take(_id(ruta), Role.AGENT, by=boss.actor)
    await employee_role.take(_id(ruta), Role.AGENT, by=boss.actor)

    assert await roles(ruta) == {"manager"}
    told = await ledger.data(Event.ROLE_GIVEN, Event.ROLE_TAKEN)
    assert [each["role"] for each in told] == ["manager", "agent"]
    assert await AccessChange.all().count() == 2


async def test_the_last_role_stays(office: Office) -> None:
    boss, ruta = await administrator(office), await office.agent()

    with pytest.raises(LastRole):
        await employee_role.take(_id(ruta), Role.AGENT, by=boss.actor)

    assert await roles(ruta) == {"agent"}


async def test_administrators_do_nothing_to_themselves(office: Office) -> None:
    boss = await administrator(office, "agent")

    for change in (
        employee_role.give(_id(boss), Role.PRIVACY_OFFICER, by=boss.actor),
        employee_role.take(_id(boss), Role("administrator"), by=boss.actor),
        employee.deactivate(_id(boss), by=boss.actor),
    ):
        with pytest.raises(Refused):
            await change


@pytest.mark.every_database
async def test_of_two_administrators_who_take_each_others_role_one_stays(office: Office) -> None:
    one, other = await administrator(office, "agent"), await administrator(office, "agent")
    admin = Role("administrator")

    done = await asyncio.gather(
        employee_role.take(_id(one), admin, by=other.actor),
        employee_role.take(_id(other), admin, by=one.actor),
        return_exceptions=True,
    )

    assert [type(each) for each in done if isinstance(each, Exception)] == [Refused]
    assert await EmployeeRole.filter(role=admin).count() == 1


async def test_nobody_else_and_no_unconfirmed_session_gives_a_role(office: Office) -> None:
    ruta = await office.agent()
    officer = await office.session(await office.employee("privacy_officer", "manager"))
    unconfirmed = await office.session(await office.employee("administrator"), confirmed=False)

    with pytest.raises(Refused):
        await employee_role.give(_id(ruta), Role.MANAGER, by=officer.actor)
    for change in (employee_role.give, employee_role.take):
        with pytest.raises(StepUpRequired):
            await change(_id(ruta), Role.MANAGER, by=unconfirmed.actor)
    with pytest.raises(StepUpRequired):
        await employee.add("eve@savas.example", "Eve", [Role.MANAGER], by=unconfirmed.actor)


async def test_break_glass_ends_with_a_role_of_whoever_asked(office: Office) -> None:
    boss, ruta = await administrator(office), await office.employee("agent", "manager")
    officer, customer = await office.employee("privacy_officer"), await office.customer()
    glass = await office.break_glass(ruta, customer, "support", "contact_point", approver=officer)

    await employee_role.take(_id(ruta), Role.AGENT, by=boss.actor)

    assert (await BreakGlass.get(id=glass.id)).state is BreakGlassState.ENDED


@pytest.mark.every_database
async def test_whoever_is_deactivated_is_signed_out_and_hands_tasks_back(office: Office) -> None:
    boss, ruta = await administrator(office), await office.session(await office.agent("support"))
    task = await office.task(ruta, await office.customer(), "support")

    _, left = await employee.deactivate(_id(ruta), by=boss.actor)

    assert left == 1
    assert (await Task.get(id=task.id)).assignee_id is None
    assert not (await Account.get(id=ruta.actor.actor_id)).active
    assert (await Session.get(id=ruta.actor.session_id)).ended_at is not None
    await employee.activate(_id(ruta), by=boss.actor)
    assert (await Account.get(id=ruta.actor.actor_id)).active


async def test_an_employee_who_is_added_has_no_password(office: Office) -> None:
    boss = await administrator(office)

    added = await employee.add("Eve@savas.example", "Eve", [Role.AGENT], by=boss.actor)
    renamed = await employee.rename(added.id, "Eva", by=boss.actor)

    account = await Account.get(id=added.actor_id)
    assert (account.login, account.password_hash) == ("eve@savas.example", None)
    assert (await Employee.get(id=renamed.id)).name == "Eva"
    with pytest.raises(LoginTaken):
        await employee.add("eve@savas.example", "Eve", [Role.AGENT], by=boss.actor)


@pytest.mark.usefixtures("sending")
async def test_privacy_officers_are_told_of_roles_once_by_mail(inbox: Mailbox) -> None:
    await accounts.employee("ona@savas.example", "Ona", [Role.PRIVACY_OFFICER], "correct horse battery")
    await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT], "correct horse battery")

    await staff.give_role_by_login("ruta@savas.example", Role.MANAGER)
    await staff.take_role_by_login("ruta@savas.example", Role.AGENT)
    await staff.tell()
    await staff.tell()

    assert inbox.recipients == ["ona@savas.example"] * 2
    assert "manager" in inbox.mails[0].get_content()
    assert "ruta" not in str(inbox.mails[0])
    assert [each["officers"] for each in await ledger.data(Event.ACCESS_CHANGE_NOTIFIED)] == [1, 1]
    await ledger.vouched()
