"""The stored records, and nothing that decides.

One data category is one table, one GraphQL type and one consent. A `Customer` is only an anchor;
everything personal lies in the category tables, each row of which names the consent it rests on.
"""

from models.base import Category, Choice, Record
from models.categories import *  # noqa: F403 what the categories show, once
from models.declaration import PERSONAL, Declaration, Given, Part, Personal, camel, snake, stored
from models.ledger import Access, Checkpoint, LedgerEntry, LedgerHead
from models.records import *  # noqa: F403 what the records show, once
from models.vocabulary import Purpose, Role, Word

# The database looks for its tables by their names here, those of categories that no code speaks of as well.
globals().update({model.__name__: model for model in PERSONAL.values()})
