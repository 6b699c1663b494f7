"""Conditions in words: the policy's own, so that a reader finds them in the policy's text."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from policies.conditions import ir
from policies.conditions.ir import Compare, Condition, Const, Exists, ForAll, Param, Path, Term
from policies.conditions.ways import Alternative
from policies.registry import resources

Names = dict[str, str]


def names(record: str, way: Alternative) -> Names:
    """What each variable of one way to be allowed is called: `task` for one of `customer.tasks`."""
    by_var = {ir.THIS: _lower(record)}
    used = Counter(by_var.values())
    for var, over in way.ranges:
        name = _singular(over.steps[-1])
        used[name] += 1
        by_var[var] = name if used[name] == 1 else f"{name}{used[name]}"
    return by_var


def condition(node: Condition, names: Names) -> str:
    """A condition as a policy would write it."""
    match node:
        case Compare():
            return _compare(node, names)
        case ir.And(parts):
            return " and ".join(condition(part, names) for part in parts) or "always"
        case ir.Or(parts):
            return "(" + " or ".join(condition(part, names) for part in parts) + ")" if parts else "never"
        case ir.Not(part):
            return f"not {condition(part, names)}"
        case Exists(var, over, where):
            return f"some {_range(var, over, where, names)}"
        case ForAll(var, over, where):
            return f"every {_range(var, over, where, names)}"


def path(route: Path, names: Names) -> str:
    """A path by its variable's name; what hangs on the record's customer is said of `customer`."""
    own = route.var == ir.THIS and len(route.steps) > 1
    return ".".join(route.steps if own else (names.get(route.var, route.var), *route.steps))


def value(raw: Any) -> str:
    """A plain value as a policy would write it; an instant to the second, in UTC."""
    if isinstance(raw, datetime):
        return raw.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if isinstance(raw, list | tuple):
        return "[" + ", ".join(value(item) for item in raw) + "]"
    return json.dumps(raw) if isinstance(raw, str | bool) else "missing" if raw is None else str(raw)


def _compare(node: Compare, names: Names) -> str:
    return f"{term(node.left, names)} {node.op} {term(node.right, names)}"


def term(side: Term, names: Names) -> str:
    """A side of a comparison as a policy would write it."""
    match side:
        case Path():
            return path(side, names)
        case Param():
            return str(side)
        case Const(constant):
            return value(constant)


def _range(var: str, over: Path, where: Condition, names: Names) -> str:
    inner = {**names, var: _singular(over.steps[-1])}
    return f"{inner[var]} of {path(over, names)} has ({condition(where, inner)})"


def _singular(relation: str) -> str:
    types = {_lower(name) for name in resources()}
    plain = relation.removesuffix("ies") + "y" if relation.endswith("ies") else relation[:-1]
    return next(
        (name for name in (relation[:-1], relation.removesuffix("es"), plain) if name in types), plain
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
