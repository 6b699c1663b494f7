"""What the customer's answer to a category and purpose is at present; nothing here writes anything."""

from datetime import datetime
from uuid import UUID

from models import Category, Consent, ConsentState, Purpose
from procedures.consent.states import OPEN


async def latest(customer_id: UUID, category: Category, purpose: Purpose) -> Consent | None:
    """The consent in effect for a category and purpose: one that permits or denies, else a request, else the newest."""
    consents = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    return max(consents, key=_rank, default=None)


def _rank(consent: Consent) -> tuple[bool, bool, datetime, str]:
    in_effect = consent.permits or consent.denies
    return in_effect, consent.state in OPEN, consent.created_at, str(consent.id)


async def to_answer(customer_id: UUID, category: Category, purpose: Purpose) -> Consent | None:
    """The consent that permits, or else the request that waits, for a category and purpose."""
    consents = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    return max((each for each in consents if each.permits or each.state in OPEN), key=_rank, default=None)


async def standing_no(
    customer_id: UUID, category: Category, purpose: Purpose, now: datetime
) -> Consent | None:
    """The no that stands for a category and purpose: a refusal, an ended consent, or one that has run out.

    None where the customer consents, or never answered.
    """
    consents = await Consent.filter(customer_id=customer_id, category=category, purpose=purpose)
    in_effect = [each for each in consents if each.permits or each.denies]
    # Nothing in effect takes the place of a consent that has run out, whether or not it was ended since.
    run_out = [each for each in consents if each.state is ConsentState.EXPIRED]
    word = max(in_effect or run_out, key=_rank, default=None)
    return None if word is not None and word.permits and word.expires_at > now else word
