"""What every row of personal data says of itself: where it came from and how far it is trusted."""

from datetime import datetime
from typing import Any

from schema.reading.released import Plain, object_type, value
from schema.reading.shapes import composed


@object_type
class Verification(Plain):
    """How a row of personal data was verified."""

    method: str = value("The method.")
    level: str | None = value("The assurance level that was reached; null if none was.")
    at: datetime | None = value("When it was verified.")
    expires_at: datetime | None = value("Until when the verification is valid; null if it does not expire.")


@object_type
class Provenance(Plain):
    """Where a row of personal data came from."""

    source: str = value("The source it was collected from.")
    revision: int = value(
        "The number of times the row was written; give it with a change so that a newer one is not overwritten."
    )
    collected_at: datetime = value("When it was collected.")
    verification: Verification | None = value("How it was verified; null if it was not.")


@composed(
    "provenance",
    "source", "revision", "collected_at", "verification_method", "verification_level", "verified_at", "verification_expires_at",
)  # fmt: skip
def provenance(
    source: str, revision: int, collected_at: datetime, method: str | None, level: Any, at: Any, expires: Any
) -> Provenance:
    """The origin of a row from its plain columns."""
    check = None if method is None else Verification(method=method, level=level, at=at, expires_at=expires)
    return Provenance(source=source, revision=revision, collected_at=collected_at, verification=check)


PROVENANCE = "Where the row came from, and how it was verified."
