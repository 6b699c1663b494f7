"""Organisations."""

from __future__ import annotations

from datetime import datetime

import strawberry

from policies.search import Order
from schema.reading import (
    After,
    Connection,
    ContextInfo,
    First,
    Guarded,
    Page,
    Question,
    Released,
    many,
    one,
    page,
    recorded,
    signed_in,
    value,
)


@recorded
@strawberry.type(description="An organisation that customers may act for.")
class Company(Released, Guarded):
    """A company."""

    name: str | None = value("The company's name.")
    created_at: datetime | None = value("When it was recorded.")
    parent: Company | None = one("Company", "The parent company; null if there is none.", here="parent_id")
    subsidiaries: list[Company] | None = many("Company", "The subsidiaries.", there="parent_id")


@strawberry.type
class CompanyQueries:
    """What can be asked about companies."""

    @strawberry.field(description="The companies that you may see, by name.")
    async def companies(
        self, info: ContextInfo, first: First = 50, after: After = None
    ) -> Connection[Company]:
        """A page of companies."""
        signed_in(info.context)
        return await page(info, "Company", Question(), Page(first, after, Order("name")))
