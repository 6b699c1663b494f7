"""What staff write on a customer's word, by category, and what is there afterwards."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import models
from models import (
    PERSONAL,
    AddressKind,
    Category,
    ContactChannel,
    ContactKind,
    Dictation,
    Message,
    Personal,
    Template,
    opened,
)
from policies.actor import Actor
from procedures import own
from tests.people import Office, Someone

SAID = "by telephone at noon"
MAIL = "jone.new@example.org"
ORDER = {
    "number": "A-1",
    "total": Decimal("12.50"),
    "currency": "EUR",
    "billing_address": None,
}
LINE = {"product": "A book", "quantity": 2, "unit_price": Decimal("6.25")}
VALUES: dict[Category, dict[str, Any]] = {
    Category.IDENTITY: {"family_name": "Žalgirienė"},
    Category.CONTACT_POINT: {"kind": ContactKind.EMAIL, "value": MAIL},
    Category.POSTAL_ADDRESS: {"kind": AddressKind.DELIVERY, "city": "Kaunas"},
    Category.PREFERENCE: {"channel": ContactChannel.EMAIL, "topic": "maps", "monthly_limit": 1},
    Category.INTERACTION: {"channel": "CALL", "subject": "She asked for the number of her order."},
    Category.ORDER: ORDER,
}
#: What a customer reads and staff read of a row of each category, to see whether they may.
READ = {
    Category.IDENTITY: "identity.familyName",
    Category.CONTACT_POINT: "contactPoints.value",
    Category.POSTAL_ADDRESS: "postalAddresses.city",
    Category.PREFERENCE: "preferences.topic",
    Category.INTERACTION: "interactions.subject",
    Category.ORDER: "orders.number",
}
NOTES = tuple(f"interaction.{name}" for name in ("channel", "occurredAt", "subject", "body"))


async def written(category: Category, customer: models.Customer, by: Actor) -> Personal:
    """A row that somebody writes of a customer: added, or of the only one, changed."""
    values, ago = VALUES[category], by.now - timedelta(hours=1)
    if category is Category.INTERACTION:
        channel = models.InteractionChannel.CALL
        said = {**values, "channel": channel, "occurred_at": ago, "body": None}
        return await own.interaction.record(customer.id, said, by=by)
    if category is Category.ORDER:
        return await own.order.enter(customer.id, {**values, "placed_at": ago}, [LINE], by=by, evidence=SAID)
    return await own.add(PERSONAL[category], customer.id, values, by=by, evidence=SAID)


async def at_work(office: Office, purpose: str, *categories: str) -> tuple[Someone, models.Customer]:
    """An agent with a task for a purpose, and a customer who consents to categories for it."""
    customer = await office.customer([(category, purpose) for category in categories])
    ruta = await office.agent(purpose)
    await office.task(ruta, customer, purpose)
    return ruta, customer


async def verified(customer: models.Customer, at: Any) -> models.ContactPoint:
    """The customer's only contact point, verified."""
    seen = {"verification_method": "CODE_BY_EMAIL", "verification_level": "REACHED", "verified_at": at}
    await models.ContactPoint.filter(customer_id=customer.id).update(
        **seen, verification_evidence="message 1", verification_expires_at=at + timedelta(days=900)
    )
    return await models.ContactPoint.get(customer_id=customer.id)


async def whole(model: type[Personal], id: UUID) -> dict[str, Any] | None:
    """Everything that a row holds but its revision: its columns, and its content opened, byte for byte."""
    row = await model.get_or_none(id=id)
    if row is None:
        return None
    field: Any = model._meta.fields_map["content"]
    columns = {
        name: getattr(row, name)
        for name in model._meta.fields_db_projection
        # The tests' rows have no index of a company's name until they are written again.
        if name not in ("revision", "content", "company_name_index")
    }
    return columns | {"content": field.encode(await opened(row))}


async def told(customer: models.Customer) -> list[str | None]:
    """Where the customer was told that somebody wrote something: one time after the other, sorted; None is the account."""
    messages = await Message.filter(customer_id=customer.id, template=Template.DATA_DICTATED)
    places = [(each.queued_at, (await opened(each)).address) for each in messages]
    return [address for _, address in sorted(places, key=str)]


async def only() -> Dictation:
    """The only dictation there is."""
    return await Dictation.get()
