"""What is kept: records, and nothing that decides.

One data category is one table, one GraphQL type and one consent. A `Customer` is only an anchor;
everything personal lies in the category tables, each row of which names the consent it rests on.
"""

from models import records
from models.base import Category, Record
from models.ledger import Access, Checkpoint, LedgerEntry, LedgerHead
from models.records import *  # noqa: F403 the face of the records is listed once, in models.records
from models.vocabulary import Purpose, Role, Word

__all__ = [
    "Access",
    "Category",
    "Checkpoint",
    "LedgerEntry",
    "LedgerHead",
    "Purpose",
    "Record",
    "Role",
    "Word",
]
__all__ += records.__all__
