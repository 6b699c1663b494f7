"""A customer's word on one category of data for one purpose."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.enums import Category, ConsentState, Purpose
from schema.node import Guarded
from schema.notice import Notice
from schema.released import Released, one, value
from schema.shape import recorded

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
    expires_at: datetime | None = value("When it runs out.")
    created_at: datetime | None = value("When it was first recorded.")
    notice: Notice | None = one("Notice", "What the customer was told.", here="notice_id")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "Whose consent it is.", here="customer_id"
    )
