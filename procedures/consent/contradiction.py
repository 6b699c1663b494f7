"""Whoever may revoke consents is told by mail what a customer contradicted, where there is a mail server.

CONSENT_CONTRADICTED   a customer says that they never gave a consent which others recorded; it was ended
"""

import logging
from uuid import UUID

from models import Consent
from models.database import transaction
from policies.actor import Actor
from policies.policy import in_force
from procedures import officers
from procedures.consent import transition
from procedures.sending import Mail
from procedures.worker import ring

log = logging.getLogger("savas.consent")

_SUBJECT = "Savas: a customer contradicts a consent that was recorded"
_TEXT = """A customer says that they never gave consent {consent}, which somebody else recorded. It was ended, and what rested on it \
is erased.

Look who recorded it, and on what evidence: docs/recorded-consents.md.
"""


async def warn(consent_id: UUID) -> None:
    """Log a contradiction, and wake the job that tells of it."""
    log.warning("CONSENT_CONTRADICTED %s", consent_id)
    await ring("contradictions")


async def tell() -> None:
    """Mail each contradiction that nobody was told of yet.

    Raises:
        MailError: the server does not take a mail; all of them about that consent are sent again then.
    """
    contradicted = Consent.filter(officers_told=False).order_by("id")
    await officers.mail_each(contradicted, _may_revoke, _mail, _mark)


async def _mark(consent: Consent, count: int) -> None:
    async with transaction():
        await transition.mark_told(consent, count)


def _mail(consent: Consent, address: str) -> Mail:
    return Mail(address, _SUBJECT, _TEXT.format(consent=consent.id), id=f"{consent.id}.{address}")


def _may_revoke(actor: Actor) -> bool:
    return not in_force().action(actor, "revoke", "Consent").never
