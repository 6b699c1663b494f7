"""Submitting payment cards."""

from typing import Any

from policies.actor import Actor
from procedures.submission import payment_card
from schema.category import VIEWS
from schema.reading import key_of, mutation
from schema.submission import SubmissionInput, envelope


@mutation(
    "The submitted card.",
    {"payment_card": (VIEWS["PaymentCard"], "The card.")},
    input=SubmissionInput,
    creates=True,
)
async def payment_card_submit(input: SubmissionInput, *, by: Actor) -> Any:
    """Submit a payment card, sealed by the browser; needs the customer's consent for the purpose BILLING.

    A security code is refused.
    """
    return await payment_card.submit(
        key_of(input.customer_id, "Customer", "customerId"), envelope(input), by=by
    )
