"""Under which keys other systems know a customer: who reads them, and who finds the customer by one."""

from typing import Any

import pytest

import models
from models.database import transaction
from procedures.imports import marks
from schema.reading import encode
from tests.people import Office, Someone

SEEN = "query ($id: ID!) { customer(id: $id) { outsideKeys { source key withheld { field reason } } } }"
FIND = """query ($source: String!, $key: String!) {
    customers(filter: {outsideKey: {source: $source, key: $key}}) { nodes { id number } } }"""
KEY = "ona@shop.example"


async def known(office: Office, key: str = KEY) -> models.Customer:
    """A customer whom a shop knows under a key."""
    customer = await office.customer()
    row, outside = marks.made("shop", marks.CUSTOMER, key, b"x", customer.id, office.now)
    async with transaction():
        await row.save()
        await outside.save()
    return customer


async def keys(someone: Someone, customer: models.Customer) -> Any:
    """What somebody sees of the keys; None where there is no such customer for them."""
    answer = await someone.asks(SEEN, id=encode("Customer", customer.id))
    assert not answer.errors, answer.errors
    found = answer.data["customer"]
    return found and [(each["source"], each["key"]) for each in found["outsideKeys"] or []]


async def finds(someone: Someone, key: str = KEY, source: str = "shop") -> list[str]:
    """Whom somebody finds by a key."""
    answer = await someone.asks(FIND, source=source, key=key)
    assert not answer.errors, answer.errors
    return [each["id"] for each in answer.data["customers"]["nodes"]]


@pytest.mark.every_database
async def test_who_sees_the_number_finds_by_the_key_and_who_works_for_the_customer_reads_it(
    office: Office,
) -> None:
    customer, partner = await known(office), await office.partner()
    await known(office, "4711")
    agreement = await office.agreement(partner, "support", "identity.familyName")
    agent, client = await office.agent("support"), await office.partner_client(partner, "support")
    await office.task(agent, customer, "support")
    await office.task(client, customer, "support", agreement=agreement)
    himself, them = await office.himself(customer), [encode("Customer", customer.id)]

    seen = {
        "agent": (await keys(agent, customer), await finds(agent)),
        "manager": (await keys(m := await office.employee("manager"), customer), await finds(m)),
        "officer": (await keys(o := await office.employee("privacy_officer"), customer), await finds(o)),
        "colleague": (await keys(c := await office.agent("support"), customer), await finds(c)),
        "desk": (await keys(d := await office.employee("front_desk"), customer), await finds(d)),
        "partner": (await keys(client, customer), await finds(client)),
        "himself": (await keys(himself, customer), await finds(himself)),
    }

    assert seen == {
        "agent": ([("shop", KEY)], them),
        "manager": ([("shop", None)], them),
        "officer": ([("shop", None)], them),
        "colleague": (None, []),
        "desk": (None, []),
        "partner": ([], []),
        "himself": ([("shop", KEY)], []),
    }


async def test_a_key_is_found_whole_of_its_own_source_and_with_blanks_around_it(office: Office) -> None:
    customer, manager = await known(office), await office.employee("manager")

    found = [
        await finds(manager, *asked) for asked in ((f" {KEY} ",), (KEY[:-1],), (KEY, "other"), (KEY.upper(),))
    ]

    assert found == [[encode("Customer", customer.id)], [], [], []]
    nothing = await manager.asks(FIND, source="shop", key=" ")
    assert nothing.codes == ["NOTHING_TO_FIND"]


async def test_what_is_not_found_counts_whether_or_not_there_is_such_a_customer(office: Office) -> None:
    await known(office)
    agent = await office.agent("support")

    assert (await finds(agent), await finds(agent, "4711")) == ([], [])

    assert {(each.lookups, each.asked, each.found) for each in await models.MissedLookup.all()} == {
        ("customers.key customers.source", 1, 0)
    }
