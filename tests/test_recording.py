"""A ledger that cannot be written, under a real server: nothing is told and nothing is done."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

import models
from models import LedgerEntry, Role
from models.database import dialect
from policies.actor import utc_now
from schema.reading import encode
from tests import accounts
from tests.installation import at_work
from tests.people import Office
from tests.procedures.ledgers import sql
from tests.served import Served, served
from tests.test_server import options

PASSWORD = "correct horse battery"
READ = "query ($id: ID!) { customer(id: $id) { contactPoints { value } orders { total } } }"
CLOSE = "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { task { status } userErrors { code } } }"
BROKEN = 'customer(id: "42") { id }'


@dataclass
class House:
    """A customer, an agent at work for her, and a server."""

    url: str
    server: Served
    customer: models.Customer
    task: models.Task


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A filled installation and a server on it."""
    async with at_work(database_url):
        office = Office(now=utc_now())
        customer = await office.customer([("contact_point", "support")], number="C-0000-0001")
        await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT], PASSWORD)
        account = await models.Account.get(login="ruta@savas.example")
        task = await models.Task.create(
            customer_id=customer.id,
            purpose="support",
            assignee_id=account.id,
            opened_at=utc_now(),
            due_at=utc_now() + timedelta(days=30),
        )
    with served(*options(database_url)) as server:
        yield House(database_url, server, customer, task)


async def entries() -> list[dict[str, Any]]:
    """The ledger."""
    return [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]


async def fill_up(house: House) -> None:
    """Let the database refuse every further entry."""
    async with at_work(house.url):
        if dialect() == "sqlite":
            await sql(
                "CREATE TRIGGER full_up BEFORE INSERT ON ledger_entries"
                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )
            return
        await sql(
            "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        await sql("CREATE TRIGGER full_up BEFORE INSERT ON ledger_entries EXECUTE FUNCTION full_up()")


@pytest.mark.every_database
async def test_nothing_is_told_that_cannot_be_recorded(house: House) -> None:
    token, id = house.server.signs_in("ruta@savas.example", PASSWORD), encode("Customer", house.customer.id)
    told = house.server.asks(READ, token, "support", id=id)
    assert told.json()["data"]["customer"]["contactPoints"] == [{"value": "jone@example.org"}]

    await fill_up(house)
    answers = [
        house.server.asks(READ, token, "support", id=id),
        house.server.asks(
            f"{READ[:-1]} {BROKEN.replace('customer', 'other: customer')} }}", token, "support", id=id
        ),
    ]

    for answer in answers:
        assert answer.status_code == 503
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["LEDGER_UNAVAILABLE"]
        assert answer.json().keys() == {"errors"}
        assert answer.headers["content-type"].startswith("application/graphql-response+json")
        assert "jone@example.org" not in answer.text
    assert "disk" not in answers[0].text
    assert "jone@example.org" not in house.server.log


async def test_nothing_is_done_that_cannot_be_recorded(house: House) -> None:
    token, id = house.server.signs_in("ruta@savas.example", PASSWORD), encode("Task", house.task.id)
    await fill_up(house)

    answer = house.server.asks(CLOSE, token, "support", id=id)
    signing_in = house.server.asks(
        'mutation { signIn(input: {login: "ruta@savas.example", password: "wrong"}) { userErrors { code } } }'
    )

    assert (answer.status_code, signing_in.status_code) == (503, 503)
    async with at_work(house.url):
        assert (await models.Task.get(id=house.task.id)).status == "OPEN"


async def test_what_reads_nothing_is_answered_all_the_same(house: House) -> None:
    await fill_up(house)

    answer = house.server.asks("{ __schema { queryType { name } } me { __typename } }")

    assert answer.status_code == 200
    assert answer.json()["data"]["me"] is None


async def test_the_policies_in_force_are_recorded(house: House) -> None:
    version = house.server.health()["policy"]

    async with at_work(house.url):
        loaded = [entry for entry in await entries() if entry["event"] == "policy.loaded"]

    assert [entry["data"] for entry in loaded] == [{"version": version}]
    assert loaded[0]["by"]["kind"] == "System"
