"""After a backup was restored: what was erased since is erased again, and what was refused or has ended since is ended again.

Which ledger entries the backup lacks, `procedures.audit.restored` reports.
"""

from typing import Final

from models import Consent, ConsentState, Customer
from models.database import transaction
from models.event import Event
from procedures import consent, erasure, ledger
from procedures.consent import Action, begin_all, end, new, transition
from procedures.erasure import consent_list
from procedures.leaving import legal_hold, withdrawal
from procedures.work import Progress, one_by_one, silent


async def missing() -> int:
    """How many erasures, withdrawals, ends of consents and of legal holds a restored backup does not know."""
    erasures, departures = await erasure.missing(), await withdrawal.missing()
    # Repeating one of these ends its consents.
    with_them = {
        *(id for line in erasures for id in line.consents),
        *(id for line in departures for id in line.consents),
    }
    alone = [line for line in await consent_list.missing() if line.id not in with_them]
    return len(erasures) + len(departures) + len(alone) + len(await legal_hold.missing())


async def replay(progress: Progress = silent) -> int:
    """Repeat what a restored backup does not know; returns how many there were."""
    erasures = await consent.replay(progress) + await withdrawal.replay(progress)
    erasures += await _end_consents(progress)
    # Last: what such a hold kept back at the time is kept back again before it ends again.
    erasures += await legal_hold.replay(progress)
    await ledger.note(Event.VAULT_REPLAYED, None, erasures=erasures)
    return erasures


async def _end_consents(progress: Progress) -> int:
    """End, or refuse, the consents again that the backup has otherwise, and that ended without an erasure."""
    lines = await consent_list.missing()
    for line in one_by_one(lines, progress):
        async with transaction():
            await Customer.filter(id=line.customer_id).select_for_update(no_key=True).first()
            if await consent_list.is_needed(line):
                await _end(line)
    return len(lines)


async def _end(line: consent_list.Line) -> None:
    found = await Consent.get_or_none(id=line.id)
    if found is None:
        values = {"id": line.id, "notice_id": line.notice_id, "expires_at": line.expires_at}
        anew = new(line.customer_id, line.category, line.purpose, line.state, line.at)
        await begin_all([anew.update_from_dict(values)], None, line.at)
    elif found.permits:
        await end(found, _ENDING.get(line.state, Action.WITHDRAW), None, line.at)
    else:
        await transition.restate(found, line.state, line.at)


#: By the state that a consent came to which had been given, what was done about it.
_ENDING: Final = {
    ConsentState.WITHDRAWN: Action.WITHDRAW,
    ConsentState.REVOKED: Action.REVOKE,
    ConsentState.INVALIDATED: Action.INVALIDATE,
    ConsentState.EXPIRED: Action.EXPIRE,
}
