"""Ways to be allowed: the collections that one looks into, and what must hold of the records there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from policies.conditions import ir
from policies.conditions.ir import Compare, Comparison, Condition, Const, Exists, ForAll, Not, Path, Term
from policies.conditions.scope import needed, rename, renamed, scoped

ORDERED = ("<", "<=", ">", ">=")
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
        case Compare(op, left, right, because) if op in _OPPOSITE:
            result = Compare(_OPPOSITE[op], left, right, because)
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
    """Unit propagation: what follows from what is certain, or contradicts it, is dropped; None when nothing can hold."""
    flat = ir.conjunction(atoms)
    if flat == ir.FALSE:
        return None
    parts = list(flat.parts) if isinstance(flat, ir.And) else [flat]
    certain = {part for part in parts if isinstance(part, Compare)}
    written = _written(certain)
    if not all(written.values()) or any(
        negated(literal) in certain or _never(literal) for literal in certain
    ):
        return None
    propagated = [_propagate(part, certain, written) for part in parts]
    if ir.FALSE in propagated:
        return None
    return [part for part in dict.fromkeys(propagated) if part != ir.TRUE]


#: By a side of comparisons, the written values that it can have.
Written = dict[Term, frozenset[Const]]


def _written(certain: set[Compare]) -> Written:
    """What comparisons leave of the written values that a side is compared with; nothing, where they contradict each other."""
    left: Written = {}
    for literal in certain:
        if literal.op in ("=", "in") and isinstance(literal.right, Const):
            values = _values(literal.right)
            left[literal.left] = left.get(literal.left, values) & values
    for literal in certain:
        if literal.op in ("!=", "not in") and literal.left in left and isinstance(literal.right, Const):
            left[literal.left] -= _values(literal.right)
    return left


def _values(const: Const) -> frozenset[Const]:
    return frozenset(map(Const, const.value)) if isinstance(const.value, tuple) else frozenset({const})


def _propagate(part: Condition, certain: set[Compare], written: Written) -> Condition:
    if not isinstance(part, ir.Or):
        return part
    settled = {option: _settled(option, certain, written) for option in part.parts}
    if True in settled.values():
        return ir.TRUE
    return ir.disjunction([option for option, holds in settled.items() if holds is None])


def _settled(option: Condition, certain: set[Compare], written: Written) -> bool | None:
    """Whether something holds, where what is certain says so."""
    if option in certain:
        return True
    if not isinstance(option, Compare):
        return None
    if _never(option) or negated(option) in certain:
        return False
    if option.left not in written or option.op in ORDERED or not isinstance(option.right, Const):
        return None
    left, right = written[option.left], _values(option.right)
    if left <= right or not left & right:
        return (left <= right) == (option.op in ("=", "in"))
    return None


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
