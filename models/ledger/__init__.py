"""The ledger as rows, and what an entry may hold."""

from models.ledger.grammar import Digests, canonical, entry, well_formed, written_at
from models.ledger.ledger import Access, Accesses, Checkpoint, LedgerEntry, LedgerHead, append, lock_frontier
