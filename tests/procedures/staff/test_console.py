"""What the operator does to accounts is recorded and told like what administrators do."""

import asyncio

import pytest

from models import AccessChange, Account, Employee, EmployeeRole, Role
from models.errors import Unfit
from models.event import Event
from procedures import staff
from procedures.errors import LoginTaken, NotFound
from tests import accounts, ledger
from tests.people import Office
from tests.procedures import records
from tests.procedures.records import Clock

PASSWORD = "correct horse battery"


async def told() -> list[str]:
    return [each.kind.value for each in await AccessChange.all().order_by("at", "role")]


async def test_an_employee_gets_a_login_roles_and_a_manager_and_no_password(database: str) -> None:
    await staff.add("boss@office.example", "Boss", [Role.MANAGER])

    account = await staff.add(
        " Ona@Office.example ", "Ona", [Role.AGENT, Role.MANAGER], "BOSS@office.example"
    )

    employee = await Employee.get(actor_id=account.id).prefetch_related("manager", "roles")
    assert (account.login, account.password_hash) == ("ona@office.example", None)
    assert employee.manager is not None
    assert employee.manager.name == "Boss"
    assert {held.role for held in employee.roles} == {Role.AGENT, Role.MANAGER}
    assert await told() == ["ROLE_GIVEN"] * 3


@pytest.mark.parametrize(
    ("login", "name", "roles", "field"),
    [
        ("", "Ona", [Role.AGENT], "login"),
        ("x" * 201, "Ona", [Role.AGENT], "login"),
        ("ona\x00", "Ona", [Role.AGENT], "login"),
        ("ona", " ", [Role.AGENT], "name"),
        ("ona", "\ud800", [Role.AGENT], "name"),
        ("ona", "Ona", [], "roles"),
    ],
)
async def test_an_employee_of_unfit_values_is_refused(
    database: str, login: str, name: str, roles: list[Role], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        await staff.add(login, name, roles)

    assert refused.value.field == field
    assert not await Account.exists()


async def test_an_employee_under_a_manager_who_is_not_there_is_not_added_at_all(database: str) -> None:
    with pytest.raises(NotFound):
        await staff.add("ona", "Ona", [Role.AGENT], "nobody")

    assert not await Account.exists()


@pytest.mark.every_database
async def test_of_two_who_take_one_login_at_once_one_gets_it(database: str) -> None:
    taken = await asyncio.gather(
        *(staff.add("ona", "Ona", [Role.AGENT]) for _ in range(2)), return_exceptions=True
    )

    assert [type(one) for one in taken if isinstance(one, Exception)] == [LoginTaken]
    assert await Employee.all().count() == await EmployeeRole.all().count() == 1


async def test_who_is_deactivated_hands_tasks_back_and_officers_are_told_once(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer()
    task = await office.task(ruta, customer, "support")
    login = (await Account.get(id=ruta.actor.actor_id)).login

    (back,) = await staff.deactivate_by_login(login, clock=office.clock)
    assert await staff.deactivate_by_login(login, clock=office.clock) == []
    await staff.activate_by_login(login, clock=office.clock)

    assert (back.customer, back.login) == (customer.number, login)
    assert sorted(await told()) == ["ACTIVATED", "DEACTIVATED"]
    (entry,) = await ledger.data(Event.TASK_HANDED_BACK)
    assert entry == {"task": str(task.id), "customer": str(customer.id), "assignee": str(ruta.actor.actor_id)}


async def test_of_a_customer_who_is_deactivated_officers_are_not_told(database: str) -> None:
    customer = await records.customer()
    await accounts.customer(customer.number, PASSWORD)

    await staff.deactivate_by_login(customer.number, clock=Clock())

    assert await told() == []


@pytest.mark.parametrize("change", [staff.deactivate_by_login, staff.activate_by_login])
async def test_nobody_can_be_sent_away_who_is_not_there(database: str, change: object) -> None:
    with pytest.raises(NotFound):
        await change("nobody")  # type: ignore[operator]  # either of the two
