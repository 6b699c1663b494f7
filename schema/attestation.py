"""Somebody's word that what is kept is right."""

from datetime import datetime

import strawberry

from models import Category
from schema.reading import Guarded, Released, recorded, value


@recorded
@strawberry.type(description="One row of a customer's data, confirmed to be right as it stood then.")
class Attestation(Released, Guarded):
    """An attestation."""

    category: Category | None = value("The category of the row.")
    revision: int | None = value("The revision of the row that was confirmed.")
    at: datetime | None = value("When it was confirmed.")
