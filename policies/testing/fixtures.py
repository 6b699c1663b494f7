"""Fixtures: rules `given("…", actor, customer)` of which tests make their worlds.

Each condition is made true, one after the other:

x in customer.tasks              there is one more
x in task.assignees              there is the one that `task.assigneeId` names, if the fixture said before which
task.status = "OPEN"             it is so; also with !=, <, <=, >, >=, `not`, and for the day and the time of day
actor.purpose = "support"        the actor states this purpose, and no other; what else is known of the actor is so, too
"sales" in actor.purposes        the actor states this purpose as well; with `not`, does not
"manager" in actor.roles         the actor has the role
forall(x in …, x.permits = …)    it is so of each that there is by now, or of each in a list
helper(actor, customer)          what another rule says that no grant asks

A fourth parameter, `record: Session`, is the record that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from policies.compiler import FLIPPED, SIGNS, Rules, reached
from policies.conditions import CLASSES, NOW, Compare, Const, Param, Path
from policies.errors import PolicyError
from policies.judging import Imagined, Scene
from policies.language import (
    Ago,
    AllOf,
    Attribute,
    Call,
    Comparison,
    Every,
    Listed,
    Literal,
    Membership,
    Negation,
    Node,
    Rule,
    Variable,
    asked_by,
)
from policies.moments import FACTS, Moment
from policies.registry import RECORDS

GIVEN = "given"

#: Stands for the actor in what terms mean.
ACTOR = object()
Meanings = dict[str, Any]


def split(rules: Iterable[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules of policies, and those of fixtures: `given`, and what only they ask."""
    everything = list(rules)
    calls = asked_by(everything)
    theirs = {GIVEN, *reached(GIVEN, calls)}
    others = calls.keys() - theirs
    ours = others.union(*(reached(name, calls) for name in others))
    return [rule for rule in everything if rule.name not in theirs - ours], [
        rule for rule in everything if rule.name in theirs - ours
    ]


def check(fixtures: list[Rule]) -> Iterator[PolicyError]:
    """What is wrong with the heads of fixtures."""
    seen: set[str] = set()
    for rule in fixtures:
        if rule.name != GIVEN:
            continue
        sentence = said(rule)
        if not 3 <= len(rule.parameters) <= 4 or not sentence:
            yield rule.refuse(
                'a fixture is `given("a sentence", actor, customer)`, and may have a record after them'
            )
        elif sentence in seen:
            yield rule.refuse(f'there are two fixtures "{sentence}"')
        elif len(rule.parameters) == 4 and tag(rule, 3) not in RECORDS:
            yield rule.refuse("the record of a fixture is of one type: `record: Session`")
        elif tag(rule, 1) not in (None, *CLASSES.values()):
            yield rule.refuse(f"the actor of a fixture is of one kind: {', '.join(CLASSES.values())}")
        seen.add(sentence)


def said(given: Rule) -> str:
    """The sentence of a fixture; empty where it has none."""
    term = given.parameters[0].term if given.parameters else None
    return term.value if isinstance(term, Literal) and isinstance(term.value, str) else ""


def tag(given: Rule, place: int) -> str | None:
    """The class of a parameter."""
    pattern = given.parameters[place].pattern
    return pattern.tag if pattern else None


@dataclass(frozen=True)
class Field:
    """A field of a record, or something that is known of the actor."""

    holder: Any
    name: str


