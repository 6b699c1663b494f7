"""The categories of personal data as the API shows them, each made of its declaration in `models.categories`."""

import dataclasses
import re
import typing
from typing import Any

import strawberry

from models import PERSONAL, Part, Personal
from schema.reading import (
    PROVENANCE,
    Guarded,
    Plain,
    Provenance,
    Released,
    class_of,
    many,
    one,
    recorded,
    value,
)

#: The GraphQL types of the categories, by name.
VIEWS: dict[str, type[Released]] = {}


def snake(name: str) -> str:
    """`PostalAddress` as `postal_address`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def spoken(model: type[Personal]) -> str:
    """What one row of a category is called in a sentence: `postal address`."""
    return snake(model.__name__).replace("_", " ")


def type_of(part: Part) -> Any:
    """The type of a declared field's values."""
    return part.type if part.several is None else list[_inner(part.several)]  # type: ignore[misc]  # made here


def _inner(record: type) -> Any:
    """The type of what a field lists: a line of an order."""
    if record.__name__ not in _INNER:
        hints = typing.get_type_hints(record)
        members = {
            each.name: (
                each.metadata.get("type", hints[each.name]),
                strawberry.field(description=each.metadata["description"]),
            )
            for each in dataclasses.fields(record)
        }
        about = (record.__doc__ or "").partition("\n")[0]
        _INNER[record.__name__] = strawberry.type(
            class_of(record.__name__, members, Plain), description=about
        )
    return _INNER[record.__name__]


def _view(model: type[Personal]) -> type[Released]:
    declared = model.declared
    members: dict[str, tuple[Any, Any]] = {
        part.name: (type_of(part) | None, value(part.description))
        for part in [*declared.released, *declared.shown.values()]
    }
    members["provenance"] = (Provenance | None, value(PROVENANCE))
    about = (model.__doc__ or "").partition("\n")[0]
    view: type[Released] = strawberry.type(
        class_of(declared.name, members, Released, Guarded), description=about
    )
    return recorded(view)


def _edges() -> Any:
    members = {}
    for model in PERSONAL.values():
        declared = model.declared
        view: Any = VIEWS[declared.name]
        field, kind = (many, list[view]) if declared.many else (one, view)
        members[snake(declared.edge)] = (
            kind | None,
            field(declared.name, declared.about, there="customer_id"),
        )
    return strawberry.type(class_of("Edges", members))


_INNER: dict[str, Any] = {}
VIEWS.update({model.__name__: _view(model) for model in PERSONAL.values()})

#: The fields of a customer that lead to categories; `Customer` has them by inheritance.
Edges = _edges()
