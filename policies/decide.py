"""Questions about one action on one record; any failure to decide is a no."""

from uuid import UUID

from models import Session
from policies import registry
from policies.asker import Asker
from policies.errors import PolicyError, Refused, StepUpRequired, Undecided
from policies.policy import in_force
from policies.sql import Holds
from policies.statement import Statement


async def require(asker: Asker, action: str, record: str, id: UUID) -> None:
    """Let an action pass, or refuse it: the database decides, in the transaction under way.

    Raises:
        Refused: not granted, or there is no such record; the two are not told apart.
        StepUpRequired: the asker's session has to be confirmed before this is decided at all.
    """
    # The session first: one that is not confirmed does not learn what is there.
    if _confirms_first(asker, action, record) and not await confirmed(asker):
        raise StepUpRequired
    if not await may(asker, action, record, id):
        raise Refused(action, record, id)


async def confirmed(asker: Asker) -> bool:
    """Whether the session of an asker was confirmed within the last minutes, and is alive."""
    if asker.session_id is None:
        return False
    now = asker.now
    alive = Session.filter(id=asker.session_id, actor_id=asker.actor_id, ended_at=None, expires_at__gt=now)
    return await alive.filter(confirmed_until__gt=now).exists()


def _confirms_first(asker: Asker, action: str, record: str) -> bool:
    """Whether the session matters: not to those who may never do this, whatever they confirm."""
    try:
        never = in_force().action(asker, action, record).never
        return not never and in_force().confirms_first(asker, action, record)
    except PolicyError as error:
        raise Refused(action, record) from error


async def may(asker: Asker, action: str, record: str, id: UUID) -> bool:
    """Whether an asker may do something to a record that is there."""
    try:
        grant = in_force().action(asker, action, record)
        if grant.never:
            return False
        model = registry.RECORDS[record]
        query = model.filter(id=id).annotate(holds=Holds(grant.condition, record)).filter(holds=True)
        return bool(await Statement.of(query.limit(1).values("id")).fetch(asker))
    except (PolicyError, Undecided) as error:
        raise Refused(action, record, id) from error
