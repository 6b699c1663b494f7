"""The ledger: its entries, the record of what was read, and the files of the witness directory."""

from procedures.ledger import authority, lasting, reading, witness, words
from procedures.ledger.authority import COLUMNS, VANISHING, Changed, of, table
from procedures.ledger.ledger import LedgerUnavailable, UndeclaredEffect, note, record
from procedures.ledger.witness import WitnessError
from procedures.ledger.words import Word