class Maker:
    """Makes true in a scene what fixtures say.

    Args:
        scene: the world.
        rules: those of fixtures, which they may ask.
    """

    def __init__(self, scene: Scene, rules: Rules) -> None:
        self.scene, self._rules = scene, rules

    def add(self, given: Rule) -> list[Any]:
        """Make true what a fixture says; gives what plain Oso is asked, which has to find it true.

        Raises:
            PolicyError: it says what cannot be made true.
        """
        self.scene.begin()
        record = [self.scene.subject(tag(given, 3) or "")] if len(given.parameters) == 4 else []
        self._enter(given, [None, ACTOR, self.scene.customer, *record])
        return [said(given), self.scene.people[0], self.scene.customer, *record]

    def _enter(self, rule: Rule, arguments: list[Any]) -> None:
        terms = [parameter.term for parameter in rule.parameters]
        meanings = {
            term.name: argument
            for term, argument in zip(terms, arguments, strict=True)
            if isinstance(term, Variable)
        }
        if rule.body is not None:
            self._make(rule.body, rule, meanings)

    def _make(self, node: Node, rule: Rule, meanings: Meanings) -> None:
        """Make a condition true; what it names is known to those after it."""
        match node:
            case AllOf(parts=parts):
                for part in parts:
                    self._make(part, rule, meanings)
            case Call():
                self._ask(node, rule, meanings)
            case Membership(item=Variable(name=name), of=Attribute() as of):
                holder = self._holder(of, rule, meanings)
                meanings[name] = self.scene.member(holder, of.name)
            case Every(whenever=Membership(item=Variable(name=name), of=of), holds=then):
                for each in self._members(of, rule, meanings):
                    self._make(then, rule, {**meanings, name: each})
            case Negation(part=part):
                self._say(part, rule, meanings, holds=False)
            case _:
                self._say(node, rule, meanings, holds=True)

    def _say(self, node: Node, rule: Rule, meanings: Meanings, *, holds: bool) -> None:
        """Make true, or false, what is said of one thing."""
        match node:
            case Comparison() | Attribute():
                self._compare(node, rule, meanings, holds=holds)
            case Membership(item=Literal(value=role), of=Attribute(name="roles")) if holds:
                self.scene.roles.add(str(role))
            case Membership(item=Literal(value=purpose), of=Attribute(name="purposes")):
                others = (each for each in self.scene.purposes if each != purpose)
                self.scene.state(*others, *([str(purpose)] if holds else []))
            case _:
                raise rule.refuse(
                    "a fixture cannot make this true; it takes comparisons, `in`, `forall` and rules", node
                )

    def _ask(self, call: Call, rule: Rule, meanings: Meanings) -> None:
        asked = self._rules.by_name.get((call.name, len(call.arguments)), [])
        if len(asked) != 1:
            raise rule.refuse(
                "a fixture asks rules of fixtures that say one thing; a rule of grants is what is tested",
                call,
            )
        self._enter(asked[0], [self._term(each, rule, meanings) for each in call.arguments])

    def _members(self, of: Node, rule: Rule, meanings: Meanings) -> list[Any]:
        """What there is by now in a collection, or in a list that is written out."""
        if isinstance(of, Attribute):
            return list(getattr(self._holder(of, rule, meanings), of.name))
        return [Const(value) for value in self._term(of, rule, meanings).value]

    def _holder(self, relation: Attribute, rule: Rule, meanings: Meanings) -> Imagined:
        """The record whose relation to several others is meant."""
        holder = self._term(relation.of, rule, meanings)
        if isinstance(holder, Imagined):
            way = holder._resource.relations.get(relation.name)
            if way is not None and way.many:
                return holder
        raise rule.refuse(f"`{relation.name}` is not a collection", relation)

    def _compare(self, node: Comparison | Attribute, rule: Rule, meanings: Meanings, *, holds: bool) -> None:
        sign, one, other = ("=", node, Literal(node.line, node.column, True)) if isinstance(node, Attribute) else (
            node.sign, node.left, node.right
        )  # fmt: skip
        op, left, right = SIGNS[sign], self._term(one, rule, meanings), self._term(other, rule, meanings)
        if _settable(right) and not _settable(left):
            op, left, right = FLIPPED[op], right, left
        if isinstance(left, Field) and left.holder is ACTOR and isinstance(right, Const):
            if left.name in ("purposes", "purposeCount"):
                raise rule.refuse("a fixture says which purposes are stated, one by one", node)
            self._tell(Compare(op, self._side(left), right), left.name, holds)
        elif _settable(left) and isinstance(right, Field | Const | Param):
            compare = Compare(op, Path("left", (left.name,)), self._side(right))
            self.scene.meet(compare, _scope(left, right), holds)
        else:
            raise rule.refuse("a fixture compares a field of a record with something", node)

    def _tell(self, compare: Compare, name: str, holds: bool) -> None:
        """Let something be so of the actor."""
        purpose = compare.right.value if isinstance(compare.right, Const) else None
        if name == "purpose" and compare.op == "=" and holds:
            self.scene.state(*([] if purpose is None else [purpose]))
        else:
            self.scene.meet(compare, {}, holds)

    def _side(self, side: Field | Const | Param) -> Path | Param | Const:
        if not isinstance(side, Field):
            return side
        if side.holder is not ACTOR:
            return Path("right", (side.name,))
        if side.name in FACTS:
            return Param(NOW.name, Moment(side.name, self._rules.zone))
        return Param(f"actor.{side.name}")

    def _term(self, node: Node, rule: Rule, meanings: Meanings) -> Any:
        """A record, the actor, a field, or a written value."""
        match node:
            case Variable(name=name) if name in meanings:
                return meanings[name]
            case Literal(value=value):
                return Const(value)
            case Listed(items=items):
                return Const(tuple(item.value for item in items if isinstance(item, Literal)))
            case Ago(span=span):
                return Param(NOW.name, Moment("ago", span=span))
            case Attribute(of=of, name=name):
                holder = self._term(of, rule, meanings)
                single = isinstance(holder, Imagined) and name in holder._resource.relations
                return getattr(holder, name) if single else Field(holder, name)
        raise rule.refuse("a fixture has not said before what this is", node)


def _settable(side: Any) -> bool:
    """Whether it is a field of a record."""
    return (
        isinstance(side, Field)
        and isinstance(side.holder, Imagined)
        and side.name in side.holder._resource.fields
    )


def _scope(left: Field, right: Field | Const | Param) -> dict[str, Any]:
    return {"left": left.holder, "right": right.holder if isinstance(right, Field) else None}
