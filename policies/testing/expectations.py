"""The tests in policy files: what somebody may or may not do in a world that fixtures make.

?= may("an agent with a support task", "read", "ContactPoint.value");
?= not may(["an agent with a support task", "which is closed"], "read", ["Order.total", "Order.lines"]);

Fixtures are made true in their order; several actions or fields are several tests. Plain Oso and what was compiled of the
rules both have to decide as expected.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from itertools import product
from typing import TYPE_CHECKING, Any

from policies.compiler import Rules, reached
from policies.conditions import CLOSED, FORBIDDING, FORBIDS, NOW, Kind
from policies.errors import PolicyError, refuse
from policies.judging import NOON, Engine, Linked, Scene, classes, holds
from policies.language import AnyOf, Call, Expected, Listed, Literal, Negation, Node, Rule, asked_by, within
from policies.registry import RECORDS
from policies.testing import fixtures
from policies.testing.fixtures import GIVEN, Maker, said
from policies.tracing import Tracing, forbidding, granting, missing, place

if TYPE_CHECKING:
    from policies.policy import Policy

SHAPE = '`may("fixture", "action", "Type.field")` or `not may(…)`; each of the three may be a list'


@dataclass(frozen=True)
class Test:
    """One line `?= …;`, read.

    Attributes:
        line: as it is written.
        may: what is expected.
        givens: the fixtures, in order.
        actions: what is asked for.
        targets: of which records: types, and fields for reading.
    """

    line: Expected
    may: bool
    givens: tuple[Rule, ...]
    actions: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind of the actor, with whatever roles."""
        return str(fixtures.tag(self.givens[0], 1))

    @property
    def questions(self) -> list[tuple[str, str, str]]:
        """What it asks: which kind of actor may do what to which type of record."""
        return [
            (self.kind, action, target.partition(".")[0])
            for action in self.actions
            for target in self.targets
        ]


@dataclass
class Results:
    """What tests came to: how many questions they asked, what failed, and which rules and alternatives they reached."""

    tests: int = 0
    questions: int = 0
    failures: list[PolicyError] = field(default_factory=list)
    reached: set[Node] = field(default_factory=set)


def read(lines: Iterable[Expected], given: list[Rule], granted: Iterable[Rule]) -> list[Test]:
    """The tests of policies.

    Args:
        lines: as they are written.
        given: the rules of fixtures.
        granted: all other rules.

    Raises:
        PolicyError: one asks for what is not there; has all others beside it.
    """
    by_sentence = {said(rule): rule for rule in given if rule.name == GIVEN}
    actions = {"read", *(str(_text(rule.parameters[1].term)) for rule in granted if rule.name == "allow")}
    found, errors = [], []
    for line in lines:
        try:
            found.append(_read(line, by_sentence, actions))
        except PolicyError as error:
            errors.append(error)
    refuse(errors)
    return found


def _read(line: Expected, givens: dict[str, Rule], actions: set[str]) -> Test:
    may = not isinstance(line.condition, Negation)
    asked = line.condition.part if isinstance(line.condition, Negation) else line.condition
    if not isinstance(asked, Call) or asked.name != "may" or len(asked.arguments) != 3:
        raise line.refuse(f"a test is {SHAPE}", asked)
    sentences, named, targets = (_texts(each, line) for each in asked.arguments)
    _known(sentences, givens, "fixture", line)
    _known(named, actions, "action", line)
    for text in targets:
        record, _, name = str(text.value).partition(".")
        if record not in RECORDS or bool(name) != ("read" in {each.value for each in named}):
            raise line.refuse(
                f'"{text.value}" is no type, or no field of one; `read` is asked of "Type.field"', text
            )
    rules = tuple(givens[str(text.value)] for text in sentences)
    if fixtures.tag(rules[0], 1) is None:
        raise line.refuse("the first fixture says of which kind the actor is: `actor: Staff`", sentences[0])
    return Test(
        line, may, rules, tuple(str(each.value) for each in named), tuple(str(each.value) for each in targets)
    )


def _texts(node: Node, line: Expected) -> list[Literal]:
    items = node.items if isinstance(node, Listed) else (node,)
    texts = [item for item in items if isinstance(item, Literal) and isinstance(item.value, str)]
    if not texts or len(texts) < len(items):
        raise line.refuse(f"a test is {SHAPE}", node)
    return texts


def _known(texts: list[Literal], known: Iterable[str], what: str, line: Expected) -> None:
    for text in texts:
        if text.value not in known:
            close = get_close_matches(str(text.value), list(known), n=1)
            meant = f'; is "{close[0]}" meant?' if close else ""
            raise line.refuse(f'there is no {what} "{text.value}"{meant}', text)


def _text(node: Node) -> Any:
    return node.value if isinstance(node, Literal) else None


