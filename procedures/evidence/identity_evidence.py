"""Recording what a customer showed, and how surely it is known from it who they are."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from models import (
    Category,
    EvidenceKind,
    Identity,
    IdentityEvidence,
    given,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked, required
from procedures.evidence.assurance import STRENGTHS, Shown, level, until
from procedures.evidence.verification import VERIFICATION
from procedures.ledger import record as recorded

#: What the level beside a customer's names was reached by.
METHOD: Final = "DOCUMENTS"
#: Documents that last longer do not exist.
LONGEST: Final = timedelta(days=366 * 50)


async def record(
    customer_id: UUID,
    kind: EvidenceKind,
    issuer: str,
    number_tail: str,
    expires_on: date,
    *,
    supervised: bool,
    by: Actor,
) -> IdentityEvidence:
    """Record a document that a customer showed; the level it leads to is noted beside the customer's names.

    Args:
        customer_id: whose document.
        kind: what it is; how strong it is follows from that.
        issuer: who issued it.
        number_tail: the last four characters of its number, and no more.
        expires_on: its last day.
        supervised: whether it was shown in person or under supervision.
        by: staff with a task to verify the customer.

    Raises:
        Refused: the actor does not verify this customer.
        Unfit: the document has expired, or more of its number was given than is kept.
        NotFound: the customer has left.
        ConsentRequired: the customer does not consent to the keeping of it.
    """
    row = {
        "kind": kind, "strength": STRENGTHS[kind], "supervised": supervised, "expires_on": expires_on,
        "issuer": issuer, "number_tail": number_tail,
    }  # fmt: skip
    shown = IdentityEvidence.made(IdentityEvidence.checked(given(row, now=by.now)))
    async with transaction():
        await require(by, "record_identity_evidence", "Customer", customer_id)
        await locked(customer_id)
        if not by.now.date() <= expires_on <= by.now.date() + LONGEST:
            raise Unfit(
                "The document has expired, or the day is no day of a document. Check it.",
                "expiresOn",
                code="EVIDENCE_EXPIRED",
            )
        consent = await required(customer_id, Category.IDENTITY_EVIDENCE, VERIFICATION, by.now)
        shown.customer_id, shown.consent_id = customer_id, consent.id
        shown.source, shown.collected_by, shown.collected_at = "document", by.actor_id, by.now
        await shown.save()
        recorded(
            Event.EVIDENCE_RECORDED,
            by,
            customer=customer_id,
            evidence=shown.id,
            kind=kind,
            strength=shown.strength,
        )
        await _assured(customer_id, shown, by)
        return shown


async def doubt(customer_id: UUID, now: datetime) -> None:
    """Let a level that documents led to run out, in the transaction under way: one of them was put right."""
    await Identity.filter(customer_id=customer_id, verification_method=METHOD).update(
        verification_expires_at=now
    )


async def _assured(customer_id: UUID, latest: IdentityEvidence, by: Actor) -> None:
    """Note beside the customer's names which level the documents reach, and until when."""
    documents = [
        Shown(each.strength, each.supervised, each.expires_on)
        for each in await IdentityEvidence.filter(customer_id=customer_id)
    ]
    today = by.now.date()
    reached, last = level(documents, today), until(documents, today)
    if reached is None or last is None:
        return
    noted = await Identity.filter(customer_id=customer_id).update(
        verification_method=METHOD,
        verification_level=reached,
        verified_at=by.now,
        verification_evidence=f"identity_evidence {latest.id}",
        verification_expires_at=_end(last),
    )
    if noted:
        recorded(Event.IDENTITY_VERIFIED, by, customer=customer_id, level=reached)


def _end(last: date) -> datetime:
    """The instant at which a day is over everywhere where documents are dated."""
    return datetime.combine(last + timedelta(days=1), time(), UTC)
