"""Whoever has every copy that was ever made of both databases, and today's keys, opens nobody who was erased.

A thief tries every key of every ring of every copy, opened under every key of the provider, on every sealed row.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tortoise.connection import get_connection

from models import PERSONAL, Category, Consent, Customer, HeldRow, Personal, opened
from models.database import KEYS, sqlite_path
from models.keys import keyring
from procedures.consent import consent
from procedures.current import Addresses
from procedures.installation import key_care
from procedures.keys import rotation
from procedures.leaving import legal_hold
from tests.installation import at_work
from tests.people import Office
from tests.procedures.leavers import hold
from vault import provider, vault
from vault.errors import ProviderError, SealBroken
from vault.recovery import new_offline_key, restore
from vault.ring import Ring
from vault.seal import Sealed, open_
from vault.vault import Vault

CONSENTS = [
    ("identity", "support"),
    ("contact_point", "support"),
    ("postal_address", "delivery"),
    ("order", "support"),
]


@dataclass(frozen=True)
class Row:
    """A sealed row of a copy: whose it is, and its content in its place."""

    customer: str
    place: bytes
    content: bytes


@dataclass(frozen=True)
class Copy:
    """All that a copy of both databases holds at a moment: sealed rows, and wrapped rings with their owners."""

    rows: tuple[Row, ...]
    rings: tuple[tuple[str, bytes], ...]


async def copied() -> Copy:
    """A copy of both databases as they are now."""
    rows = [_row(model, row) for model in PERSONAL.values() for row in await model.all()]
    rows += [_held(row) for row in await HeldRow.all().prefetch_related("hold")]
    rings = await get_connection(KEYS).execute_query_dict("SELECT customer_id, ring FROM rings")
    return Copy(tuple(rows), tuple((each["customer_id"], bytes(each["ring"])) for each in rings))


def _row(model: type[Personal], row: Any) -> Row:
    place = model._meta.fields_map["content"].place(row.id, row.revision)  # type: ignore[attr-defined]  # our own field
    return Row(str(row.customer_id), place, row.content.raw)


def _held(row: HeldRow) -> Row:
    place = PERSONAL[row.hold.category]._meta.fields_map["content"].place(row.row_id, row.revision)  # type: ignore[attr-defined]  # our own field
    return Row(str(row.hold.customer_id), place, bytes(row.content))


def opened_by(address: str, keys: Iterable[Copy], data: Iterable[Copy]) -> set[str]:
    """The customers of whom a thief opens a row, with the keys at an address and these copies."""
    held = Vault(provider.opened(address))
    epochs = [int(name.removeprefix("epoch-")) for name in held.provider.names() if name.startswith("epoch-")]
    wrapped = {ring for copy in keys for ring in copy.rings}
    rings = [ring for one in wrapped for epoch in epochs for ring in _unwrapped(held, epoch, *one)]
    rows = {row for copy in data for row in copy.rows}
    held.provider.close()
    return {row.customer for row in rows if any(_opens(ring, row) for ring in rings)}


def _unwrapped(held: Vault, epoch: int, customer: str, ring: bytes) -> list[Ring]:
    try:
        return [held.unwrap(epoch, customer, ring)]
    except SealBroken:
        return []


def _opens(ring: Ring, row: Row) -> bool:
    for category in keyring.CATEGORIES:
        try:
            return bool(open_(ring.opener(category, Sealed(row.content)), row.place, Sealed(row.content)))
        except SealBroken:
            continue
    return False


@dataclass
class House:
    """Jonė, who will leave, and Ona, who stays; and every copy that was made."""

    office: Office
    where: Addresses
    jone: Customer
    ona: Customer
    copies: list[Copy] = field(default_factory=list)

    @property
    def offline(self) -> Path:
        """The owner's offline key."""
        return self.where.witness.parent / "offline.key"

    @property
    def recovery(self) -> Path:
        """A recovery copy."""
        return self.where.witness.parent / "keys.copy"

    async def collects(self) -> None:
        """A further row of each customer, and a copy of all there is."""
        for customer in (self.jone, self.ona):
            row = await Consent.get(customer_id=customer.id, category="contact_point")
            await self.office.row(customer, row, kind="PHONE", value_index=None)
        self.copies.append(await copied())

    async def lives_a_while(self) -> None:
        """Rows, copies and rotations, before and after each other."""
        for _ in range(2):
            await self.collects()
            await rotation.rotate()
            self.copies.append(await copied())
        await self.collects()

    async def erases(self) -> None:
        """Jonė takes back every consent; copies before, meanwhile and after."""
        himself = await self.office.himself(self.jone)
        for given in await Consent.filter(customer_id=self.jone.id):
            await consent.withdraw(given.id, by=himself.actor)
            self.copies.append(await copied())

    def opens(self, keys: Iterable[Copy], data: Iterable[Copy], address: str = "") -> set[str]:
        """Whom a thief with the current keys, or those at an address, can read."""
        names = {str(self.jone.id): "Jonė", str(self.ona.id): "Ona"}
        return {names[each] for each in opened_by(address or self.where.provider, keys, data)}

    async def recovers(self) -> None:
        """The owner makes an offline key, and a recovery copy for it."""
        await key_care.recover(new_offline_key(self.offline), self.recovery)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    async with at_work(database_url) as where:
        office = Office()
        jone, ona = [await office.customer(CONSENTS) for _ in range(2)]
        yield House(office, where, jone, ona)


