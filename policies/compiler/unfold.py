"""Rules as conditions over records: each rule that is asked is put in its place, for one kind of actor.

What several ways to hold leave the same for those who ask becomes one condition; what they leave differently, such as
another purpose, remains several ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.compiler.merging import either, folded, merged
from policies.compiler.terms import SIGNS, RecordTypes, State, Unknown
from policies.conditions import (
    NOW,
    PURPOSE,
    PURPOSES,
    Compare,
    Condition,
    Const,
    Items,
    Kind,
    Param,
    Path,
    ir,
    negated,
)
from policies.errors import PolicyError
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
from policies.moments import Moment

Name = tuple[str, int]

#: The most steps that a grant may take; the shipped ones take some hundreds. Alternatives multiply.
MOST_STEPS = 20_000


@dataclass(frozen=True)
class Frame:
    """A rule that is being unfolded: what its variables are, and for which rule's reason its conditions stand."""

    rule: Rule
    because: str | None = None
    variables: dict[str, Unknown] = field(default_factory=dict)

    def variable(self, name: str) -> Unknown:
        """A variable of the rule; each `_` is one of its own."""
        return Unknown(name) if name == "_" else self.variables.setdefault(name, Unknown(name))

    def refuse(self, error: PolicyError, node: Node) -> PolicyError:
        """An error at a part of the rule; one that has a place keeps it."""
        return error if error.line is not None else self.rule.refuse(error.message, node)


Goal = tuple[Node, Frame]


