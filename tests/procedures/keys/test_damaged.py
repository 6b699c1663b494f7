"""A ring that somebody damaged keeps nobody from their rights, and the others from nothing."""

from datetime import timedelta

import pytest

from models import (
    PERSONAL,
    Category,
    Consent,
    Customer,
    Erasure,
    Export,
    ExportChunk,
    HeldRow,
    Identity,
    LegalHold,
    Order,
    Purpose,
    Withdrawal,
    WithdrawalStep,
    opened,
)
from models.keys import keyring
from models.records.export import KEY as EXPORT_KEY
from procedures import current
from procedures.consent import consent, expiry
from procedures.erasure import erasure
from procedures.export import export
from procedures.installation import start
from procedures.keys import rotation
from procedures.leaving import legal_hold, withdrawal
from procedures.suppression import departed
from tests.clocks import at, ran_until
from tests.models.keys.test_sealed_rings import put_ring, ring
from tests.people import Office, Someone
from tests.procedures.leavers import hold, leaver
from tests.procedures.taking import READ
from vault import vault
from vault.errors import SealBroken
from vault.seal import Sealed

pytestmark = pytest.mark.every_database


async def damage(customer: Customer) -> bytes:
    """Damage a customer's ring; returns what it was."""
    sound = await ring(customer)
    await put_ring(customer, sound[:-1])
    vault.current().forget()
    return sound


async def bring_back(customer: Customer, sound: bytes) -> None:
    await put_ring(customer, sound)
    vault.current().forget()


async def reopens() -> bool:
    """Whether the next process would open the vault."""
    return await start.unseal(current.addresses()) is None


@pytest.fixture
async def theirs(office: Office) -> tuple[Customer, Someone, bytes]:
    """A customer with a damaged ring, and what it was."""
    customer, herself = await leaver(office)
    return customer, herself, await damage(customer)


async def withdrawn(customer: Customer, category: Category, herself: Someone) -> None:
    given = await Consent.get(customer_id=customer.id, category=category)
    await consent.withdraw(given.id, by=herself.actor)


async def test_a_consent_is_withdrawn_and_its_key_destroyed_once_the_ring_is_brought_back(office: Office):
    customer, herself = await leaver(office)
    old = (await keyring.rings([customer.id]))[str(customer.id)].key("identity").commitment
    row, sound = await Identity.get(), await damage(customer)

    await withdrawn(customer, Category.IDENTITY, herself)
    assert not await Identity.exists()
    assert (await Erasure.get()).completed_at is None
    assert await reopens()

    await bring_back(customer, sound)
    await erasure.finish()
    assert (await Erasure.get()).completed_at is not None
    now = (await keyring.rings([customer.id]))[str(customer.id)]
    assert old != now.key("identity").commitment
    with pytest.raises(SealBroken):
        await opened(row)
    assert (await opened(await Order.get())).number


async def test_an_archive_goes_and_its_key_once_the_ring_is_brought_back(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    chunk, sound = await ExportChunk.get(export_id=begun.export.id, number=0), await damage(customer)

    await withdrawn(customer, Category.IDENTITY, herself)
    assert not await Export.exists()

    await bring_back(customer, sound)
    await erasure.finish()
    left = (await keyring.rings([customer.id]))[str(customer.id)]
    with pytest.raises(SealBroken):
        left.opener(EXPORT_KEY, Sealed(bytes(chunk.content)))


async def test_leaving_ends_what_waits_for_the_ring(office: Office, theirs):
    customer, herself, _ = theirs
    await withdrawn(customer, Category.IDENTITY, herself)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)
    await erasure.finish()

    assert (await Erasure.get()).completed_at is not None
    assert (await Withdrawal.get()).step is WithdrawalStep.COMPLETED
    await rotation.rotate()
    assert "epoch-1" not in vault.current().provider.names()


async def test_who_cannot_be_suppressed_is_told_so_and_leaves_without(office: Office, theirs):
    customer, herself, _ = theirs
    with pytest.raises(SealBroken):
        await rotation.rotate()
    with pytest.raises(departed.AddressUnreadable):
        await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=True)
    assert not await Withdrawal.exists()

    await withdrawal.begin(customer.id, customer.number, by=herself.actor)
    for model in PERSONAL.values():
        assert not await model.all().exists()


async def test_what_runs_out_is_erased_of_everybody(office: Office, theirs):
    customer, _, _ = theirs
    other = await office.customer([("order", "support")])
    now = office.now + timedelta(days=1)
    wanted = Consent.filter(category=Category.ORDER, purpose=Purpose.SUPPORT)
    assert await wanted.filter(customer_id__in=[customer.id, other.id]).update(expires_at=office.now) == 2

    await ran_until(now)
    assert (await expiry.expire(clock=at(now))).consents == 2
    assert not await Order.exists()
    assert await reopens()


async def test_a_held_row_waits_for_the_ring_and_seals_nobody_else(office: Office):
    customer, herself = await leaver(office)
    await hold(office, customer, Category.ORDER)
    sound = await damage(customer)

    await withdrawal.begin(customer.id, customer.number, by=herself.actor)
    assert (await Withdrawal.get()).step is WithdrawalStep.LISTED
    assert not await Order.exists()
    assert await reopens()

    await bring_back(customer, sound)
    await withdrawal.finish()
    assert (await Withdrawal.get()).step is WithdrawalStep.COMPLETED
    left = (await keyring.rings([customer.id]))[str(customer.id)]
    assert left.lacks(["order", "identity"]) == ["identity"]


async def test_a_hold_that_ends_over_a_damaged_ring_is_finished_later(office: Office):
    customer, herself = await leaver(office)
    await hold(office, customer, Category.ORDER)
    await withdrawn(customer, Category.ORDER, herself)
    sound = await damage(customer)

    later = office.now + timedelta(days=31)
    await ran_until(later)
    await legal_hold.expire(clock=at(later))
    assert not await HeldRow.exists()
    assert (await LegalHold.get()).erased_at is None
    assert await reopens()

    await bring_back(customer, sound)
    await legal_hold.finish()
    assert (await LegalHold.get()).erased_at is not None
