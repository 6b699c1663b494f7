"""`savas suppression lift` asks for the address and the reference, and says no more than how much was lifted."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from commands.__main__ import app
from models import Role, Suppression
from procedures.leaving import withdrawal
from tests import installation
from tests.installation import at_work
from tests.people import Office
from tests.procedures import records
from tests.procedures.leavers import leaver

OFFICER = "vita@office.example"


async def somebody_left(url: str) -> None:
    async with at_work(url):
        customer, herself = await leaver(Office())
        await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=True)
        await records.employee(Role("privacy_officer"), login=OFFICER)


async def kept(url: str) -> int:
    async with at_work(url):
        return await Suppression.all().count()


def lift(url: str, typed: str, *words: str) -> Result:
    place = installation.words(url)
    options = [
        *place,
        "suppression",
        "lift",
        "--database",
        url,
        "--as",
        OFFICER,
        *words,
    ]
    return CliRunner().invoke(
        app, options, input=f"{typed}\nletter 12\n", env={"COLUMNS": "200", "NO_COLOR": "1"}
    )


def test_an_address_and_a_code_are_lifted_one_by_one(database_url: str) -> None:
    asyncio.run(somebody_left(database_url))
    assert lift(database_url, "ona@example.org").exit_code == 1
    assert lift(database_url, "JONE@example.org").output.endswith("Lifted: 1.\n")
    assert asyncio.run(kept(database_url)) == 1
    lifted = lift(database_url, "490 0101 0001", "--kind", "PERSONAL_CODE", "--country", "LT")
    assert (lifted.exit_code, asyncio.run(kept(database_url))) == (0, 0)


@pytest.mark.parametrize("words", [("--kind", "POST"), ("--kind", "PERSONAL_CODE"), ("--country", "LT")])
def test_what_there_is_not_is_a_wrong_use(database_url: str, words: tuple[str, ...]) -> None:
    assert lift(database_url, "x", *words).exit_code == 2
