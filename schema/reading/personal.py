"""What every row of personal data says of itself: where it came from and how far it is trusted."""

from datetime import datetime
from typing import Any

import strawberry

from schema.reading.released import Plain
from schema.reading.shapes import composed


@strawberry.type(description="How a value was checked.")
class Verification(Plain):
    """A check of a value."""

    method: str = strawberry.field(description="By what means.")
    level: str | None = strawberry.field(description="The level of assurance reached.")
    at: datetime | None = strawberry.field(description="When.")
    expires_at: datetime | None = strawberry.field(description="Until when the check counts.")


@strawberry.type(description="Where a row of personal data came from.")
class Provenance(Plain):
    """The origin of a row."""

    source: str = strawberry.field(description="The source it was collected from.")
    revision: int = strawberry.field(description="How often it was written: what a change can be tied to.")
    collected_at: datetime = strawberry.field(description="When it was collected.")
    verification: Verification | None = strawberry.field(description="How it was checked, if it was.")


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


PROVENANCE = "Where the row came from and how far it is trusted."
