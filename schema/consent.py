"""A customer's word on one category of data for one purpose: given, renewed, withdrawn.

What else can become of it is in `schema.consent_transitions`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from models import Category, CollectionMethod, ConsentState, Purpose
from policies.actor import Actor
from procedures import consent as consents
from schema.legal_hold import HELD
from schema.notice import Notice
from schema.reading import (
    ContextInfo,
    Guarded,
    Input,
    Payload,
    Released,
    act,
    actor_of,
    key_of,
    many,
    one,
    payload_of,
    recorded,
    value,
    view_of,
)
from schema.receipt import Receipt

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(description="A customer's consent to one category of data for one purpose.")
class Consent(Released, Guarded):
    """A consent."""

    category: Category | None = value("The category of data.")
    purpose: Purpose | None = value("The purpose.")
    state: ConsentState | None = value("The state; only GIVEN and RENEWED_CONSENT_GIVEN permit processing.")
    evidence: str | None = value("A reference by which the consent can be demonstrated.")
    collection_method: CollectionMethod | None = value(
        "How the consent was collected; null if that is unknown."
    )
    expires_at: datetime | None = value(
        "When the consent expires; of one that is only requested, when it would."
    )
    created_at: datetime | None = value("When it was first recorded.")
    notice: Notice | None = one("Notice", "The notice that the customer was shown.", here="notice_id")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "The customer.", here="customer_id"
    )
    receipts: list[Receipt] | None = many(
        "Receipt", "The receipts, one for each transition, in no particular order.", there="consent_id"
    )


@strawberry.input(description="A consent that a customer gives.")
class ConsentGiveInput:
    """One category, one purpose, and the notice that was shown."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    category: Category = strawberry.field(description="The category of data.")
    purpose: Purpose = strawberry.field(description="The purpose.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer was shown.")
    evidence: str = strawberry.field(description="A reference by which the consent can be demonstrated.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the consent expires; if left out, in two years."
    )


@strawberry.type
class ErasingPayload(Payload):
    """What every mutation that ends consents returns besides the consents."""

    erased_rows: int | None = strawberry.field(
        default=None, description="How many rows of personal data were erased."
    )
    kept_rows: int | None = strawberry.field(
        default=None,
        description="How many rows were kept, because another consent to the category is in force.",
    )
    held_rows: int | None = strawberry.field(default=None, description=HELD)


@strawberry.type(description="The given or renewed consent.")
class ConsentGivePayload(Payload):
    """The consent, as the actor may see it."""

    consent: Consent | None = strawberry.field(default=None, description="The consent.")


@strawberry.input(description="The consent to withdraw.")
class ConsentWithdrawInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="The withdrawn consent, and how much was erased with it.")
class ConsentWithdrawPayload(ErasingPayload):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description="The consent, in its new state.")


@strawberry.type
class ConsentMutations:
    """What can be done about consents."""

    @strawberry.mutation(description="Record or renew a customer's consent.")
    async def consent_give(self, info: ContextInfo, input: Input[ConsentGiveInput]) -> ConsentGivePayload:
        """Give consent."""
        return ConsentGivePayload(**await payload_of(info, "Consent", _give(actor_of(info), input)))

    @strawberry.mutation(
        description="Withdraw a consent. With the last consent to a category, its data are erased."
    )
    async def consent_withdraw(
        self, info: ContextInfo, input: Input[ConsentWithdrawInput]
    ) -> ConsentWithdrawPayload:
        """Withdraw consent."""
        ended, errors = await act(info, consents.withdraw, "Consent", input.consent_id)
        return ConsentWithdrawPayload(**await ending_of(info, ended, errors))


async def ending_of(info: Any, ended: Any, errors: list[Any]) -> dict[str, Any]:
    """The fields of a payload that has one ended consent and what was erased with it, or the errors."""
    if ended is None:
        return {"user_errors": errors}
    return {"consent": await view_of(info, "Consent", ended.consent), **rows_of([ended])}


def rows_of(ended: list[Any]) -> dict[str, Any]:
    """The fields of `ErasingPayload`, summed over several ended consents."""
    return {name: sum(getattr(each, name) for each in ended) for name in _COUNTS}


_COUNTS = ("erased_rows", "kept_rows", "held_rows")


async def _give(actor: Actor, input: ConsentGiveInput) -> Any:
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
