"""After a backup was restored: what was erased since is erased again, and each consent gets its later state."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from models import Consent, ConsentState, Erasure
from models.database import transaction
from procedures import erasure
from procedures.consent.transition import restate
from procedures.work import Progress, one_by_one, silent


async def replay(progress: Progress = silent) -> int:
    """Repeat the erasures that a restored backup lacks; returns how many there were."""
    lines = await erasure.missing()
    for line in one_by_one(lines, progress):
        if not await Erasure.exists(id=line.id):
            async with transaction():
                await erasure.repeat(line)
                await restate_all(line.consents, line.at)
        await erasure.destroy(line)
    return len(lines)


async def restate_all(states: Mapping[UUID, ConsentState], at: datetime) -> None:
    """Set consents to the given states where they differ, in the transaction under way; ids that are missing are skipped."""
    for consent in await Consent.filter(id__in=list(states)):
        if consent.state is not states[consent.id]:
            await restate(consent, states[consent.id], at)
