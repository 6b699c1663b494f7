"""Submitting health records."""

from typing import Any

import strawberry

from policies.actor import Actor
from procedures.submission import health_record
from schema.category import HealthRecord
from schema.reading import ContextInfo, Input, Payload, actor_of, key_of, payload_of
from schema.submission import SubmissionInput, envelope


@strawberry.type(description="The submitted health record.")
class HealthRecordSubmitPayload(Payload):
    """The record, as the actor may see it."""

    health_record: HealthRecord | None = strawberry.field(default=None, description="The health record.")


@strawberry.type
class HealthRecordMutations:
    """What can be done about health records."""

    @strawberry.mutation(
        description="Submit a condition or an allergy, sealed by the browser; needs the customer's "
        "consent for the purpose CARE."
    )
    async def health_record_submit(
        self, info: ContextInfo, input: Input[SubmissionInput]
    ) -> HealthRecordSubmitPayload:
        """Submit a health record."""
        return HealthRecordSubmitPayload(
            **await payload_of(info, "HealthRecord", _submit(actor_of(info), input))
        )


async def _submit(actor: Actor, input: SubmissionInput) -> Any:
    return await health_record.submit(key_of(input.customer_id, "Customer"), envelope(input), by=actor)
