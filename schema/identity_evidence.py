"""Recording identity documents that a customer showed."""

from datetime import date
from typing import Annotated, Any

from models import EvidenceKind
from policies.actor import Actor
from procedures.evidence import identity_evidence
from schema.category import VIEWS
from schema.reading import CustomerId, mutation


@mutation(
    "The recorded document.",
    {"identity_evidence": (VIEWS["IdentityEvidence"], "The document.")},
    input="An identity document that a customer showed.",
    creates=True,
)
async def identity_evidence_record(
    customer_id: CustomerId,
    kind: Annotated[EvidenceKind, "The kind of document."],
    issuer: Annotated[str, "The issuer."],
    number_tail: Annotated[str, "The last four characters of the document's number; more are refused."],
    expires_on: Annotated[date, "The last day on which the document is valid."],
    supervised: Annotated[bool, "Whether it was shown in person or under supervision."],
    *,
    by: Actor,
) -> Any:
    """Record an identity document that a customer showed.

    The verification level reached is in the identity's `provenance`.
    """
    return await identity_evidence.record(
        customer_id, kind, issuer, number_tail, expires_on, supervised=supervised, by=by
    )
