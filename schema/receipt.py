"""What a customer takes home of each turn of a consent."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models import ConsentState
from procedures.receipt import page
from schema.reading import Guarded, Released, composed, recorded, value


@recorded
@strawberry.type(description="A receipt for one turn of a consent, as it was made; it is never edited.")
class Receipt(Released, Guarded):
    """A receipt."""

    state: ConsentState | None = value("The state that the consent had come to.")
    made_at: datetime | None = value("When it was made.")
    digest: str | None = value("The SHA-256 of `json`, in hexadecimal, as the ledger has it.")
    json: str | None = value(
        "The receipt: JSON-LD with the fields of ISO/IEC TS 27560:2023 and the terms of the Data Privacy Vocabulary.",
        of="document",
    )
    html: str | None = value("The same as a page to read, keep and print; it needs nothing else.")


@composed("html", "document")
def _html(document: str) -> str:
    return page(document)
