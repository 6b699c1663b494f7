"""The tests in policy files: what somebody may or may not do in a world that fixtures make.

?= may("an agent with a support task", "read", "ContactPoint.value");
?= not may(["an agent with a support task", "which is closed"], "read", ["Order.total", "Order.lines"]);

Fixtures are made true in their order; several actions or fields are several tests. Plain Oso and what was compiled of the
rules both have to decide as expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from policies import fixtures
from policies.engine import Engine
from policies.errors import PolicyError, refuse
from policies.fixtures import GIVEN, GRANTS, Maker, said
from policies.judge import holds
from policies.kind import Kind
from policies.missing import missing
from policies.plan import CLOSED
from policies.registry import RECORDS
from policies.scene import Scene, classes
from policies.trace import Tracing
from policies.tree import AnyOf, Call, Expected, Listed, Literal, Negation, Node, Rule, within
from policies.unfold import Rules

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
        self.policy, self._kinds = policy, classes()
        self._oso = Engine(policy.sources, self._kinds)
        self._given, self._rules = Rules(policy.fixtures), Rules(policy.rules)
        self._scenes: dict[tuple[Rule, ...], Scene] = {}
        self.results = Results()

    def run(self, tests: Iterable[Test], *, tracing: bool = False) -> Results:
        """Run tests; with `tracing`, also find what they reach."""
        for test in tests:
            self.results.tests += 1
            try:
                scene = self._scene(test)
                for action in test.actions:
                    for target in test.targets:
                        self._ask(test, scene, action, target, tracing=tracing)
            except PolicyError as error:
                self.results.failures.append(error)
        return self.results

    def _scene(self, test: Test) -> Scene:
        """The world of some fixtures; tests that have the same share it."""
        scene = self._scenes.get(test.givens)
        if scene is None:
            scene = self._scenes[test.givens] = Scene(self._kinds, str(fixtures.tag(test.givens[0], 1)))
            maker = Maker(scene, self._given)
            for given in test.givens:
                arguments = maker.add(given)
                if not any(Tracing(self._given).holding(given, arguments)):
                    raise given.refuse(
                        f'"{said(given)}" cannot be, as {test.line.file}:{test.line.line} asks'
                    )
        return scene

    def _ask(self, test: Test, scene: Scene, action: str, target: str, *, tracing: bool) -> None:
        self.results.questions += 1
        record, _, name = target.partition(".")
        self._check_named(test, action, record, name)
        root, person, kind = scene.subject(record), scene.person, scene.kind
        question = ["allow_field", person, action, root, name] if name else ["allow", person, action, root]
        grant = self.policy.grants(kind, action, record).get(name or action, CLOSED)
        decided = {"plain Oso": self._oso.holds(*question), "the compiled rules": holds(grant, root, scene)}
        if tracing:
            decided["following the rules"] = self._trace(question)
        if set(decided.values()) != {test.may}:
            who = " ".join(map(said, test.givens))
            told = "; ".join(f"{reader}: {_told(may)}" for reader, may in decided.items())
            expected = f"expected that {who} {_told(test.may)} {action} {target}; {told}"
            raise test.line.refuse(f"{expected}; {self._why(question, kind, granted=not test.may)}")

    def _check_named(self, test: Test, action: str, record: str, name: str) -> None:
        """Refuse a field or an action that no rule opens to anybody: that nobody may would prove nothing."""
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

    def _why(self, question: list[Any], kind: Kind, *, granted: bool) -> str:
        """Which rules grant what is asked, or what is missing for one to."""
        _, _, action, record, *field = question
        everyone = next(other for other in self.policy.everyone if other.name == kind.name)
        candidates = [
            rule
            for rule in self._rules.by_name.get((question[0], len(question) - 1), [])
            if {action, *field} & self.policy.ways(everyone, action, record._resource.name, rule).keys()
        ]
        if not granted:
            return missing(self._rules, candidates, [question[1:]]) or "no rule is about it"
        granting = (rule for rule in candidates if any(Tracing(self._rules).holding(rule, question[1:])))
        return "granted by " + ", ".join(f"{rule.file}:{rule.line}" for rule in granting)

    def _trace(self, question: list[Any]) -> bool:
        """Note the rules and alternatives that grant what is asked; whether any do."""
        granted = False
        for rule in self._rules.by_name.get((question[0], len(question) - 1), []):
            tracing = Tracing(self._rules)
            for state in tracing.holding(rule, question[1:]):
                granted = True
                self.results.reached |= set(state.taken)
            self.results.reached |= tracing.negated
        return granted


def _told(may: bool) -> str:
    return "may" if may else "may not"


def askable(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Node]]:
    """The rules that grants ask, themselves among them, and each alternative in them, with the rule that it stands in."""
    everything = list(rules)
    calls: dict[str, set[str]] = {}
    for rule in everything:
        calls.setdefault(rule.name, set()).update(
            node.name for node in within(rule.body) if isinstance(node, Call)
        )
    asked = fixtures.reached(set(GRANTS), calls)
    for rule in everything:
        if rule.name in asked:
            yield rule, rule
            yield from (
                (rule, part) for node in within(rule.body) if isinstance(node, AnyOf) for part in node.parts
            )
