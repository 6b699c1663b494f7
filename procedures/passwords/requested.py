"""Sending the codes that were asked for, after everybody had the same answer.

Whether the login exists is looked at by a job of the process that was asked: no answer waits for it.
"""

from models import Customer, CustomerStatus
from models.database import transaction
from models.errors import ProcedureError
from models.values import storable
from policies.actor import Actor
from procedures.access import spellings
from procedures.current import installation
from procedures.passwords import password_code
from procedures.passwords.password_code import LONGEST, Waiting
from procedures.work import Clock


async def work_off(*, clock: Clock) -> int:
    """Send the codes that were asked for; returns how many."""
    waiting, sent = installation().instance(Waiting), 0
    while waiting:
        sent += await _send(waiting.popleft(), Actor(clock=clock))
    return sent


async def _send(login: str, by: Actor) -> bool:
    """Send a code to the customer of a login; False where there is none, or nowhere to send it."""
    if not storable(login) or len(login) > LONGEST:
        return False
    async with transaction():
        customer = await Customer.filter(number__in=spellings(login), status=CustomerStatus.ACTIVE).first()
        if customer is None:
            return False
        try:
            await password_code.send_in_transaction(customer.id, by=by)
        except ProcedureError:
            # Nobody is told: neither who asked nor whom they asked about.
            return False
    return True
