"""What the law forbids to erase yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from models import Category, HoldReason
from policies.actor import Actor
from procedures.leaving import legal_hold as holds
from schema.reading import CustomerId, Guarded, Id, Released, mutation, recorded, value

#: What mutations that erase say of what they could not.
HELD = (
    "How many rows a legal hold keeps from erasure; nobody can read them. `legalHolds` "
    "has the reasons and last days."
)


@recorded
class LegalHold(Released, Guarded):
    """A legal hold: a category of a customer's data that must not be erased yet, for a reason of the GDPR."""

    category: Category | None = value("The category that is kept.")
    reason: HoldReason | None = value("The reason.")
    basis: str | None = value("The reference of the law or of the case.")
    placed_at: datetime | None = value("When it was placed.")
    until: datetime | None = value("When it ends by itself.")
    ended_at: datetime | None = value("When it ended; null while it is in force.")
    erased_at: datetime | None = value("When the data that it alone kept were erased; null until then.")


#: What mutations of legal holds show.
SHOWN = {"legal_hold": (LegalHold, "The legal hold.")}


@mutation("The placed legal hold.", SHOWN, input="The legal hold to place.", creates=True)
async def legal_hold_place(
    customer_id: CustomerId,
    category: Annotated[Category, "The category to keep."],
    reason: Annotated[HoldReason, "The reason."],
    basis: Annotated[str, "The reference of the law or of the case."],
    until: Annotated[datetime, "When it ends by itself."],
    *,
    by: Actor,
) -> Any:
    """Place a legal hold: keep a category of a customer's data from erasure."""
    return await holds.place(customer_id, category, reason, by=by, basis=basis, until=until)


@mutation(
    "The ended legal hold; the data that it alone kept are erased.",
    SHOWN,
    input="The legal hold to end early.",
)
async def legal_hold_end(
    legal_hold_id: Annotated[UUID, Id("LegalHold"), "The legal hold."], *, by: Actor
) -> Any:
    """End a legal hold early; the data that it alone kept are erased."""
    return await holds.end(legal_hold_id, by=by)
