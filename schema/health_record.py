"""What ails a customer."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.actor import Actor
from procedures.submission import health_record
from schema.category import HealthRecord
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
from schema.submission import SubmissionInput, envelope


@strawberry.type(description="A health record submitted.")
class HealthRecordSubmitPayload(Plain):
    """The record, as the actor may see it."""

    health_record: HealthRecord | None = strawberry.field(default=None, description="The record.")
    user_errors: list[UserError] = errors()


@strawberry.type
class HealthRecordMutations:
    """What can be done about health records."""

    @strawberry.mutation(
        description="Submit a condition or an allergy for care, sealed; needs the customer's consent to it."
    )
    async def health_record_submit(
        self,
        info: Info[Context, None],
        input: Annotated[SubmissionInput, strawberry.argument(description="What to do.")],
    ) -> HealthRecordSubmitPayload:
        """Submit a health record."""
        done, errors = await attempt(_submit(actor_of(info), input), info.context.actor)
        row = await shown(info, "HealthRecord", "healthRecord", done)
        return HealthRecordSubmitPayload(health_record=row, user_errors=errors)


async def _submit(actor: Actor, input: SubmissionInput) -> Any:
    return await health_record.submit(key_of(input.customer_id, "Customer"), envelope(input), by=actor)
