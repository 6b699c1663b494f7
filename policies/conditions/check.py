"""Evaluates conditions in Python for a loaded record, with the same meaning as in the database."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from policies.conditions import ir
from policies.conditions.facts import Facts
from policies.conditions.ir import PURPOSE, Compare, Condition, Const, Exists, ForAll, Param, Path, Term
from policies.errors import Undecided

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

Scope = dict[str, Any]


def passes(condition: Condition, record: Facts, values: dict[str, Any]) -> bool:
    """Whether a condition holds for a record.

    Args:
        condition: what must hold.
        record: the record, with the relations that the condition follows.
        values: the question's parameters by name, as `sql.values_of` gives them.

    Raises:
        Undecided: the actor has no such value; a condition on it cannot be asked.
    """
    answerable(condition, values)
    return holds(condition, {ir.THIS: record}, values)


def answerable(condition: Condition, values: Mapping[str, Any]) -> None:
    """Refuse a condition on what the actor does not have.

    Raises:
        Undecided: the actor has no such value.
    """
    if any(values[name] is None for name in ir.params(condition)):
        raise Undecided("read")


def holds(condition: Condition, scope: Scope, values: Mapping[str, Any]) -> bool:
    """Whether a condition holds for the records that its variables stand for in `scope`."""
    match condition:
        case Compare():
            return _compare(condition, scope, values)
        case ir.And(parts):
            return all(holds(part, scope, values) for part in parts)
        case ir.Or(parts):
            return any(holds(part, scope, values) for part in parts)
        case ir.Not(part):
            return not holds(part, scope, values)
        case Exists(var, over, where):
            return any(holds(where, {**scope, var: item}, values) for item in follow(over, scope))
        case ForAll(var, over, where):
            return all(holds(where, {**scope, var: item}, values) for item in follow(over, scope))


def follow(path: Path, scope: Scope) -> Any:
    """The value, record or collection that a path leads to from the records of a scope."""
    value = scope[path.var]
    for step in path.steps:
        value = getattr(value, step)
    return value


def value(term: Term, scope: Scope, values: Mapping[str, Any]) -> Any:
    """What a side of a comparison is: of a record, known of the question, or written."""
    match term:
        case Path():
            return follow(term, scope)
        case Param(name, moment):
            return values[name] if moment is None else moment.of(values[name])
        case Const(written):
            return written


def _compare(compare: Compare, scope: Scope, values: Mapping[str, Any]) -> bool:
    left, right = value(compare.left, scope, values), value(compare.right, scope, values)
    if compare.right == PURPOSE:
        # Whoever states no purpose has one that is missing.
        return left in (right or [None])
    if compare.op in ("in", "not in"):
        return (left in right) == (compare.op == "in")
    if compare.op in ("=", "!="):
        return bool(left == right) == (compare.op == "=")
    return left is not None and right is not None and ORDER[compare.op](left, right)
