"""Whether whatever meets one condition meets another, of all records and actors there can be.

An answer that is not a proof comes with a counterexample: records for which the one holds and the other does not, looked at once more in
Python before anybody is told. One that Python does not confirm is none: z3 knows less of clocks and of several purposes than is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import z3

from policies.conditions import (
    PURPOSE,
    THIS,
    Alternative,
    Compare,
    Condition,
    Const,
    Grant,
    Path,
    absorb,
    fold,
    ir,
)
from policies.prove.counterexample import Counterexample, Reading
from policies.prove.formulas import Formulas, Term
from policies.registry import resources

#: How much z3 may try for one question, counted by itself, so that a machine at work elsewhere proves no less. A question
#: takes about ten thousand; this many take about ten seconds.
EFFORT = 15_000_000


class Verdict(StrEnum):
    """What came of a proof."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True)
class Answer:
    """What came of a proof, with a counterexample where it was refuted."""

    verdict: Verdict
    counterexample: Counterexample | None = None

    @property
    def proved(self) -> bool:
        """Whether it was proved."""
        return self.verdict is Verdict.PROVED


def covers(condition: Condition, grant: Grant, record: str) -> Answer:
    """Whether a condition holds whenever a grant does, of any record of a type."""
    verdict = decided(condition, grant, record)
    if verdict is not Verdict.REFUTED:
        return Answer(verdict)
    counterexample = _counterexample(grant, condition, record)
    if counterexample is None or not _confirmed(counterexample, condition, grant):
        return Answer(Verdict.OPEN)
    return Answer(verdict, counterexample)


def _confirmed(counterexample: Counterexample, condition: Condition, grant: Grant) -> bool:
    """Whether the grant holds and the condition does not at one real instant."""
    try:
        return counterexample.meets(grant.condition) and not counterexample.meets(condition)
    except OverflowError:
        # An instant that no calendar has.
        return False


def decided(condition: Condition, grant: Grant, record: str) -> Verdict:
    """Whether a condition holds whenever a grant does, without a counterexample."""
    if grant.never or condition in (ir.TRUE, grant.condition):
        return Verdict.PROVED
    question = _Question(record, condition)
    question.require(grant.condition)
    found = question.solver.check()
    return Verdict.PROVED if found == z3.unsat else Verdict.REFUTED if found == z3.sat else Verdict.OPEN


class Proofs:
    """Answers the same question once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Condition, Condition, str], Answer] = {}

    def __len__(self) -> int:
        return len(self._known)

    def covers(self, condition: Condition, grant: Grant, record: str) -> Answer:
        """Whether a condition holds whenever a grant does."""
        key = (condition, grant.condition, record)
        if key not in self._known:
            self._known[key] = covers(condition, grant, record)
        return self._known[key]


class _Question:
    """A record for which a condition does not hold, with more to ask of it."""

    def __init__(self, record: str, condition: Condition) -> None:
        self.formulas, self.solver = Formulas(), z3.Solver()
        self.solver.set("rlimit", EFFORT)
        self.scope: dict[str, Term] = {THIS: self.formulas.record(resources()[record])}
        self._known = 0
        self.require(ir.Not(condition))

    def require(self, condition: Condition) -> None:
        """Ask for a condition, too."""
        self.add(self.formulas.condition(condition, self.scope))

    def add(self, formula: Any) -> None:
        """Ask for what a formula says, and for what the database keeps of all that it speaks of."""
        self.solver.add(formula, *self.formulas.facts[self._known :])
        self._known = len(self.formulas.facts)

    def prefer(self, formula: Any) -> bool:
        """Ask for a formula if it can be had; whether it can."""
        self.add(z3.BoolVal(True))
        self.solver.push()
        self.solver.add(formula)
        if self.solver.check() == z3.sat:
            return True
        self.solver.pop()
        return False

    def walk(self, way: Alternative) -> None:
        """Ask for a way to be allowed, with a record for each of its variables."""
        waiting = dict(way.ranges)
        while waiting:
            var, over = next((var, over) for var, over in waiting.items() if over.var in self.scope)
            self.scope[var], there = self.formulas.member(over, self.scope)
            self.add(there)
            del waiting[var]
        for atom in way.atoms:
            self.require(atom)


def _counterexample(grant: Grant, condition: Condition, record: str) -> Counterexample | None:
    """The plainest counterexample for the first of the grant's ways that has one."""
    for way in sorted(absorb(fold(list(grant.ways))), key=_length):
        question = _Question(record, condition)
        question.walk(way)
        if question.solver.check() == z3.sat:
            _simplify(question, way, condition)
            question.solver.check()
            try:
                return Reading(question.formulas, question.solver.model()).of(way, question.scope)
            except OverflowError:
                # An instant that no calendar has.
                return None
    return None


