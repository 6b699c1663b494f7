"""What was said, written down by staff and partners: seen by the customer, no consent, and no occasion for a task."""

import pytest

import models
from models import (
    Category,
    Consent,
    Interaction,
    Order,
)
from policies.errors import Refused
from procedures import own
from procedures.task.occasion import occasion_of
from schema.reading import encode
from tests.people import Office
from tests.procedures.dictating import NOTES, at_work, written


async def test_an_interaction_is_recorded_through_the_api_and_seen_by_the_customer(office: Office):
    ruta, customer = await at_work(office, "support", "interaction")
    await Interaction.all().delete()
    answer = await ruta.asks(
        """mutation ($id: ID!) { interactionRecord(input: {customerId: $id, channel: CALL,
        occurredAt: "2026-06-01T10:00:00Z", subject: "About her order"})
        { interaction { subject channel } userErrors { code } } }""",
        id=encode("Customer", customer.id),
    )
    assert answer.data["interactionRecord"]["interaction"] == {
        "subject": "About her order",
        "channel": "CALL",
    }
    herself = await office.himself(customer)
    assert (await herself.reads(customer, "interactions.subject")).value == ["About her order"]


async def test_a_partner_writes_less_than_its_agreement_names(office: Office):
    customer = await office.customer([("interaction", "support")])
    partner = await office.partner()
    for missing in NOTES:
        named = [name for name in NOTES if name != missing]
        agreement = await office.agreement(partner, "support", *named)
        client = await office.partner_client(partner, "support")
        await office.task(client, customer, "support", agreement=agreement)
        with pytest.raises(Refused):
            await written(Category.INTERACTION, customer, client.actor)


async def test_a_note_of_consent_is_no_consent(office: Office):
    ruta, customer = await at_work(office, "support", "interaction")
    before = await Consent.all().values("id", "state", "purpose", "category")
    values = {
        "channel": models.InteractionChannel.CALL,
        "occurred_at": office.now,
        "subject": "She consents to marketing.",
        "body": None,
    }
    await own.interaction.record(customer.id, values, by=ruta.actor)
    assert await Consent.all().values("id", "state", "purpose", "category") == before


async def test_what_staff_write_gives_no_occasion_for_a_task(office: Office):
    ruta, customer = await at_work(office, "support", "interaction", "order")
    await Interaction.all().delete()
    await Order.all().delete()
    for category in (Category.INTERACTION, Category.ORDER):
        await written(category, customer, ruta.actor)
    opened_by = await office.employee("manager")
    task = await office.task(None, customer, "support")
    task.opened_by_id = opened_by.actor.actor_id

    assert await occasion_of(task, office.now) is None
