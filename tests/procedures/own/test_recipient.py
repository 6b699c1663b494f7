"""Customers are told to whom their data were given, what for, and what of it."""

from datetime import timedelta

import pytest

from models import Agreement, Outcome, Purpose, TaskStatus
from policies.errors import Refused
from procedures.own import recipient
from procedures.own.recipient import Recipient
from schema.reading import encode
from tests.people import Office, Someone

FIELDS = ("PostalAddress.city", "PostalAddress.street")
TERMS = ("postal_address.street", "postal_address.city")


async def assignee(office: Office) -> tuple[Someone, Agreement]:
    partner = await office.partner()
    return await office.partner_client(partner), await office.agreement(partner, "delivery", *TERMS)


@pytest.mark.every_database
async def test_a_partner_at_work_is_a_recipient(office: Office):
    customer = await office.customer()
    van, agreement = await assignee(office)
    await office.task(van, customer, "delivery", agreement=agreement)

    (found,) = await recipient.listed(customer.id, by=(await office.himself(customer)).actor)

    assert found == Recipient("Partner 1", Purpose.DELIVERY, FIELDS, office.now, None)


async def test_a_recipient_stays_one_when_its_task_is_closed(office: Office):
    customer = await office.customer()
    van, agreement = await assignee(office)
    task = await office.task(van, customer, "delivery", agreement=agreement)
    closed = office.now + timedelta(days=1)
    task.update_from_dict({"status": TaskStatus.CLOSED, "closed_at": closed, "outcome": Outcome.DONE})
    await task.save()
    office.now += timedelta(days=2)

    (found,) = await recipient.listed(customer.id, by=(await office.himself(customer)).actor)

    assert found.until == closed


async def test_an_agreement_that_is_over_ends_it_too(office: Office):
    customer = await office.customer()
    van, agreement = await assignee(office)
    await office.task(van, customer, "delivery", agreement=agreement)
    office.now += timedelta(days=31)

    (found,) = await recipient.listed(customer.id, by=(await office.himself(customer)).actor)

    assert found.until is not None
    assert found.until < office.now


async def test_a_partner_that_never_signed_is_none(office: Office):
    customer, partner = await office.customer(), await office.partner()
    agreement = await office.agreement(partner, "delivery", *TERMS, signed=False)
    await office.task(await office.partner_client(partner), customer, "delivery", agreement=agreement)

    assert await recipient.listed(customer.id, by=(await office.himself(customer)).actor) == []


async def test_staff_and_partners_of_others_are_none(office: Office):
    customer, other = await office.customer(), await office.customer()
    await office.task(await office.agent(), customer, "support")
    van, agreement = await assignee(office)
    await office.task(van, other, "delivery", agreement=agreement)

    assert await recipient.listed(customer.id, by=(await office.himself(customer)).actor) == []


async def test_the_customer_and_the_privacy_officer_are_told_and_nobody_else(office: Office):
    customer = await office.customer()
    van, agreement = await assignee(office)
    await office.task(van, customer, "delivery", agreement=agreement)
    officer, other = await office.employee("privacy_officer"), await office.himself(await office.customer())

    assert await recipient.listed(customer.id, by=officer.actor)
    for actor in (
        other,
        van,
        await office.agent("delivery"),
        await office.employee("manager"),
        office.stranger(),
    ):
        with pytest.raises(Refused):
            await recipient.listed(customer.id, by=actor.actor)


async def test_it_is_asked_for_through_the_schema(office: Office):
    customer = await office.customer()
    van, agreement = await assignee(office)
    await office.task(van, customer, "delivery", agreement=agreement)
    query = "query ($id: ID!) { recipients(customerId: $id) { partner purpose fields since until } }"

    answer = await (await office.himself(customer)).asks(query, id=encode("Customer", customer.id))

    (found,) = answer.data["recipients"]
    assert (found["partner"], found["purpose"], found["until"]) == ("Partner 1", "DELIVERY", None)
    assert found["fields"] == list(FIELDS)
