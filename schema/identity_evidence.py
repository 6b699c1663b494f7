"""What a customer showed to prove who they are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import EvidenceKind
from policies.actor import Actor
from procedures.evidence import identity_evidence as evidence
from schema.category import IdentityEvidence
from schema.reading import (
    Context,
    Plain,
    UserError,
    actor_of,
    attempt,
    errors,
    key_of,
    shown,
)


@strawberry.input(description="A document that a customer showed.")
class IdentityEvidenceRecordInput:
    """Whose, and what it was."""

    customer_id: strawberry.ID = strawberry.field(description="Whose document.")
    kind: EvidenceKind = strawberry.field(description="What it is.")
    issuer: str = strawberry.field(description="Who issued it.")
    number_tail: str = strawberry.field(description="The last four characters of its number, and no more.")
    expires_on: date = strawberry.field(description="Its last day.")
    supervised: bool = strawberry.field(description="Whether it was shown in person or under supervision.")


@strawberry.type(description="A document recorded.")
class IdentityEvidenceRecordPayload(Plain):
    """The document, as the actor may see it."""

    identity_evidence: IdentityEvidence | None = strawberry.field(default=None, description="The document.")
    user_errors: list[UserError] = errors()


@strawberry.type
class IdentityEvidenceMutations:
    """What can be done about evidence of identity."""

    @strawberry.mutation(
        description="Record a document that a customer showed; the level reached stands in the identity's provenance."
    )
    async def identity_evidence_record(
        self,
        info: Info[Context, None],
        input: Annotated[IdentityEvidenceRecordInput, strawberry.argument(description="What to do.")],
    ) -> IdentityEvidenceRecordPayload:
        """Record evidence."""
        done, errors = await attempt(_record(actor_of(info), input), info.context.actor)
        seen = await shown(info, "IdentityEvidence", "identityEvidence", done)
        return IdentityEvidenceRecordPayload(identity_evidence=seen, user_errors=errors)


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
