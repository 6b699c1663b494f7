"""Whether a compiled condition means the same to every reader; what does not is refused at load.

Databases order text by collation and compare across types in their own ways, and a comparison that
stands for several values at once can mix them up. None of that reaches a decision.
"""

import json
from datetime import datetime
from uuid import UUID

from policies import ir
from policies.errors import PolicyError
from policies.ir import Compare, Condition, Const, Exists, ForAll, Param, Path
from policies.registry import Field, Resource, resources

#: The parameters of a question, with the Python type of each.
PARAMETERS: dict[str, type] = {
    "actor.id": UUID, "actor.customerId": UUID, "actor.partnerId": UUID,
    "actor.purpose": str, "actor.now": datetime,
}  # fmt: skip

#: Parameters that hold several values: equal to a field means equal to one of them.
SETS = {"actor.purpose", "keys"}

Scope = dict[str, Resource]


def verify(condition: Condition, record: str) -> None:
    """Check every path, type and comparison of a condition on one record type.

    Raises:
        PolicyError: naming what cannot be decided alike by everyone, and what to write instead.
    """
    _verify(condition, {ir.THIS: resources()[record]})
    for name in SETS & set(ir.params(condition)):
        if _occurrences(condition, name) > 1:
            raise PolicyError(f"`{name}` may be compared once; tie the other fields to that one")


def _verify(condition: Condition, scope: Scope) -> None:
    match condition:
        case Compare():
            comparison(condition, scope)
        case ir.And(parts) | ir.Or(parts):
            for part in parts:
                _verify(part, scope)
        case ir.Not(part):
            _verify(part, scope)
        case Exists(var, over, where) | ForAll(var, over, where):
            _verify(where, {**scope, var: collection(over, scope)})


def collection(path: Path, scope: Scope) -> Resource:
    """The record type that a collection holds."""
    resource = holder(path, scope)
    relation = resource.relations.get(path.steps[-1]) if path.steps else None
    if relation is None or not relation.many:
        raise PolicyError(
            f"`{path.steps[-1] if path.steps else path}` of {resource.name} is not a collection"
        )
    return resources()[relation.target]


def holder(path: Path, scope: Scope) -> Resource:
    """The record type that holds the last step of a path."""
    if path.var not in scope:
        raise PolicyError("a variable is compared outside the collection it belongs to")
    resource = scope[path.var]
    for step in path.steps[:-1]:
        relation = resource.relations.get(step)
        if relation is None:
            raise PolicyError(f"{resource.name} has no relation `{step}`")
        if relation.many:
            raise PolicyError(f"`{step}` of {resource.name} is a collection; write `x in ….{step}`")
        resource = resources()[relation.target]
    return resource


def field(path: Path, scope: Scope) -> Field:
    """The column a path ends in."""
    resource = holder(path, scope)
    if not path.steps:
        raise PolicyError("records cannot be compared whole; compare their `id`")
    column = resource.fields.get(path.steps[-1])
    if column is None:
        if path.steps[-1] in resource.relations:
            raise PolicyError(f"`{path.steps[-1]}` of {resource.name} is a record; compare its `id`")
        raise PolicyError(f"{resource.name} has no field `{path.steps[-1]}` that a policy may ask for")
    return column


def comparison(compare: Compare, scope: Scope) -> None:
    """Check one comparison of records whose types the scope has by variable.

    Raises:
        PolicyError: naming what cannot be decided alike by everyone.
    """
    left, name = field(compare.left, scope), compare.left.steps[-1]
    kinds = {field(compare.right, scope).type} if isinstance(compare.right, Path) else _kinds(compare.right)
    if compare.op in ("<", "<=", ">", ">=") and not left.ordered:
        raise PolicyError(f"`{name}` has no order that every database shares")
    if isinstance(compare.right, Const):
        _check_words(name, left, compare.right)
    if kinds - {left.type, type(None)} or (type(None) in kinds and compare.op not in ("=", "!=")):
        raise PolicyError(f"`{name}` is compared with a value of another type")
    if isinstance(compare.right, Param) and compare.right.name in SETS and compare.op != "=":
        raise PolicyError(f"`{compare.right.name}` holds several values and can only be compared with `=`")


def _check_words(name: str, column: Field, right: Const) -> None:
    """Refuse a text that a field never holds: a condition on it would never be met, and nobody would notice."""
    words = getattr(column.orm, "enum_type", None)
    values = right.value if isinstance(right.value, tuple) else (right.value,)
    if words is not None and (
        never := [value for value in values if value is not None and value not in set(words)]
    ):
        raise PolicyError(f"`{name}` is never {json.dumps(never[0])}; known: {', '.join(words)}")


def _kinds(right: Param | Const) -> set[type]:
    if isinstance(right, Param):
        if right.name not in PARAMETERS:
            raise PolicyError(f"there is no `{right.name}`")
        return {PARAMETERS[right.name]}
    values = right.value if isinstance(right.value, tuple) else (right.value,)
    return {type(value) for value in values}


def _occurrences(condition: Condition, name: str) -> int:
    """How often one way through the condition meets the parameter: alternatives do not add up."""
    match condition:
        case Compare(right=Param(name=parameter)) if parameter == name:
            return 1
        case ir.And(parts):
            return sum(_occurrences(part, name) for part in parts)
        case ir.Or(parts):
            return max((_occurrences(part, name) for part in parts), default=0)
        case Exists(where=where):
            return _occurrences(where, name)
        case ForAll(where=where) | ir.Not(part=where):
            return 2 * _occurrences(where, name)
    return 0
