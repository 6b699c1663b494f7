"""Organisations."""

from __future__ import annotations

from datetime import datetime

from policies.statements import Order
from schema.reading import (
    Guarded,
    Released,
    all_of,
    many,
    one,
    recorded,
    value,
)


@recorded
class Company(Released, Guarded):
    """An organisation that customers may act for."""

    name: str | None = value("The company's name.")
    created_at: datetime | None = value("When it was recorded.")
    parent: Company | None = one("The parent company; null if there is none.")
    subsidiaries: list[Company] | None = many("The subsidiaries.", there="parent_id")


COMPANIES = all_of(Company, "companies", "The companies that you may see, by name.", Order("name"))
