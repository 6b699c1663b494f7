"""What every row of personal data says of itself: where it came from and how far it is trusted."""

from datetime import datetime
from typing import Any

import strawberry

from schema.reading.released import Plain
from schema.reading.shapes import composed


@strawberry.type(description="How a row of personal data was verified.")
class Verification(Plain):
    """A check of a value."""

    method: str = strawberry.field(description="The method.")
    level: str | None = strawberry.field(
        description="The assurance level that was reached; null if none was."
    )
    at: datetime | None = strawberry.field(description="When it was verified.")
    expires_at: datetime | None = strawberry.field(
        description="Until when the verification is valid; null if it does not expire."
    )


@strawberry.type(description="Where a row of personal data came from.")
class Provenance(Plain):
    """The origin of a row."""

    source: str = strawberry.field(description="The source it was collected from.")
    revision: int = strawberry.field(
        description="The number of times the row was written; give it with a change so that a newer one "
        "is not overwritten."
    )
    collected_at: datetime = strawberry.field(description="When it was collected.")
    verification: Verification | None = strawberry.field(
        description="How it was verified; null if it was not."
    )


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
