"""Asking for a code by one's login: everybody gets the same answer, and as soon.

Whether the login exists is looked at afterwards, by a job of the process: no answer waits for it. Each asking leaves one
entry in the ledger, whoever the login belongs to.
"""

from collections import deque
from typing import Final

from models import Customer, CustomerStatus
from models.database import transaction
from models.errors import ProcedureError
from models.event import Event
from models.values import storable
from policies.actor import Actor
from procedures import worker
from procedures.access import Allowance, Throttle, login_mark, spellings
from procedures.current import installation
from procedures.ledger import note
from procedures.passwords import invitation
from procedures.work import Clock

#: The name of the job.
JOB: Final = "password codes"
#: How many askings wait for the job at most; beyond it the oldest is dropped, and its asker asks again.
MOST: Final = 1_000
#: Characters of the longest number of a customer, and some.
_LONGEST: Final = 40


class Asking(Throttle):
    """Counts who asked for codes at one installation, by login and network address; each asking counts."""

    def __init__(self) -> None:
        super().__init__(of_login=Allowance(free=3), of_address=Allowance(free=30))


class Waiting(deque[str]):
    """The logins for which a code was asked for, and nobody has looked yet, in the memory of this process."""

    def __init__(self) -> None:
        super().__init__(maxlen=MOST)


async def ask(login: str, *, address: str, clock: Clock, throttle: Throttle | None = None) -> None:
    """Have a code sent to whoever signs in by a login, if it is a customer's who surely is reached somewhere.

    Args:
        login: a customer's number.
        address: the network address of the request, for the throttle alone.
        clock: gives the present instant in UTC.
        throttle: counts askings; the installation's unless given.

    Raises:
        RateLimited: too many codes were asked for from there.
        LedgerUnavailable: the asking cannot be recorded.
    """
    by = Actor(clock=clock)
    throttle = installation().instance(Asking) if throttle is None else throttle
    throttle.enter(login, address, by.now)
    await note(Event.PASSWORD_FORGOTTEN, by, login=login_mark(login))
    installation().instance(Waiting).append(login[: _LONGEST + 1])
    await worker.ring(JOB)


async def work_off(*, clock: Clock) -> int:
    """Send the codes that were asked for; returns how many."""
    waiting, sent = installation().instance(Waiting), 0
    while waiting:
        sent += await _send(waiting.popleft(), Actor(clock=clock))
    return sent


async def _send(login: str, by: Actor) -> bool:
    """Send a code to the customer of a login; False where there is none, or nowhere to send it."""
    if not storable(login) or len(login) > _LONGEST:
        return False
    async with transaction():
        customer = await Customer.filter(number__in=spellings(login), status=CustomerStatus.ACTIVE).first()
        if customer is None:
            return False
        try:
            await invitation.send(customer.id, by=by)
        except ProcedureError:
            # Nobody is told: neither who asked nor whom they asked about.
            return False
    return True
