"""From what Oso leaves over to our own conditions.

Oso answers a question about an unknown record with expressions: conjunctions of comparisons over paths
and variables. Each becomes an `Alternative`: the collections it looks into, and the comparisons it makes
there. Whatever is not understood is refused, when the policy is loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from polar.expression import Expression, Pattern
from polar.variable import Variable

from policies import ir
from policies.errors import PolicyError
from policies.ir import Compare, Comparison, Condition, Const, Exists, ForAll, Not, Param, Path
from policies.registry import resources

COMPARISONS: dict[str, Comparison] = {
    "Unify": "=", "Eq": "=", "Neq": "!=", "Lt": "<", "Leq": "<=", "Gt": ">", "Geq": ">=",
}  # fmt: skip
FLIPPED: dict[Comparison, Comparison] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE: dict[Comparison, Comparison] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in",
}  # fmt: skip

#: Classes that every record of a kind belongs to, besides its own.
ABSTRACT = {"Record", "Personal"}


@dataclass(frozen=True)
class Alternative:
    """One way to be allowed: variables with the collections they range over, and what must hold of them."""

    ranges: tuple[tuple[str, Path], ...]
    atoms: tuple[Condition, ...]

    def condition(self) -> Condition:
        """The alternative as one condition, each variable bound where it is first needed."""
        return _scope(dict(self.ranges), list(self.atoms), frozenset({ir.THIS}))

    def keeping(self, wanted: Any) -> "Alternative":
        """Only the atoms that `wanted` (a predicate) lets through, and the variables they need."""
        atoms = tuple(atom for atom in self.atoms if wanted(atom))
        return replace(self, ranges=_needed(self.ranges, atoms), atoms=atoms)


def alternative(expression: Any, record: str) -> Alternative | None:
    """One of Oso's results as an alternative; None when it can never hold.

    Raises:
        PolicyError: the expression holds something that cannot be compiled.
    """
    reader = _Reader(record)
    reader.take(expression)
    atoms = simplify(reader.atoms)
    if atoms is None:
        return None
    ranges = tuple(reader.ranges.items())
    return _renamed(Alternative(ranges, tuple(atoms)))


class _Reader:
    """Walks one expression; collects ranges and atoms."""

    def __init__(self, record: str) -> None:
        self.record = record
        self.ranges: dict[str, Path] = {}
        self.atoms: list[Condition] = []
        self.names: dict[str, Path] = {}

    def take(self, expression: Any) -> None:
        """Read the whole expression: aliases first, since Oso does not order them."""
        parts = list(_conjuncts(expression))
        for part in [part for part in parts if not self._alias(part)]:
            self._part(part)

    def _alias(self, part: Any) -> bool:
        if not _is(part, "Unify"):
            return False
        left, right = part.args
        if isinstance(right, Variable) and not isinstance(left, Variable):
            left, right = right, left
        if isinstance(left, Variable) and left != "_this" and _is(right, "Dot"):
            self.names[left] = self._path(right)
            return True
        return False

    def _part(self, part: Any) -> None:
        if _is(part, "In") and isinstance(part.args[0], Variable) and _is(part.args[1], "Dot"):
            name = _name(part.args[0])
            if name in self.names or name in self.ranges:
                raise PolicyError("a variable stands for one record; compare the records' fields instead")
            self.ranges[name] = self._path(part.args[1])
        else:
            self.atoms.append(self.condition(part))

    def condition(self, part: Any) -> Condition:
        """One condition, whatever its shape."""
        if not isinstance(part, Expression):
            raise PolicyError(f"a bare {type(part).__name__} is not a condition")
        if part.operator in COMPARISONS:
            return self._compare(COMPARISONS[part.operator], *part.args)
        read = {"And": self._and, "Or": self._or, "Not": self._not, "Isa": self._isa, "In": self._in}
        if part.operator not in read:
            raise PolicyError(f"`{part.operator}` cannot be compiled; write it with =, !=, <, >, in, and, or, not")
        return cast(Condition, read[part.operator](part.args))

    def _and(self, args: list[Any]) -> Condition:
        inner = _Reader(self.record)
        inner.names = self.names
        for part in [part for arg in args for part in _conjuncts(arg)]:
            inner._part(part)
        return _scope(inner.ranges, inner.atoms, None)

    def _or(self, args: list[Any]) -> Condition:
        """A disjunction; `v not in c, or …v…` says that every v of c has the rest."""
        empty = [arg for arg in args if _is(arg, "Not") and _is(arg.args[0], "In") and _is(arg.args[0].args[1], "Dot")]
        rest = ir.disjunction([self.condition(arg) for arg in args if arg not in empty])
        for arg in reversed(empty):
            variable, collection = arg.args[0].args
            rest = ForAll(_name(variable), self._path(collection), rest)
        return rest

    def _not(self, args: list[Any]) -> Condition:
        (arg,) = args
        if _is(arg, "In") and _is(arg.args[1], "Dot") and isinstance(arg.args[0], Variable):
            return ForAll(_name(arg.args[0]), self._path(arg.args[1]), ir.FALSE)
        return negated(self.condition(arg))

    def _isa(self, args: list[Any]) -> Condition:
        value, pattern = args
        kind = self._kind(value)
        if not isinstance(pattern, Pattern) or pattern.fields:
            raise PolicyError("a pattern with fields cannot be compiled; compare the fields instead")
        personal = kind in resources() and resources()[kind].personal
        fits = pattern.tag in ({kind, "Record"} | ({"Personal"} if personal else set()))
        return ir.TRUE if fits else ir.FALSE

    def _in(self, args: list[Any]) -> Condition:
        left, right = args
        if isinstance(right, list | tuple) and all(_constant(item) for item in right):
            return self._compare("in", left, tuple(right))
        raise PolicyError("`in` takes a relation with a variable before it, or a list of values")

    def _compare(self, op: Comparison, left: Any, right: Any) -> Condition:
        if not self._is_path(left):
            if not self._is_path(right):
                return self._constant_compare(op, left, right)
            left, right, op = right, left, FLIPPED[op]
        path = self._path(left)
        other = self._path(right) if self._is_path(right) else right if isinstance(right, Param) else Const(right)
        return Compare(op, path, other)

    def _constant_compare(self, op: Comparison, left: Any, right: Any) -> Condition:
        if any(isinstance(side, Expression | Variable | Param) for side in (left, right)):
            raise PolicyError("a comparison without any field of a record cannot be compiled")
        if op not in ("=", "!="):
            raise PolicyError("a comparison between two written values says nothing")
        return ir.TRUE if (left == right) == (op == "=") else ir.FALSE

    def _is_path(self, value: Any) -> bool:
        return _is(value, "Dot") or (isinstance(value, Variable) and value in self.names)

    def _path(self, value: Any) -> Path:
        if _is(value, "Dot"):
            base, step = value.args
            inner = self._path(base)
            return Path(inner.var, (*inner.steps, step))
        if isinstance(value, Variable):
            return self.names.get(value) or Path(_name(value), ())
        raise PolicyError("a field is reached from a record, nothing else")

    def _kind(self, value: Any) -> str:
        path = self._path(value)
        kind = self.record if path.var == ir.THIS else self._target(self.record, self.ranges[path.var])
        return self._target(kind, Path(path.var, path.steps)) if path.steps else kind

    def _target(self, kind: str, path: Path) -> str:
        if path.var in self.ranges:
            kind = self._target(self.record, self.ranges[path.var])
        for step in path.steps:
            kind = resources()[kind].relations[step].target
        return kind


def negated(condition: Condition) -> Condition:
    """What holds when the condition does not."""
    match condition:
        case Compare(op, left, right):
            return Compare(OPPOSITE[op], left, right)
        case ir.And(parts):
            return ir.disjunction([negated(part) for part in parts])
        case ir.Or(parts):
            return ir.conjunction([negated(part) for part in parts])
        case Not(part):
            return part
        case Exists(var, over, where):
            return ForAll(var, over, negated(where))
        case ForAll(var, over, where):
            return Exists(var, over, negated(where))


def simplify(atoms: list[Condition]) -> list[Condition] | None:
    """Unit propagation: what contradicts a certain literal is dropped; None when nothing can hold."""
    flat = ir.conjunction(atoms)
    if flat == ir.FALSE:
        return None
    parts = list(flat.parts) if isinstance(flat, ir.And) else [flat]
    certain = {part for part in parts if isinstance(part, Compare)}
    if any(negated(literal) in certain or _never(literal) for literal in certain):
        return None
    kept = [_propagate(part, certain) for part in parts]
    if ir.FALSE in kept:
        return None
    return [part for part in dict.fromkeys(kept) if part != ir.TRUE]


def _propagate(part: Condition, certain: set[Compare]) -> Condition:
    if not isinstance(part, ir.Or):
        return part
    if any(option in certain for option in part.parts):
        return ir.TRUE
    false = {option for option in part.parts if isinstance(option, Compare) and (_never(option) or negated(option) in certain)}
    return ir.disjunction([option for option in part.parts if option not in false])


def _never(literal: Compare) -> bool:
    return literal.op == "!=" and literal.left == literal.right


def _scope(ranges: dict[str, Path], atoms: list[Condition], known: frozenset[str] | None) -> Condition:
    """Nest each variable's EXISTS around all that needs it, and no more.

    `known` is None inside a nested condition, whose outer variables are not known here.
    """
    if not ranges:
        return ir.conjunction(atoms)
    var = _ready(ranges, known)
    linked = _linked(var, ranges, atoms)
    inner = {name: over for name, over in ranges.items() if name in linked and name != var}
    outer = {name: over for name, over in ranges.items() if name not in linked}
    mine = [atom for atom in atoms if ir.variables(atom) & linked]
    others = [atom for atom in atoms if not ir.variables(atom) & linked]
    within = None if known is None else known | {var}
    exists = Exists(var, ranges[var], _scope(inner, mine, within))
    rest = _scope(outer, others, known)
    return ir.conjunction([rest, exists])


def _ready(ranges: dict[str, Path], known: frozenset[str] | None) -> str:
    for name, over in ranges.items():
        if over.var not in ranges and (known is None or over.var in known):
            return name
    raise PolicyError("a variable ranges over something that is not reached from the record asked about")


def _linked(var: str, ranges: dict[str, Path], atoms: list[Condition]) -> set[str]:
    """The variables that share a comparison or a range with `var`, directly or through others."""
    linked = {var}
    groups = [set(ir.variables(atom)) & set(ranges) for atom in atoms]
    groups += [{name, over.var} & set(ranges) for name, over in ranges.items()]
    grew = True
    while grew:
        grew = False
        for group in groups:
            if group & linked and not group <= linked:
                linked |= group
                grew = True
    return linked


def _needed(ranges: tuple[tuple[str, Path], ...], atoms: tuple[Condition, ...]) -> tuple[tuple[str, Path], ...]:
    used = set().union(*(ir.variables(atom) for atom in atoms)) if atoms else set()
    lookup = dict(ranges)
    todo = list(used & set(lookup))
    while todo:
        name = lookup[todo.pop()].var
        if name in lookup and name not in used:
            used.add(name)
            todo.append(name)
    return tuple(pair for pair in ranges if pair[0] in used)


def _renamed(way: Alternative) -> Alternative:
    """The same alternative with its variables numbered in order, so that equal ones compare equal."""
    names = {name: f"v{index}" for index, (name, _) in enumerate(way.ranges)}
    inner = [name for atom in way.atoms for name in _bound(atom)]
    names |= {name: f"w{index}" for index, name in enumerate(dict.fromkeys(inner))}
    ranges = tuple((names[name], _rename(over, names)) for name, over in way.ranges)
    return Alternative(ranges, tuple(_renamed_condition(atom, names) for atom in way.atoms))


def _bound(condition: Condition) -> Iterator[str]:
    return (node.var for node in ir.nodes(condition) if isinstance(node, Exists | ForAll))


def _rename(path: Path, names: dict[str, str]) -> Path:
    if path.var != ir.THIS and path.var not in names:
        raise PolicyError("a variable is compared that is bound to no relation; give helper rules one path each")
    return Path(names.get(path.var, path.var), path.steps)


def _renamed_condition(condition: Condition, names: dict[str, str]) -> Condition:
    match condition:
        case Compare(op, left, right):
            other = _rename(right, names) if isinstance(right, Path) else right
            return Compare(op, _rename(left, names), other)
        case ir.And(parts):
            return ir.And(tuple(_renamed_condition(part, names) for part in parts))
        case ir.Or(parts):
            return ir.Or(tuple(_renamed_condition(part, names) for part in parts))
        case Not(part):
            return Not(_renamed_condition(part, names))
        case Exists(var, over, where):
            return Exists(names[var], _rename(over, names), _renamed_condition(where, names))
        case ForAll(var, over, where):
            return ForAll(names[var], _rename(over, names), _renamed_condition(where, names))


def _conjuncts(expression: Any) -> Iterator[Any]:
    if _is(expression, "And"):
        for arg in expression.args:
            yield from _conjuncts(arg)
    else:
        yield expression


def _is(value: Any, operator: str) -> bool:
    return isinstance(value, Expression) and value.operator == operator


def _name(variable: Variable) -> str:
    # `str()` of Oso's Variable is its repr; joining its characters is its name.
    text = "".join(variable)
    return ir.THIS if text == "_this" else text


def _constant(value: Any) -> bool:
    return not isinstance(value, Expression | Variable | Param)
