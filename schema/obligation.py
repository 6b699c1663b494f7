"""What partners owe once something of a customer was erased or put right."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from models import PERSONAL, Category, ObligationKind
from policies.search import Order
from procedures.erasure import obligation as obligations
from schema.partner import Partner
from schema.reading import (
    After,
    Connection,
    Context,
    First,
    Guarded,
    Page,
    Plain,
    Question,
    Released,
    UserError,
    actor_of,
    attempt,
    composed,
    encode,
    errors,
    key_of,
    one,
    page,
    recorded,
    shown,
    signed_in,
    value,
)


@recorded
@strawberry.type(
    description="A partner is to erase what it holds of a customer, or to put a row of it right, and to say so."
)
class Obligation(Released, Guarded):
    """An obligation."""

    kind: ObligationKind | None = value("What is to be done.")
    customer_id: strawberry.ID | None = value("The identifier by which the partner knew the customer.")
    category: Category | None = value("Of which category; null: all there is.")
    record_id: strawberry.ID | None = value(
        "Which row, by the identifier that the partner knew; null: all of the category."
    )
    created_at: datetime | None = value("Since when.")
    due_at: datetime | None = value("Until when.")
    acknowledged_at: datetime | None = value("When the partner said that it is done.")
    partner: Partner | None = one("Partner", "Who owes it.", here="partner_id")


@composed("customerId", "customer_id")
def _customer(customer: UUID | str) -> str:
    return encode("Customer", UUID(str(customer)))


@composed("recordId", "category", "record_id")
def _record(category: Category | None, record: UUID | None) -> str | None:
    return encode(PERSONAL[category].__name__, record) if category and record else None


@strawberry.input(description="An obligation that is fulfilled.")
class ObligationAcknowledgeInput:
    """The obligation."""

    obligation_id: strawberry.ID = strawberry.field(description="The obligation.")


@strawberry.type(description="An obligation that was acknowledged.")
class ObligationAcknowledgePayload(Plain):
    """The obligation, as the actor may see it."""

    obligation: Obligation | None = strawberry.field(default=None, description="The obligation.")
    user_errors: list[UserError] = errors()


@strawberry.type
class ObligationQueries:
    """What can be asked about obligations."""

    @strawberry.field(description="What partners owe; the oldest first.")
    async def obligations(
        self, info: Info[Context, None], first: First = 50, after: After = None
    ) -> Connection[Obligation]:
        """A page of obligations."""
        signed_in(info.context)
        return await page(info, "Obligation", Question(), Page(first, after, Order("createdAt")))


@strawberry.type
class ObligationMutations:
    """What can be done about obligations."""

    @strawberry.mutation(
        description="Say that it is done: what was held of the customer is erased, or put right."
    )
    async def obligation_acknowledge(
        self,
        info: Info[Context, None],
        input: Annotated[ObligationAcknowledgeInput, strawberry.argument(description="What to do.")],
    ) -> ObligationAcknowledgePayload:
        """Acknowledge an obligation."""
        actor = actor_of(info)
        key = key_of(input.obligation_id, "Obligation")
        done, errors = await attempt(obligations.acknowledge(key, by=actor), actor)
        return ObligationAcknowledgePayload(
            obligation=await shown(info, "Obligation", "obligation", done), user_errors=errors
        )
