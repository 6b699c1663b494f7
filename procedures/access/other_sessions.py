"""Sessions ended from elsewhere: one's own, one of them or all others; of an employee or a customer by whoever may.

What others end of a customer the customer is told.
"""

from uuid import UUID

from models import Account, AccountKind, Session
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.access.session import end_all
from procedures.errors import Unauthenticated
from procedures.ledger import record


async def end(*, by: Actor) -> int:
    """End all sessions of one's own but this one; returns how many.

    Raises:
        Unauthenticated: there is no session.
        Refused: the actor may not.
    """
    if by.session_id is None:
        raise Unauthenticated
    async with transaction():
        await require(by, "end_other_sessions", "Session", by.session_id)
        alive = Session.filter(actor_id=by.actor_id, ended_at=None, expires_at__gt=by.now)
        others = [session.id for session in await alive.exclude(id=by.session_id)]
        await Session.filter(id__in=others, ended_at=None).update(ended_at=by.now)
        for id in others:
            record(Event.SESSION_ENDED, by, changed={Session: [id]}, session=id)
        return len(others)


async def end_of(account_id: UUID, by: Actor) -> int:
    """End all sessions of somebody else, in the transaction under way; returns how many."""
    ended = await end_all(account_id, by.now)
    record(Event.USER_SESSIONS_ENDED, by, changed={Session: ended}, actor=account_id, sessions=len(ended))
    return len(ended)


async def end_of_customer(customer_id: UUID, *, by: Actor) -> int:
    """End all sessions of a customer, in the transaction under way; returns how many; 0 where there is no login."""
    account = await Account.get_or_none(customer_id=customer_id, kind=AccountKind.CUSTOMER)
    return await end_of(account.id, by) if account else 0
