"""Receipts for the transitions of consents."""

from __future__ import annotations

from datetime import datetime

from models import ConsentState
from procedures.receipt import page
from schema.reading import Guarded, Released, composed, recorded, value


@recorded
class Receipt(Released, Guarded):
    """A receipt for one transition of a consent; it is never edited."""

    state: ConsentState | None = value("The state after the transition.")
    made_at: datetime | None = value("When it was made.")
    digest: str | None = value("The SHA-256 of `json`, in hexadecimal; the ledger has it, too.")
    json: str | None = value(
        "The receipt as JSON-LD, with the fields of ISO/IEC TS 27560:2023 and the terms of "
        "the Data Privacy Vocabulary.",
        of="document",
    )
    html: str | None = value("The receipt as a self-contained HTML page to read and print.")


@composed("html", "document")
def _html(document: str) -> str:
    return page(document)
