"""What the law forbids to erase yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from models import Category, HoldReason
from policies.actor import Actor
from procedures.leaving import legal_hold as holds
from schema.reading import (
    ContextInfo,
    Guarded,
    Input,
    Payload,
    Released,
    actor_of,
    key_of,
    on_record,
    payload_of,
    recorded,
    value,
)

#: What mutations that erase say of what they could not.
HELD = (
    "How many rows a legal hold keeps from erasure; nobody can read them. `legalHolds` "
    "has the reasons and last days."
)


@recorded
@strawberry.type(
    description="A legal hold: a category of a customer's data that must not be erased yet, for a "
    "reason of the GDPR."
)
class LegalHold(Released, Guarded):
    """A legal hold."""

    category: Category | None = value("The category that is kept.")
    reason: HoldReason | None = value("The reason.")
    basis: str | None = value("The reference of the law or of the case.")
    placed_at: datetime | None = value("When it was placed.")
    until: datetime | None = value("When it ends by itself.")
    ended_at: datetime | None = value("When it ended; null while it is in force.")
    erased_at: datetime | None = value("When the data that it alone kept were erased; null until then.")


@strawberry.input(description="The legal hold to place.")
class LegalHoldPlaceInput:
    """Whose, what, why, on what basis, until when."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    category: Category = strawberry.field(description="The category to keep.")
    reason: HoldReason = strawberry.field(description="The reason.")
    basis: str = strawberry.field(description="The reference of the law or of the case; no name of a person.")
    until: datetime = strawberry.field(description="When it ends by itself.")


@strawberry.type(description="The placed legal hold.")
class LegalHoldPlacePayload(Payload):
    """The hold, as the actor may see it."""

    legal_hold: LegalHold | None = strawberry.field(default=None, description="The legal hold.")


@strawberry.input(description="The legal hold to end early.")
class LegalHoldEndInput:
    """The hold."""

    legal_hold_id: strawberry.ID = strawberry.field(description="The legal hold.")


@strawberry.type(description="The ended legal hold; the data that it alone kept are erased.")
class LegalHoldEndPayload(Payload):
    """The hold, as the actor may see it."""

    legal_hold: LegalHold | None = strawberry.field(default=None, description="The legal hold.")


@strawberry.type
class LegalHoldMutations:
    """What can be done about holds."""

    @strawberry.mutation(description="Place a legal hold: keep a category of a customer's data from erasure.")
    async def legal_hold_place(
        self, info: ContextInfo, input: Input[LegalHoldPlaceInput]
    ) -> LegalHoldPlacePayload:
        """Place a hold."""
        return LegalHoldPlacePayload(**await payload_of(info, "LegalHold", _place(actor_of(info), input)))

    @strawberry.mutation(description="End a legal hold early; the data that it alone kept are erased.")
    async def legal_hold_end(self, info: ContextInfo, input: Input[LegalHoldEndInput]) -> LegalHoldEndPayload:
        """End a hold."""
        work = on_record(holds.end, "LegalHold", input.legal_hold_id, by=actor_of(info))
        return LegalHoldEndPayload(**await payload_of(info, "LegalHold", work))


async def _place(actor: Actor, input: LegalHoldPlaceInput) -> Any:
    customer = key_of(input.customer_id, "Customer")
    return await holds.place(
        customer, input.category, input.reason, by=actor, basis=input.basis, until=input.until
    )
