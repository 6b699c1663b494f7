"""Recording in the ledger that a backup was restored.

The witness directory outlives a restored backup. When it has a checkpoint of a ledger that this one does not begin
with, that is recorded (`ledger.restored`) before anybody is served and before anything is signed: so an audit warns
of what is lost instead of finding a cut tail, and nobody can restore, or cut, unnoticed.
"""

from models.database import transaction
from models.event import Event
from models.ledger import Checkpoint as StoredCheckpoint
from models.ledger import lock_frontier
from procedures import current, ledger
from procedures.audit import audit, evidence
from procedures.audit import entry as audit_entry
from vault import merkle, vault
from vault.checkpoint import Checkpoint


async def record_restoration(*, opening: bool = False) -> bool:
    """Record that a backup was restored, if the witness directory shows that; returns whether it was recorded now.

    Args:
        opening: nobody has the databases open yet. Only then a backup can have been put there, and one that lacks nothing
            but the newest checkpoint was made between an entry and the checkpoint that covers it.

    Raises:
        WitnessError: the witness directory cannot be read, so nothing can be compared.
        LedgerUnavailable: it cannot be recorded.
    """
    # The witness first: meanwhile others may append and sign, and what it has is then older than the ledger.
    public = None if vault.reason() else vault.current().provider.public(evidence.SIGNING_KEY)
    witnessed = evidence.newest(current.addresses(), public)
    if witnessed is None or (await _begins_with(witnessed) and not (opening and await _unsigned(witnessed))):
        return False
    async with transaction() as client:
        size = (await lock_frontier(client)).size
        if await _is_recorded(witnessed, size):
            return False
        ledger.record(Event.LEDGER_RESTORED, None, size=witnessed.size, root=witnessed.root.hex())
    return True


async def _begins_with(witnessed: Checkpoint) -> bool:
    """Whether the ledger begins with what the checkpoint says."""
    row = await StoredCheckpoint.get_or_none(size=witnessed.size)
    if row is not None:
        return bytes(row.root) == witnessed.root
    # A row that is missing is a finding of an audit; here the entries count.
    leaves = await audit.leaves(witnessed.size)
    return len(leaves) == witnessed.size and merkle.root(leaves) == witnessed.root


async def _unsigned(witnessed: Checkpoint) -> bool:
    """Whether the newest checkpoint of the ledger is older than that of the witness."""
    return await _signed() < witnessed.size


async def _signed() -> int:
    """How many entries the newest checkpoint of the ledger covers."""
    newest = await StoredCheckpoint.all().order_by("-size").first()
    return newest.size if newest else 0


async def _is_recorded(witnessed: Checkpoint, size: int) -> bool:
    """Whether an entry since the last checkpoint records the restoration already."""
    async for number, entry in audit.entries(await _signed(), size):
        restored = audit_entry.restoration(number, 0, entry)
        if restored is not None and (restored.size, restored.root) == (witnessed.size, witnessed.root):
            return True
    return False
