"""A customer's word on one category of data for one purpose: given, renewed, withdrawn.

What else can become of it is in `schema.consent_transitions`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import Category, CollectionMethod, ConsentState, Purpose
from policies.actor import Actor
from procedures import consent as consents
from procedures.consent import Ended
from schema.employee import Employee
from schema.instruction import RECORDED, Evidence, Instruction
from schema.legal_hold import HELD
from schema.notice import Notice
from schema.reading import (
    CustomerId,
    Guarded,
    Id,
    Released,
    many,
    mutation,
    one,
    recorded,
    value,
)
from schema.receipt import Receipt

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
class Consent(Released, Guarded):
    """A customer's consent to one category of data for one purpose."""

    category: Category | None = value("The category of data.")
    purpose: Purpose | None = value("The purpose.")
    state: ConsentState | None = value("The state; only GIVEN and RENEWED_CONSENT_GIVEN permit processing.")
    evidence: str | None = value("A reference by which the consent can be demonstrated.")
    collection_method: CollectionMethod | None = value(
        "How the consent was collected; null if that is unknown."
    )
    recorded_by: Employee | None = one(
        "The employee who recorded it, while neither the customer nor a second person has confirmed it; null otherwise.",
        there="actor_id",
    )
    confirmation: str | None = value(
        "What it was or is to be confirmed by: the message with a code, or what a second person looked at."
    )
    expires_at: datetime | None = value(
        "When the consent expires; of one that is only requested, when it would."
    )
    created_at: datetime | None = value("When it was first recorded.")
    notice: Notice | None = one("The notice that the customer was shown.")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    suspended_by: Instruction | None = one(
        "The instruction that suspends the consent until it is decided; null if none does."
    )
    receipts: list[Receipt] | None = many("The receipts, one for each transition, in no particular order.")


#: What mutations of one consent show.
SHOWN = {"consent": (Consent, "The consent, in its new state.")}
#: What mutations show besides that end consents.
ERASED = {
    "erased_rows": (int, "How many rows of personal data were erased; null if nothing is yet."),
    "kept_rows": (int, "How many rows were kept, because another consent to the category is in force."),
    "held_rows": (int, HELD),
}

CategoryName = Annotated[Category, "The category of data."]
PurposeName = Annotated[Purpose, "The purpose."]
NoticeId = Annotated[UUID, Id("Notice"), "The notice that the customer is shown."]
ConsentId = Annotated[UUID, Id("Consent"), "The consent."]
RequestedId = Annotated[UUID, Id("Consent"), "The requested consent."]
Expiry = Annotated[datetime | None, "When the consents would expire; if left out, in two years."]


@mutation(
    "The given or renewed consent.",
    SHOWN,
    input="A consent that a customer gives.",
    as_given=True,
    creates=True,
)
async def consent_give(
    customer_id: CustomerId,
    category: CategoryName,
    purpose: PurposeName,
    notice_id: Annotated[UUID, Id("Notice"), "The notice that the customer was shown."],
    evidence: Annotated[str, "A reference by which the consent can be demonstrated."],
    expires_at: Annotated[datetime | None, "When the consent expires; if left out, in two years."] = None,
    *,
    by: Actor,
) -> Any:
    """Record or renew a customer's consent.

    Staff record what their task needs. They take no earlier no back and renew nothing, and what one of them recorded opens
    nothing to that person until it is confirmed (`consentConfirm`).
    """
    return await consents.give(
        customer_id, category, purpose, notice_id, by=by, evidence=evidence, expires_at=expires_at
    )


@mutation(
    "The withdrawn consent, and how much was erased with it; or the instruction that waits.",
    SHOWN | ERASED | RECORDED,
    input="The consent to withdraw.",
    creates=True,
)
async def consent_withdraw(consent_id: ConsentId, evidence: Evidence = None, *, by: Actor) -> Any:
    """Withdraw a consent. With the last consent to a category, its data are erased.

    What an employee says suspends the consent, and waits until a second person approves it.
    """
    return shown(await consents.withdraw(consent_id, by=by, evidence=evidence))


def shown(ended: Ended) -> tuple[Any, ...]:
    """What a mutation shows that ends a consent; without counts where nothing has ended yet."""
    counts = [None if ended.instruction else getattr(ended, name) for name in ERASED]
    return ended.consent, *counts, ended.instruction
