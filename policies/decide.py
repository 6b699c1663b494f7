"""Questions about one action on one record; any failure to decide is a no."""

from uuid import UUID

from policies import registry
from policies.asker import Asker
from policies.errors import PolicyError, Refused, Undecided
from policies.policy import house
from policies.sql import Holds
from policies.statement import Statement


async def require(asker: Asker, action: str, record: str, id: UUID) -> None:
    """Let an action pass, or refuse it: the database decides, in the transaction under way.

    Raises:
        Refused: not granted, or there is no such record; the two are not told apart.
    """
    if not await may(asker, action, record, id):
        raise Refused(action, record, id)


async def may(asker: Asker, action: str, record: str, id: UUID) -> bool:
    """Whether an asker may do something to a record that is there."""
    try:
        grant = house.current.action(asker, action, record)
        if grant.never:
            return False
        model = registry.RECORDS[record]
        query = model.filter(id=id).annotate(holds=Holds(grant.condition, record)).filter(holds=True)
        return bool(await Statement.of(query.limit(1).values("id")).fetch(asker))
    except (PolicyError, Undecided) as error:
        raise Refused(action, record, id) from error
