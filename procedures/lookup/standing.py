"""What every operation has to know before it reads: which fields are closed, and whether look-ups are refused to the account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.connection import get_connection

from models.database import CONNECTION, fetch
from policies.actor import Actor
from procedures import difference
from procedures.lookup.bounds import WINDOW, LookupsLimited

# One statement for both, because it comes before every operation.
_STANDING = (
    "SELECT field, NULL AS refused_until FROM differences WHERE granted AND settled_at IS NULL"
    " UNION ALL SELECT NULL, MAX(refused_until) FROM missed_lookups WHERE actor_id = ?"
)


@dataclass(frozen=True)
class Standing:
    """How things stand for an account when its operation begins.

    Attributes:
        closed: the fields, with their types, that nobody reads at the moment.
        refused_until: until when look-ups are refused to it; None if they never were.
    """

    closed: frozenset[str] = frozenset()
    refused_until: datetime | None = None

    def check(self, now: datetime) -> None:
        """Refuse a look-up before anything is looked up.

        Raises:
            LookupsLimited: too much was looked up by this account that was not found.
        """
        left = self.refused_until - now if self.refused_until else None
        # Longer than the longest means that the clock was set back meanwhile.
        if left is not None and left.total_seconds() > 0 and left <= WINDOW:
            raise LookupsLimited(left)


async def standing(actor: Actor) -> Standing:
    """How things stand now for an account; of whoever is not signed in, which fields are closed."""
    if actor.actor_id is None:
        return Standing(await difference.closed_fields())
    rows = await fetch(get_connection(CONNECTION), _STANDING, [str(actor.actor_id)])
    closed = frozenset(row["field"] for row in rows if row["field"] is not None)
    until = next((row["refused_until"] for row in rows if row["refused_until"] is not None), None)
    return Standing(closed, _instant(until))


def _instant(value: Any) -> datetime | None:
    """An instant as either driver gives it."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=UTC) if read is not None and read.tzinfo is None else read