def _simplify(question: _Question, way: Alternative, condition: Condition) -> None:
    """Prefer a counterexample of which there is little to tell, and that lacks little of what the condition asks for."""
    formulas = question.formulas
    for usual in formulas.clock.usual():
        question.prefer(usual)
    for choice in (*_choices(way), *_accepted(way, condition)):
        any(question.prefer(formulas.condition(each, question.scope)) for each in choice)
    any_text = z3.Int("any text")
    stated = [formulas.value(path, question.scope).value for path in _purposes(way)]
    only = formulas.states(any_text) == z3.Or(*(any_text == each for each in stated))
    question.prefer(z3.ForAll([any_text], only))
    for node in ir.nodes(condition):
        if isinstance(node, Compare) and ir.variables(node) == {THIS}:
            question.prefer(formulas.condition(node, question.scope))
    for (name, _), (_, missing) in sorted(formulas.columns.items(), key=lambda each: each[0]):
        if missing is not None:
            any_one = formulas.record(resources()[name], named=False).term
            question.prefer(z3.ForAll([any_one], missing(any_one)))
    _alone(question)


def _alone(question: _Question) -> None:
    """Prefer that there are no other records than those the question is about."""
    formulas = question.formulas
    named = _by_type(formulas.named.values())
    for (name, _), relation in list(formulas.ways.items()):
        if relation.target not in named:
            # z3 has at least one record of each type, but nothing needs to lead to it.
            holder = formulas.record(resources()[name], named=False)
            other = formulas.record(resources()[relation.target], named=False)
            linked = formulas.linked(holder, relation, other)
            question.prefer(z3.ForAll([holder.term, other.term], z3.Not(linked)))
    for name, terms in named.items():
        any_one = formulas.record(resources()[name], named=False).term
        question.prefer(z3.ForAll([any_one], z3.Or(*(any_one == term for term in terms))))


def _choices(way: Alternative) -> Iterator[Sequence[Compare]]:
    """What the way leaves open: which of the values that are listed."""
    for atom in way.atoms:
        if isinstance(atom, Compare) and atom.op == "in" and isinstance(atom.right, Const):
            yield [Compare("=", atom.left, Const(value)) for value in atom.right.value]


def _accepted(way: Alternative, condition: Condition) -> Iterator[Sequence[Compare]]:
    """The purposes that the condition would have wanted, for those that the way leaves open."""
    wanted = [node for node in ir.nodes(condition) if isinstance(node, Compare) and node.op in ("in", "=")]
    for path in _purposes(way):
        for node in wanted:
            same = isinstance(node.left, Path) and node.left.steps[-1] == path.steps[-1]
            if same and isinstance(node.right, Const):
                values = node.right.value if isinstance(node.right.value, tuple) else (node.right.value,)
                yield [Compare("=", path, Const(value)) for value in values]


def _purposes(way: Alternative) -> list[Path]:
    compared = [atom.left for atom in way.atoms if isinstance(atom, Compare) and atom.right == PURPOSE]
    return [side for side in compared if isinstance(side, Path)]


def _length(way: Alternative) -> tuple[int, int]:
    return len(way.ranges), len(way.atoms)


def _by_type(terms: Iterable[Term]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for term in terms:
        groups.setdefault(term.resource.name, []).append(term.term)
    return groups
