"""Loaded records, as conditions read them: plain fields by policy name, and the relations needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from policies.conditions import ir
from policies.conditions.ir import Condition
from policies.errors import PolicyError
from policies.registry import Relation, Resource, resources

Shape = dict[str, "Shape"]


class Facts:
    """One record: `facts.purpose`, `facts.customer`, `facts.tasks`; any field not loaded raises AttributeError."""

    def __init__(self, resource: Resource, values: dict[str, Any]) -> None:
        self.__dict__.update(values)
        self._resource = resource

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


def shape(conditions: Iterable[Condition]) -> Shape:
    """The relations that some conditions on a record follow, as a tree."""
    tree: Shape = {}
    for condition in conditions:
        _grow(condition, {ir.THIS: tree})
    return tree


def _grow(condition: Condition, scope: dict[str, Shape]) -> None:
    match condition:
        case ir.And(parts) | ir.Or(parts):
            for part in parts:
                _grow(part, scope)
        case ir.Not(part):
            _grow(part, scope)
        case ir.Exists(var, over, where) | ir.ForAll(var, over, where):
            _grow(where, {**scope, var: _descend(over.steps, scope[over.var])})
        case ir.Compare():
            for path in ir.paths(condition):
                _descend(path.steps[:-1], scope[path.var])


def _descend(steps: tuple[str, ...], tree: Shape) -> Shape:
    for step in steps:
        tree = tree.setdefault(step, {})
    return tree


async def load(
    record: str, ids: Iterable[UUID], relations: Shape, classes: dict[str, type] | None = None
) -> list[Facts]:
    """Records by id, with the relations of a shape; one statement for each relation."""
    return await Loader(classes or {}).load(record, ids, relations)


@dataclass(frozen=True)
class Loader:
    """How records are loaded: the class of each type where it is not `Facts`, and how many by one statement at most."""

    classes: Mapping[str, type]
    most: int | None = None

    async def load(self, record: str, ids: Iterable[UUID], relations: Shape) -> list[Facts]:
        """Records by id, with the relations of a shape; one statement for each relation.

        Raises:
            PolicyError: a statement found more than that.
        """
        resource = resources()[record]
        return await self._load(resource, resource.model.filter(id__in=list(ids)), relations)

    async def _load(self, resource: Resource, query: QuerySet[Any], relations: Shape) -> list[Facts]:
        names = {name: _attribute(resource, field.column) for name, field in resource.fields.items()}
        rows = await (query if self.most is None else query.limit(self.most + 1)).values(*names.values())
        if self.most is not None and len(rows) > self.most:
            raise PolicyError(f"more than {self.most} records of {resource.name} would be loaded")
        make = self.classes.get(resource.name, Facts)
        records = [make(resource, {name: _plain(row[key]) for name, key in names.items()}) for row in rows]
        for step, below in relations.items():
            await self._attach(resource.relations[step], step, records, below)
        return records

    async def _attach(self, way: Relation, step: str, holders: list[Facts], below: Shape) -> None:
        fields = holders[0]._resource.fields if holders else {}
        key = next((name for name, field in fields.items() if field.column == way.key), "id")
        target = resources()[way.target]
        values = {getattr(holder, key) for holder in holders} - {None}
        query = target.model.filter(**{f"{_attribute(target, way.target_key)}__in": list(values)})
        target_key = next(name for name, field in target.fields.items() if field.column == way.target_key)
        groups: dict[Any, list[Facts]] = {}
        for record in await self._load(target, query, below):
            groups.setdefault(getattr(record, target_key), []).append(record)
        for holder in holders:
            group = groups.get(getattr(holder, key), [])
            holder.__dict__[step] = group if way.many else group[0]


def _attribute(resource: Resource, column: str) -> str:
    """The model's own name for a column."""
    fields = resource.model._meta.fields_map
    return next(
        key for key, field in fields.items() if (field.source_field or key) == column and field.has_db_field
    )


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
