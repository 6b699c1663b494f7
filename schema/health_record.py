"""Submitting health records."""

from typing import Any

from policies.actor import Actor
from procedures.submission import health_record
from schema.category import VIEWS
from schema.reading import key_of, mutation
from schema.submission import SubmissionInput, envelope


@mutation(
    "The submitted health record.",
    {"health_record": (VIEWS["HealthRecord"], "The health record.")},
    input=SubmissionInput,
    creates=True,
)
async def health_record_submit(input: SubmissionInput, *, by: Actor) -> Any:
    """Submit a condition or an allergy, sealed by the browser; needs the customer's consent for the purpose CARE."""
    return await health_record.submit(
        key_of(input.customer_id, "Customer", "customerId"), envelope(input), by=by
    )
