"""Whoever can write into the database, past the program, makes no content open that was not sealed there like this.

What was tampered with is withheld, the rest of the answer is as it was, and it is told to the operator and recorded.
"""

from typing import Any

import pytest
from tortoise.connection import get_connection

from models import ContactPoint, Identity, Personal, PostalAddress
from models.database import CONNECTION, dialect
from tests.campaigns import Campaign
from tests.models.tampering import (
    VALUES,
    WITHHELD,
    Attack,
    House,
    again,
    contacts,
    filled,
    flipped,
    put,
    raw,
    reported,
    saved,
)
from tests.procedures.ledgers import sql


@pytest.fixture
async def house(database: str, caplog: pytest.LogCaptureFixture) -> House:
    """Jonė and Ona, untouched so far."""
    return await filled(caplog)


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


ATTACKS: list[Attack] = [
    from_the_same_customer, from_another_customer, from_another_table, from_an_older_revision, as_another_revision,
    cut_off, cut_to_its_head, emptied, extended, of_another_form, in_plain, under_another_key_of_the_customer,
    under_the_key_of_another_customer, given_to_another_customer, moved_to_another_row,
]  # fmt: skip


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
    assert [node["postalAddresses"] for node in answer.data["customers"]["nodes"]] == [
        [{"city": "Vilnius"}]
    ] * 2
    await reported(house, ("contact_points", house.target.id))


@pytest.mark.every_database
async def test_contents_that_changed_places_are_both_withheld(house: House) -> None:
    await swapped(house.target, house.hers)

    assert contacts(await house.told()) == {
        "C-1": ([None, "second@example.org"], [WITHHELD])
        if house.target.id < house.other.id
        else (["second@example.org", None], [WITHHELD]),
        "C-2": ([None], [WITHHELD]),
    }
    await reported(house, ("contact_points", house.target.id), ("contact_points", house.hers.id))


@pytest.mark.every_database
async def test_no_bit_of_a_content_can_be_flipped(house: House, campaign: Campaign) -> None:
    size = 8 * len(await raw(house.target))
    campaign.tried(size, "contents with a bit flipped")
    rows = [
        ContactPoint(
            customer_id=house.ona.id, consent_id=house.hers.consent_id, source="counter",
            collected_at=house.office.now, kind="EMAIL", content=ContactPoint.Content("first@example.org"),
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


@pytest.mark.every_database
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


@pytest.mark.every_database
async def test_a_row_that_is_put_back_as_a_whole_opens_as_it_was(house: House) -> None:
    before: Any = await again(house.target)
    await saved(house.target, "third@example.org")
    await ContactPoint.filter(id=before.id).update(content=before.content, revision=before.revision)

    # The page about the keys says so: nothing outside of the row tells which revision is the latest.
    assert "first@example.org" in contacts(await house.told())["C-1"][0]
    await reported(house)
