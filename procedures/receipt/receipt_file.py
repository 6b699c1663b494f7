"""Receipts as files, for whoever hands them over on paper or by mail."""

from pathlib import Path
from uuid import UUID

from models import Receipt
from procedures import private_file
from procedures.errors import AlreadyExists, found
from procedures.receipt.receipt_page import page


async def write(consent_id: UUID, out: Path) -> None:
    """Write the newest receipt of a consent: a page where the file is called `.html`, JSON-LD otherwise.

    Raises:
        NotFound: there is no receipt for such a consent.
        AlreadyExists: there is such a file; it is left as it is.
    """
    latest = await Receipt.filter(consent_id=consent_id).order_by("-made_at", "id").first()
    receipt = found(latest, "receipt", "consentId")
    try:
        file = private_file.opened(out, new=True)
    except FileExistsError:
        raise AlreadyExists("file", "out") from None
    with file:
        file.write(page(receipt.document) if out.suffix == ".html" else receipt.document)