class Unfolding:
    """One question on its way through the rules.

    Args:
        rules: by name and number of parameters; `policies.compiler.refusals` has passed them: each that is asked is there,
            none asks itself, and all classes are known.
        named: the rules that have a reason of their own for not holding.
        zone: where the clock hangs by which days and times are told.
        record: the type of the records that are asked about.
    """

    def __init__(
        self, rules: Mapping[Name, list[Rule]], named: Container[str], zone: str, record: str
    ) -> None:
        self.rules, self.named, self.zone, self.types = rules, named, zone, RecordTypes(record)
        self._steps = 0

    def entered(
        self, rule: Rule, arguments: list[Any], outer: State, because: str | None = None
    ) -> Iterator[State]:
        """Every way in which a rule holds of some arguments; what it looks into and says is new."""
        frame = Frame(rule, rule.name if rule.name in self.named else because)
        state: State | None = outer.inner()
        for parameter, argument in zip(rule.parameters, arguments, strict=True):
            state = state and self._bound(parameter, argument, frame, state)
        if state is not None:
            yield from self._solved([(rule.body, frame)] if rule.body else [], state)

    def _bound(self, parameter: Parameter, argument: Any, frame: Frame, state: State) -> State | None:
        end = self._same(self._term(parameter.term, frame, state), argument, state, parameter.term, frame)
        if end is None or parameter.pattern is None:
            return end
        return self._of_kind(argument, parameter.pattern, frame, end)

    def _solved(self, goals: list[Goal], state: State) -> Iterator[State]:
        """Every way in which all goals hold, one after the other."""
        if not goals:
            yield state
            return
        (goal, frame), *rest = goals
        if isinstance(goal, AllOf):
            yield from self._solved([*((part, frame) for part in goal.parts), *rest], state)
            return
        for end in self._holds(goal, frame, state):
            yield from self._solved(rest, end)

    def _holds(self, goal: Node, frame: Frame, state: State) -> Iterator[State]:
        """Every way in which one goal holds."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise frame.rule.refuse("this can hold in too many ways; ask for less in one rule", goal)
        match goal:
            case Call():
                yield from self._called(goal, frame, state)
            case AnyOf(parts=parts):
                ends = [end for part in parts for end in self._solved([(part, frame)], state.inner())]
                yield from merged(ends, [frame.variable(name) for name in _names(goal)], state, either)
            case Negation(part=part):
                yield from self._negated([(part, frame)], goal, frame, state)
            case Every(whenever=whenever, holds=holds):
                counter = Negation(holds.line, holds.column, holds)
                yield from self._negated([(whenever, frame), (counter, frame)], goal, frame, state)
            case Membership():
                yield from self._member(goal, frame, state)
            case _:
                end = self._plain(goal, frame, state)
                if end is not None:
                    yield end

    def _plain(self, goal: Node, frame: Frame, state: State) -> State | None:
        """The state after a goal that holds in one way at most."""
        match goal:
            case Comparison(sign="=" | ":=", left=left, right=right):
                one, other = (self._term(side, frame, state) for side in (left, right))
                return self._same(one, other, state, goal, frame)
            case Comparison(sign=sign, left=left, right=right):
                one, other = (state.known(self._term(side, frame, state)) for side in (left, right))
                return self._compared(sign, one, other, state, goal, frame)
            case OfKind(term=term, pattern=pattern):
                return self._of_kind(self._term(term, frame, state), pattern, frame, state)
            case Literal(value=bool(value)):
                return state if value else None
            case Variable() | Attribute():
                term = state.known(self._term(goal, frame, state))
                return self._compared("=", term, Const(True), state, goal, frame)
        raise frame.rule.refuse("this is no condition", goal)

    def _called(self, goal: Call, frame: Frame, state: State) -> Iterator[State]:
        arguments = [self._term(argument, frame, state) for argument in goal.arguments]
        known = [state.known(argument) for argument in arguments]
        rules = [rule for rule in self.rules[goal.name, len(known)] if not _denies(rule, known)]
        ends = [end for rule in rules for end in self.entered(rule, arguments, state, frame.because)]
        yield from merged(ends, arguments, state, folded)

    def _negated(self, goals: list[Goal], goal: Node, frame: Frame, state: State) -> Iterator[State]:
        here, everywhere = Counter(_names(goal)), Counter(_names(frame.rule))
        for name, count in here.items():
            unknown = isinstance(state.known(frame.variable(name)), Unknown)
            if name != "_" and unknown and count < everywhere[name]:
                raise frame.rule.refuse(
                    f"`{name}` is not known yet where it is negated; say what it is before", goal
                )
        end = self._unless(self._solved(goals, state.inner()), state, frame.rule, goal)
        if end is not None:
            yield end

    def unless(self, rules: list[Rule], arguments: list[Any], state: State) -> State | None:
        """The state in which none of some rules holds of arguments that are known; None where one always does."""
        end: State | None = state
        for rule in rules:
            if end is not None:
                end = self._unless(self.entered(rule, arguments, end), end, rule, rule)
        return end

    def _unless(self, ends: Iterable[State], state: State, rule: Rule, node: Node) -> State | None:
        conditions = [end.condition() for end in ends]
        if any(PURPOSE.name in ir.params(condition) for condition in conditions):
            raise rule.refuse(
                "`actor.purpose` is any of the purposes stated, and here it is negated; say before which one it is, as in "
                "`task.purpose = actor.purpose`, or that a purpose is none of them: `not … in actor.purposes`",
                node,
            )
        return state.says(negated(ir.disjunction(conditions)))

    def _member(self, goal: Membership, frame: Frame, state: State) -> Iterator[State]:
        item, among = (state.known(self._term(term, frame, state)) for term in (goal.item, goal.of))
        if isinstance(among, Items):
            ends = (self._same(item, each, state.inner(), goal, frame) for each in among.items)
            yield from merged([end for end in ends if end is not None], [item], state, folded)
            return
        if among == PURPOSES:
            if isinstance(item, Unknown):
                raise frame.rule.refuse(
                    f"say what `{item.name}` is before; `actor.purpose` is any of them, and how many there are is "
                    "`actor.purposeCount`",
                    goal,
                )
            end = state.says(self._said("in", item, among, goal, frame))
            if end is not None:
                yield end
            return
        if not isinstance(among, Path):
            raise frame.rule.refuse("`in` takes a relation or a list of values", goal)
        name = self._checked(goal, frame, self.types.member, among)
        over = Path(among.var, among.steps, frame.because)
        ranged = State(state.meanings, {**state.ranges, name: over}, state.atoms)
        end = self._same(item, Path(name, ()), ranged, goal, frame)
        if end is not None:
            yield end

    def _term(self, node: Node, frame: Frame, state: State) -> Any:
        """What a term stands for."""
        match node:
            case Variable(name=name):
                return frame.variable(name)
            case Literal(value=value):
                return Const(value)
            case Listed(items=items):
                return Items(tuple(self._term(item, frame, state) for item in items))
            case Attribute(of=of, name=name):
                return self._attribute(state.known(self._term(of, frame, state)), name, node, frame)
            case Ago(of=of, span=span):
                if isinstance(state.known(self._term(of, frame, state)), Kind):
                    return Param(NOW.name, Moment("ago", span=span))
        raise frame.rule.refuse("this is no value that a policy can compare", node)

    def _attribute(self, of: Any, name: str, node: Node, frame: Frame) -> Any:
        if isinstance(of, Kind):
            return self._checked(node, frame, of.attribute, name, self.zone)
        if isinstance(of, Path):
            return self._checked(node, frame, self.types.attribute, of, name)
        raise frame.rule.refuse(f"`.{name}` is asked of something that is no record", node)

    def _same(self, left: Any, right: Any, state: State, node: Node, frame: Frame) -> State | None:
        """The state in which two terms are the same; None where they never are."""
        left, right = state.known(left), state.known(right)
        if left is right:
            return state
        if isinstance(left, Unknown):
            return state.means(left, right)
        if isinstance(right, Unknown):
            return state.means(right, left)
        if isinstance(left, Items) and isinstance(right, Items):
            return self._same_items(left, right, state, node, frame)
        return self._compared("=", left, right, state, node, frame)

    def _same_items(self, left: Items, right: Items, state: State, node: Node, frame: Frame) -> State | None:
        if len(left.items) != len(right.items):
            return None
        end: State | None = state
        for one, other in zip(left.items, right.items, strict=True):
            end = end and self._same(one, other, end, node, frame)
        return end

    def _compared(
        self, sign: str, left: Any, right: Any, state: State, node: Node, frame: Frame
    ) -> State | None:
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            raise frame.rule.refuse("something is compared that is not known yet", node)
        end = state.says(self._said(SIGNS[sign], left, right, node, frame))
        if end is not None and PURPOSE in (left, right) and left != right:
            # From here on it is the purpose that it was compared with, of however many that are stated.
            end = end.means(PURPOSE, left if right == PURPOSE else right)
        return end

    def _said(self, op: ir.Comparison, left: Any, right: Any, node: Node, frame: Frame) -> Condition:
        condition: Condition = self._checked(node, frame, self.types.compare, op, left, right)
        if frame.because is None or not isinstance(condition, Compare):
            return condition
        return Compare(condition.op, condition.left, condition.right, frame.because)

    def _of_kind(self, term: Any, pattern: Pattern, frame: Frame, state: State) -> State | None:
        """The state in which a term fits a pattern; None where it never does."""
        term = state.known(term)
        if pattern.tag is not None and not self._fits(term, pattern, frame):
            return None
        end: State | None = state
        for name, value in pattern.fields:
            if end is not None:
                held = self._attribute(term, name, pattern, frame)
                end = self._same(held, self._term(value, frame, end), end, pattern, frame)
        return end

    def _fits(self, term: Any, pattern: Pattern, frame: Frame) -> bool:
        tag = pattern.tag or ""
        if isinstance(term, Kind):
            return term.fits(tag)
        if isinstance(term, Path):
            return bool(self._checked(pattern, frame, self.types.fits, term, tag))
        raise frame.rule.refuse("the kind is asked of something that is no record", pattern)

    def _checked(self, node: Node, frame: Frame, ask: Any, *arguments: Any) -> Any:
        """What a question gives whose error has no place yet."""
        try:
            return ask(*arguments)
        except PolicyError as error:
            raise frame.refuse(error, node) from None


def _denies(rule: Rule, arguments: list[Any]) -> bool:
    """Whether a rule is a fact of texts, and another one is written where it is asked."""
    return any(
        isinstance(argument, Const) and argument.value != text
        for text, argument in zip(rule.texts() or (), arguments, strict=False)
    )


def _names(part: Any) -> list[str]:
    """The variables that a part of a rule names, as often as it does."""
    return [node.name for node in within(part) if isinstance(node, Variable)]
