"""Whoever can write into the key database makes no ring open that is not the customer's, of this epoch, as it was."""

import pytest
from tortoise.connection import get_connection

from models import Customer, Identity, PostalAddress
from models.database import KEYS
from models.keys import keyring
from procedures.keys import rotation
from tests.campaigns import Campaign
from tests.models.tampering import VALUES, WITHHELD, Attack, House, contacts, filled, flipped, reported, saved
from vault import vault
from vault.errors import SealBroken

pytestmark = pytest.mark.every_database


@pytest.fixture
async def house(database: str, caplog: pytest.LogCaptureFixture) -> House:
    """Jonė and Ona, untouched so far."""
    return await filled(caplog)


async def ring(customer: Customer, table: str = "rings") -> bytes:
    """A customer's ring as it is stored."""
    rows = await get_connection(KEYS).execute_query_dict(f"SELECT customer_id, ring FROM {table}")
    return bytes(*(row["ring"] for row in rows if row["customer_id"] == str(customer.id)))


async def put_ring(customer: Customer, wrapped: bytes, epoch: int | None = None) -> None:
    """Write a ring past the program."""
    client = get_connection(KEYS)
    slots = ("$1", "$2") if client.capabilities.dialect == "postgres" else ("?", "?")
    epoch = epoch or max(await keyring.epochs())
    await client.execute_query(
        f"UPDATE rings_{epoch} SET ring = {slots[0]} WHERE customer_id = {slots[1]}",
        [wrapped, str(customer.id)],
    )


async def replaced_by_another_customers(house: House) -> None:
    await put_ring(house.jone, await ring(house.ona))


async def rolled_back_to_an_earlier_epoch(house: House) -> None:
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
    await reported(house, *contact_points, ("identities", identity.id), ("postal_addresses", address.id))


async def test_no_bit_of_a_ring_can_be_flipped(house: House, campaign: Campaign) -> None:
    wrapped, name = await ring(house.jone), str(house.jone.id)
    assert vault.current().unwrap(1, name, wrapped)

    campaign.tried(8 * len(wrapped), "rings with a bit flipped")
    for bit in range(8 * len(wrapped)):
        with pytest.raises(SealBroken):
            vault.current().unwrap(1, name, flipped(wrapped, bit))


async def test_a_ring_of_before_an_erasure_opens_nothing_that_was_sealed_since(house: House) -> None:
    before = await ring(house.jone)
    await keyring.reduce(
        house.jone.id, "contact_point", [await keyring.renew(house.jone.id, "contact_point")]
    )
    await saved(house.target, "first@example.org")
    await put_ring(house.jone, before)

    values, withheld = contacts(await house.told())["C-1"]

    assert ("first@example.org" in values, withheld) == (False, [WITHHELD])


async def test_a_ring_that_was_tampered_with_stops_a_rotation_until_it_is_brought_back(house: House) -> None:
    before = await ring(house.jone)
    await ring_cut_off(house)

    with pytest.raises(SealBroken):
        await rotation.rotate()
    assert f"SEAL_BROKEN table=rings_1 row={house.jone.id}" in house.log.text

    await put_ring(house.jone, before, epoch=1)
    await rotation.rotate()
    assert list(await keyring.epochs()) == [2]
    assert contacts(await house.told())["C-1"][1] == []
