"""Rules asked about records in hand, condition by condition, as they are written.

It decides nothing. It says which rules and alternatives gave what was granted, and of what was withheld which conditions
hold and which do not on the nearest way: for whoever asks why, and for what tests of policies have reached.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from policies.compiler import SIGNS, Frame, Rules, Unknown
from policies.conditions import FORBIDS, Anyone, Facts
from policies.language import (
    Ago,
    AllOf,
    AnyOf,
    Attribute,
    Call,
    Comparison,
    Every,
    Listed,
    Literal,
    Membership,
    Negation,
    Node,
    OfKind,
    Parameter,
    Pattern,
    Rule,
    Variable,
    within,
)
from policies.tracing.values import Missing, attribute, equal, is_of, ordered

#: The rules with a reason that something comes from; None for no such rule.
Sources = frozenset[str | None]
#: How late a condition is looked at, by those that it comes from: of the ways that fail, the latest failure is the nearest.
Rank = Callable[[Collection[str | None]], int]
Goal = tuple[Node, Frame, int]

#: The most conditions that are looked at for one answer; the nearest way found until then is given.
MOST = 50_000


@dataclass(frozen=True)
class Step:
    """A condition as it came out.

    Attributes:
        depth: how many conditions it is part of.
        frame: the rule that it stands in.
        node: the condition.
        holds: None where it is about a record that is not there.
        sides: what was compared; for a condition that looks into a relation, the record that was found there, and all there
            are; for one that asks a rule, how many there are of the name that are about it.
        asked: the rule that was asked, where the condition asks one.
    """

    depth: int
    frame: Frame
    node: Node
    holds: bool | None
    sides: tuple[Any, ...] = ()
    asked: Rule | None = None


@dataclass(frozen=True)
class State:
    """A way through rules so far: what variables stand for, how it went, and how many conditions do not hold, by their rank."""

    meanings: Mapping[Unknown, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    failed: tuple[int, ...] = ()
    taken: tuple[Node, ...] = ()

    def known(self, term: Any) -> Any:
        """What a term stands for, as far as it is known."""
        while isinstance(term, Unknown) and term in self.meanings:
            term = self.meanings[term]
        return [self.known(item) for item in term] if isinstance(term, list) else term


class Tracing:
    """One question about records in hand.

    Args:
        rules: all that can be asked.
        rank: looks for the nearest way, too, which fails as late as possible; only for ways that hold without it.
        ranks: how many ranks there are.
    """

    def __init__(self, rules: Rules, rank: Rank | None = None, ranks: int = 1) -> None:
        self.rules, self._rank, self._ranks = rules, rank, ranks
        #: Rules and alternatives by which something that is negated held.
        self.negated: set[Node] = set()
        #: By record that was found in a collection, the rules that looked for it there.
        self._origins: dict[int, Sources] = {}
        self._best: tuple[int, ...] | None = None
        self._left = MOST

    def holding(self, rule: Rule, arguments: list[Any]) -> Iterator[State]:
        """Every way in which a rule holds of some values."""
        for state in self._entered(rule, arguments, State(), 0) or ():
            yield replace(state, taken=(rule, *state.taken))

    def nearest(self, rule: Rule, arguments: list[Any]) -> State | None:
        """The way on which the latest and the fewest conditions do not hold; None where the rule is about something else."""
        found = None
        for state in self._entered(rule, arguments, State(failed=(0,) * self._ranks), 0) or ():
            found, self._best = state, state.failed
        return found

    def _entered(
        self, rule: Rule, arguments: list[Any], outer: State, depth: int, because: str | None = None
    ) -> Iterator[State] | None:
        """Every way through the conditions of a rule; None where it is about something else."""
        frame, state = Frame(rule, self._because(rule.name, because)), outer
        for parameter, argument in zip(rule.parameters, arguments, strict=True):
            bound = self._bound(parameter, argument, frame, state)
            if bound is None:
                return None
            state = bound
        return self._solved([(rule.body, frame, depth)] if rule.body else [], state)

    def _because(self, name: str, outer: str | None) -> str | None:
        """The rule whose reason the conditions of a rule stand for, which another asks."""
        return name if name in self.rules.named else outer

    def _bound(self, parameter: Parameter, argument: Any, frame: Frame, state: State) -> State | None:
        holds, end = self._same(self._term(parameter.term, frame, state), argument, state)
        if holds is False or parameter.pattern is None:
            return None if holds is False else end
        value = end.known(argument)
        fits, end = self._fits(value, parameter.pattern, frame, end)
        return end if fits or isinstance(value, Missing) else None

    def _solved(self, goals: list[Goal], state: State) -> Iterator[State]:
        if self._best is not None and state.failed >= self._best:
            return
        if not goals:
            yield state
            return
        (goal, frame, depth), *rest = goals
        if isinstance(goal, AllOf):
            yield from self._solved([*((part, frame, depth) for part in goal.parts), *rest], state)
            return
        self._left -= 1
        for end in self._holds(goal, frame, depth, state) if self._left > 0 else ():
            yield from self._solved(rest, end)

    def _holds(self, goal: Node, frame: Frame, depth: int, state: State) -> Iterator[State]:
        match goal:
            case Call():
                yield from self._called(goal, frame, depth, state)
            case AnyOf(parts=parts):
                for part in parts:
                    ends = self._solved([(part, frame, depth + 1)], replace(state, steps=()))
                    yield from self._around(Step(depth, frame, goal, True), state, ends, part)
            case Membership():
                yield from self._member(goal, frame, depth, state)
            case _:
                holds, sides, end = self._plain(goal, frame, state)
                yield from self._leaf(Step(depth, frame, goal, holds, sides), end)

    def _around(self, step: Step, state: State, ends: Iterator[State], taken: Node) -> Iterator[State]:
        """The ways through what a condition consists of, or asks, each as one way through the condition."""
        for end in ends:
            outcomes = [each.holds for each in end.steps]
            holds = False if False in outcomes else None if None in outcomes else True
            steps = (*state.steps, replace(step, holds=holds), *end.steps)
            yield replace(end, steps=steps, taken=(*end.taken, taken))

    def _called(self, goal: Call, frame: Frame, depth: int, state: State) -> Iterator[State]:
        arguments = [state.known(self._term(argument, frame, state)) for argument in goal.arguments]
        before = replace(state, steps=())
        entered = [
            (rule, ends)
            for rule in self.rules.by_name.get((goal.name, len(arguments)), ())
            if (ends := self._entered(rule, arguments, before, depth + 1, frame.because)) is not None
        ]
        for rule, ends in entered:
            yield from self._around(Step(depth, frame, goal, True, (len(entered),), rule), state, ends, rule)
        if not entered:
            lacking = any(isinstance(argument, Missing) for argument in arguments)
            unknown = {term: Missing() for term in arguments if isinstance(term, Unknown)}
            end = replace(state, meanings={**state.meanings, **unknown})
            yield from self._leaf(Step(depth, frame, goal, None if lacking else False, tuple(arguments)), end)

    def _member(self, goal: Membership, frame: Frame, depth: int, state: State) -> Iterator[State]:
        item, among = (state.known(self._term(term, frame, state)) for term in (goal.item, goal.of))
        if isinstance(among, Missing) or isinstance(item, Missing):
            _, end = self._same(item, Missing(), state)
            yield from self._leaf(Step(depth, frame, goal, None), end)
        elif not isinstance(item, Unknown):
            held = any(self._same(item, each, state)[0] for each in among)
            yield from self._leaf(Step(depth, frame, goal, held, (item, among)), state)
        else:
            sources = self._sources(goal, frame, state)
            for each in among:
                if isinstance(each, Facts):
                    self._origins[id(each)] = sources
                _, end = self._same(item, each, state)
                yield from self._leaf(Step(depth, frame, goal, True, (each, among)), end)
            if not among:
                _, end = self._same(item, Missing(sources), state)
                yield from self._leaf(Step(depth, frame, goal, False, (None, among)), end)

    def _plain(self, goal: Node, frame: Frame, state: State) -> tuple[bool | None, tuple[Any, ...], State]:
        """How a condition comes out that holds in one way at most; what was compared; and the state after it."""
        match goal:
            case Negation() | Every():
                return self._negated(goal, frame, state), (), state
            case OfKind(term=term, pattern=pattern):
                value = state.known(self._term(term, frame, state))
                holds, end = self._fits(value, pattern, frame, state)
                return holds, (value,), end
            case Comparison(sign=sign, left=left, right=right):
                one, other = (state.known(self._term(side, frame, state)) for side in (left, right))
            case _:
                sign, one, other = "=", state.known(self._term(goal, frame, state)), True
        holds, end = (
            self._same(one, other, state) if SIGNS[sign] == "=" else (ordered(sign, one, other), state)
        )
        return holds, (one, other), end

    def _negated(self, goal: Negation | Every, frame: Frame, state: State) -> bool | None:
        """Whether what is negated, or a counterexample, does not hold in any way."""
        named = (node for node in within(goal) if isinstance(node, Variable) and node.name != "_")
        if any(isinstance(state.known(frame.variable(node.name)), Missing) for node in named):
            return None
        denied = [goal.part] if isinstance(goal, Negation) else [goal.whenever, _not(goal.holds)]
        inner = Tracing(self.rules)
        inner.negated = self.negated
        ends = list(inner._solved([(each, frame, 0) for each in denied], State(state.meanings)))
        self.negated.update(node for end in ends for node in end.taken)
        return not ends

    def _leaf(self, step: Step, state: State) -> Iterator[State]:
        """The state after a condition, if there is one."""
        failed = state.failed
        if step.holds is not True and self._rank is None:
            return
        if step.holds is not True and self._rank is not None:
            place = self._rank(self._sources(step.node, step.frame, state))
            failed = (*failed[:place], failed[place] + 1, *failed[place + 1 :])
        yield replace(state, steps=(*state.steps, step), failed=failed)

    def _sources(self, goal: Node, frame: Frame, state: State) -> Sources:
        """The rules with a reason that a condition comes from, and those that looked for the records it is about."""
        sources: set[str | None] = set() if isinstance(goal, Call) else {frame.because}
        for node in within(goal):
            if isinstance(node, Call):
                sources.add(self._because(node.name, frame.because))
                asked = self.rules.asked_by(node.name) if node is not goal else ()
                sources |= {name for name in asked if name in self.rules.named}
            if isinstance(node, Variable) and node.name != "_":
                value = state.known(frame.variable(node.name))
                sources |= (
                    value.sources if isinstance(value, Missing) else self._origins.get(id(value), frozenset())
                )
        return frozenset(sources)

    def _term(self, node: Node, frame: Frame, state: State) -> Any:
        """What a term stands for."""
        match node:
            case Variable(name=name):
                return frame.variable(name)
            case Literal(value=value):
                return value
            case Listed(items=items):
                return [self._term(item, frame, state) for item in items]
            case Attribute(of=of, name=name):
                return attribute(state.known(self._term(of, frame, state)), name)
            case Ago(of=of, span=span):
                actor = state.known(self._term(of, frame, state))
                return actor.ago(span) if isinstance(actor, Anyone) else Missing()
        return Missing()

    def _same(self, left: Any, right: Any, state: State) -> tuple[bool | None, State]:
        """Whether two terms are the same, with what unknown ones stand for then."""
        left, right = state.known(left), state.known(right)
        if left is right:
            return True, state
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Unknown):
                end = replace(state, meanings={**state.meanings, one: other})
                return None if isinstance(other, Missing) else True, end
        if isinstance(left, Missing) or isinstance(right, Missing):
            return None, state
        if isinstance(left, list) and isinstance(right, list):
            return self._same_items(left, right, state)
        return equal(left, right), state

    def _same_items(self, left: list[Any], right: list[Any], state: State) -> tuple[bool | None, State]:
        holds: bool | None = len(left) == len(right)
        for one, other in zip(left, right, strict=False):
            same, state = self._same(one, other, state)
            holds = holds and same
        return holds, state

    def _fits(self, value: Any, pattern: Pattern, frame: Frame, state: State) -> tuple[bool | None, State]:
        """Whether a value fits a pattern, with what unknown terms of it stand for then."""
        if isinstance(value, Missing):
            return None, state
        holds: bool | None = pattern.tag is None or is_of(value, pattern.tag)
        for name, term in pattern.fields if holds else ():
            same, state = self._same(attribute(value, name), self._term(term, frame, state), state)
            holds = holds and same
        return holds, state


def granting(rules: Rules, candidates: Iterable[Rule], question: list[Any]) -> list[Rule]:
    """Those of some rules that hold of what is asked."""
    return [rule for rule in candidates if any(Tracing(rules).holding(rule, question))]


def forbidding(rules: Rules, question: list[Any]) -> list[Rule]:
    """The rules that forbid what is asked: an action on a record, or the reading of a field, by its number of terms."""
    name = FORBIDS["allow_field" if len(question) == 4 else "allow"]
    return granting(rules, rules.by_name.get((name, len(question)), ()), question)


def _not(node: Node) -> Negation:
    return Negation(node.line, node.column, node)
