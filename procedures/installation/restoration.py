"""After a backup was restored: what was erased since is erased again.

Which ledger entries the backup lacks, `procedures.audit.restored` reports.
"""

from models.event import Event
from procedures import consent, erasure, ledger
from procedures.leaving import legal_hold, withdrawal
from procedures.work import Progress, silent


async def missing() -> int:
    """How many erasures, withdrawals and ends of legal holds a restored backup does not know."""
    return len(await erasure.missing()) + len(await withdrawal.missing()) + len(await legal_hold.missing())


async def replay(progress: Progress = silent) -> int:
    """Repeat the erasures since a restored backup was made; returns how many there were."""
    erasures = await consent.replay(progress) + await withdrawal.replay(progress)
    # Last: what such a hold kept back at the time is kept back again before it ends again.
    erasures += await legal_hold.replay(progress)
    await ledger.note(Event.VAULT_REPLAYED, None, erasures=erasures)
    return erasures
