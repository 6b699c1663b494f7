"""Organisations."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.node import Guarded
from schema.released import Released, many, one, value
from schema.shape import recorded


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
