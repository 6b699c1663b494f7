"""Telling customers what others recorded of their consents: once for each procedure, however many consents it is about."""

from collections.abc import Sequence
from typing import Final

from models import Consent, ConsentState, Template
from models.database import first_time
from policies.actor import Actor
from procedures.message import outbox
from procedures.notice import controller

#: By the state that a consent came to, which message tells it; a state that is not here is not told.
TEMPLATES: Final = {
    ConsentState.GIVEN: Template.CONSENT_RECORDED,
    ConsentState.RENEWED_CONSENT_GIVEN: Template.CONSENT_RECORDED,
    ConsentState.REFUSED: Template.CONSENT_RECORDED,
    ConsentState.REQUEST_DEFERRED: Template.CONSENT_RECORDED,
}


async def tell(consents: Sequence[Consent], by: Actor) -> None:
    """Queue a message to each customer whose consents somebody else brought to their state, in the transaction under way.

    It names neither values nor categories, because it may go where others see it.
    """
    for consent in consents:
        template = TEMPLATES.get(consent.state)
        if template is not None and first_time((template, consent.customer_id)):
            responsible = controller.current()
            contact = responsible.contact if responsible else ""
            await outbox.queue(consent.customer_id, template, by=by, contact=contact)
