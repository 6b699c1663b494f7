"""Whoever can write into the databases, past the program, makes nothing open that was not sealed there like this.

What was tampered with is withheld, the rest of the answer is as it was, and it is told to the operator and recorded.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tortoise.connection import get_connection

from models import ContactContent, ContactPoint, Customer, Identity, Personal, PostalAddress, keyring
from models.database import CONNECTION, KEYS, dialect
from models.event import Event
from tests import ledger
from tests.people import Answer, Office
from tests.procedures.ledgers import sql
from vault import vault
from vault.errors import SealBroken
from vault.seal import Sealed

CONSENTS = [("contact", "support"), ("identity", "support"), ("address", "delivery")]
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


@pytest.fixture
async def house(database: str, caplog: pytest.LogCaptureFixture) -> House:
    office = Office()
    jone, ona = [await office.customer(CONSENTS, number=number) for number in ("C-1", "C-2")]
    target, hers = [await ContactPoint.get(customer_id=each.id) for each in (jone, ona)]
    await saved(target, "first@example.org")
    other = await ContactPoint.create(
        customer_id=jone.id, consent_id=target.consent_id, source="counter", collected_at=office.now,
        kind="EMAIL", content=ContactContent("second@example.org"), value_index="second@example.org",
    )  # fmt: skip
    caplog.set_level(logging.DEBUG)
    return House(office, jone, ona, await again(target), await again(other), hers, caplog)


async def saved(row: ContactPoint, value: str) -> None:
    """Change a contact point as the program does."""
    row.content, row.value_index = ContactContent(value), value
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


async def swapped(one: Personal, another: Personal) -> None:
    first, second = await raw(one), await raw(another)
    await put(one, second)
    await put(another, first)


async def from_the_same_customer(house: House) -> None:
    await put(house.target, await raw(house.other))


async def from_another_customer(house: House) -> None:
    await put(house.target, await raw(house.hers))


async def from_another_table(house: House) -> None:
    await put(house.target, await raw(await PostalAddress.get(customer_id=house.jone.id)))


async def from_an_older_revision(house: House) -> None:
    before = await raw(house.target)
    await saved(house.target, "first@example.org")
    await put(house.target, before)


async def as_another_revision(house: House) -> None:
    await ContactPoint.filter(id=house.target.id).update(revision=house.target.revision - 1)


async def cut_off(house: House) -> None:
    await put(house.target, (await raw(house.target))[:-1])


async def cut_to_its_head(house: House) -> None:
    await put(house.target, (await raw(house.target))[:45])


async def emptied(house: House) -> None:
    await put(house.target, b"")


async def extended(house: House) -> None:
    await put(house.target, await raw(house.target) + b"\0")


async def of_another_form(house: House) -> None:
    await put(house.target, b"\x02" + (await raw(house.target))[1:])


async def in_plain(house: House) -> None:
    await put(house.target, b'{"value":"evil@example.org"}')


async def under_another_key_of_the_customer(house: House) -> None:
    content, identity = await raw(house.target), await raw(await Identity.get(customer_id=house.jone.id))
    await put(house.target, content[:1] + identity[1:33] + content[33:])


async def under_the_key_of_another_customer(house: House) -> None:
    content, hers = await raw(house.target), await raw(house.hers)
    await put(house.target, content[:1] + hers[1:33] + content[33:])


async def given_to_another_customer(house: House) -> None:
    await ContactPoint.filter(id=house.target.id).update(
        customer_id=house.ona.id, consent_id=house.hers.consent_id
    )


async def moved_to_another_row(house: House) -> None:
    await sql(
        "UPDATE contact_points SET id = ? WHERE id = ?",
        *(str(each) for each in (house.jone.id, house.target.id)),
    )
    house.target.id = house.jone.id


Attack = Callable[[House], Awaitable[None]]
ATTACKS: list[Attack] = [
    from_the_same_customer, from_another_customer, from_another_table, from_an_older_revision, as_another_revision,
    cut_off, cut_to_its_head, emptied, extended, of_another_form, in_plain, under_another_key_of_the_customer,
    under_the_key_of_another_customer, given_to_another_customer, moved_to_another_row,
]  # fmt: skip


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


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_a_content_that_was_tampered_with_is_withheld_and_reported(
    house: House, attack: Attack
) -> None:
    await attack(house)

    answer = await house.told()

    found = contacts(answer)
    owner = "C-2" if attack is given_to_another_customer else "C-1"
    assert found[owner][1] == [WITHHELD]
    everything = sorted(value or "" for values, _ in found.values() for value in values)
    assert everything == ["", "jone@example.org", "second@example.org"]
    assert [node["identity"]["familyName"] for node in answer.data["customers"]["nodes"]] == [VALUES[2]] * 2
    assert [node["postalAddresses"] for node in answer.data["customers"]["nodes"]] == [[{"city": "Vilnius"}]] * 2
    await reported(house, ("contact_points", house.target.id))


async def test_contents_that_changed_places_are_both_withheld(house: House) -> None:
    await swapped(house.target, house.hers)

    assert contacts(await house.told()) == {
        "C-1": ([None, "second@example.org"], [WITHHELD])
        if house.target.id < house.other.id
        else (["second@example.org", None], [WITHHELD]),
        "C-2": ([None], [WITHHELD]),
    }
    await reported(house, ("contact_points", house.target.id), ("contact_points", house.hers.id))


async def test_no_bit_of_a_content_can_be_flipped(house: House) -> None:
    size = 8 * len(await raw(house.target))
    rows = [
        ContactPoint(
            customer_id=house.ona.id, consent_id=house.hers.consent_id, source="counter",
            collected_at=house.office.now, kind="EMAIL", content=ContactContent("first@example.org"),
        )
        for _ in range(size)
    ]  # fmt: skip
    await ContactPoint.bulk_create(rows)
    stored = {row.id: row for row in await ContactPoint.filter(customer_id=house.ona.id)}
    found: list[Any] = [stored[row.id] for row in rows]
    changes = [(flipped(row.content.raw, bit), row.id) for bit, row in enumerate(found)]
    slots = ("$1", "$2") if dialect() == "postgres" else ("?", "?")
    await get_connection(CONNECTION).execute_many(
        f"UPDATE contact_points SET content = {slots[0]} WHERE id = {slots[1]}",
        [[content, id if dialect() == "postgres" else str(id)] for content, id in changes],
    )

    values, withheld = contacts(await house.told())["C-2"]

    assert (len(values), set(values), len(withheld)) == (size + 1, {None, "jone@example.org"}, size)
    await reported(house, *(("contact_points", row.id) for row in rows))


async def ring(customer: Customer, table: str = "rings") -> bytes:
    """A customer's ring as it is stored."""
    rows = await get_connection(KEYS).execute_query_dict(f"SELECT customer_id, ring FROM {table}")
    return bytes(*(row["ring"] for row in rows if row["customer_id"] == str(customer.id)))


