"""What a customer erases or changes here, every partner that had it is obliged to erase or change as well."""

from datetime import timedelta

import pytest

from models import (
    AddressKind,
    Agreement,
    Category,
    Consent,
    Customer,
    Obligation,
    ObligationKind,
    PostalAddress,
    Preference,
    Purpose,
    opened,
)
from procedures import own
from procedures.consent import ConsentFilter, consents
from procedures.erasure import obligation
from tests.people import Office, Someone

ADDRESS = [("postal_address", "delivery"), ("preference", "marketing")]
STREET = {"kind": AddressKind.HOME, "street": "Pilies g. 7"}


async def served(office: Office, *fields: str, purpose: str = "delivery") -> tuple[Customer, Someone]:
    """A customer for whom a partner has a task, under an agreement that names these fields; and the customer, signed in."""
    customer = await office.customer(ADDRESS)
    partner = await office.partner()
    van, agreement = await office.partner_client(partner), await office.agreement(partner, purpose, *fields)
    await office.task(van, customer, "delivery", agreement=agreement)
    return customer, await office.session(await office.himself(customer))


async def owed() -> set[tuple[ObligationKind, Category | None, bool]]:
    return {(each.kind, each.category, each.record_id is not None) for each in await Obligation.all()}


@pytest.mark.every_database
async def test_a_category_that_is_withdrawn_is_erased_at_the_partners_too(office: Office):
    customer, herself = await served(office, "postal_address.street")
    await consents.withdraw(customer.id, ConsentFilter(Category.POSTAL_ADDRESS), by=herself.actor)

    (told,) = await Obligation.all()
    assert (told.kind, told.category, told.record_id) == (ObligationKind.ERASE, Category.POSTAL_ADDRESS, None)
    assert (told.customer_id, told.due_at) == (customer.id, office.now + obligation.TERM)


async def test_a_row_that_is_changed_or_removed_is_so_at_the_partners_too(office: Office):
    customer, herself = await served(office, "postal_address.street")
    row = await PostalAddress.get(customer_id=customer.id)
    await own.change(PostalAddress, row.id, STREET, by=herself.actor)
    await own.remove(PostalAddress, row.id, by=herself.actor)

    assert await owed() == {
        (ObligationKind.RECTIFY, Category.POSTAL_ADDRESS, True),
        (ObligationKind.ERASE, Category.POSTAL_ADDRESS, True),
    }


@pytest.mark.every_database
async def test_what_changes_twice_is_owed_once_until_the_partner_has_done_it(office: Office):
    customer, herself = await served(office, "postal_address.street")
    row = await PostalAddress.get(customer_id=customer.id)
    for street in ("Pilies g. 7", "Pilies g. 8"):
        await own.change(PostalAddress, row.id, {**STREET, "street": street}, by=herself.actor)
    assert await Obligation.all().count() == 1
    await Obligation.all().update(acknowledged_at=office.now)

    await own.change(PostalAddress, row.id, STREET, by=herself.actor)

    assert await Obligation.all().count() == 2


async def test_what_changes_nothing_obliges_nobody(office: Office):
    customer, herself = await served(office, "postal_address.street")
    row = await PostalAddress.get(customer_id=customer.id)
    same = {
        name: value
        for name, value in row.values(await opened(row)).items()
        if name in own.written(PostalAddress)
    }
    await own.change(PostalAddress, row.id, same, by=herself.actor)

    assert await owed() == set()


@pytest.mark.parametrize(
    ("purpose", "field"), [("delivery", "contact_point.value"), ("support", "postal_address.street")]
)
async def test_a_partner_that_never_had_it_is_told_nothing(office: Office, purpose: str, field: str):
    customer, herself = await served(office, field, purpose=purpose)
    await consents.withdraw(customer.id, ConsentFilter(Category.POSTAL_ADDRESS), by=herself.actor)

    assert await owed() == set()


async def test_a_partner_that_never_signed_is_told_nothing(office: Office):
    customer, herself = await served(office, "postal_address.street")
    await Agreement.all().update(signed=False, signed_at=None)
    await consents.withdraw(customer.id, ConsentFilter(Category.POSTAL_ADDRESS), by=herself.actor)

    assert await owed() == set()


async def test_of_what_passes_to_another_consent_nobody_is_told_to_erase(office: Office):
    customer, herself = await served(office, "postal_address.street")
    await office.consent(customer, "postal_address", "billing")
    await consents.withdraw(customer.id, ConsentFilter(purpose=Purpose.DELIVERY), by=herself.actor)

    assert await owed() == set()


async def test_a_partner_whose_agreement_has_ended_owes_it_as_well(office: Office):
    customer, herself = await served(office, "postal_address.street")
    office.now += timedelta(days=40)
    herself = await office.session(herself)
    await consents.withdraw(customer.id, ConsentFilter(Category.POSTAL_ADDRESS), by=herself.actor)

    assert await owed() == {(ObligationKind.ERASE, Category.POSTAL_ADDRESS, False)}


async def test_nothing_of_it_concerns_other_categories(office: Office):
    customer, herself = await served(office, "postal_address.street")
    await consents.withdraw(customer.id, ConsentFilter(Category.PREFERENCE), by=herself.actor)

    assert await owed() == set()
    assert not await Preference.exists()
    assert await Consent.filter(customer_id=customer.id, permits=True).count() == 1
