import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.__main__ import main
from commands.user import app
from models import Account, AccountKind, PartnerClient, Role
from policies.actor import utc_now
from procedures.access import Throttle, user
from procedures.access.password import matches
from procedures.errors import AlreadyExists, LoginTaken, NotFound
from procedures.installation import opened_sealed
from procedures.passwords import password_code
from tests import accounts, installation
from tests.procedures import records

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"
ONA = ("add", "ona", "--name", "Ona", "--role", "agent")


@pytest.mark.every_database
async def test_no_two_logins_differ_in_case_alone(database):
    customer = await records.customer()
    await accounts.customer(customer.number, PASSWORD)

    with pytest.raises(LoginTaken):
        await accounts.employee(customer.number.lower(), "Ona", [Role.AGENT], PASSWORD)


async def test_a_customer_signs_in_by_number(database):
    customer = await records.customer()

    actor = await accounts.customer(customer.number, PASSWORD)

    assert (actor.kind, actor.login, actor.customer_id) == (
        AccountKind.CUSTOMER,
        customer.number,
        customer.id,
    )


@pytest.mark.every_database
async def test_a_customer_has_one_login(database):
    customer = await records.customer()
    await accounts.customer(customer.number, PASSWORD)

    with pytest.raises(LoginTaken):
        await accounts.customer(customer.number, PASSWORD)


async def test_a_partner_has_clients_that_sign_in_by_name_and_a_secret_made_for_them(database):
    partner = await user.add_partner("Couriers")

    account, secret = await user.add_partner_client("Couriers", "Couriers-App")

    assert (account.kind, account.login) == (AccountKind.PARTNER_CLIENT, "couriers-app")
    assert (await PartnerClient.get(actor_id=account.id)).partner_id == partner.id
    assert await matches(secret, account.password_hash)


@pytest.mark.every_database
async def test_there_is_one_partner_of_a_name(database):
    await user.add_partner("Couriers")

    with pytest.raises(AlreadyExists):
        await user.add_partner(" Couriers")


async def test_a_client_needs_a_partner(database):
    with pytest.raises(NotFound):
        await user.add_partner_client("Couriers", "app")


@pytest.mark.every_database
async def test_the_list_names_staff_and_shows_customers_by_number_alone(database):
    agent = await records.employee(Role.MANAGER, Role.AGENT, login="ona")
    customer = await records.customer()
    await records.account(AccountKind.CUSTOMER, login=customer.number, customer_id=customer.id, active=False)

    assert await user.listed() == [
        user.User(customer.number, AccountKind.CUSTOMER, None, (), False),
        user.User(agent.login, AccountKind.EMPLOYEE, "Employee", (Role.AGENT, Role.MANAGER), True),
    ]


@pytest.mark.parametrize("words", [("--password", PASSWORD), ("--password-stdin",), ("--generate",)])
def test_the_command_takes_no_password_in_any_way(words):
    assert run("add", "ona", "--name", "Ona", "--role", "agent", *words).exit_code == 2


def test_the_command_knows_the_roles():
    told = run("add", "ona", "--name", "Ona", "--role", "boss")

    assert told.exit_code == 2
    assert "privacy_officer" in told.output


def test_where_nothing_can_be_mailed_nobody_is_added_and_the_way_out_is_told(sqlite_url, capfd):
    assert savas(sqlite_url, *ONA) == 3

    assert "--print-code" in capfd.readouterr().err


async def test_a_code_that_is_printed_is_alone_on_standard_output_and_sets_the_password(sqlite_url, capfd):
    assert await asyncio.to_thread(savas, sqlite_url, *ONA, "--print-code") == 0
    code = capfd.readouterr().out.strip()

    async with installation.at_work(sqlite_url):
        await password_code.use(
            "ona", code, PASSWORD, address="192.0.2.1", clock=utc_now, throttle=Throttle()
        )
        assert await matches(PASSWORD, (await Account.get(login="ona")).password_hash)


async def test_the_secret_of_a_program_is_alone_on_standard_output(sqlite_url, capfd):
    assert await asyncio.to_thread(savas, sqlite_url, "add-partner", "Couriers") == 0
    capfd.readouterr()

    assert await asyncio.to_thread(savas, sqlite_url, "add-partner-client", "Couriers", "app") == 0

    async with opened_sealed(installation.place(sqlite_url)):
        secret = capfd.readouterr().out.strip()
        assert await matches(secret, (await Account.get(login="app")).password_hash)


def test_a_refusal_says_why_and_holds_no_value(sqlite_url, capfd):
    assert savas(sqlite_url, "deactivate", "somebody-in-particular") == 3

    said = capfd.readouterr()
    assert "NOT_FOUND" in said.err
    assert "somebody" not in said.out + said.err


def run(*words: str):
    return CliRunner().invoke(app, [*words])


def savas(url: str, *words: str) -> int:
    return main([*installation.words(url), "user", *words, "--database", url])
