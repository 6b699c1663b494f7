"""Wishes, as their customers write them."""

from uuid import UUID

from models import Personal, Preference
from policies.asker import Asker
from procedures.own import own_change
from procedures.own.own_change import Wanted


async def add(customer_id: UUID, wanted: Wanted, *, by: Asker) -> Personal:
    """Add a wish of one's own; raises as `own_change.add` does."""
    return await own_change.add(customer_id, wanted, by=by)


async def change(id: UUID, wanted: Wanted, *, by: Asker, revision: int | None = None) -> Personal:
    """Change a wish of one's own; raises as `own_change.change` does."""
    return await own_change.change(id, wanted, by=by, revision=revision)


async def remove(id: UUID, *, by: Asker, revision: int | None = None) -> int:
    """Remove a wish of one's own; gives and raises what `own_change.remove` does."""
    return await own_change.remove(Preference, id, by=by, revision=revision)
