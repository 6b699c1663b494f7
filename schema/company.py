"""Organisations."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.types import Info

from policies.search import Order
from schema.reading import (
    After,
    Connection,
    Context,
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
@strawberry.type(description="An organisation that customers may speak for.")
class Company(Released, Guarded):
    """A company."""

    name: str | None = value("Its name.")
    created_at: datetime | None = value("Since when we know it.")
    parent: Company | None = one("Company", "The company it belongs to.", here="parent_id")
    subsidiaries: list[Company] | None = many(
        "Company", "The companies that belong to it.", there="parent_id"
    )


@strawberry.type
class CompanyQueries:
    """What can be asked about companies."""

    @strawberry.field(description="The companies you may see, by name.")
    async def companies(
        self, info: Info[Context, None], first: First = 50, after: After = None
    ) -> Connection[Company]:
        """A page of companies."""
        signed_in(info.context)
        return await page(info, "Company", Question(), Page(first, after, Order("name")))
