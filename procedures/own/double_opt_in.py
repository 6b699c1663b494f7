"""Double opt-in: consent that counts only once a code, which went to a contact point of the customer's, comes back.

    begin     the consents are asked for, and the code is sent; nothing permits yet
    confirm   is `contact_point.confirm`: the code gives what was asked for with it, and confirms the contact point

A request and its code are held together by the request's evidence, which names the message that brought the code. A
code that is never used leaves a request as any other; whoever begins again gets another code, and the older is void.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models import Category, Consent, ContactPoint, Purpose, Template
from models.database import transaction
from policies.actor import Actor
from policies.decide import require
from procedures import consent
from procedures.message import outbox
from procedures.own import contact_point, own_change
from procedures.receipt import word


async def begin(
    contact_point_id: UUID,
    categories: Sequence[Category],
    purpose: Purpose,
    notice_id: UUID,
    *,
    by: Actor,
    expires_at: datetime | None = None,
) -> tuple[list[Consent], datetime]:
    """Ask the owner of a contact point for consents, and send a code there to give them by.

    Args:
        contact_point_id: where the code goes.
        categories: to the keeping of what; one code gives them all.
        purpose: and its use for what.
        notice_id: what the customer is told.
        by: the customer, or staff who may reach the customer there.
        expires_at: until when consent would last; two years from now unless given.

    Returns:
        The requests, and until when the code is good.

    Raises:
        Refused: the actor may not.
        NotFound, NoticeMismatch: there is no such notice, or it speaks of another purpose.
        AlreadyGiven: of one of the categories; then nothing is asked.
        SpecialCategory, Unfit: what is asked for cannot be.
        ChannelUnavailable, RateLimited: no code goes there, or not now.
    """
    async with transaction():
        await require(by, "begin_double_opt_in", "ContactPoint", contact_point_id)
        point = await own_change.alone(ContactPoint, contact_point_id)
        language = await outbox.language_of(point.customer_id)
        message, until = await contact_point.sent(
            point,
            Template.CONSENT_CODE,
            by=by,
            categories=", ".join(word(category, language) for category in dict.fromkeys(categories)),
            use=word(purpose, language),
        )
        asked = await consent.asked(
            point.customer_id, categories, purpose, notice_id, by=by, expires_at=expires_at,
            code=contact_point.evidence(message),
        )  # fmt: skip
        return asked, until