async def put_ring(customer: Customer, wrapped: bytes) -> None:
    """Write a ring past the program."""
    client = get_connection(KEYS)
    slots = ("$1", "$2") if client.capabilities.dialect == "postgres" else ("?", "?")
    (epoch,) = await keyring.epochs()
    await client.execute_query(
        f"UPDATE rings_{epoch} SET ring = {slots[0]} WHERE customer_id = {slots[1]}",
        [wrapped, str(customer.id)],
    )


async def replaced_by_another_customers(house: House) -> None:
    await put_ring(house.jone, await ring(house.ona))


async def rolled_back_to_an_earlier_epoch(house: House) -> None:
    from procedures import rotation

    before = await ring(house.jone)
    await rotation.rotate()
    await put_ring(house.jone, before)


async def ring_cut_off(house: House) -> None:
    await put_ring(house.jone, (await ring(house.jone))[:-1])


async def ring_emptied(house: House) -> None:
    await put_ring(house.jone, b"")


async def ring_extended(house: House) -> None:
    await put_ring(house.jone, await ring(house.jone) + b"\0")


RINGS: list[Attack] = [
    replaced_by_another_customers, rolled_back_to_an_earlier_epoch, ring_cut_off, ring_emptied, ring_extended,
]  # fmt: skip


@pytest.mark.parametrize("attack", RINGS, ids=lambda attack: attack.__name__)
async def test_a_ring_that_was_tampered_with_opens_nothing_and_keeps_nothing_from_others(
    house: House, attack: Attack
) -> None:
    await attack(house)

    answer = await house.told()

    assert contacts(answer) == {
        "C-1": ([None, None], [WITHHELD] * 2),
        "C-2": (["jone@example.org"], []),
    }
    names = {node["number"]: node["identity"]["familyName"] for node in answer.data["customers"]["nodes"]}
    assert names == {"C-1": None, "C-2": VALUES[2]}
    assert "SEAL_BROKEN table=rings" in house.log.text
    identity = await Identity.get(customer_id=house.jone.id)
    address = await PostalAddress.get(customer_id=house.jone.id)
    contact_points = [("contact_points", row.id) for row in (house.target, house.other)]
    await reported(
        house, *contact_points, ("identities", identity.id), ("postal_addresses", address.id)
    )


async def test_no_bit_of_a_ring_can_be_flipped(house: House) -> None:
    wrapped, name = await ring(house.jone), str(house.jone.id)
    assert vault.current().unwrap(1, name, wrapped)

    for bit in range(8 * len(wrapped)):
        with pytest.raises(SealBroken):
            vault.current().unwrap(1, name, flipped(wrapped, bit))


async def test_a_ring_of_before_an_erasure_opens_nothing_that_was_sealed_since(house: House) -> None:
    before = await ring(house.jone)
    await keyring.reduce(house.jone.id, "contact", await keyring.renew(house.jone.id, "contact"))
    await saved(house.target, "first@example.org")
    await put_ring(house.jone, before)

    values, withheld = contacts(await house.told())["C-1"]

    assert ("first@example.org" in values, withheld) == (False, [WITHHELD])


async def test_an_index_that_was_moved_finds_a_row_and_changes_nothing_in_it(house: House) -> None:
    found: Any = await again(house.target)
    await ContactPoint.filter(id=house.hers.id).update(value_index=found.value_index)
    agent = await house.office.agent("support")
    await house.office.task(agent, house.ona, "support")

    answer = await agent.asks(
        '{ customers(filter: {email: "first@example.org"}) { nodes { number contactPoints { value } } } }'
    )

    # Of Jonė, who has the address, the agent may see nothing; of Ona what is Ona's.
    assert answer.data["customers"]["nodes"] == [
        {"number": "C-2", "contactPoints": [{"value": "jone@example.org"}]}
    ]
