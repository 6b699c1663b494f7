import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.__main__ import main
from commands.user import app
from models import Account, AccountKind, Customer, CustomerStatus, Employee, EmployeeRole, PartnerClient, Role
from models.errors import Unfit
from procedures.access import user
from procedures.access.password import matches
from procedures.errors import AlreadyExists, LoginTaken, NotFound, UnfitPassword
from procedures.installation import opened_sealed
from tests import installation
from tests.procedures import records

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"


async def test_an_employee_gets_a_login_roles_and_a_manager(database):
    await user.add_employee("boss@office.example", "Boss", [Role.MANAGER], PASSWORD)

    actor = await user.add_employee(
        " Ona@Office.example ", "Ona", [Role.AGENT, Role.MANAGER], PASSWORD, "BOSS@office.example"
    )

    employee = await Employee.get(actor_id=actor.id).prefetch_related("manager__actor", "roles")
    assert actor.login == "ona@office.example"
    assert employee.manager is not None
    assert employee.manager.name == "Boss"
    assert {held.role for held in employee.roles} == {Role.AGENT, Role.MANAGER}
    assert await matches(PASSWORD, actor.password_hash)


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
async def test_an_employee_of_unfit_values_is_refused(database, login, name, roles, field):
    with pytest.raises(Unfit) as refused:
        await user.add_employee(login, name, roles, PASSWORD)

    assert refused.value.field == field
    assert not await Account.exists()


async def test_a_short_password_is_refused(database):
    with pytest.raises(UnfitPassword):
        await user.add_employee("ona", "Ona", [Role.AGENT], "short")


async def test_an_employee_under_a_manager_who_is_not_there_is_not_added_at_all(database):
    with pytest.raises(NotFound):
        await user.add_employee("ona", "Ona", [Role.AGENT], PASSWORD, "nobody")

    assert not await Account.exists()


@pytest.mark.every_database
async def test_no_two_logins_differ_in_case_alone(database):
    customer = await records.customer()
    await user.add_customer_login(customer.number, PASSWORD)

    with pytest.raises(LoginTaken):
        await user.add_employee(customer.number.lower(), "Ona", [Role.AGENT], PASSWORD)


@pytest.mark.every_database
async def test_of_two_who_take_one_login_at_once_one_gets_it(database):
    taken = await asyncio.gather(
        *(user.add_employee("ona", "Ona", [Role.AGENT], PASSWORD) for _ in range(2)), return_exceptions=True
    )

    assert [type(one) for one in taken if isinstance(one, Exception)] == [LoginTaken]
    assert await Employee.all().count() == await EmployeeRole.all().count() == 1


async def test_a_customer_signs_in_by_number(database):
    customer = await records.customer()

    actor = await user.add_customer_login(customer.number.lower(), PASSWORD)

    assert (actor.kind, actor.login, actor.customer_id) == (
        AccountKind.CUSTOMER,
        customer.number,
        customer.id,
    )


@pytest.mark.every_database
async def test_a_customer_has_one_login(database):
    customer = await records.customer()
    await user.add_customer_login(customer.number, PASSWORD)

    with pytest.raises(LoginTaken):
        await user.add_customer_login(customer.number, PASSWORD)


async def test_one_who_has_left_gets_no_login(database):
    customer = await records.customer()
    await Customer.filter(id=customer.id).update(status=CustomerStatus.WITHDRAWN)

    with pytest.raises(NotFound):
        await user.add_customer_login(customer.number, PASSWORD)


async def test_a_partner_has_clients_that_sign_in_by_name(database):
    partner = await user.add_partner("Couriers")

    actor = await user.add_partner_client("Couriers", "Couriers-App", PASSWORD)

    assert (actor.kind, actor.login) == (AccountKind.PARTNER_CLIENT, "couriers-app")
    assert (await PartnerClient.get(actor_id=actor.id)).partner_id == partner.id


@pytest.mark.every_database
async def test_there_is_one_partner_of_a_name(database):
    await user.add_partner("Couriers")

    with pytest.raises(AlreadyExists):
        await user.add_partner(" Couriers")


async def test_a_client_needs_a_partner(database):
    with pytest.raises(NotFound):
        await user.add_partner_client("Couriers", "app", PASSWORD)


async def test_one_imported_without_a_password_is_given_one(database):
    imported = await records.employee()

    await user.set_password(imported.login, PASSWORD)

    await imported.refresh_from_db()
    assert await matches(PASSWORD, imported.password_hash)


@pytest.mark.parametrize("change", [user.deactivate, user.activate])
async def test_nobody_can_be_sent_away_who_is_not_there(database, change):
    with pytest.raises(NotFound):
        await change("nobody")


@pytest.mark.every_database
async def test_the_list_names_staff_and_shows_customers_by_number_alone(database):
    agent = await records.employee(Role.MANAGER, Role.AGENT, login="ona")
    customer = await records.customer()
    await records.account(AccountKind.CUSTOMER, login=customer.number, customer_id=customer.id, active=False)

    assert await user.listed() == [
        user.User(customer.number, AccountKind.CUSTOMER, None, (), False),
        user.User(agent.login, AccountKind.EMPLOYEE, "Employee", (Role.AGENT, Role.MANAGER), True),
    ]


def run(*words: str, typed: str | None = None):
    return CliRunner().invoke(app, [*words], input=typed)


def test_the_command_takes_no_password_as_an_argument():
    assert run("add", "ona", "--name", "Ona", "--role", "agent", "--password", PASSWORD).exit_code == 2


def test_without_a_terminal_the_command_says_how_to_give_a_password():
    told = run("add", "ona", "--name", "Ona", "--role", "agent")

    assert told.exit_code == 2
    assert "--password-stdin" in told.output


def test_the_command_knows_the_roles():
    told = run("add", "ona", "--name", "Ona", "--role", "boss", "--generate")

    assert told.exit_code == 2
    assert "privacy_officer" in told.output


def savas(url: str, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "commands", "user", *words, "--database", url]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False
    )


async def test_a_password_made_up_is_alone_on_standard_output_and_is_the_password(postgres_url):
    added = savas(postgres_url, "add", "ona", "--name", "Ona", "--role", "agent", "--generate")

    async with opened_sealed(installation.place(postgres_url)):
        assert await matches(added.stdout.strip(), (await Account.get(login="ona")).password_hash)
    assert added.returncode == 0


async def test_a_password_is_read_from_standard_input(postgres_url):
    async with opened_sealed(installation.place(postgres_url)):
        await user.add_partner("Couriers")

    added = savas(
        postgres_url, "add-partner-client", "Couriers", "app", "--password-stdin", given=PASSWORD + "\n"
    )

    async with opened_sealed(installation.place(postgres_url)):
        assert await matches(PASSWORD, (await Account.get(login="app")).password_hash)
    assert added.returncode == 0
    assert PASSWORD not in added.stdout + added.stderr


def test_a_refusal_says_why_and_holds_no_value(sqlite_url, capfd):
    code = main(["user", "deactivate", "somebody-in-particular", "--database", sqlite_url])

    said = capfd.readouterr()
    assert code == 3
    assert "NOT_FOUND" in said.err
    assert "somebody" not in said.out + said.err
