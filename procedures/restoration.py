"""After a backup was restored: what was erased since is erased again, and what the ledger forgot is said."""

from models.event import Event
from procedures import erasure, ledger, withdrawal
from procedures.rotation import Progress, silent


async def replay(progress: Progress = silent) -> int:
    """Repeat the erasures since a restored backup was made; returns how many there were."""
    done = await erasure.replay(progress) + await withdrawal.replay(progress)
    await ledger.note(Event.VAULT_REPLAYED, None, erasures=done)
    return done
