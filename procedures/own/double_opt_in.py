"""Double opt-in: consent that counts only once a code, which was sent to a contact point of the customer's, comes back.

    begin     the consents are requested, and the code is sent; nothing is permitted yet
    confirm   is `contact_point.confirm`: with the code the requested consents are given, and the contact point confirmed

The evidence of a request names the message with the code, by which the two belong together. If a code is never used,
the request stays as any other; beginning again sends another code and makes the older one void.
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
from procedures.receipt import label


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
        categories: which data; one code gives consent to all of them.
        purpose: what the data are to be used for.
        notice_id: the notice that the customer is shown.
        by: the customer, or staff who may reach the customer there.
        expires_at: when the consents would end; after two years unless given.

    Returns:
        The requests, and until when the code is good.

    Raises:
        Refused: the actor may not.
        NotFound, NoticeMismatch: there is no such notice, or it is for another purpose.
        AlreadyGiven: there is a consent to one of the categories; then none is requested.
        SpecialCategory, Unfit: one of the consents cannot be requested.
        ChannelUnavailable, RateLimited: no code can be sent there, or not now.
    """
    async with transaction():
        await require(by, "begin_double_opt_in", "ContactPoint", contact_point_id)
        point = await own_change.locked_row(ContactPoint, contact_point_id)
        language = await outbox.language_of(point.customer_id)
        message, until = await contact_point.sent(
            point,
            Template.CONSENT_CODE,
            by=by,
            categories=", ".join(label(category, language) for category in dict.fromkeys(categories)),
            use=label(purpose, language),
        )
        requests = await consent.request_in_transaction(
            point.customer_id, categories, purpose, notice_id, by=by, expires_at=expires_at,
            code=contact_point.evidence(message),
        )  # fmt: skip
        return requests, until
