"""A ledger that departs from what the witness directory remembers says so itself.

The witness directory outlives a restored backup. When it has a checkpoint of a ledger that this one does not begin
with, the ledger says so itself (`ledger.restored`) before anybody is served and before anything is signed: so an audit
warns of what is lost instead of finding a cut tail, and nobody can restore, or cut, in silence.
"""

from models.database import transaction
from models.event import Event
from models.ledger import Checkpoint as Kept
from models.ledger import held
from procedures import current, ledger
from procedures.audit import audit, evidence
from procedures.audit import entry as audit_entry
from vault import merkle, vault
from vault.checkpoint import Checkpoint


async def notice() -> bool:
    """Say in the ledger that a backup was restored, if the witness directory shows that; whether it was said now.

    Raises:
        WitnessError: the witness directory cannot be read, so nothing can be compared.
        LedgerUnavailable: it cannot be recorded.
    """
    # The witness first: meanwhile others may append and sign, and what it has is then older than the ledger.
    public = None if vault.reason() else vault.current().provider.public(evidence.SIGNING_KEY)
    known = evidence.newest(current.addresses(), public)
    if known is None or await _holds(known):
        return False
    async with transaction() as client:
        size = (await held(client)).size
        if await _said(known, size):
            return False
        ledger.record(Event.LEDGER_RESTORED, None, size=known.size, root=known.root.hex())
    return True


async def _holds(known: Checkpoint) -> bool:
    """Whether the ledger begins with what the checkpoint says."""
    row = await Kept.get_or_none(size=known.size)
    if row is not None:
        return bytes(row.root) == known.root
    # A row that is missing is for an audit to tell; the entries are what counts.
    leaves = await audit.leaves(known.size)
    return len(leaves) == known.size and merkle.root(leaves) == known.root


async def _said(known: Checkpoint, size: int) -> bool:
    """Whether an entry since the last checkpoint says already that the ledger departs from this one."""
    newest = await Kept.all().order_by("-size").first()
    async for number, entry in audit.entries(newest.size if newest else 0, size):
        told = audit_entry.restoration(number, 0, entry)
        if told is not None and (told.size, told.root) == (known.size, known.root):
            return True
    return False
