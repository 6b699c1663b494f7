"""Names, as their customers write them."""

from uuid import UUID

from models import Personal
from policies.asker import Asker
from procedures.own import own_change
from procedures.own.own_change import Wanted


async def change(customer_id: UUID, wanted: Wanted, *, by: Asker, revision: int | None = None) -> Personal:
    """Change one's own names, or enter the first; raises as `own_change.add` does."""
    return await own_change.add(customer_id, wanted, by=by, revision=revision)
