"""An erasure is carried out whole whoever is killed at it, and no copy of the keys brings anybody back."""

import pytest

import models
from models import Category, Erasure, Purpose
from models.event import Event
from models.keys import keybook, keyring
from policies.actor import Actor
from procedures.consent import consent
from procedures.current import Addresses
from procedures.erasure import erasure, erasure_list
from procedures.keys import rotation
from tests import ledger
from tests.people import Office
from tests.procedures.installed import at_work, people, reads, reason
from vault import vault
from vault.errors import SealBroken

pytestmark = pytest.mark.every_database


async def withdrawn(customer: models.Customer) -> models.Personal:
    """Let a customer withdraw; gives the row as it lay there before."""
    row = await models.ContactPoint.get(customer_id=customer.id)
    held = await models.Consent.get(customer_id=customer.id)
    await consent.withdraw(held.id, by=(await Office(counted=50).himself(customer)).actor)
    return row


async def test_what_was_erased_does_not_open_any_more(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(2)
        row = await withdrawn(first)
        vault.current().forget()

        with pytest.raises(SealBroken):
            await models.opened(row)

        assert await reads() == {"person1@example.org": 1}
        assert (await Erasure.get()).completed_at is not None


async def test_who_comes_back_after_an_erasure_is_sealed_under_another_key(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(1)
        old = await withdrawn(first)
        office = Office(counted=80)
        office.notices = {row.purpose: row for row in await models.Notice.all()}
        shown = await office.notice("support")
        account = await models.Account.get(customer_id=first.id)
        given = await consent.give(
            first.id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id,
            by=Actor("Customer", account.id, customer_id=first.id), evidence="form 8",
        )  # fmt: skip
        new: models.Personal = await office.row(first, given)
        vault.current().forget()

        assert (await models.opened(new)).value == "jone@example.org"
        with pytest.raises(SealBroken):
            await models.opened(old)


async def test_a_rotation_moves_a_ring_without_the_destroyed_key(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(2)
        row = await withdrawn(first)
        assert await rotation.rotate() == 2

        ring = (await keyring.rings([first.id]))[str(first.id)]
        with pytest.raises(SealBroken):
            ring.opener("contact_point", row.content)


async def test_an_erasure_that_was_not_completed_is_completed_at_the_next_start(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(1)
        await withdrawn(first)
        await Erasure.all().update(completed_at=None)

    assert await reason(place) is None

    async with at_work(place):
        assert (await Erasure.get()).completed_at is not None
        assert await keybook.erased() == {str((await Erasure.get()).id)}
        assert len(await ledger.data(Event.ERASURE_COMPLETED)) == 2


async def test_an_erasure_is_in_the_list_without_anything_personal(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(1)
        await withdrawn(first)

        (line,) = erasure_list.read(erasure.Line)
        assert (line.customer_id, line.category.value) == (first.id, "contact_point")
        assert "person0" not in (place.witness / "erasures").read_text()
