"""Recording identity documents that a customer showed."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry

from models import EvidenceKind
from policies.actor import Actor
from procedures.evidence import identity_evidence as evidence
from schema.category import IdentityEvidence
from schema.reading import ContextInfo, Input, Payload, actor_of, key_of, payload_of


@strawberry.input(description="An identity document that a customer showed.")
class IdentityEvidenceRecordInput:
    """Whose, and what it was."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    kind: EvidenceKind = strawberry.field(description="The kind of document.")
    issuer: str = strawberry.field(description="The issuer.")
    number_tail: str = strawberry.field(
        description="The last four characters of the document's number; more are refused."
    )
    expires_on: date = strawberry.field(description="The last day on which the document is valid.")
    supervised: bool = strawberry.field(description="Whether it was shown in person or under supervision.")


@strawberry.type(description="The recorded document.")
class IdentityEvidenceRecordPayload(Payload):
    """The document, as the actor may see it."""

    identity_evidence: IdentityEvidence | None = strawberry.field(default=None, description="The document.")


@strawberry.type
class IdentityEvidenceMutations:
    """What can be done about evidence of identity."""

    @strawberry.mutation(
        description="Record an identity document that a customer showed. The verification level reached "
        "is in the identity's `provenance`."
    )
    async def identity_evidence_record(
        self, info: ContextInfo, input: Input[IdentityEvidenceRecordInput]
    ) -> IdentityEvidenceRecordPayload:
        """Record evidence."""
        return IdentityEvidenceRecordPayload(
            **await payload_of(info, "IdentityEvidence", _record(actor_of(info), input))
        )


async def _record(actor: Actor, input: IdentityEvidenceRecordInput) -> Any:
    return await evidence.record(
        key_of(input.customer_id, "Customer"),
        input.kind,
        input.issuer,
        input.number_tail,
        input.expires_on,
        supervised=input.supervised,
        by=actor,
    )