class Runner:
    """Runs the tests of one text.

    Args:
        policy: the rules, which compile what is asked.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy, self._kinds = policy, classes(Linked)
        self._oso = Engine(policy.sources, self._kinds)
        self._given, self._rules = Rules(policy.fixtures, zone=policy.declared.zone), policy.asked
        self._scenes: dict[tuple[Rule, ...], Scene] = {}
        self.results = Results()

    def run(
        self, tests: Mapping[Test, str], passed: Container[str] = (), *, tracing: bool = False
    ) -> Results:
        """Run tests.

        Args:
            tests: each with its digest.
            passed: digests of those that passed; of them it is only seen that some rule opens what they ask for.
            tracing: also find what they reach.
        """
        for test, digest in tests.items():
            self.results.tests += 1
            try:
                for action, target in product(test.actions, test.targets):
                    self._check_named(test, action, target)
                    if digest not in passed:
                        self._ask(test, action, target, tracing=tracing)
            except PolicyError as error:
                self.results.failures.append(error)
        return self.results

    def _scene(self, test: Test) -> Scene:
        """The world of some fixtures; tests that have the same share it."""
        scene = self._scenes.get(test.givens)
        if scene is None:
            scene = self._made(test)
            if scene.actor[NOW.name] != NOON:
                # What was compared with the clock before it was set is made for the instant that it was set to.
                scene = self._made(test, scene.actor[NOW.name])
            self._scenes[test.givens] = scene
        return scene

    def _made(self, test: Test, now: datetime = NOON) -> Scene:
        scene = Scene(self._kinds, test.kind, self.policy.declared.zone, now)
        maker = Maker(scene, self._given)
        for given in test.givens:
            if not granting(self._given, [given], maker.add(given)):
                raise given.refuse(f'"{said(given)}" cannot be, as {test.line.file}:{test.line.line} asks')
        return scene

    def _ask(self, test: Test, action: str, target: str, *, tracing: bool) -> None:
        self.results.questions += 1
        record, _, name = target.partition(".")
        scene = self._scene(test)
        root, kind = scene.subject(record), scene.kind
        questions = [[person, action, root, *([name] if name else [])] for person in scene.people]
        grant = self.policy.grants(kind, action, record).get(name or action, CLOSED)
        ask = self._oso.reads if name else self._oso.may
        decided = {
            "plain Oso": any(ask(*question) for question in questions),
            "the compiled rules": holds(grant, root, scene),
        }
        if tracing:
            traced = [self._trace(question) for question in questions]
            decided["following the rules"] = any(traced)
        if set(decided.values()) != {test.may}:
            who = " ".join(map(said, test.givens))
            decisions = "; ".join(f"{reader}: {_may(may)}" for reader, may in decided.items())
            expected = f"expected that {who} {_may(test.may)} {action} {target}; {decisions}"
            raise test.line.refuse(f"{expected}; {self._why(questions, kind, granted=not test.may)}")

    def _check_named(self, test: Test, action: str, target: str) -> None:
        """Refuse a field or an action that no rule opens to anybody: that nobody may would prove nothing."""
        record, _, name = target.partition(".")
        known = (
            self.policy.classified(record)
            if name
            else {each for each, of in self.policy.actions if of == record}
        )
        if (name or action) not in known:
            what = f"{record}.{name}" if name else f"{action} of {record}"
            raise test.line.refuse(
                f"no rule opens {what} to anybody; known: {', '.join(sorted(known)) or 'nothing'}"
            )

    def _why(self, questions: list[list[Any]], kind: Kind, *, granted: bool) -> str:
        """Which rules grant what is asked, or what is missing for one to."""
        _, action, record, *field = questions[0]
        everyone = next(other for other in self.policy.everyone if other.name == kind.name)
        candidates = [
            rule
            for rule in self._rules.by_name.get((_grants(questions[0]), len(questions[0])), [])
            if {action, *field} & self.policy.asked.ways(everyone, action, record._resource.name, rule).keys()
        ]
        if granted:
            return "granted by " + _places(granting(self._rules, candidates, each) for each in questions)
        forbidden = _places(forbidding(self._rules, each) for each in questions)
        nothing = f"forbidden by {forbidden}" if forbidden else "no rule is about it"
        return missing(self._rules, candidates, questions) or nothing

    def _trace(self, question: list[Any]) -> bool:
        """Note the rules and alternatives that grant what is asked, or that forbid what some grant; whether it is granted."""
        granted = self._followed(_grants(question), question)
        forbidden = self._followed(FORBIDS[_grants(question)], question) if granted else set()
        self.results.reached |= forbidden or granted
        return bool(granted) and not forbidden

    def _followed(self, name: str, question: list[Any]) -> set[Node]:
        """The rules of a name that hold of what is asked, and all by which they do."""
        found: set[Node] = set()
        for rule in self._rules.by_name.get((name, len(question)), []):
            tracing = Tracing(self._rules)
            for state in tracing.holding(rule, question):
                found |= set(state.taken)
            self.results.reached |= tracing.negated
        return found


def _grants(question: list[Any]) -> str:
    """The name of the rules that grant what is asked."""
    return "allow_field" if len(question) == 4 else "allow"


def _places(groups: Iterable[list[Rule]]) -> str:
    return ", ".join(dict.fromkeys(place(rule) for group in groups for rule in group))


def _may(may: bool) -> str:
    return "may" if may else "may not"


def askable(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Node]]:
    """The rules that grants ask, and what forbids, themselves among them, and each alternative in them, with the rule that it stands in."""
    everything = list(rules)
    calls = asked_by(everything)
    roots = calls.keys() & {*FORBIDS, *FORBIDDING}
    asked = roots.union(*(reached(name, calls) for name in roots))
    for rule in everything:
        if rule.name in asked:
            yield rule, rule
            yield from (
                (rule, part) for node in within(rule.body) if isinstance(node, AnyOf) for part in node.parts
            )
