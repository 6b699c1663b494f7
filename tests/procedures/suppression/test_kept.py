"""What is kept of who left outlives a restored backup, and is lifted at the person's own wish alone."""

import pytest

from models import ContactPoint, DepartedKey, FormerAddress, Suppression
from models.database import transaction
from models.event import Event
from models.keys import keyring
from policies.errors import Refused
from procedures.current import addresses
from procedures.leaving import withdrawal
from procedures.ledger import witness
from procedures.suppression import departed, found_by, lift, listing, standing, suppressed
from tests import ledger
from tests.people import Office
from tests.procedures.leavers import leaver

JONE = ("EMAIL", "JONE@example.org")


async def left(office: Office, *, wished: bool = True) -> None:
    customer, herself = await leaver(office)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=wished)


async def restored(office: Office) -> None:
    """Replay what a backup lacks in which somebody is still here who has left since."""
    customer = await office.customer()
    line = withdrawal.Line(customer.id, customer.id, office.now)
    witness.append_line(addresses().witness, withdrawal.Line.LIST, line.encode())
    assert await withdrawal.replay() == 1


@pytest.mark.every_database
async def test_what_a_restored_backup_lacks_is_kept_again(office: Office):
    await left(office)
    await left(office, wished=False)
    kept = {(row.bucket, bytes(row.digest), row.imports_only, row.at) for row in await Suppression.all()}
    await Suppression.all().delete()
    await DepartedKey.all().delete()

    await restored(office)

    again = {(row.bucket, bytes(row.digest), row.imports_only, row.at) for row in await Suppression.all()}
    assert again <= kept
    assert await suppressed([JONE])
    assert await departed.keys("shop", ["17", "18"]) == {"17"}


async def test_what_a_killed_process_did_not_list_is_listed_by_the_next(office: Office):
    await left(office)
    (addresses().witness / listing.LIST).unlink()
    await withdrawal.finish()

    assert len(listing.read().suppressions) == await Suppression.all().count() == 2
    assert listing.read().keys == {bytes(row.digest) for row in await DepartedKey.all()}


async def test_a_damaged_list_is_said_to_be_so(office: Office):
    witness.append_line(addresses().witness, listing.LIST, '{"digest": 5}')
    with pytest.raises(listing.SuppressionsDamaged):
        listing.read()


async def test_nothing_of_an_address_stands_in_what_is_kept(office: Office):
    await left(office)
    kept = (addresses().witness / listing.LIST).read_text()
    assert "example.org" not in kept
    assert not await FormerAddress.all().exists()


async def test_whoever_wishes_it_is_taken_in_again_once_a_privacy_officer_lifts_it(office: Office):
    await left(office)
    officer = await office.session(await office.employee("privacy_officer"))
    assert await lift(("EMAIL", "jone@EXAMPLE.org"), "letter 12", by=officer.actor) == 1

    assert not await suppressed([JONE])
    (told,) = await ledger.data(Event.SUPPRESSION_LIFTED)
    assert (told["entries"], len(told["evidence"])) == (1, 64)
    await restored(office)
    assert not await suppressed([JONE])
    assert await lift(JONE, "letter 12", by=officer.actor) == 0


async def test_nobody_else_lifts_it(office: Office):
    await left(office)
    customer = await office.customer()
    for role in ("manager", "agent", "administrator"):
        with pytest.raises(Refused):
            await lift(JONE, "letter 12", by=(await office.employee(role)).actor)
    with pytest.raises(Exception, match="no such employee"):
        await lift(JONE, "letter 12", by=(await office.himself(customer)).actor)
    assert await suppressed([JONE])


async def test_a_hash_of_one_byte_that_was_kept_at_first_is_still_found(office: Office):
    await left(office)
    for row in await Suppression.all():
        # As it was: the first byte of the quick hash, of which the bucket now has the first fourteen bits.
        await Suppression.filter(id=row.id).update(bucket=(row.bucket - 256) >> 6)

    assert await standing([JONE]) == {JONE: True}


async def test_a_row_that_does_not_open_leaves_nothing_when_its_category_goes(office: Office):
    customer = await office.customer(consents=[("contact_point", "support")])
    await keyring.destroy(customer.id)
    async with transaction():
        await found_by.remember(await ContactPoint.filter(customer_id=customer.id))
    assert not await FormerAddress.all().exists()
