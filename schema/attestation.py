"""Confirmations that a customer's data are right."""

from datetime import datetime

from models import Category
from schema.reading import Guarded, Released, recorded, value


@recorded
class Attestation(Released, Guarded):
    """A confirmation that a row of a customer's data was right at a given revision."""

    category: Category | None = value("The category of the row.")
    revision: int | None = value("The revision of the row that was confirmed.")
    at: datetime | None = value("When it was confirmed.")
