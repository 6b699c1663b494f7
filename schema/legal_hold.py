"""What the law forbids to erase yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import Category, HoldReason
from policies.actor import Actor
from procedures.leaving import legal_hold as holds
from schema.reading import (
    Context,
    Guarded,
    Plain,
    Released,
    UserError,
    actor_of,
    attempt,
    errors,
    key_of,
    recorded,
    shown,
    value,
)

#: What mutations that erase say of what they could not.
HELD = "How many rows the law holds back, out of everybody's reach; `legalHolds` tells why, and until when."


@recorded
@strawberry.type(
    description="A category of a customer's data that is not erased yet, for a reason that the law lists."
)
class LegalHold(Released, Guarded):
    """A hold."""

    category: Category | None = value("What is held back.")
    reason: HoldReason | None = value("Why.")
    basis: str | None = value("The reference of the law or of the case.")
    placed_at: datetime | None = value("Since when.")
    until: datetime | None = value("When it ends by itself.")
    ended_at: datetime | None = value("When it ended.")
    erased_at: datetime | None = value("When what it alone held back was gone.")


@strawberry.input(description="A category to hold back from erasure.")
class LegalHoldPlaceInput:
    """Whose, what, why, on what basis, until when."""

    customer_id: strawberry.ID = strawberry.field(description="Whose data.")
    category: Category = strawberry.field(description="What is held back.")
    reason: HoldReason = strawberry.field(description="Why.")
    basis: str = strawberry.field(description="The reference of the law or of the case; nobody's name.")
    until: datetime = strawberry.field(description="When it ends by itself.")


@strawberry.type(description="A hold that was placed.")
class LegalHoldPlacePayload(Plain):
    """The hold, as the actor may see it."""

    legal_hold: LegalHold | None = strawberry.field(default=None, description="The hold.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A hold to end before its time.")
class LegalHoldEndInput:
    """The hold."""

    legal_hold_id: strawberry.ID = strawberry.field(description="The hold.")


@strawberry.type(description="A hold that was ended; what it alone held back is erased.")
class LegalHoldEndPayload(Plain):
    """The hold, as the actor may see it."""

    legal_hold: LegalHold | None = strawberry.field(default=None, description="The hold.")
    user_errors: list[UserError] = errors()


@strawberry.type
class LegalHoldMutations:
    """What can be done about holds."""

    @strawberry.mutation(description="Hold a category of a customer's data back from erasure.")
    async def legal_hold_place(
        self,
        info: Info[Context, None],
        input: Annotated[LegalHoldPlaceInput, strawberry.argument(description="What to do.")],
    ) -> LegalHoldPlacePayload:
        """Addresses a hold."""
        done, errors = await attempt(_place(actor_of(info), input), info.context.actor)
        return LegalHoldPlacePayload(
            legal_hold=await shown(info, "LegalHold", "legalHold", done), user_errors=errors
        )

    @strawberry.mutation(description="End a hold before its time.")
    async def legal_hold_end(
        self,
        info: Info[Context, None],
        input: Annotated[LegalHoldEndInput, strawberry.argument(description="What to do.")],
    ) -> LegalHoldEndPayload:
        """End a hold."""
        done, errors = await attempt(_end(actor_of(info), input), info.context.actor)
        return LegalHoldEndPayload(
            legal_hold=await shown(info, "LegalHold", "legalHold", done), user_errors=errors
        )


async def _place(actor: Actor, input: LegalHoldPlaceInput) -> Any:
    customer = key_of(input.customer_id, "Customer")
    return await holds.place(
        customer, input.category, input.reason, by=actor, basis=input.basis, until=input.until
    )


async def _end(actor: Actor, input: LegalHoldEndInput) -> Any:
    return await holds.end(key_of(input.legal_hold_id, "LegalHold"), by=actor)
