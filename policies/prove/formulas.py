"""Conditions as formulas of z3, about any actor and any records that the database would keep.

Of the database a proof takes for granted what its columns say: what may not be missing is there, ids are
different, what a record refers to exists, and a column of words holds one of them. It does not rest on checks and
triggers: policies have to hold without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import z3

from policies.conditions import Compare, Condition, Const, Exists, ForAll, Param, Path, ir, verify
from policies.errors import Undecided
from policies.prove.clock import Clock, minutes
from policies.registry import Field, Relation, Resource, resources

ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


@dataclass(frozen=True)
class Term:
    """A record: what z3 calls it, its type, and whether it is one of those that a question is about."""

    term: Any
    resource: Resource
    named: bool = True


@dataclass(frozen=True)
class Value:
    """A value, and when it is missing; None where it never is."""

    value: Any
    missing: Any | None = None


Scope = Mapping[str, Term]


class Formulas:
    """One question's formulas, all about the same records and the same actor.

    Attributes:
        facts: what holds of every record, as far as the question looks at it.
        named: the records that the question is about, by what z3 calls them.
        columns: each column that it looks at: the function from a record to its value, and to whether it is missing.
        ways: each relation that it follows.
    """

    def __init__(self) -> None:
        self.facts: list[Any] = []
        self._worded: set[str] = set()
        self.named: dict[str, Term] = {}
        self.columns: dict[tuple[str, str], tuple[Any, Any | None]] = {}
        self.ways: dict[tuple[str, str], Relation] = {}
        self._singles: dict[tuple[str, str], Any] = {}
        self._texts: dict[str, int] = {}
        self._numbers = count()
        self.states = z3.Function(ir_name(ir.PURPOSE.name), z3.IntSort(), z3.BoolSort())
        #: Two purposes that are stated, if so many are.
        self.purposes = z3.Int("a purpose"), z3.Int("another purpose")
        self.clock = Clock(self.parameter(ir.NOW.name).value, self.text, self.facts.append)
        self._count: Any = None

    def record(self, resource: Resource, *, named: bool = True) -> Term:
        """A record of a type, of which nothing is known."""
        made = Term(z3.Const(f"{resource.name}{next(self._numbers)}", sort(resource.name)), resource, named)
        if named:
            self.named[str(made.term)] = made
        return made

    def text(self, value: str) -> int:
        """The number that stands for a text."""
        return self._texts.setdefault(value, len(self._texts))

    def texts(self) -> dict[int, str]:
        """The texts that were written somewhere, by their numbers."""
        return {number: value for value, number in self._texts.items()}

    def condition(self, condition: Condition, scope: Scope) -> Any:
        """When a condition holds for the records that its variables stand for."""
        match condition:
            case Compare():
                return self._compare(condition, scope)
            case ir.And(parts):
                return z3.And(*(self.condition(part, scope) for part in parts))
            case ir.Or(parts):
                return z3.Or(*(self.condition(part, scope) for part in parts))
            case ir.Not(part):
                return z3.Not(self.condition(part, scope))
            case Exists(var, over, where):
                item, there = self._member(over, scope)
                return z3.Exists([item.term], z3.And(there, self.condition(where, {**scope, var: item})))
            case ForAll(var, over, where):
                item, there = self._member(over, scope)
                return z3.ForAll([item.term], z3.Implies(there, self.condition(where, {**scope, var: item})))

    def member(self, over: Path, scope: Scope) -> tuple[Term, Any]:
        """A record, and when it is among those that a relation leads to."""
        holder, way = self._relation(over, scope)
        item = self.record(resources()[way.target])
        return item, self.linked(holder, way, item)

    def linked(self, holder: Term, way: Relation, item: Term) -> Any:
        """When a relation leads from one record to another."""
        return both(self._key(holder, way.key), self._key(item, way.target_key), same)

    def single(self, term: Term, step: str) -> Term:
        """The record that another refers to."""
        way = term.resource.relations[step]
        target = resources()[way.target]
        key = (term.resource.name, step)
        self.ways[key] = way
        if key not in self._singles:
            self._singles[key] = self._referred(term.resource, way, step)
        found = Term(self._singles[key](term.term), target, term.named)
        if found.named:
            self.named[str(found.term)] = found
        return found

    def value(self, path: Path, scope: Scope) -> Value:
        """The value that a path ends in."""
        term = self._holder(path, scope)
        return self.column(term, term.resource.fields[path.steps[-1]])

    def column(self, term: Term, field: Field) -> Value:
        """The value of a record's column."""
        value, missing = self.functions(term.resource, field)
        return Value(value(term.term), None if missing is None else missing(term.term))

    def functions(self, resource: Resource, field: Field) -> tuple[Any, Any | None]:
        """The function from a record of a type to its value in a column, and to whether it is missing."""
        key = (resource.name, field.column)
        if key not in self.columns:
            name, kind = ".".join(key), sort(resource.name)
            of = z3.BoolSort() if field.type is bool else z3.IntSort()
            missing = z3.Function(f"{name} is missing", kind, z3.BoolSort()) if field.nullable else None
            self.columns[key] = z3.Function(name, kind, of), missing
            self.facts.extend(self._kept(resource, field))
        return self.columns[key]

    def parameter(self, name: str) -> Value:
        """A value that is known of the actor when the question is asked; it is never missing."""
        value = z3.Int(ir_name(name))
        if name in verify.PARAMETER_WORDS and name not in self._worded:
            self._worded.add(name)
            self.facts.append(z3.Or(*(value == self.text(word) for word in verify.PARAMETER_WORDS[name])))
        return Value(value)

    def count(self) -> Value:
        """How many purposes are stated; of more than two it is known that there are more than one."""
        if self._count is None:
            self._count = z3.Int(ir_name("actor.purposeCount"))
            one, other = self.purposes
            any_text, any_other = z3.Int("any text"), z3.Int("any other text")
            alone = z3.Implies(z3.And(self.states(any_text), self.states(any_other)), any_text == any_other)
            pair = z3.Implies(self.states(any_text), z3.Or(any_text == one, any_text == other))
            self.facts += [
                self._count >= 0,
                z3.If(
                    self._count > 0, self.states(one), z3.ForAll([any_text], z3.Not(self.states(any_text)))
                ),
                z3.If(
                    self._count > 1,
                    z3.And(
                        self.states(other), one != other, z3.Or(self._count > 2, z3.ForAll([any_text], pair))
                    ),
                    z3.ForAll([any_text, any_other], alone),
                ),
            ]
        return Value(self._count)

    def _member(self, over: Path, scope: Scope) -> tuple[Term, Any]:
        holder, way = self._relation(over, scope)
        item = self.record(resources()[way.target], named=False)
        return item, self.linked(holder, way, item)

    def _relation(self, over: Path, scope: Scope) -> tuple[Term, Relation]:
        holder, step = self._holder(over, scope), over.steps[-1]
        way = holder.resource.relations[step]
        key = (holder.resource.name, step)
        if key not in self.ways:
            self.ways[key] = way
            if way.target_key == "id":
                self._referred(holder.resource, way, step)
        return holder, way

    def _holder(self, path: Path, scope: Scope) -> Term:
        term = scope[path.var]
        for step in path.steps[:-1]:
            term = self.single(term, step)
        return term

    def _key(self, term: Term, column: str) -> Value:
        return self.column(term, by_column(term.resource, column))

    def _referred(self, resource: Resource, way: Relation, step: str) -> Any:
        """The function from a record to the one that it refers to, which exists where the column is not empty."""
        target = resources()[way.target]
        function = z3.Function(f"{resource.name}.{step}", sort(resource.name), sort(target.name))
        any_one = self.record(resource, named=False)
        referred = Term(function(any_one.term), target, named=False)
        key = self._key(any_one, way.key)
        kept = self._key(referred, way.target_key).value == key.value
        self.facts.append(z3.ForAll([any_one.term], unless(key, kept)))
        return function

    def _kept(self, resource: Resource, field: Field) -> Iterator[Any]:
        """What the database keeps of a column."""
        one, other = (self.record(resource, named=False) for _ in range(2))
        value = self.column(one, field)
        if field.column == "id":
            alike = value.value == self.column(other, field).value
            yield z3.ForAll([one.term, other.term], z3.Implies(alike, one.term == other.term))
        if (words := listed(field)) is not None:
            allowed = z3.Or(*(value.value == self.text(word) for word in words))
            yield z3.ForAll([one.term], unless(value, allowed))

    def _compare(self, compare: Compare, scope: Scope) -> Any:
        left, right = compare.left, compare.right
        if right == ir.PURPOSE:
            return self._stated(self._term(left, scope))
        if compare.op in ("in", "not in"):
            among = self._among(left, right, scope)
            return among if compare.op == "in" else z3.Not(among)
        if Const(None) in (left, right):
            # `verify` refuses any order of it.
            other = self._term(right if left == Const(None) else left, scope)
            return z3.Not(there([other])) if compare.op == "=" else there([other])
        clock = _are_times(left, right)
        one, other = self._term(left, scope, clock=clock), self._term(right, scope, clock=clock)
        if compare.op in ("=", "!="):
            alike = _alike(one, other)
            return alike if compare.op == "=" else z3.Not(alike)
        return both(one, other, ORDER[compare.op])

    def _stated(self, value: Value) -> Any:
        """When a value is one of the purposes that are stated; whoever states none has one that is missing."""
        stated = there([value], self.states(value.value))
        if value.missing is None:
            return stated
        return z3.Or(stated, z3.And(value.missing, self.count().value == 0))

    def _among(self, left: ir.Term, right: ir.Term, scope: Scope) -> Any:
        """When a value is there, and one of several."""
        clock = _are_times(left, right)
        value = self._term(left, scope, clock=clock)
        if right == ir.PURPOSES:
            return there([value], self.states(value.value))
        if not isinstance(right, Const):
            raise Undecided("prove")
        items = [self._written(item, clock=clock).value for item in right.value]
        return there([value], z3.Or(*(value.value == item for item in items)))

    def _term(self, term: ir.Term, scope: Scope, *, clock: bool = False) -> Value:
        match term:
            case Path():
                return self.value(term, scope)
            case Param("actor.purposeCount"):
                return self.count()
            case Param(name, moment):
                if _is_time(term) and not clock:
                    # Beside other texts it is any text: minutes are none.
                    return self.parameter(f"{moment} as text")
                return self.parameter(name) if moment is None else Value(self.clock.value(moment))
            case Const(value):
                return self._written(value, clock=clock)

    def _written(self, value: Any, *, clock: bool = False) -> Value:
        """What stands for a written value; a time of day is its minutes."""
        if value is None:
            return Value(z3.IntVal(0), z3.BoolVal(True))
        if isinstance(value, bool):
            return Value(z3.BoolVal(value))
        number = minutes(value) if clock else value if isinstance(value, int) else self.text(value)
        return Value(z3.IntVal(number))


