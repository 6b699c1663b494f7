"""Customers who can be reached, and messages to them."""

from typing import Any

from models import Consent, ContactKind, ContactPoint, Customer, Message, Template
from models.database import transaction
from policies.actor import Actor
from procedures.message import outbox
from tests.procedures import records
from tests.procedures.records import NOON, Clock

CODE = {"code": "314159", "until": "noon"}


async def reachable(
    address: str = "ona@example.org", *, kind: ContactKind = ContactKind.EMAIL, **values: Any
) -> tuple[Customer, ContactPoint]:
    """A customer with one contact point, confirmed unless told otherwise."""
    customer = await records.customer()
    return customer, await point(customer, address, kind=kind, **values)


async def point(
    customer: Customer, address: str, *, kind: ContactKind = ContactKind.EMAIL, **values: Any
) -> ContactPoint:
    consent = await Consent.get_or_none(customer_id=customer.id) or await records.consent(customer.id)
    shared: dict[str, Any] = {
        "customer_id": customer.id,
        "consent_id": consent.id,
        "source": "test",
        "collected_at": NOON,
    }
    shared |= {"verified_at": NOON, "kind": kind, "content": ContactPoint.Content(address)}
    return await ContactPoint.create(**shared | values)


async def queued(customer: Customer, template: Template = Template.CONTACT_CODE, **more: Any) -> Message:
    async with transaction():
        by = Actor("Customer", customer_id=customer.id, clock=Clock())
        return await outbox.queue(customer.id, template, by=by, **{**CODE, **more})
