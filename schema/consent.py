"""A customer's word on one category of data for one purpose: given, renewed, withdrawn.

What else can become of it is in `schema.consent_transitions`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

from models import Category, CollectionMethod, ConsentState, Purpose
from policies.actor import Actor
from procedures import consent as consents
from schema.legal_hold import HELD
from schema.notice import Notice
from schema.reading import (
    Context,
    Guarded,
    Plain,
    Released,
    UserError,
    act,
    actor_of,
    attempt,
    errors,
    key_of,
    many,
    one,
    recorded,
    shown,
    value,
)
from schema.receipt import Receipt

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(description="A customer's consent to one category of data for one purpose.")
class Consent(Released, Guarded):
    """A consent."""

    category: Category | None = value("What it is about.")
    purpose: Purpose | None = value("What for.")
    state: ConsentState | None = value(
        "Where it stands; only GIVEN and RENEWED_CONSENT_GIVEN permit processing."
    )
    evidence: str | None = value("A reference by which it can be demonstrated.")
    collection_method: CollectionMethod | None = value(
        "How the customer's word reached us, where that is known."
    )
    expires_at: datetime | None = value("When it runs out; of a request, until when it would last.")
    created_at: datetime | None = value("When it was first recorded.")
    notice: Notice | None = one("Notice", "What the customer was told.", here="notice_id")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "Whose consent it is.", here="customer_id"
    )
    receipts: list[Receipt] | None = many(
        "Receipt", "The receipts for its turns, in no particular order.", there="consent_id"
    )


@strawberry.input(description="A consent as the customer gives it.")
class ConsentGiveInput:
    """One category, one purpose, and the notice that was shown."""

    customer_id: strawberry.ID = strawberry.field(description="Whose consent.")
    category: Category = strawberry.field(description="To what.")
    purpose: Purpose = strawberry.field(description="What for.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer was shown.")
    evidence: str = strawberry.field(description="A reference by which the consent can be demonstrated.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when; two years if not given."
    )


@strawberry.type(description="A consent given or renewed.")
class ConsentGivePayload(Plain):
    """The consent, as the actor may see it."""

    consent: Consent | None = strawberry.field(default=None, description="The consent.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A consent to withdraw.")
class ConsentWithdrawInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="A consent withdrawn, and what was erased with it.")
class ConsentWithdrawPayload(Plain):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description="The consent, in its new state.")
    erased_rows: int | None = strawberry.field(
        default=None, description="How many rows of personal data were erased."
    )
    kept_rows: int | None = strawberry.field(
        default=None, description="How many stay, because another consent to the category stands."
    )
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.type
class ConsentMutations:
    """What can be done about consents."""

    @strawberry.mutation(description="Record a customer's consent, or renew it.")
    async def consent_give(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentGiveInput, strawberry.argument(description="What to do.")],
    ) -> ConsentGivePayload:
        """Give consent."""
        done, errors = await attempt(_give(actor_of(info), input), info.context.actor)
        return ConsentGivePayload(consent=await shown(info, "Consent", "consent", done), user_errors=errors)

    @strawberry.mutation(
        description="Withdraw a consent; with the last one to a category, its data are erased."
    )
    async def consent_withdraw(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentWithdrawInput, strawberry.argument(description="What to do.")],
    ) -> ConsentWithdrawPayload:
        """Withdraw consent."""
        done, errors = await act(info, consents.withdraw, "Consent", input.consent_id)
        if done is None:
            return ConsentWithdrawPayload(user_errors=errors)
        consent = await shown(info, "Consent", "consent", done.consent)
        return ConsentWithdrawPayload(
            consent=consent,
            erased_rows=done.erased_rows,
            kept_rows=done.kept_rows,
            held_rows=done.held_rows,
        )


async def _give(
    actor: Actor, input: Annotated[ConsentGiveInput, strawberry.argument(description="What to do.")]
) -> Any:
    customer, notice = key_of(input.customer_id, "Customer"), key_of(input.notice_id, "Notice")
    return await consents.give(
        customer,
        input.category,
        input.purpose,
        notice,
        by=actor,
        evidence=input.evidence,
        expires_at=input.expires_at,
    )
