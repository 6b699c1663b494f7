"""Whether a compiled condition means the same to every reader; what does not is refused at load.

Databases order text by collation and compare across types in their own ways, and a comparison that
stands for several values at once can mix them up. None of that reaches a decision.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from policies.actor import Channel
from policies.conditions import ir
from policies.conditions.ir import Compare, Condition, Const, Exists, ForAll, Param, Path, Term
from policies.errors import PolicyError
from policies.moments import TIME
from policies.registry import ORDERED, Field, Resource, resources

#: The parameters of a question, with the Python type of each.
PARAMETERS: dict[str, type] = {
    "actor.id": UUID, "actor.customerId": UUID, "actor.partnerId": UUID,
    "actor.purpose": str, "actor.purposes": str, "actor.purposeCount": int, "actor.channel": str,
    "actor.now": datetime,
}  # fmt: skip

#: The words that a parameter is one of, where it is a word.
PARAMETER_WORDS = {"actor.channel": tuple(channel.value for channel in Channel)}

Scope = dict[str, Resource]


def condition(condition: Condition, record: str) -> None:
    """Check every path, type and comparison of a condition on one record type.

    Raises:
        PolicyError: naming what cannot be decided alike by everyone, and what to write instead.
    """
    _verify(condition, {ir.THIS: resources()[record]})


def _verify(condition: Condition, scope: Scope) -> None:
    match condition:
        case Compare():
            comparison(condition, scope)
        case ir.And(parts) | ir.Or(parts):
            for part in parts:
                _verify(part, scope)
        case ir.Not(part):
            _verify(part, scope)
        case Exists(var, over, where) | ForAll(var, over, where):
            _verify(where, {**scope, var: collection(over, scope)})


def collection(path: Path, scope: Scope) -> Resource:
    """The record type that a collection holds."""
    resource = holder(path, scope)
    relation = resource.relations.get(path.steps[-1]) if path.steps else None
    if relation is None or not relation.many:
        raise PolicyError(
            f"`{path.steps[-1] if path.steps else path}` of {resource.name} is not a collection"
        )
    return resources()[relation.target]


def holder(path: Path, scope: Scope) -> Resource:
    """The record type that holds the last step of a path."""
    if path.var not in scope:
        raise PolicyError("a variable is compared outside the collection it belongs to")
    resource = scope[path.var]
    for step in path.steps[:-1]:
        relation = resource.relations.get(step)
        if relation is None:
            raise PolicyError(f"{resource.name} has no relation `{step}`")
        if relation.many:
            raise PolicyError(f"`{step}` of {resource.name} is a collection; write `x in ….{step}`")
        resource = resources()[relation.target]
    return resource


def field(path: Path, scope: Scope) -> Field:
    """The column a path ends in."""
    resource = holder(path, scope)
    if not path.steps:
        raise PolicyError("records cannot be compared whole; compare their `id`")
    column = resource.fields.get(path.steps[-1])
    if column is None:
        if path.steps[-1] in resource.relations:
            raise PolicyError(f"`{path.steps[-1]}` of {resource.name} is a record; compare its `id`")
        raise PolicyError(f"{resource.name} has no field `{path.steps[-1]}` that a policy may ask for")
    return column


@dataclass(frozen=True)
class Side:
    """A side of a comparison: what it is called, the types its values may have, and which words they are, if they are words."""

    name: str
    types: frozenset[type]
    ordered: bool
    words: tuple[str, ...] | None = None

    @property
    def type(self) -> type:
        """The type of a field or of what is known of the actor."""
        (one,) = self.types
        return one


def comparison(compare: Compare, scope: Scope) -> None:
    """Check one comparison; of records, whose types the scope has by variable, or of what is known when it is asked.

    Raises:
        PolicyError: naming what cannot be decided alike by everyone.
    """
    left, right = side(compare.left, scope), side(compare.right, scope)
    named, other = (right, left) if isinstance(compare.left, Const) else (left, right)
    written = [term for term in (compare.left, compare.right) if isinstance(term, Const)]
    if compare.op in ("<", "<=", ">", ">=") and not named.ordered:
        raise PolicyError(f"`{named.name}` has no order that every database shares")
    for term in written:
        _check_words(named, term)
        _check_time(compare.left, term)
    missing = type(None) in other.types
    if other.types - {*named.types, type(None)} or (missing and compare.op not in ("=", "!=")):
        raise PolicyError(f"`{named.name}` is compared with a value of another type")
    _check_several(compare)


def _check_time(term: Term, written: Const) -> None:
    """Refuse a time of day that is written otherwise: its order would not be that of the clock."""
    if isinstance(term, Param) and term.moment is not None and term.moment.name == "timeOfDay":
        for value in written.value if isinstance(written.value, tuple) else (written.value,):
            if not isinstance(value, str) or not TIME.fullmatch(value):
                raise PolicyError('a time of day is written with four digits, such as "08:30"')


def _check_several(compare: Compare) -> None:
    """Refuse purposes, of which there may be several, where one value belongs."""
    if compare.left in (ir.PURPOSE, ir.PURPOSES):
        raise PolicyError("the purposes stated are compared with one purpose")
    if compare.right == ir.PURPOSE and compare.op != "=":
        raise PolicyError(
            "`actor.purpose` is any of several and can only be compared with `=`; "
            "`not … in actor.purposes` says that it is none of them"
        )
    if compare.right == ir.PURPOSES and compare.op not in ("in", "not in"):
        raise PolicyError("`actor.purposes` holds several values; write `… in actor.purposes`")


def side(term: Term, scope: Scope) -> Side:
    """What is known of a side of a comparison before it is asked."""
    match term:
        case Path():
            return described(field(term, scope), term.steps[-1])
        case Param(name, moment):
            if name not in PARAMETERS:
                raise PolicyError(f"there is no `{name}`")
            kind = PARAMETERS[name] if moment is None else moment.type
            ordered = kind in ORDERED if moment is None else moment.ordered
            words = PARAMETER_WORDS.get(name) if moment is None else moment.words
            return Side(str(term), frozenset({kind}), ordered, words)
        case Const(value):
            values = value if isinstance(value, tuple) else (value,)
            return Side("a value", frozenset(map(type, values)), True)


def described(column: Field, name: str) -> Side:
    """A field as a side of a comparison."""
    enumeration = getattr(column.orm, "enum_type", None)
    words = None if enumeration is None else tuple(str(word.value) for word in enumeration)
    return Side(name, frozenset({column.type}), column.ordered, words)


def _check_words(named: Side, written: Const) -> None:
    """Refuse a text that is never there: a condition on it would never be met, and nobody would notice."""
    values = written.value if isinstance(written.value, tuple) else (written.value,)
    if named.words is not None and (
        never := [value for value in values if value is not None and value not in set(named.words)]
    ):
        raise PolicyError(f"`{named.name}` is never {json.dumps(never[0])}; known: {', '.join(named.words)}")
