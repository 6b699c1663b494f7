"""The one way from records to an answer: what is selected, what the policies release of it, and pages of it."""

from schema.reading import actions, guard
from schema.reading.connections import (
    Connection,
    Page,
    StaleCursor,
    check_first,
    connection,
    nodes,
    page,
    position,
)
from schema.reading.context import AnswerTooLarge, Context, ContextInfo
from schema.reading.guard import Question
from schema.reading.judging import JOB, judge, offer
from schema.reading.node import ForeignId, Guarded, MalformedId, Node, decode, encode, key_of
from schema.reading.parameters import After, CustomerId, First, Given, Id, OwnId, class_of, input_of
from schema.reading.payload import actor_of
from schema.reading.personal import PROVENANCE, Provenance
from schema.reading.released import (
    Plain,
    Released,
    Withheld,
    gathered,
    input_type,
    many,
    object_type,
    one,
    plucked,
    value,
)
from schema.reading.roots import Root, all_of, before, having, mutation, mutation_of, one_of, query
from schema.reading.sample import Samples
from schema.reading.selection import selected
from schema.reading.shapes import FIXED, composed, names, recorded, shape, within