def same(one: Any, other: Any) -> Any:
    """When two values are the same."""
    return one == other


def both(one: Value, other: Value, compared: Callable[[Any, Any], Any]) -> Any:
    """When two values are there and compare as wanted."""
    return there([one, other], compared(one.value, other.value))


def there(values: Iterable[Value], *more: Any) -> Any:
    """When some values are there, and more holds."""
    parts = [z3.Not(value.missing) for value in values if value.missing is not None] + list(more)
    return parts[0] if len(parts) == 1 else z3.And(*parts)


def unless(value: Value, otherwise: Any) -> Any:
    """When a value is missing, or something holds."""
    return otherwise if value.missing is None else z3.Or(value.missing, otherwise)


def _alike(one: Value, other: Value) -> Any:
    """When two values are the same, or both are missing."""
    alike = both(one, other, same)
    if one.missing is None or other.missing is None:
        return alike
    return z3.Or(z3.And(one.missing, other.missing), alike)


def sort(record: str) -> Any:
    """The sort of the records of a type."""
    return z3.DeclareSort(record)


def ir_name(parameter: str) -> str:
    """What z3 calls a parameter of a question."""
    return f"the {parameter}"


def by_column(resource: Resource, column: str) -> Field:
    """The field of a type that is kept in a column."""
    return next(field for field in resource.fields.values() if field.column == column)


def listed(field: Field) -> list[str] | None:
    """The words of which a column holds one; None where it may hold others."""
    words = getattr(field.orm, "enum_type", None) or getattr(field.orm, "vocabulary", None)
    return None if words is None else [str(word.value) for word in words]


def _is_time(term: ir.Term) -> bool:
    """Whether it is the time of day."""
    return isinstance(term, Param) and term.moment is not None and term.moment.name == "timeOfDay"


def _are_times(left: ir.Term, right: ir.Term) -> bool:
    """Whether the time of day is compared with times as they are written, or with itself."""
    sides = (left, right)
    return any(map(_is_time, sides)) and all(_is_time(side) or isinstance(side, Const) for side in sides)
