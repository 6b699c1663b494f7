"""What a policy says once its actor is known: conditions over records, in eight kinds of node.

Every node is two-valued: a missing value makes an equality false, never unknown. The readers of these
nodes are `sql` (for the database), `check` (for a loaded record) and `explain` (for people).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from policies.moments import Moment

THIS = "this"

Comparison = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in"]


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A value written in the policy; a tuple on the right of `in`. `1` and `true` are not the same."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and self._typed() == other._typed()

    def __hash__(self) -> int:
        # That of `1` and `true` is the same; it is taken a hundred thousand times while policies are compiled.
        return hash(self.value)

    def _typed(self) -> tuple[Any, ...]:
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return (isinstance(self.value, tuple), *((type(value), value) for value in values))


@dataclass(frozen=True, slots=True)
class Param:
    """A value known when the question is asked, such as `actor.id`, or what follows from one that is an instant."""

    name: str
    moment: Moment | None = None

    def __str__(self) -> str:
        return self.name if self.moment is None else f"actor.{self.moment}"


@dataclass(frozen=True, slots=True)
class Path:
    """A field or relation reached from a variable, e.g. `task.customer.number`.

    Of a collection that is looked into, `because` is as for a comparison.
    """

    var: str
    steps: tuple[str, ...]
    because: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return ".".join((self.var, *self.steps))


Term = Path | Param | Const

#: Any of the purposes that the actor states. A comparison with it holds when it does for one of them.
PURPOSE = Param("actor.purpose")
#: All of them.
PURPOSES = Param("actor.purposes")
#: The instant of the question.
NOW = Param("actor.now")


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; a missing value equals only a missing value, and is never ordered.

    What several values are asked of stands on the right: a written list, or a parameter that holds several.
    `because` is the rule it comes from that a reason is given for; what is the same from elsewhere is the same.
    """

    op: Comparison
    left: Term
    right: Term
    because: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """Holds when all parts hold; true when there are none."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Holds when some part holds; false when there are none."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Exists:
    """Some record that the relation `over` leads to satisfies `where`."""

    var: str
    over: Path
    where: Condition


@dataclass(frozen=True, slots=True)
class ForAll:
    """Every record that the relation `over` leads to satisfies `where`."""

    var: str
    over: Path
    where: Condition


Condition = Compare | And | Or | Not | Exists | ForAll

TRUE = And(())
FALSE = Or(())


def conjunction(parts: list[Condition]) -> Condition:
    """One condition that holds when all of some conditions hold, flattened."""
    flat: list[Condition] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        flat.extend(part.parts if isinstance(part, And) else [part])
    return flat[0] if len(flat) == 1 else And(tuple(dict.fromkeys(flat)))


def disjunction(parts: list[Condition]) -> Condition:
    """One condition that holds when any of some conditions holds, flattened."""
    flat: list[Condition] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        flat.extend(part.parts if isinstance(part, Or) else [part])
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def nodes(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it."""
    yield condition
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from nodes(part)
        case Not(part):
            yield from nodes(part)
        case Exists(where=where) | ForAll(where=where):
            yield from nodes(where)


def paths(condition: Condition) -> Iterator[Path]:
    """Every path the condition follows."""
    for node in nodes(condition):
        match node:
            case Compare(left=left, right=right):
                yield from (side for side in (left, right) if isinstance(side, Path))
            case Exists(over=over) | ForAll(over=over):
                yield over


def params(condition: Condition) -> list[str]:
    """The parameters the condition needs, once for each occurrence."""
    sides = (
        side for node in nodes(condition) if isinstance(node, Compare) for side in (node.left, node.right)
    )
    return [side.name for side in sides if isinstance(side, Param)]


def sources(condition: Condition) -> Iterator[str | None]:
    """The rules with a reason that the condition and everything in it come from."""
    for node in nodes(condition):
        match node:
            case Compare(because=because):
                yield because
            case Exists(over=over) | ForAll(over=over):
                yield over.because


def variables(condition: Condition) -> frozenset[str]:
    """The variables the condition uses without introducing them."""
    match condition:
        case Compare(left=left, right=right):
            return frozenset(side.var for side in (left, right) if isinstance(side, Path))
        case And(parts) | Or(parts):
            return frozenset().union(*(variables(part) for part in parts))
        case Not(part):
            return variables(part)
        case Exists(var, over, where) | ForAll(var, over, where):
            return (variables(where) - {var}) | {over.var}
