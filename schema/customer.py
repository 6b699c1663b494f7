"""The anchor that everything about a person hangs on."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.address import PostalAddress
from schema.consent import Consent
from schema.contact import ContactPoint
from schema.enums import CustomerStatus
from schema.identity import Identity
from schema.interaction import Interaction
from schema.node import Guarded
from schema.order import Order
from schema.preference import Preference
from schema.released import Released, many, one, value
from schema.shape import recorded
from schema.task import Task

OF = "customer_id"


@recorded
@strawberry.type(description="A person, as a number; what is personal lies in the categories below.")
class Customer(Released, Guarded):
    """A customer."""

    number: str | None = value("The number by which customer and company speak of the record.")
    status: CustomerStatus | None = value("Where the customer stands with us.")
    restricted: bool | None = value("Whether the data are kept but not used, at the customer's request.")
    created_at: datetime | None = value("Since when the customer is known.")
    identity: Identity | None = one("Identity", "Who the customer is.", there=OF)
    contact_points: list[ContactPoint] | None = many(
        "ContactPoint", "How the customer can be reached.", there=OF
    )
    postal_addresses: list[PostalAddress] | None = many(
        "PostalAddress", "Where the customer receives things.", there=OF
    )
    preferences: list[Preference] | None = many(
        "Preference", "What the customer wants to hear about.", there=OF
    )
    interactions: list[Interaction] | None = many("Interaction", "What was said.", there=OF)
    orders: list[Order] | None = many("Order", "What the customer bought.", there=OF)
    consents: list[Consent] | None = many("Consent", "What the customer consents to.", there=OF)
    tasks: list[Task] | None = many("Task", "What is done for the customer.", there=OF)
