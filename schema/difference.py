"""Differences between what the server decided and what plain Oso says, for whoever looks at them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from models import Settlement
from policies.actor import Actor
from policies.statements import Order
from procedures import difference as differences
from schema.reading import Guarded, Id, Released, all_of, composed, encode, mutation, recorded, value


@recorded
class Difference(Released, Guarded):
    """A field that the server decided otherwise than plain Oso, which it asks again about a sample of what it releases."""

    field: str | None = value("The field with its type, such as ContactPoint.value.")
    granted: bool | None = value(
        "Whether the server granted it: then it is closed to everybody until this is settled. Otherwise the server "
        "withheld what the policies grant."
    )
    policy: str | None = value("The version of the policies.")
    seen_in: strawberry.ID | None = value("The identifier of the record in which it was seen.")
    found_at: datetime | None = value("When it was found.")
    notified_at: datetime | None = value(
        "When privacy officers were notified by mail; null if they were not."
    )
    settled_at: datetime | None = value("When it was settled; null until then.")
    settlement: Settlement | None = value("What came of looking at it; null until then.")


@composed("seenIn", "field", "row_id")
def _seen_in(field: str, row: UUID | str) -> str:
    return encode(field.partition(".")[0], UUID(str(row)))


DIFFERENCES = all_of(
    Difference,
    "differences",
    "The differences between what the server decided and what plain Oso says, the oldest first.",
    Order("foundAt"),
)


@mutation(
    "The settled difference; a field that it closed is read again as the policies say.",
    {"difference": (Difference, "The difference.")},
    input="The difference that was looked at.",
)
async def difference_settle(
    difference_id: Annotated[UUID, Id("Difference"), "The difference."],
    settlement: Annotated[Settlement, "What came of looking at it."],
    *,
    by: Actor,
) -> Any:
    """Settle a difference, and open the field that it closed; the session has to be confirmed first."""
    return await differences.settle(difference_id, settlement, by=by)
