"""The consents under which data may be used now; `Consent.usable` says which these are."""

from datetime import datetime
from uuid import UUID

from models import Category, Consent, Purpose
from procedures.errors import ConsentRequired


async def required(customer_id: UUID, category: Category, purpose: Purpose, now: datetime) -> Consent:
    """The consent to a category for a purpose; raises ConsentRequired where there is none."""
    live = Consent.filter(Consent.usable(now), customer_id=customer_id, category=category, purpose=purpose)
    consent = await live.order_by("-expires_at", "id").first()
    if consent is None:
        raise ConsentRequired
    return consent


async def longest_usable(customer_id: UUID, category: Category, now: datetime) -> Consent | None:
    """The consent to a category under which data may be used now that lasts longest; None where there is none."""
    usable = Consent.filter(Consent.usable(now), customer_id=customer_id, category=category)
    return await usable.order_by("-expires_at", "id").first()
