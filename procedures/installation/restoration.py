"""After a backup was restored: what was erased since is erased again.

What the ledger forgot by it is said by `procedures.audit.restored`.
"""

from models.event import Event
from procedures import consent, erasure, ledger
from procedures.keys import Progress, silent
from procedures.leaving import legal_hold, withdrawal


async def missing() -> int:
    """How many erasures, withdrawals and ends of legal holds a restored backup does not know."""
    return len(await erasure.missing()) + len(await withdrawal.missing()) + len(await legal_hold.missing())


async def replay(progress: Progress = silent) -> int:
    """Repeat the erasures since a restored backup was made; returns how many there were."""
    done = await consent.replay(progress) + await withdrawal.replay(progress)
    # Last: what such a hold kept back at the time is kept back again before it ends again.
    done += await legal_hold.replay(progress)
    await ledger.note(Event.VAULT_REPLAYED, None, erasures=done)
    return done
