"""A counterexample of z3's as records, so that whoever reads conditions can read them of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import z3

from policies.conditions import NOW, PARAMETER_WORDS, PURPOSE, PURPOSES, THIS, Alternative, Condition, holds
from policies.judging import NOON, World, classes
from policies.prove.clock import TICK
from policies.prove.formulas import Formulas, Term, by_column, sort
from policies.registry import Field, resources

#: Ids of records that a proof looks at; those of others are smaller.
FIRST = 1 << 64


@cache
def kinds() -> dict[str, type]:
    """The class of each type of record in counterexamples."""
    return classes()


@dataclass(frozen=True)
class Counterexample:
    """Records and an actor for whom one condition holds and another does not.

    Attributes:
        way: the way in which the one condition holds.
        scope: the records that its variables stand for; that which was asked about is `this`.
        values: what is known of the actor, by parameter.
    """

    way: Alternative
    scope: Mapping[str, Any]
    values: Mapping[str, Any]

    def meets(self, condition: Condition) -> bool:
        """Whether a condition holds for the record that was asked about."""
        return holds(condition, {THIS: self.scope[THIS]}, dict(self.values))


class Reading:
    """Reads a model of z3's.

    Args:
        formulas: what z3 was asked.
        model: what it answered.
    """

    def __init__(self, formulas: Formulas, model: Any) -> None:
        self._formulas, self._model = formulas, model
        self._texts = formulas.texts()
        self._world = World(kinds(), {})
        self._records: dict[str, Any] = {}
        for name in sorted({name for name, _ in formulas.columns}):
            for element in self._elements(name):
                self._record(Term(element, resources()[name]))
        for (name, step), way in formulas.ways.items():
            for holder in self._elements(name):
                term = Term(holder, resources()[name])
                found = [
                    item
                    for element in self._elements(way.target)
                    if self._true(formulas.linked(term, way, item := Term(element, resources()[way.target])))
                ]
                linked = [self._record(item) for item in found]
                self._record(term).__dict__[step] = linked if way.many else linked[0]

    def of(self, way: Alternative, scope: Mapping[str, Term]) -> Counterexample:
        """The counterexample for a way to be allowed, of the records that its variables stand for."""
        return Counterexample(way, {var: self._record(term) for var, term in scope.items()}, self._values())

    def _values(self) -> dict[str, Any]:
        ids = {name: self._number(f"actor.{name}") for name in ("id", "customerId", "partnerId")}
        stated = [
            text
            for number, text in sorted(self._known_texts().items())
            if self._true(self._formulas.states(number))
        ]
        return {
            **{f"actor.{name}": UUID(int=FIRST + number) for name, number in ids.items()},
            NOW.name: self._instant(self._number(NOW.name)),
            **dict.fromkeys((PURPOSE.name, PURPOSES.name), stated),
            "actor.purposeCount": len(stated),
            **{name: self._word(name) for name in PARAMETER_WORDS},
        }

    def _known_texts(self) -> dict[int, str]:
        """The texts that a purpose may be: those written in policies, and those that records hold."""
        held = {
            self._number_of(value(element))
            for (name, column), (value, _) in self._formulas.columns.items()
            if by_column(resources()[name], column).type is str
            for element in self._elements(name)
        }
        held |= {self._number_of(purpose) for purpose in self._formulas.purposes}
        return {number: self._text(number) for number in held | self._texts.keys()}

    def _elements(self, name: str) -> list[Any]:
        """Every record of a type that the model has."""
        return list(self._model.get_universe(sort(name)) or [z3.Const(f"any {name}", sort(name))])

    def _record(self, term: Term) -> Any:
        key = f"{term.resource.name} {self._model.eval(term.term, model_completion=True)}"
        if key not in self._records:
            made = self._records[key] = self._world.record(term.resource.name)
            for name, field in term.resource.fields.items():
                if (term.resource.name, field.column) in self._formulas.columns:
                    made.__dict__[name] = self._value(term, field)
        return self._records[key]

    def _value(self, term: Term, field: Field) -> Any:
        held = self._formulas.column(term, field)
        if held.missing is not None and self._true(held.missing):
            return None
        if field.type is bool:
            return self._true(held.value)
        return self._plain(self._number_of(held.value), field.type)

    def _plain(self, number: int, kind: type) -> Any:
        made = {
            UUID: lambda: UUID(int=FIRST + number),
            str: lambda: self._text(number),
            datetime: lambda: self._instant(number),
            date: lambda: NOON.date() + timedelta(days=number),
        }
        return made.get(kind, lambda: number)()

    def _text(self, number: int) -> str:
        return self._texts.get(number, f"text {number}")

    def _instant(self, number: int) -> datetime:
        return NOON + number * TICK

    def _word(self, parameter: str) -> str:
        """A word that a parameter is; the first of them where nothing asks which."""
        words = PARAMETER_WORDS[parameter]
        text = self._text(self._number(parameter))
        return text if text in words else words[0]

    def _number(self, parameter: str) -> int:
        return self._number_of(self._formulas.parameter(parameter).value)

    def _number_of(self, expression: Any) -> int:
        return int(self._model.eval(expression, model_completion=True).as_long())

    def _true(self, expression: Any) -> bool:
        return bool(z3.is_true(self._model.eval(expression, model_completion=True)))
