"""Questions about one action on one record; any failure to decide is a no."""

from uuid import UUID

from models import Session
from models.database import current_transaction, in_transaction_now
from policies import registry
from policies.actor import Actor
from policies.errors import PolicyError, Refused, StepUpRequired, Undecided
from policies.policy import in_force
from policies.statements import Holds, Statement


async def require(actor: Actor, action: str, record: str, id: UUID) -> None:
    """Refuse an action that the policies do not grant; the database decides, in the transaction under way.

    Raises:
        Refused: not granted, or there is no such record; the two are not told apart.
        StepUpRequired: the actor's session has to be confirmed before this is decided at all.
    """
    # The session first: one that is not confirmed does not learn which records exist.
    if _confirms_first(actor, action, record) and not await confirmed(actor):
        raise StepUpRequired
    if not await may(actor, action, record, id):
        raise Refused(action, record, id)


async def confirmed(actor: Actor) -> bool:
    """Whether the session of an actor was confirmed within the last minutes, and is alive."""
    if actor.session_id is None:
        return False
    now = actor.now
    alive = Session.filter(id=actor.session_id, actor_id=actor.actor_id, ended_at=None, expires_at__gt=now)
    return await alive.filter(confirmed_until__gt=now).exists()


def _confirms_first(actor: Actor, action: str, record: str) -> bool:
    """Whether the session has to be confirmed first; not where the actor may never do this anyway."""
    try:
        never = in_force().action(actor, action, record).never
        return not never and in_force().confirming.needed(actor, action, record)
    except PolicyError as error:
        raise Refused(action, record) from error


async def those(actor: Actor, action: str, record: str) -> list[UUID]:
    """All records of a type to which an actor may do something, in the order of their ids; nothing is granted by it."""
    try:
        grant = in_force().action(actor, action, record)
        query = registry.RECORDS[record].annotate(holds=Holds(grant.condition, record)).filter(holds=True)
        rows = [] if grant.never else await Statement.of(query.order_by("id").values("id")).fetch(actor)
    except (PolicyError, Undecided) as error:
        raise Refused(action, record) from error
    return [UUID(str(row["id"])) for row in rows]


async def may(actor: Actor, action: str, record: str, id: UUID) -> bool:
    """Whether an actor may do something to a record that is there."""
    try:
        grant = in_force().action(actor, action, record)
        if grant.never:
            return False
        model = registry.RECORDS[record]
        query = model.filter(id=id).annotate(holds=Holds(grant.condition, record)).filter(holds=True)
        granted = bool(await Statement.of(query.limit(1).values("id")).fetch(actor))
    except (PolicyError, Undecided) as error:
        raise Refused(action, record, id) from error
    if granted and in_transaction_now():
        # What can come of it may be done until the end of this transaction, and nothing else.
        current_transaction().granted.append((actor.actor_id, action, record))
    return granted
