"""What a customer pays with."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.actor import Actor
from procedures.submission import payment_card
from schema.category import PaymentCard
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


@strawberry.type(description="A card submitted.")
class PaymentCardSubmitPayload(Plain):
    """The card, as the actor may see it."""

    payment_card: PaymentCard | None = strawberry.field(default=None, description="The card.")
    user_errors: list[UserError] = errors()


@strawberry.type
class PaymentCardMutations:
    """What can be done about cards."""

    @strawberry.mutation(
        description="Submit a card for billing, sealed; needs the customer's consent. No security code is ever taken."
    )
    async def payment_card_submit(
        self,
        info: Info[Context, None],
        input: Annotated[SubmissionInput, strawberry.argument(description="What to do.")],
    ) -> PaymentCardSubmitPayload:
        """Submit a card."""
        done, errors = await attempt(_submit(actor_of(info), input), info.context.actor)
        card = await shown(info, "PaymentCard", "paymentCard", done)
        return PaymentCardSubmitPayload(payment_card=card, user_errors=errors)


async def _submit(actor: Actor, input: SubmissionInput) -> Any:
    return await payment_card.submit(key_of(input.customer_id, "Customer"), envelope(input), by=actor)
