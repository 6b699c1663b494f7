"""The parts of a rule, each with its place in the text; `policies.language.grammar` makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policies.errors import PolicyError


@dataclass(frozen=True, eq=False)
class Node:
    """Part of a rule, and where it begins: line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Literal(Node):
    """A text, a number, true, false or nil."""

    value: Any


@dataclass(frozen=True, eq=False)
class Variable(Node):
    """A name that stands for something; `_` for anything."""

    name: str


@dataclass(frozen=True, eq=False)
class Attribute(Node):
    """A field or relation of what a term stands for."""

    of: Node
    name: str


@dataclass(frozen=True, eq=False)
class Ago(Node):
    """An instant so long before the question, as in `actor.ago("30 days")`."""

    of: Node
    span: str


@dataclass(frozen=True, eq=False)
class Listed(Node):
    """A list that is written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Call(Node):
    """A rule asked by its name."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Comparison(Node):
    """Two terms with a sign between them; `=` and `:=` also give a variable its meaning."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Membership(Node):
    """A term that is one of a list or of a relation."""

    item: Node
    of: Node


@dataclass(frozen=True, eq=False)
class Pattern(Node):
    """A class, and fields that have values; either may be left out."""

    tag: str | None
    fields: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, eq=False)
class OfKind(Node):
    """A term that fits a pattern."""

    term: Node
    pattern: Pattern


@dataclass(frozen=True, eq=False)
class AllOf(Node):
    """Conditions that must all hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class AnyOf(Node):
    """Conditions of which one must hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Negation(Node):
    """A condition that must not hold."""

    part: Node


@dataclass(frozen=True, eq=False)
class Every(Node):
    """A condition that must hold whenever another does."""

    whenever: Node
    holds: Node


@dataclass(frozen=True, eq=False)
class Object(Node):
    """Pairs of names and terms, as patterns have them."""

    pairs: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, eq=False)
class Unfit(Node):
    """What Polar has and policies here cannot use, with what to do instead."""

    message: str


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter of a rule: what it must be, and of which kind."""

    term: Node
    pattern: Pattern | None


@dataclass(frozen=True, eq=False)
class Rule(Node):
    """A rule of a file: its name, its parameters, its conditions if it has any, and its text as written."""

    file: str
    name: str
    parameters: tuple[Parameter, ...]
    body: Node | None
    text: str

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The rule and everything in it, in the order of the text."""
        return tuple(within(self))

    @cached_property
    def asks(self) -> frozenset[str]:
        """The names of the rules that its conditions ask."""
        return frozenset(node.name for node in self.nodes if isinstance(node, Call))

    def refuse(self, message: str, node: Node | None = None) -> PolicyError:
        """An error at this rule, or at a part of it."""
        place = node or self
        return PolicyError(message, self.file, place.line, place.column)

    def texts(self) -> tuple[str, ...] | None:
        """The parameters of a fact that has only texts; None where it is no such fact."""
        values = tuple(
            one.term.value for one in self.parameters if isinstance(one.term, Literal) and one.pattern is None
        )
        fact = self.body is None and len(values) == len(self.parameters)
        return values if fact and all(isinstance(value, str) for value in values) else None


@dataclass(frozen=True, eq=False)
class Expected(Node):
    """A test of a file, `?= …;`: what is expected of the rules, and its text as written."""

    file: str
    condition: Node
    text: str

    def refuse(self, message: str, node: Node | None = None) -> PolicyError:
        """An error at this test, or at a part of it."""
        place = node or self
        return PolicyError(message, self.file, place.line, place.column)


def within(part: Any) -> Iterator[Node]:
    """A part of a rule and everything in it, in the order of the text."""
    if isinstance(part, Node):
        yield part
    for each in _parts(part):
        if isinstance(each, Node | Parameter | tuple):
            yield from within(each)


def _parts(part: Any) -> Iterable[Any]:
    if isinstance(part, tuple):
        return part
    # As it is declared: a rule also keeps what follows from it.
    return [getattr(part, name) for name in part.__match_args__] if isinstance(part, Node | Parameter) else ()


def asked_by(rules: Iterable[Rule]) -> dict[str, set[str]]:
    """By the name of each of some rules, the names that rules of that name ask."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        found.setdefault(rule.name, set()).update(rule.asks)
    return found
