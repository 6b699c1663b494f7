"""Submitting payment cards."""

from typing import Any

import strawberry

from policies.actor import Actor
from procedures.submission import payment_card
from schema.category import PaymentCard
from schema.reading import ContextInfo, Input, Payload, actor_of, key_of, payload_of
from schema.submission import SubmissionInput, envelope


@strawberry.type(description="The submitted card.")
class PaymentCardSubmitPayload(Payload):
    """The card, as the actor may see it."""

    payment_card: PaymentCard | None = strawberry.field(default=None, description="The card.")


@strawberry.type
class PaymentCardMutations:
    """What can be done about cards."""

    @strawberry.mutation(
        description="Submit a payment card, sealed by the browser; needs the customer's consent for the "
        "purpose BILLING. A security code is refused."
    )
    async def payment_card_submit(
        self, info: ContextInfo, input: Input[SubmissionInput]
    ) -> PaymentCardSubmitPayload:
        """Submit a card."""
        return PaymentCardSubmitPayload(
            **await payload_of(info, "PaymentCard", _submit(actor_of(info), input))
        )


async def _submit(actor: Actor, input: SubmissionInput) -> Any:
    return await payment_card.submit(key_of(input.customer_id, "Customer"), envelope(input), by=actor)
