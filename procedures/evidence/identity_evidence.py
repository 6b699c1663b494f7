"""Recording the identity documents that a customer showed, and the level of assurance that they reach."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from models import Category, EvidenceKind, Given, Identity, IdentityEvidence, PersonalCode
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked, required
from procedures.evidence.assurance import STRENGTHS, level, until
from procedures.evidence.verification import VERIFICATION
from procedures.ledger import record as recorded
from procedures.suppression import found_by, writing

#: The method of verification that is stored with a level that documents reach.
METHOD: Final = "DOCUMENTS"
#: No document is valid for longer.
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
    """Record a document that a customer showed; the level that all documents reach is stored with the identity.

    Args:
        customer_id: whose document.
        kind: of the document; its strength follows from that.
        issuer: who issued it.
        number_tail: the last four characters of its number, and no more.
        expires_on: its last day.
        supervised: whether it was shown in person or under supervision.
        by: staff with a task to verify the customer.

    Raises:
        Refused: the actor has no task to verify this customer.
        Unfit: the document has expired, or `number_tail` is longer than what is stored.
        NotFound: the customer has left.
        ConsentRequired: the customer does not consent to the keeping of documents.
    """
    values = {
        "kind": kind, "strength": STRENGTHS[kind], "supervised": supervised, "expires_on": expires_on,
        "issuer": issuer, "number_tail": number_tail,
    }  # fmt: skip
    row = IdentityEvidence.from_values(IdentityEvidence.checked(Given(values, now=by.now)))
    async with transaction():
        await require(by, "record_identity_evidence", "Customer", customer_id)
        await locked(customer_id)
        if not by.now.date() <= expires_on <= by.now.date() + LONGEST:
            raise Unfit(
                "The document has expired, or the day is no day of a document. Check it.",
                "expiresOn",
                code="EVIDENCE_EXPIRED",
            )
        consent = await required(customer_id, Category.IDENTITY_EVIDENCE, VERIFICATION, by=by)
        row.customer_id, row.consent_id = customer_id, consent.id
        row.source, row.collected_by, row.collected_at = "document", by.actor_id, by.now
        await writing.write(row, by)
        recorded(
            Event.EVIDENCE_RECORDED,
            by,
            customer=customer_id,
            evidence=row.id,
            kind=kind,
            strength=row.strength,
        )
        await _store_level(customer_id, row, by)
        return row


async def doubt(customer_id: UUID, now: datetime) -> None:
    """End the level that documents reached, in the transaction under way, because one of them was put right."""
    await Identity.filter(customer_id=customer_id, verification_method=METHOD).update(
        verification_expires_at=now
    )


async def _store_level(customer_id: UUID, latest: IdentityEvidence, by: Actor) -> None:
    """Store with the customer's identity the level that the documents reach, and until when."""
    documents = await IdentityEvidence.filter(customer_id=customer_id)
    today = by.now.date()
    reached, last = level(documents, today), until(documents, today)
    if reached is None or last is None:
        return
    updated = await Identity.filter(customer_id=customer_id).update(
        verification_method=METHOD,
        verification_level=reached,
        verified_at=by.now,
        verified_by=by.actor_id,
        verification_evidence=f"identity_evidence {latest.id}",
        verification_expires_at=_end(last),
    )
    if updated:
        await found_by.proved(await PersonalCode.filter(customer_id=customer_id))
        recorded(Event.IDENTITY_VERIFIED, by, customer=customer_id, level=reached)


def _end(last: date) -> datetime:
    """The instant at which a document's last day is over."""
    return datetime.combine(last + timedelta(days=1), time(), UTC)
