"""What partners have to do after data of a customer were erased or corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from models import PERSONAL, Category, ObligationKind
from policies.actor import Actor
from policies.statements import Order
from procedures.erasure import obligation as obligations
from schema.partner import Partner
from schema.reading import (
    Guarded,
    Id,
    Released,
    all_of,
    composed,
    encode,
    mutation,
    one,
    recorded,
    value,
)


@recorded
class Obligation(Released, Guarded):
    """What a partner has to erase or to correct, and to acknowledge, after a customer's data were erased or corrected."""

    kind: ObligationKind | None = value("What the partner has to do.")
    customer_id: strawberry.ID | None = value("The customer, by the identifier that the partner knew.")
    category: Category | None = value("The category; null for all categories.")
    record_id: strawberry.ID | None = value(
        "The row, by the identifier that the partner knew; null for all rows of the category."
    )
    created_at: datetime | None = value("When it came up.")
    due_at: datetime | None = value("The deadline.")
    acknowledged_at: datetime | None = value(
        "When the partner acknowledged that it is done; null until then."
    )
    partner: Partner | None = one("The partner.")


@composed("customerId", "customer_id")
def _customer(customer: UUID | str) -> str:
    return encode("Customer", UUID(str(customer)))


@composed("recordId", "category", "record_id")
def _record(category: Category | None, record: UUID | None) -> str | None:
    return encode(PERSONAL[category].__name__, record) if category and record else None


OBLIGATIONS = all_of(
    Obligation,
    "obligations",
    "The obligations of partners that you may see, the oldest first.",
    Order("createdAt"),
)


@mutation(
    "The acknowledged obligation.",
    {"obligation": (Obligation, "The obligation.")},
    input="The obligation that is fulfilled.",
)
async def obligation_acknowledge(
    obligation_id: Annotated[UUID, Id("Obligation"), "The obligation."], *, by: Actor
) -> Any:
    """Acknowledge that the customer's data are erased or corrected."""
    return await obligations.acknowledge(obligation_id, by=by)


@mutation(
    "The obligation that the partner confirmed by other means.",
    {"obligation": (Obligation, "The obligation.")},
    input="What a partner that was deactivated has confirmed.",
)
async def obligation_confirm(
    obligation_id: Annotated[UUID, Id("Obligation"), "The obligation."],
    evidence: Annotated[
        str, "A reference to what the partner said, such as the number of its letter; not stored."
    ],
    *,
    by: Actor,
) -> Any:
    """Record that a deactivated partner has erased or corrected the customer's data; needs a confirmed session."""
    return await obligations.confirm(obligation_id, evidence, by=by)