async def test_until_the_next_rotation_a_copy_from_before_an_erasure_opens_it(house: House) -> None:
    await house.lives_a_while()
    await house.erases()

    # This is the price that the operators' page states: a copy of the key database is good for one epoch.
    assert house.opens(house.copies, house.copies) == {"Jonė", "Ona"}


async def test_after_the_next_rotation_no_copy_opens_an_erased_customer(house: House) -> None:
    await house.lives_a_while()
    await house.erases()
    await rotation.rotate()
    now = await copied()

    assert len(house.copies) == 9
    assert house.opens(house.copies, [*house.copies, now]) == set()
    assert house.opens([*house.copies, now], house.copies) == {"Ona"}
    assert {row.customer for copy in house.copies for row in copy.rows} == {
        str(house.jone.id),
        str(house.ona.id),
    }


async def test_who_stays_is_read_as_before(house: House) -> None:
    await house.lives_a_while()
    await house.erases()
    await rotation.rotate()
    vault.current().forget()

    rows = [row for model in PERSONAL.values() for row in await model.all()]

    assert {row.customer_id for row in rows} == {house.ona.id}
    assert len([await opened(row) for row in rows]) == 7


async def test_one_category_alone_is_as_gone_as_a_whole_customer(house: House) -> None:
    await house.lives_a_while()
    before = house.copies[-1]
    given = await Consent.get(customer_id=house.jone.id, category="order")
    await consent.withdraw(given.id, by=(await house.office.himself(house.jone)).actor)
    await rotation.rotate()

    orders = tuple(row for row in before.rows if row.place.startswith(b"orders|"))
    others = tuple(row for row in before.rows if not row.place.startswith(b"orders|"))

    now = await copied()
    assert house.opens([*house.copies, now], [Copy(orders, ())]) == {"Ona"}
    assert house.opens([*house.copies, now], [Copy(others, ())]) == {"Jonė", "Ona"}


async def test_what_the_law_held_back_opens_as_long_as_its_hold_lasts_and_then_by_no_copy(
    house: House,
) -> None:
    held = await hold(house.office, house.jone, Category.ORDER)
    officer = await house.office.session(await house.office.employee("privacy_officer"))
    await house.lives_a_while()
    await house.erases()
    await rotation.rotate()
    house.copies.append(await copied())

    rows = {row for copy in house.copies for row in copy.rows}
    orders = tuple(row for row in rows if row.place.startswith(b"orders|"))
    others = tuple(row for row in rows if not row.place.startswith(b"orders|"))
    assert house.opens(house.copies, [Copy(orders, ())]) == {"Jonė", "Ona"}
    assert house.opens(house.copies, [Copy(others, ())]) == {"Ona"}

    await legal_hold.end(held.id, by=officer.actor)
    await rotation.rotate()
    house.copies.append(await copied())
    assert house.opens(house.copies, house.copies) == {"Ona"}


async def test_a_rotation_leaves_no_earlier_ring_in_the_files_of_the_keys(house: House) -> None:
    await house.lives_a_while()
    await house.erases()
    await rotation.rotate()

    keys = sqlite_path(house.where.keys)
    held = b"".join(path.read_bytes() for path in keys.parent.glob(f"{keys.name}*"))
    former = {ring for copy in house.copies for _, ring in copy.rings}

    assert all(ring in held for _, ring in (await copied()).rings)
    assert [ring for ring in former if ring in held] == []


async def test_a_recovery_copy_from_before_brings_an_erased_customer_back_until_it_is_deleted(
    house: House,
) -> None:
    await house.lives_a_while()
    await house.recovers()
    await house.erases()
    await rotation.rotate()
    now, again = await copied(), f"file:{house.where.witness.parent / 'again.json'}"

    restore(house.recovery.read_bytes(), house.offline, again)

    assert house.opens(house.copies, house.copies, again) == {"Jonė", "Ona"}
    assert house.opens([now], house.copies, again) == set(), "its epoch opens no ring of today"

    house.recovery.unlink()
    assert house.opens([*house.copies, now], house.copies) == {"Ona"}


async def test_a_recovery_copy_from_after_opens_nobody_who_was_erased(house: House) -> None:
    await house.lives_a_while()
    await house.erases()
    await rotation.rotate()
    await house.recovers()
    again = f"file:{house.where.witness.parent / 'again.json'}"

    restore(house.recovery.read_bytes(), house.offline, again)

    assert house.opens([*house.copies, await copied()], house.copies, again) == {"Ona"}


async def test_a_destroyed_epoch_is_in_no_provider(house: House) -> None:
    await house.lives_a_while()
    held = vault.current().provider

    assert {name for name in held.names() if name.startswith("epoch-")} == {"epoch-3"}
    with pytest.raises(ProviderError):
        vault.current().unwrap(2, str(house.ona.id), house.copies[-1].rings[0][1])
