"""What the terms of a rule stand for while it is unfolded for a kind of actor, and what comparing them says.

A term stands for a record or field (`Path`), a written value (`Const`), what is known of the actor when they ask
(`Param`), the actor, a list, or for nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.conditions import (
    ORDER,
    PURPOSE,
    PURPOSES,
    Compare,
    Comparison,
    Condition,
    Const,
    Items,
    Param,
    Path,
    Term,
    ir,
    scoped,
    verify,
)
from policies.errors import PolicyError
from policies.registry import Resource, resources

SIGNS: dict[str, Comparison] = {
    "=": "=", ":=": "=", "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
FLIPPED: dict[Comparison, Comparison] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

#: Classes that every record of a kind belongs to, besides its own.
ABSTRACT = {"Record", "Personal"}


@dataclass(frozen=True, eq=False)
class Unknown:
    """A variable that stands for nothing yet."""

    name: str


#: What may come to stand for something: a variable, or the purpose.
Meaning = Unknown | Param


@dataclass(frozen=True)
class State:
    """What is known at a place of a rule: what variables stand for, which collections are looked into, what must hold."""

    meanings: Mapping[Meaning, Any] = field(default_factory=dict)
    ranges: Mapping[str, Path] = field(default_factory=dict)
    atoms: tuple[Condition, ...] = ()

    def inner(self) -> State:
        """The same variables, with nothing looked into and nothing said yet."""
        return State(self.meanings)

    def known(self, term: Any) -> Any:
        """What a term stands for, as far as it is known."""
        while isinstance(term, Meaning) and term in self.meanings:
            term = self.meanings[term]
        return Items(tuple(self.known(item) for item in term.items)) if isinstance(term, Items) else term

    def means(self, variable: Meaning, term: Any) -> State:
        """The state in which a variable, or the purpose, stands for a term."""
        return State({**self.meanings, variable: term}, self.ranges, self.atoms)

    def says(self, condition: Condition) -> State | None:
        """The state in which a condition must hold as well; None where it never does."""
        if condition == ir.FALSE:
            return None
        return self if condition == ir.TRUE else State(self.meanings, self.ranges, (*self.atoms, condition))

    def condition(self) -> Condition:
        """What must hold, as one condition."""
        return scoped(dict(self.ranges), list(dict.fromkeys(self.atoms)), None)

    def open(self, terms: Iterable[Any]) -> list[Meaning]:
        """The variables among terms that stand for nothing yet, each once; the purpose, too, as long as it is any."""
        return list(dict.fromkeys([*self._open(terms), *self._open([PURPOSE])]))

    def _open(self, terms: Iterable[Any]) -> Iterator[Meaning]:
        for term in map(self.known, terms):
            if isinstance(term, Unknown) or term == PURPOSE:
                yield term
            elif isinstance(term, Items):
                yield from self._open(term.items)


def tags(kind: Resource) -> set[str]:
    """The classes that records of a type belong to."""
    return {kind.name, "Record"} | ({"Personal"} if kind.personal else set())


class RecordTypes:
    """The types of the records that variables of conditions stand for."""

    def __init__(self, record: str) -> None:
        self._types: dict[str, Resource] = {ir.THIS: resources()[record]}

    def member(self, over: Path) -> str:
        """A new variable for the members of a collection.

        Raises:
            PolicyError: it is no collection.
        """
        name = f"m{len(self._types)}"
        self._types[name] = verify.collection(over, self._types)
        return name

    def attribute(self, of: Path, name: str) -> Path:
        """A field or relation of the record that a path leads to.

        Raises:
            PolicyError: there is none of that name.
        """
        path = Path(of.var, (*of.steps, name))
        holder = verify.holder(path, self._types)
        if name not in holder.fields and name not in holder.relations:
            raise PolicyError(f"{holder.name} has no field `{name}` that a policy may ask for")
        return path

    def record(self, path: Path) -> Resource | None:
        """The type of the record that a path leads to; None for a field or a collection."""
        kind = self._types[path.var]
        for step in path.steps:
            if step in kind.fields or kind.relations[step].many:
                return None
            kind = resources()[kind.relations[step].target]
        return kind

    def fits(self, path: Path, tag: str) -> bool:
        """Whether the record that a path leads to is of a class.

        Raises:
            PolicyError: it leads to no record.
        """
        kind = self.record(path)
        if kind is None:
            raise PolicyError("the kind is asked of something that is no record")
        return tag in tags(kind)

    def compare(self, op: Comparison, left: Any, right: Any) -> Condition:
        """What comparing two terms says.

        Raises:
            PolicyError: it says nothing that everybody would decide alike.
        """
        if not (isinstance(left, Term) and isinstance(right, Term)):
            raise PolicyError("a comparison without any field of a record cannot be compiled")
        if isinstance(left, Const) and isinstance(right, Const):
            return _written(op, left, right)
        if op not in ("in", "not in") and _rank(left) > _rank(right):
            left, right, op = right, left, FLIPPED[op]
        if isinstance(left, Path) and isinstance(right, Path) and (self.record(left) or self.record(right)):
            return self._same_record(op, left, right)
        if left == right and op in ("=", "!="):
            return ir.TRUE if op == "=" else ir.FALSE
        atom = Compare(op, left, right)
        verify.comparison(atom, self._types)
        return atom

    def _same_record(self, op: Comparison, left: Path, right: Path) -> Condition:
        """Records are the same when their ids are; of different types they never are."""
        kinds = self.record(left), self.record(right)
        if None in kinds or op not in ("=", "!="):
            raise PolicyError("a record is compared with a record, by `=` or `!=`")
        if left == right or kinds[0] != kinds[1]:
            return ir.TRUE if (left == right) == (op == "=") else ir.FALSE
        return Compare(op, Path(left.var, (*left.steps, "id")), Path(right.var, (*right.steps, "id")))


def _rank(term: Term) -> int:
    """Where a term stands in a comparison: a record before what is known of the actor, and that before what is written.

    The purposes stand last, because they may be several.
    """
    if term in (PURPOSE, PURPOSES):
        return 3
    return 0 if isinstance(term, Path) else 1 if isinstance(term, Param) else 2


def _written(op: Comparison, left: Const, right: Const) -> Condition:
    """A comparison of written values."""
    if op in ("=", "!="):
        return ir.TRUE if (left == right) == (op == "=") else ir.FALSE
    if type(left.value) is type(right.value) is int:
        return ir.TRUE if ORDER[op](left.value, right.value) else ir.FALSE
    raise PolicyError("only whole numbers have an order when they are written")
