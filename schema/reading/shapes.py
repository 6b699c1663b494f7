"""How each GraphQL type of a record is read: which field comes from which column, content or relation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.base import StrawberryContainer
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from models import camel, snake
from policies.registry import Resource, resources
from schema.reading.released import Edge, Gathered, Released, described, fields_of, silent

Read = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A plain column: its name and how to read the driver's value."""

    name: str
    read: Read


@dataclass(frozen=True)
class Shape:
    """One record type of the schema; every dictionary is keyed by GraphQL field name.

    Attributes:
        attributes: the view's Python attribute for each field.
        columns: fields read from one plain column.
        contents: fields read from the row's content, with their names there.
        composed: fields put together from several plain columns.
        gathered: fields whose values a function finds for all records at once.
        edges: fields that lead to other records.
    """

    view: type[Released]
    resource: Resource
    attributes: dict[str, str]
    columns: dict[str, Column]
    contents: dict[str, str]
    composed: dict[str, "Composed"]
    gathered: dict[str, Gathered]
    edges: dict[str, Edge]

    @property
    def fields(self) -> set[str]:
        """The fields that need a decision: all but `id`, `withheld` and `actions`."""
        return set(self.attributes) - FIXED

    def column(self, name: str) -> Column:
        """A column by its name in the database, or that of the model's attribute."""
        return Column(name, reader(self.resource, name))


@dataclass(frozen=True)
class Composed:
    """A value made of several columns: their names, and what makes it from their values."""

    columns: tuple[str, ...]
    make: Callable[..., Any]


#: The fields of each record that are decided by themselves.
FIXED = frozenset({"id", "withheld", "actions"})

_SHAPES: dict[str, type[Released]] = {}
_WITHIN: set[str] = set()
_COMPOSED: dict[str, Composed] = {}


def recorded(view: type[Released]) -> type[Released]:
    """Class decorator: a type that shows a record of the same policy name."""
    strawberry.type(silent(view), description=described(view))
    view.record = view.__name__
    # Strawberry gave it a constructor of its own; only the guard makes views.
    view.__init__ = Released.__init__  # type: ignore[method-assign] # the point
    _SHAPES[view.__name__] = view
    return view


def within(view: type[Released]) -> type[Released]:
    """Class decorator: a record that is only shown as values within another, and has no identifier outside."""
    _WITHIN.add(view.__name__)
    return recorded(view)


def composed(field: str, *columns: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: how a field of that name is made from plain columns, wherever it occurs."""

    def register(make: Callable[..., Any]) -> Callable[..., Any]:
        _COMPOSED[field] = Composed(columns, make)
        return make

    return register


def names() -> list[str]:
    """The record types that can be asked for by identifier."""
    return sorted(_SHAPES.keys() - _WITHIN)


@cache
def shape(name: str) -> Shape:
    """The shape of a record type; needs initialised models.

    Raises:
        LookupError: the schema shows no such record, or a field of it comes from nowhere.
    """
    view, resource = _SHAPES[name], resources()[name]
    form = Shape(view, resource, {}, {}, {}, {}, {}, {})
    for field in fields_of(view):
        graphql = field.graphql_name or camel(field.python_name)
        form.attributes[graphql] = field.python_name
        if graphql not in FIXED:
            _place(form, graphql, field)
    return form


def _place(form: Shape, graphql: str, field: StrawberryField) -> None:
    source, edge = field.metadata.get("of") or field.python_name, field.metadata.get("edge")
    if edge is not None:
        form.edges[graphql] = replace(
            edge,
            here=edge.here or f"{field.python_name}_id",
            there=edge.there or f"{snake(form.resource.name)}_id",
            target=edge.target or _named(field.type),
        )
    elif found := field.metadata.get("gathered"):
        form.gathered[graphql] = found
    elif graphql in _COMPOSED:
        form.composed[graphql] = _COMPOSED[graphql]
    elif source in form.resource.model._meta.fields_map:
        form.columns[graphql] = Column(source, reader(form.resource, source))
    elif source in _content(form.resource):
        form.contents[graphql] = source
    else:
        raise LookupError(f"{form.resource.name}.{graphql} comes from no column, content or relation")


def _named(annotation: Any) -> str:
    """The record type that an annotation names, such as `list[Task] | None`."""
    while isinstance(annotation, StrawberryContainer):
        annotation = annotation.of_type
    return annotation.type_name if isinstance(annotation, LazyType) else str(annotation.__name__)


def _content(resource: Resource) -> set[str]:
    field: Any = resource.model._meta.fields_map.get("content")
    return set(field.shape.__dataclass_fields__) if field else set()


def reader(resource: Resource, name: str) -> Read:
    """How to read the driver's value of a column: enums by a table, everything else by its field."""
    field: Any = resource.model._meta.fields_map.get(name)
    if field is None:
        return _uuid
    enumeration = getattr(field, "enum_type", None)
    if enumeration is not None:
        return _enum(enumeration)
    read: Read = field.to_python_value
    return _uuid if field.field_type is UUID else read


def _enum(enumeration: type[Enum]) -> Read:
    members: dict[Any, Any] = {member.value: member for member in enumeration}
    return lambda value: None if value is None else members[value]


def _uuid(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(str(value))
