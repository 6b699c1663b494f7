"""What the law holds back is out of everybody's reach, and goes when its day comes."""

from datetime import timedelta

import pytest

import models
from models import Category, HeldRow, HoldReason, LegalHold
from models.event import Event
from models.keys import keyring
from policies.errors import Refused
from procedures.leaving import legal_hold, withdrawal
from tests import ledger
from tests.clocks import at, ran_until
from tests.people import Office
from tests.procedures.holds import disclosed_by
from tests.procedures.leavers import hold, leaver


@pytest.mark.every_database
async def test_what_the_law_holds_back_is_out_of_reach_and_still_opens(office: Office):
    customer, herself = await leaver(office)
    held = await hold(office, customer, Category.ORDER)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    assert not await models.Order.all().exists()
    assert (await keyring.rings([customer.id]))[str(customer.id)].lacks(c.value for c in Category) == [
        category.value for category in Category if category is not Category.ORDER
    ]
    told: list[dict[str, object]] = []
    officer = await office.session(await office.employee("privacy_officer"))
    assert await disclosed_by(officer, held, told.append) == 1
    assert told[0]["content"]["number"] == "N-1"  # type: ignore[index]  # the content is a document
    assert (await ledger.data(Event.LEGAL_HOLD_DISCLOSED))[0]["rows"] == 1
    assert (await ledger.data(Event.WITHDRAWAL_COMPLETED))[0]["keys"] == "reduced"


@pytest.mark.every_database
async def test_with_the_last_hold_its_rows_and_keys_go(office: Office):
    customer, herself = await leaver(office)
    first = await hold(office, customer, Category.ORDER)
    second = await hold(office, customer, Category.ORDER, days=60)
    officer = await office.session(await office.employee("privacy_officer"))
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    await legal_hold.end(second.id, by=officer.actor)
    assert {row.hold_id for row in await HeldRow.all()} == {first.id}
    later = office.now + timedelta(days=31)
    await ran_until(later)
    assert await legal_hold.expire(clock=at(later)) == 1

    assert not await HeldRow.all().exists()
    assert await keyring.rings([customer.id]) == {}
    assert (await LegalHold.get(id=first.id)).erased_at is not None


async def test_a_hold_that_ends_before_the_customer_leaves_holds_nothing_back(office: Office):
    customer, herself = await leaver(office)
    held = await hold(office, customer, Category.ORDER)
    officer = await office.session(await office.employee("privacy_officer"))
    await legal_hold.end(held.id, by=officer.actor)
    with pytest.raises(legal_hold.HoldEnded):
        await legal_hold.end(held.id, by=officer.actor)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    assert not await HeldRow.all().exists()
    assert await keyring.rings([customer.id]) == {}


@pytest.mark.parametrize("role", ["agent", "manager", "administrator"])
async def test_only_privacy_officers_hold_back(office: Office, role: str):
    customer, herself = await leaver(office)
    for by in (await office.employee(role), herself):
        with pytest.raises(Refused):
            await legal_hold.place(
                customer.id, Category.ORDER, HoldReason.LEGAL_CLAIMS, by=by.actor, basis="case 1",
                until=office.now + timedelta(days=1),
            )  # fmt: skip
