"""Two customers whose sealed rows somebody changes past the program, and what an agent is told then."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from models import ContactPoint, Customer, Personal
from models.event import Event
from tests import ledger
from tests.people import Answer, Office
from vault import vault
from vault.seal import Sealed

CONSENTS = [("contact_point", "support"), ("identity", "support"), ("postal_address", "delivery")]
READ = """{ customers { nodes { number identity { familyName } contactPoints { id value withheld { field reason } }
    postalAddresses { city } } } }"""
WITHHELD = [{"field": "value", "reason": "UNREADABLE"}]
VALUES = ("first@example.org", "second@example.org", "Kazlauskaitė", "Vilnius")


@dataclass
class House:
    """Jonė with two contact points, Ona with one, and what the agent for both of them is told."""

    office: Office
    jone: Customer
    ona: Customer
    target: ContactPoint
    other: ContactPoint
    hers: ContactPoint
    log: pytest.LogCaptureFixture

    async def told(self) -> Answer:
        """What an agent with a task for each of them is told."""
        agent = await self.office.agent("support", "delivery")
        for customer in (self.jone, self.ona):
            for purpose in ("support", "delivery"):
                await self.office.task(agent, customer, purpose)
        vault.current().forget()
        return await agent.asks(READ)


async def filled(log: pytest.LogCaptureFixture) -> House:
    """Jonė and Ona with rows of three categories."""
    office = Office()
    jone, ona = [await office.customer(CONSENTS, number=number) for number in ("C-1", "C-2")]
    target, hers = [await ContactPoint.get(customer_id=each.id) for each in (jone, ona)]
    await saved(target, "first@example.org")
    other = await ContactPoint.create(
        customer_id=jone.id, consent_id=target.consent_id, source="counter", collected_at=office.now,
        kind="EMAIL", content=ContactPoint.Content("second@example.org"), value_index="second@example.org",
    )  # fmt: skip
    log.set_level(logging.DEBUG)
    return House(office, jone, ona, await again(target), await again(other), hers, log)


async def saved(row: ContactPoint, value: str) -> None:
    """Change a contact point as the program does."""
    row.content, row.value_index = ContactPoint.Content(value), value
    await row.save()


async def again(row: ContactPoint) -> ContactPoint:
    """The same row as it is in the database."""
    return await ContactPoint.get(id=row.id)


async def raw(row: Personal) -> bytes:
    """What is stored as a row's content."""
    found: Any = await type(row).get(id=row.id)
    return bytes(found.content.raw)


async def put(row: Personal, content: bytes) -> None:
    """Write a content past the program."""
    await type(row).filter(id=row.id).update(content=Sealed(content))


def flipped(stored: bytes, bit: int) -> bytes:
    """The same bytes but for one bit."""
    changed = bytearray(stored)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def contacts(answer: Answer) -> dict[str, tuple[Any, Any]]:
    """By the customer's number, the values of the contact points and what is withheld of them."""
    assert not answer.errors, answer.errors
    return {
        node["number"]: (
            [each["value"] for each in node["contactPoints"]],
            [each["withheld"] for each in node["contactPoints"] if each["withheld"]],
        )
        for node in answer.data["customers"]["nodes"]
    }


async def reported(house: House, *rows: tuple[str, Any]) -> None:
    """Make sure that these rows are told and recorded, without a value, and nothing else is."""
    wanted = sorted((table, str(row)) for table, row in rows)
    told = await ledger.data(Event.SEAL_BROKEN)
    assert sorted((each["table"], each["row"]) for each in told) == wanted
    for table, row in wanted:
        assert f"SEAL_BROKEN table={table} row={row}" in house.log.text
    assert not [value for value in VALUES if value in house.log.text + str(await ledger.entries())]


#: What somebody does to the databases.
Attack = Callable[[House], Awaitable[None]]
