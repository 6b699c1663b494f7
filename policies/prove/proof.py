"""Whether whatever meets one condition meets another, of all records and actors there can be.

An answer that is not a proof comes with a witness: records for which the one holds and the other does not, looked at once more in
Python before anybody is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import z3

from policies import ir
from policies.errors import Undecided
from policies.imagined import PURPOSE
from policies.ir import THIS, Compare, Condition, Const, Param, Path
from policies.plan import Grant, absorb, fold
from policies.prove.formulas import Formulas, Term
from policies.prove.witness import Reading, Witness
from policies.registry import resources
from policies.ways import Alternative

#: How long z3 may think about one question, in milliseconds; it takes about ten.
PATIENCE = 10_000


class Verdict(StrEnum):
    """What came of a proof."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True)
class Answer:
    """What came of a proof, with a witness where it was refuted."""

    verdict: Verdict
    witness: Witness | None = None

    @property
    def proved(self) -> bool:
        """Whether it was proved."""
        return self.verdict is Verdict.PROVED


PROVED = Answer(Verdict.PROVED)
#: z3 gave up, so that it may be one or the other.
OPEN = Answer(Verdict.OPEN)


def covers(condition: Condition, grant: Grant, record: str) -> Answer:
    """Whether a condition holds whenever a grant does, of any record of a type.

    Raises:
        Undecided: z3 and Python read a condition differently, which is a fault of this program.
    """
    if grant.never or condition in (ir.TRUE, grant.condition):
        return PROVED
    question = _Question(record, condition)
    question.require(grant.condition)
    answer = question.solver.check()
    if answer == z3.unsat:
        return PROVED
    witness = _witness(grant, condition, record) if answer == z3.sat else None
    if witness is None:
        return OPEN
    if witness.meets(condition) or not witness.meets(grant.condition):
        raise Undecided("prove")
    return Answer(Verdict.REFUTED, witness)


class _Question:
    """A record for which a condition does not hold, with more to ask of it."""

    def __init__(self, record: str, condition: Condition) -> None:
        self.formulas, self.solver = Formulas(), z3.Solver()
        self.solver.set("timeout", PATIENCE)
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


def _witness(grant: Grant, condition: Condition, record: str) -> Witness | None:
    """The plainest witness for the first of the grant's ways that has one."""
    for way in sorted(absorb(fold(list(grant.ways))), key=_length):
        question = _Question(record, condition)
        question.walk(way)
        if question.solver.check() == z3.sat:
            _simplify(question, way)
            question.solver.check()
            return Reading(question.formulas, question.solver.model()).of(way, question.scope)
    return None


def _simplify(question: _Question, way: Alternative) -> None:
    """Prefer the first of several values, one purpose, and no more records than the way speaks of."""
    for choice in _choices(way):
        for condition in choice:
            if question.prefer(question.formulas.condition(condition, question.scope)):
                break
    any_text = z3.Int("any text")
    states = question.formulas.states(any_text)
    stated = [question.formulas.value(path, question.scope).value for path in _purposes(way)]
    question.prefer(z3.ForAll([any_text], states == z3.Or(*(any_text == each for each in stated))))
    for name, terms in _by_type(question.formulas.named.values()).items():
        any_one = question.formulas.record(resources()[name], named=False).term
        question.prefer(z3.ForAll([any_one], z3.Or(*(any_one == term for term in terms))))


def _choices(way: Alternative) -> Iterator[Sequence[Compare]]:
    """What the way leaves open: which of the values that are listed."""
    for atom in way.atoms:
        if isinstance(atom, Compare) and atom.op == "in" and isinstance(atom.right, Const):
            yield [Compare("=", atom.left, Const(value)) for value in atom.right.value]


def _purposes(way: Alternative) -> list[Path]:
    return [atom.left for atom in way.atoms if isinstance(atom, Compare) and atom.right == Param(PURPOSE)]


def _length(way: Alternative) -> tuple[int, int]:
    return len(way.ranges), len(way.atoms)


def _by_type(terms: Iterable[Term]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for term in terms:
        groups.setdefault(term.resource.name, []).append(term.term)
    return groups
