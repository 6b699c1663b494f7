"""The one way from records to an answer: what is selected, what the policies release of it, and pages of it."""

from schema.reading import guard
from schema.reading.arguments import After, First, Ident, by_id, signed_in
from schema.reading.connections import (
    Connection,
    Page,
    StaleCursor,
    check_size,
    connection,
    nodes,
    page,
    position,
)
from schema.reading.context import Context
from schema.reading.guard import Question
from schema.reading.node import Guarded, Node, decode, encode, key_of
from schema.reading.payload import UserError, act, actor_of, all_shown, answered, attempt, errors, shown
from schema.reading.personal import PROVENANCE, Provenance
from schema.reading.released import Plain, Released, Withheld, many, one, plucked, value
from schema.reading.selection import selected
from schema.reading.shapes import composed, names, recorded, shape, within

__all__ = [
    "PROVENANCE",
    "After",
    "Connection",
    "Context",
    "First",
    "Guarded",
    "Ident",
    "Node",
    "Page",
    "Plain",
    "Provenance",
    "Question",
    "Released",
    "StaleCursor",
    "UserError",
    "Withheld",
    "act",
    "actor_of",
    "all_shown",
    "answered",
    "attempt",
    "by_id",
    "check_size",
    "composed",
    "connection",
    "decode",
    "encode",
    "errors",
    "guard",
    "key_of",
    "many",
    "names",
    "nodes",
    "one",
    "page",
    "plucked",
    "position",
    "recorded",
    "selected",
    "shape",
    "shown",
    "signed_in",
    "value",
    "within",
]
