"""From what Oso leaves over to our own conditions.

Oso answers a question about an unknown record with expressions: conjunctions of comparisons over paths
and variables. Each becomes an `Alternative`: the collections it looks into, and the comparisons it makes
there. Whatever is not understood is refused, when the policy is loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from polar.expression import Expression, Pattern
from polar.variable import Variable

from policies import ir
from policies.errors import PolicyError
from policies.ir import Compare, Comparison, Condition, Const, Exists, ForAll, Not, Param, Path
from policies.registry import resources
from policies.scope import needed, rename, renamed, scoped

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
        return scoped(dict(self.ranges), list(self.atoms), frozenset({ir.THIS}))

    def keeping(self, predicate: Any) -> "Alternative":
        """The alternative with only the atoms that fit a predicate, and the variables they need."""
        atoms = tuple(atom for atom in self.atoms if predicate(atom))
        return replace(self, ranges=needed(self.ranges, atoms), atoms=atoms)


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
        self.overs: dict[str, Path] = {}
        self.bound: frozenset[str] = frozenset()

    def take(self, expression: Any) -> None:
        """Read the whole expression: aliases first, then what each variable ranges over; Oso orders nothing."""
        parts = [part for part in _conjuncts(expression) if not self._alias(part)]
        for part in parts:
            self._survey(part)
        self._parts(parts)

    def _survey(self, part: Any) -> None:
        """Note the collection of every variable, wherever it appears; one variable has one."""
        if _is_range(part):
            name, over = _name(part.args[0]), self._path(part.args[1])
            if name in self.names or self.overs.setdefault(name, over) != over:
                raise PolicyError("a variable stands for one record; compare the records' fields instead")
        for arg in part.args if isinstance(part, Expression) else ():
            self._survey(arg)

    def _parts(self, parts: list[Any]) -> None:
        """Read parts that hold together."""
        ranging = [part for part in parts if _is_range(part)]
        self.ranges = {name: self._collection(name) for name in map(_range_variable, ranging)}
        self.bound |= set(self.ranges)
        self.atoms = [self.condition(part) for part in parts if part not in ranging]

    def _collection(self, name: str) -> Path:
        """The collection of a variable bound here; Oso does not tell two of one name apart that are nested."""
        if name in self.bound:
            raise PolicyError(
                "a variable is bound twice, one inside the other; give the inner one its own name"
            )
        return self.overs[name]

    def _within(self, *names: str) -> "_Reader":
        """A reader for what stands inside a scope that binds these variables too."""
        inner = _Reader(self.record)
        inner.names, inner.overs, inner.bound = self.names, self.overs, self.bound | set(names)
        return inner

    def _alias(self, part: Any) -> bool:
        if not _is(part, "Unify"):
            return False
        left, right = part.args
        if isinstance(right, Variable) and not isinstance(left, Variable):
            left, right = right, left
        if isinstance(left, Variable) and left != "_this" and left not in self.names and _is(right, "Dot"):
            self.names[left] = self._path(right)
            return True
        return False

    def condition(self, part: Any) -> Condition:
        """The condition that one part of Oso's expression stands for."""
        if not isinstance(part, Expression):
            raise PolicyError(f"a bare {type(part).__name__} is not a condition")
        if part.operator in COMPARISONS:
            return self._compare(COMPARISONS[part.operator], *part.args)
        read = {"And": self._and, "Or": self._or, "Not": self._not, "Isa": self._isa, "In": self._in}
        if part.operator not in read:
            raise PolicyError(
                f"`{part.operator}` cannot be compiled; write it with =, !=, <, >, in, and, or, not"
            )
        return read[part.operator](part.args)

    def _and(self, args: list[Any]) -> Condition:
        inner = self._within()
        inner._parts([part for arg in args for part in _conjuncts(arg)])
        return scoped(inner.ranges, inner.atoms, None)

    def _or(self, args: list[Any]) -> Condition:
        """A disjunction; `v not in c, or …v…` says that every v of c has the rest."""
        parts = [part for arg in args for part in _disjuncts(arg)]
        empty = [part for part in parts if _is(part, "Not") and _is_range(part.args[0])]
        ranges = {name: self._collection(name) for name in (_range_variable(part.args[0]) for part in empty)}
        inner = self._within(*ranges)
        rest = ir.disjunction([inner.condition(part) for part in parts if part not in empty])
        return negated(scoped(ranges, [negated(rest)], None))

    def _not(self, args: list[Any]) -> Condition:
        return negated(self.condition(args[0]))

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
        if isinstance(left, Variable) and _is(right, "Dot"):
            return Exists(_name(left), self._collection(_name(left)), ir.TRUE)
        if isinstance(right, list | tuple) and all(_constant(item) for item in right):
            return self._compare("in", left, tuple(right))
        raise PolicyError("`in` takes a relation with a variable before it, or a list of values")

    def _compare(self, op: Comparison, left: Any, right: Any) -> Condition:
        if not self._is_path(left):
            if not self._is_path(right):
                return self._constant_compare(op, left, right)
            left, right, op = right, left, FLIPPED[op]
        if self._is_path(right):
            return Compare(op, self._path(left), self._path(right))
        if isinstance(right, Expression | Variable | list | dict):
            raise PolicyError("a field is compared with a field, a value or what is known of the actor")
        return Compare(op, self._path(left), right if isinstance(right, Param) else Const(right))

    def _constant_compare(self, op: Comparison, left: Any, right: Any) -> Condition:
        if any(isinstance(side, Expression | Variable | Param) for side in (left, right)):
            raise PolicyError("a comparison without any field of a record cannot be compiled")
        if op not in ("=", "!="):
            raise PolicyError("a comparison between two written values says nothing")
        return ir.TRUE if (Const(left) == Const(right)) == (op == "=") else ir.FALSE

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
        if path.var != ir.THIS and path.var not in self.overs:
            raise PolicyError("the kind of a variable is asked that stands for no record")
        return self._target(path)

    def _target(self, path: Path) -> str:
        kind = self.record if path.var == ir.THIS else self._target(self.overs[path.var])
        for step in path.steps:
            relation = resources()[kind].relations.get(step)
            if relation is None:
                raise PolicyError(f"`{step}` of {kind} is no record; its kind cannot be asked")
            kind = relation.target
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


def _conjuncts(expression: Any) -> Iterator[Any]:
    if _is(expression, "And"):
        for arg in expression.args:
            yield from _conjuncts(arg)
    else:
        yield expression


def _disjuncts(expression: Any) -> Iterator[Any]:
    if _is(expression, "Or"):
        for arg in expression.args:
            yield from _disjuncts(arg)
    else:
        yield expression


def _is_range(part: Any) -> bool:
    """Whether a part says that a variable is a member of a collection."""
    return _is(part, "In") and isinstance(part.args[0], Variable) and _is(part.args[1], "Dot")


def _range_variable(part: Any) -> str:
    return _name(part.args[0])


def _is(value: Any, operator: str) -> bool:
    return isinstance(value, Expression) and value.operator == operator


def _name(variable: Variable) -> str:
    # `str()` of Oso's Variable is its repr; joining its characters is its name.
    text = "".join(variable)
    return ir.THIS if text == "_this" else text


def _constant(value: Any) -> bool:
    return not isinstance(value, Expression | Variable | Param)
