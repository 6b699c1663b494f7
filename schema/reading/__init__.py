"""The one way from records to an answer: what is selected, what the policies release of it, and pages of it."""

from schema.reading import guard
from schema.reading.arguments import After, First, Ident, Input, by_id, signed_in
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
from schema.reading.context import Context, ContextInfo
from schema.reading.guard import Question
from schema.reading.node import Guarded, Node, decode, encode, key_of
from schema.reading.payload import (
    Payload,
    act,
    actor_of,
    attempt,
    on_record,
    payload_of,
    snake,
    view_of,
    views_of,
)
from schema.reading.personal import PROVENANCE, Provenance
from schema.reading.released import Plain, Released, Withheld, many, one, plucked, value
from schema.reading.selection import selected
from schema.reading.shapes import composed, names, recorded, shape, within

__all__ = [
    "PROVENANCE",
    "After",
    "Connection",
    "Context",
    "ContextInfo",
    "First",
    "Guarded",
    "Ident",
    "Input",
    "Node",
    "Page",
    "Payload",
    "Plain",
    "Provenance",
    "Question",
    "Released",
    "StaleCursor",
    "Withheld",
    "act",
    "actor_of",
    "attempt",
    "by_id",
    "check_size",
    "composed",
    "connection",
    "decode",
    "encode",
    "guard",
    "key_of",
    "many",
    "names",
    "nodes",
    "on_record",
    "one",
    "page",
    "payload_of",
    "plucked",
    "position",
    "recorded",
    "selected",
    "shape",
    "signed_in",
    "snake",
    "value",
    "view_of",
    "views_of",
    "within",
]
