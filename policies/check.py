"""Evaluates conditions in Python for a loaded record, with the same meaning as in the database."""

import operator
from collections.abc import Callable
from typing import Any

from policies import ir
from policies.errors import Undecided
from policies.facts import Facts
from policies.ir import Compare, Condition, Exists, ForAll, Param, Path
from policies.verify import SETS

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

Scope = dict[str, Any]


def check(condition: Condition, record: Facts, values: dict[str, Any]) -> bool:
    """Whether a condition holds for a record.

    Args:
        condition: what must hold.
        record: the record, with the relations that the condition follows.
        values: the question's parameters by name, as `sql.values_of` gives them.

    Raises:
        Undecided: the actor has no such value; a condition on it cannot be asked.
    """
    if any(values[name] is None for name in ir.params(condition)):
        raise Undecided("read")
    return holds(condition, {ir.THIS: record}, values)


def holds(condition: Condition, scope: Scope, values: dict[str, Any]) -> bool:
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


def _compare(compare: Compare, scope: Scope, values: dict[str, Any]) -> bool:
    left = follow(compare.left, scope)
    if isinstance(compare.right, Path):
        right = follow(compare.right, scope)
    elif isinstance(compare.right, Param):
        right = values[compare.right.name]
        if compare.right.name in SETS:
            return left in right
    else:
        right = compare.right.value
    if compare.op in ("in", "not in"):
        return (left in right) == (compare.op == "in")
    if compare.op in ("=", "!="):
        return bool(left == right) == (compare.op == "=")
    return left is not None and right is not None and ORDER[compare.op](left, right)
