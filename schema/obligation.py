"""What partners have to do after data of a customer were erased or corrected."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from models import PERSONAL, Category, ObligationKind
from policies.search import Order
from procedures.erasure import obligation as obligations
from schema.partner import Partner
from schema.reading import (
    After,
    Connection,
    ContextInfo,
    First,
    Guarded,
    Input,
    Page,
    Payload,
    Question,
    Released,
    actor_of,
    composed,
    encode,
    key_of,
    one,
    page,
    payload_of,
    recorded,
    signed_in,
    value,
)


@recorded
@strawberry.type(
    description="What a partner has to erase or to correct, and to acknowledge, after a customer's "
    "data were erased or corrected."
)
class Obligation(Released, Guarded):
    """An obligation."""

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
    partner: Partner | None = one("Partner", "The partner.", here="partner_id")


@composed("customerId", "customer_id")
def _customer(customer: UUID | str) -> str:
    return encode("Customer", UUID(str(customer)))


@composed("recordId", "category", "record_id")
def _record(category: Category | None, record: UUID | None) -> str | None:
    return encode(PERSONAL[category].__name__, record) if category and record else None


@strawberry.input(description="The obligation that is fulfilled.")
class ObligationAcknowledgeInput:
    """The obligation."""

    obligation_id: strawberry.ID = strawberry.field(description="The obligation.")


@strawberry.type(description="The acknowledged obligation.")
class ObligationAcknowledgePayload(Payload):
    """The obligation, as the actor may see it."""

    obligation: Obligation | None = strawberry.field(default=None, description="The obligation.")


@strawberry.type
class ObligationQueries:
    """What can be asked about obligations."""

    @strawberry.field(description="The obligations of partners that you may see, the oldest first.")
    async def obligations(
        self, info: ContextInfo, first: First = 50, after: After = None
    ) -> Connection[Obligation]:
        """A page of obligations."""
        signed_in(info.context)
        return await page(info, "Obligation", Question(), Page(first, after, Order("createdAt")))


@strawberry.type
class ObligationMutations:
    """What can be done about obligations."""

    @strawberry.mutation(description="Acknowledge that the customer's data are erased or corrected.")
    async def obligation_acknowledge(
        self, info: ContextInfo, input: Input[ObligationAcknowledgeInput]
    ) -> ObligationAcknowledgePayload:
        """Acknowledge an obligation."""
        actor = actor_of(info)
        key = key_of(input.obligation_id, "Obligation")
        return ObligationAcknowledgePayload(
            **await payload_of(info, "Obligation", obligations.acknowledge(key, by=actor))
        )
