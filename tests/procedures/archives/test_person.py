"""Whose archive it is: nobody comes in twice, or against their wish, or by a key that nobody vouches for."""

from pathlib import Path

import pytest

import models
from models import Category, Customer, Identity
from procedures.archives import trusted
from procedures.leaving import withdrawal
from procedures.tables import ImportRefused
from tests.people import Office
from tests.procedures.arriving import CARRIED, Desk, Parcel, herself, refused, said, totals


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.every_database
async def test_whoever_left_and_wishes_to_be_left_alone_is_not_taken_in_again(
    desk: Desk, parcel: Parcel, office: Office
):
    await desk.takes(parcel)
    customer, me = await Customer.get(), await herself(office)
    await withdrawal.begin(customer.id, customer.number, by=me.actor, suppress=True)

    for way in (desk, desk.but(number="new"), desk.but(categories=frozenset({Category.IDENTITY}))):
        assert await refused(way, parcel) == "CUSTOMER_SUPPRESSED"
    assert [await model.all().count() for model in models.PERSONAL.values()] == [0] * len(models.PERSONAL)


async def test_somebody_who_is_here_is_not_taken_in_twice(desk: Desk, parcel: Parcel, office: Office):
    for category in ("contact_point", "personal_code"):
        known = await office.customer([(category, "support")])
        assert await refused(desk, parcel) == "CUSTOMER_KNOWN"
        with pytest.raises(ImportRefused, match=known.number):
            await desk.takes(parcel)
        await models.ContactPoint.all().delete()
    assert await refused(desk.but(number="C-0"), parcel) == "CUSTOMER_UNKNOWN"
    await desk.but(number="new").takes(parcel)
    assert await Identity.all().count() == 1


@pytest.mark.every_database
async def test_what_a_customer_has_here_already_comes_in_once(desk: Desk, parcel: Parcel, office: Office):
    here = await office.customer([(category.value, "support") for category in Category])
    created, unchanged, faults = totals(await desk.but(number=here.number).takes(parcel))

    assert faults == {}
    assert (created, unchanged) == (len(said(parcel.data, "contactPoints")) + 3, len(CARRIED))
    assert totals(await desk.takes(parcel)) == (0, created + unchanged, {})
    assert await Customer.all().count() == 1


async def test_what_a_customer_has_otherwise_here_is_compared_by_hand(
    desk: Desk, parcel: Parcel, office: Office
):
    here = await office.customer()
    given = await office.consent(here, "identity", "support")
    await office.row(here, given, content=models.Identity.Content("Jonė", "Kita"), family_name_index="Kita")
    _, _, faults = totals(await desk.but(number=here.number).takes(parcel))

    assert faults == {"CUSTOMER_DIFFERS": 1}
    other = await office.customer()
    assert await refused(desk.but(number=other.number), parcel) == "CUSTOMER_DIFFERS"


async def test_a_key_is_named_or_known_or_trusted_once(desk: Desk, parcel: Parcel, database: str):
    for named, code in ((None, "KEY_UNKNOWN"), ("00" * 32, "KEY_DIFFERS")):
        with pytest.raises(ImportRefused) as refusal:
            await trusted(parcel.key, named, first_use=False)
        assert refusal.value.code == code
    assert not await trusted(parcel.key, parcel.key, first_use=False)
    assert await trusted(parcel.key, None, first_use=True)

    await desk.takes(parcel)
    assert not await trusted(parcel.key, None, first_use=False)
    with pytest.raises(ImportRefused):
        await trusted("00" * 32, None, first_use=False)


@pytest.mark.parametrize("anchor", [None, [], {}, {"id": 5}, {"id": ""}, {"id": "k" * 201}, {"id": "\ud800"}])
async def test_an_archive_of_nobody_is_refused(desk: Desk, parcel: Parcel, sqlite: None, anchor: object):
    assert await refused(desk, parcel.with_rows(customer=anchor)) == "KEY_MISSING"
