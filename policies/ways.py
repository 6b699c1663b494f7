"""Ways to be allowed: the collections that one looks into, and what must hold of the records there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from policies import ir
from policies.ir import Compare, Comparison, Condition, Exists, ForAll, Not, Path
from policies.scope import needed, rename, renamed, scoped

_OPPOSITE: dict[Comparison, Comparison] = {"=": "!=", "!=": "=", "in": "not in", "not in": "in"}


@dataclass(frozen=True)
class Alternative:
    """One way to be allowed: variables with the collections they range over, and what must hold of them."""

    ranges: tuple[tuple[str, Path], ...]
    atoms: tuple[Condition, ...]

    def condition(self) -> Condition:
        """The alternative as one condition, each variable bound where it is first needed."""
        return scoped(dict(self.ranges), list(self.atoms), frozenset({ir.THIS}))

    def keeping(self, predicate: Callable[[Condition], bool]) -> Alternative:
        """The alternative with only the atoms that fit a predicate, and the variables they need."""
        atoms = tuple(atom for atom in self.atoms if predicate(atom))
        return replace(self, ranges=needed(self.ranges, atoms), atoms=atoms)


def way(ranges: dict[str, Path], atoms: Iterable[Condition]) -> Alternative | None:
    """A way to be allowed, its variables numbered so that equal ways compare equal; None when it can never hold."""
    simplified = simplify(list(atoms))
    return None if simplified is None else _renamed(Alternative(tuple(ranges.items()), tuple(simplified)))


def negated(condition: Condition) -> Condition:
    """What holds when the condition does not.

    An order is negated as a whole: where a value is missing, neither `a < b` holds nor `a >= b`.
    """
    result: Condition = Not(condition)
    match condition:
        case Compare(op, left, right) if op in _OPPOSITE:
            result = Compare(_OPPOSITE[op], left, right)
        case ir.And(parts):
            result = ir.disjunction([negated(part) for part in parts])
        case ir.Or(parts):
            result = ir.conjunction([negated(part) for part in parts])
        case Not(part):
            result = part
        case Exists(var, over, where):
            result = ForAll(var, over, negated(where))
        case ForAll(var, over, where):
            result = Exists(var, over, negated(where))
    return result


def simplify(atoms: list[Condition]) -> list[Condition] | None:
    """Unit propagation: what contradicts a certain literal is dropped; None when nothing can hold."""
    flat = ir.conjunction(atoms)
    if flat == ir.FALSE:
        return None
    parts = list(flat.parts) if isinstance(flat, ir.And) else [flat]
    certain = {part for part in parts if isinstance(part, Compare)}
    if any(negated(literal) in certain or _never(literal) for literal in certain):
        return None
    propagated = [_propagate(part, certain) for part in parts]
    if ir.FALSE in propagated:
        return None
    return [part for part in dict.fromkeys(propagated) if part != ir.TRUE]


def _propagate(part: Condition, certain: set[Compare]) -> Condition:
    if not isinstance(part, ir.Or):
        return part
    if any(option in certain for option in part.parts):
        return ir.TRUE
    false = {
        option
        for option in part.parts
        if isinstance(option, Compare) and (_never(option) or negated(option) in certain)
    }
    return ir.disjunction([option for option in part.parts if option not in false])


def _never(literal: Compare) -> bool:
    return literal.op == "!=" and literal.left == literal.right


def _renamed(way: Alternative) -> Alternative:
    """The same alternative with its variables numbered in order, so that equal ones compare equal."""
    names = {name: f"v{index}" for index, (name, _) in enumerate(way.ranges)}
    inner = [name for atom in way.atoms for name in _bound(atom)]
    names |= {name: f"w{index}" for index, name in enumerate(dict.fromkeys(inner))}
    ranges = tuple((names[name], rename(over, names)) for name, over in way.ranges)
    return Alternative(ranges, tuple(renamed(atom, names) for atom in way.atoms))


def _bound(condition: Condition) -> Iterator[str]:
    return (node.var for node in ir.nodes(condition) if isinstance(node, Exists | ForAll))
