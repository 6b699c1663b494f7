"""The consents under which data may be used now; `Consent.usable` says which these are."""

from datetime import datetime
from uuid import UUID

from models import Category, Consent, Purpose
from policies.actor import Actor
from policies.decide import may
from procedures.errors import ConsentRequired, ConsentUnconfirmed


async def required(customer_id: UUID, category: Category, purpose: Purpose, *, by: Actor) -> Consent:
    """The consent to a category for a purpose, under which the actor may keep something.

    Raises:
        ConsentRequired: there is none.
        ConsentUnconfirmed: the actor recorded it, and nobody has confirmed it yet.
    """
    live = Consent.filter(Consent.usable(by.now), customer_id=customer_id, category=category, purpose=purpose)
    consent = await live.order_by("-expires_at", "id").first()
    if consent is None:
        raise ConsentRequired
    if not await may(by, "use", "Consent", consent.id):
        raise ConsentUnconfirmed
    return consent


async def longest_usable(customer_id: UUID, category: Category, now: datetime) -> Consent | None:
    """The consent to a category under which data may be used now that lasts longest; None where there is none."""
    usable = Consent.filter(Consent.usable(now), customer_id=customer_id, category=category)
    return await usable.order_by("-expires_at", "id").first()
