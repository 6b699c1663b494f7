"""What the rules of all files grant: each way in which an actor is allowed something, and nothing forbids it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from typing import Any

from policies.compiler.refusals import GRANTS, reached
from policies.compiler.terms import State, Unknown, tags
from policies.compiler.unfold import Name, Unfolding
from policies.conditions import FORBIDS, Alternative, Condition, Const, Kind, Path, ir, verify, way
from policies.errors import PolicyError
from policies.language import (
    Comparison,
    Listed,
    Literal,
    Membership,
    Parameter,
    Rule,
    Variable,
    asked_by,
    text,
    within,
)
from policies.registry import resources


class Rules:
    """The rules of all files, as they are asked: by name and by the number of parameters.

    Args:
        rules: all of them.
        named: the names of those that have a reason of their own for not holding.
        zone: where the clock hangs by which days and times are told.
    """

    def __init__(self, rules: Iterable[Rule], named: Container[str] = (), zone: str = "UTC") -> None:
        self.by_name: dict[Name, list[Rule]] = {}
        self.named, self.zone = named, zone
        #: By grant, who was found to be granted what of which type of record, and in which way.
        self.by_grant: dict[Rule, dict[tuple[Kind, str, str, Alternative], None]] = {}
        #: By name, action and type of record, the rules that are about it by their heads.
        self._headed: dict[tuple[str, str, str], list[Rule]] = {}
        #: The roles that each rule asks for; None where it asks otherwise.
        self._roles: dict[Rule, frozenset[str] | None] = {}
        for rule in rules:
            self.by_name.setdefault((rule.name, len(rule.parameters)), []).append(rule)
            self._roles[rule] = text.roles_named([rule])

    def ways(
        self, actor: Kind, action: str, record: str, only: Rule | None = None
    ) -> dict[str, list[Alternative]]:
        """Every way in which an actor is allowed an action on records of a type: by field, or by the action.

        Args:
            actor: who asks.
            action: what for; fields are asked of `read`.
            record: the type's name.
            only: the one grant to look at; all of them unless given. What forbids is looked at in any case.

        Raises:
            PolicyError: a rule cannot be unfolded; says where and why.
        """
        asked = Asked(self, actor, action, record)
        found: dict[str, dict[Alternative, None]] = {}
        for grant in asked.grants:
            if only is None or grant is only:
                for name, one in asked.granted(grant):
                    found.setdefault(name, {})[one] = None
                    self.by_grant.setdefault(grant, {})[actor, record, name, one] = None
        return {name: list(ways) for name, ways in found.items()}

    def met(self, actor: Kind, action: str, record: str) -> list[Rule]:
        """The rules that a question may meet: what grants or forbids it by its head, and what these ask."""
        asked = Asked(self, actor, action, record)
        return self.with_asked([*asked.grants, *asked.forbids])

    def told_apart(self, actor: Kind, action: str, record: str) -> Kind:
        """A kind of actor with those of its roles alone that the rules which a question may meet ask for."""
        named = frozenset[str]()
        for rule in self.met(actor, action, record):
            roles = self._roles[rule]
            if roles is None:
                return actor
            named |= roles
        return Kind(actor.name, actor.roles & named)

    def take_over(self, others: Rules, question: tuple[Kind, str, str]) -> bool:
        """Whether a question meets the same rules here as elsewhere; then what was found there was found here, too."""
        met, met_there = self.met(*question), others.met(*question)
        if [rule.text for rule in met] != [rule.text for rule in met_there]:
            return False
        actor, _, record = question
        for rule, there in zip(met, met_there, strict=True):
            found = [way for way in tuple(others.by_grant.get(there, ())) if way[:2] == (actor, record)]
            if found:
                self.by_grant.setdefault(rule, {}).update(dict.fromkeys(found))
        return True

    def about(self, name: str, actor: Kind, action: str, record: str) -> list[Rule]:
        """The rules of a name that can be about a question; the others do not hold, by their heads."""
        if (name, action, record) not in self._headed:
            rules = self.by_name.get((name, GRANTS[name]), ())
            self._headed[name, action, record] = [rule for rule in rules if is_about(rule, action, record)]
        return [rule for rule in self._headed[name, action, record] if actor.fits(_tag(rule.parameters[0]))]

    def with_asked(self, heads: Iterable[Rule]) -> list[Rule]:
        """Some rules, and those that they ask, directly or through others."""
        rules = list(heads)
        names = {name for rule in rules for name in rule.asks}
        names = names.union(*map(self.asked_by, names))
        return rules + [rule for (name, _), group in self.by_name.items() if name in names for rule in group]

    def asked_by(self, name: str) -> set[str]:
        """The rules that the rules of a name ask, directly or through others."""
        return reached(name, self._calls)

    @cached_property
    def _calls(self) -> dict[str, set[str]]:
        """The rules that the rules of a name ask."""
        return asked_by(rule for rules in self.by_name.values() for rule in rules)

    def granted(self, actor: Kind, action: str, record: str) -> set[str]:
        """The fields, or the action, that some rule grants to an actor, though others may forbid them."""
        asked = Asked(self, actor, action, record)
        return {name for grant in asked.grants for name, _ in asked.named(grant)}

    def forbidden(self, actor: Kind, action: str, record: str, name: str) -> list[Condition]:
        """When a field, or an action, is forbidden whatever grants it: a condition for each way that is.

        Raises:
            PolicyError: a rule cannot be unfolded; says where and why.
        """
        asked = Asked(self, actor, action, record)
        arguments = asked.arguments(Const(name))
        return [
            end.condition()
            for rule in asked.forbids
            for end in asked.unfolding.entered(rule, arguments, State())
        ]


class Asked:
    """One question to the rules: who asks, what for, and of which type of record."""

    def __init__(self, rules: Rules, actor: Kind, action: str, record: str) -> None:
        self.unfolding = Unfolding(rules.by_name, rules.named, rules.zone, record)
        self.actor, self.action, self.record = actor, action, record
        rule = "allow_field" if action == "read" else "allow"
        self.grants = rules.about(rule, actor, action, record)
        self.forbids = rules.about(FORBIDS[rule], actor, action, record)

    def arguments(self, name: Unknown | Const) -> list[Any]:
        """What a grant is asked of: fields are named, actions are what they are."""
        asked: list[Any] = [self.actor, Const(self.action), Path(ir.THIS, ())]
        return [*asked, name] if self.action == "read" else asked

    def granted(self, grant: Rule) -> Iterator[tuple[str, Alternative]]:
        """What one grant allows and nothing forbids: the field or the action, and a way to it."""
        for name, state in self.named(grant):
            end = (
                self.unfolding.unless(self.forbids, self.arguments(Const(name)), state)
                if self.forbids
                else state
            )
            one = None if end is None else way(dict(end.ranges), end.atoms)
            if one is not None:
                self._verify(one, grant)
                yield name, one

    def named(self, grant: Rule) -> Iterator[tuple[str, State]]:
        """What one grant allows, whatever forbids it: the field or the action, and what must hold."""
        asked = Unknown("field") if self.action == "read" else Const(self.action)
        for state in self._entered(grant, self.arguments(asked)):
            name = state.known(asked)
            if not isinstance(name, Const) or not isinstance(name.value, str):
                raise grant.refuse("a grant leaves its field open; name the fields it is about")
            yield name.value, state

    def _entered(self, grant: Rule, arguments: list[Any]) -> list[State]:
        """Every way in which a grant holds; one that is too deep to be followed is refused."""
        try:
            return list(self.unfolding.entered(grant, arguments, State()))
        except RecursionError:
            raise grant.refuse("this is nested too deep to be followed; give its parts names") from None

    def _verify(self, one: Alternative, grant: Rule) -> None:
        """Refuse a way that readers of its condition would not decide alike, at the grant that gives it."""
        try:
            verify.condition(one.condition(), self.record)
        except PolicyError as error:
            raise grant.refuse(error.message) from None


def in_vain(rules: Rules, kinds: Iterable[Kind]) -> Iterator[PolicyError]:
    """What forbids something that nobody is granted, and so protects nothing: it may be misspelt."""
    for name in FORBIDS.values():
        for rule in (rule for (other, _), group in rules.by_name.items() if other == name for rule in group):
            granted = _granted(rules, rule, kinds)
            if not granted:
                yield rule.refuse("this forbids what nobody is granted, and so protects nothing")
            for word in _fields(rule):
                if granted and word.value not in granted:
                    yield rule.refuse(
                        f"nobody is granted the field `{word.value}`, so that it need not be forbidden", word
                    )


def _granted(rules: Rules, rule: Rule, kinds: Iterable[Kind]) -> set[str]:
    """All that is granted of what a rule forbids, by its head."""
    actor, action, record = rule.parameters[:3]
    records = [name for name, kind in resources().items() if _tag(record) in tags(kind)]
    asked = action.term.value if isinstance(action.term, Literal) else ""
    fitting = [kind for kind in kinds if kind.fits(_tag(actor))]
    found = [rules.granted(kind, asked, name) for kind in fitting for name in records]
    return set().union(*found) & ({asked} if rule.name == "forbid" else set().union(*found))


def is_about(rule: Rule, action: str, record: str) -> bool:
    """Whether a rule is about an action and a type of record, by its head."""
    what, which = rule.parameters[1:3]
    named = what.term.value if isinstance(what.term, Literal) else ""
    return named == action and _tag(which) in tags(resources()[record])


def _tag(parameter: Parameter) -> str:
    return (parameter.pattern and parameter.pattern.tag) or ""


def _fields(rule: Rule) -> Iterator[Literal]:
    """The fields that a rule writes out, as far as it does itself."""
    if rule.name != FORBIDS["allow_field"]:
        return
    field = rule.parameters[3].term
    named = field.name if isinstance(field, Variable) else None
    sides = [field]
    for node in within(rule.body):
        match node:
            case Comparison(sign="=" | ":=" | "==", left=Variable(name=name), right=other) if name == named:
                sides.append(other)
            case Membership(item=Variable(name=name), of=Listed(items=items)) if name == named:
                sides += items
    yield from (side for side in sides if isinstance(side, Literal))
