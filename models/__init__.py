"""The stored records, and nothing that decides.

One data category is one table, one GraphQL type and one consent. A `Customer` is only an anchor;
everything personal lies in the category tables, each row of which names the consent it rests on.
"""

from models import categories, records
from models.base import Category, Choice, Record
from models.categories import *  # noqa: F403 the face of the categories is listed once, in models.categories
from models.declaration import PERSONAL, Declaration, Given, Part, Personal, camel, snake, stored
from models.ledger import Access, Checkpoint, LedgerEntry, LedgerHead
from models.records import *  # noqa: F403 the face of the records is listed once, in models.records
from models.vocabulary import Purpose, Role, Word

__all__ = [
    "PERSONAL",
    "Access",
    "Category",
    "Checkpoint",
    "Choice",
    "Declaration",
    "Given",
    "LedgerEntry",
    "LedgerHead",
    "Part",
    "Personal",
    "Purpose",
    "Record",
    "Role",
    "Word",
    "camel",
    "snake",
    "stored",
]
__all__ += categories.__all__
__all__ += records.__all__

# The database looks for its tables by their names here, those of categories that no code speaks of as well.
globals().update({model.__name__: model for model in PERSONAL.values()})
