"""The categories of personal data as the API shows them, each made of its declaration in `models.categories`."""

import dataclasses
import typing
from functools import cache
from typing import Any

from models import PERSONAL, Part, Personal, snake
from schema.enums import summary
from schema.reading import (
    PROVENANCE,
    Guarded,
    Plain,
    Provenance,
    Released,
    class_of,
    many,
    object_type,
    one,
    recorded,
    value,
)

#: The GraphQL types of the categories, by name.
VIEWS: dict[str, type[Released]] = {}


def spoken(model: type[Personal]) -> str:
    """What one row of a category is called in a sentence: `postal address`."""
    return snake(model.__name__).replace("_", " ")


def type_of(part: Part) -> Any:
    """The type of a declared field's values."""
    return part.type if part.several is None else list[_inner(part.several)]  # type: ignore[misc]  # made here


@cache
def _inner(record: type) -> Any:
    """The type of what a field lists: a line of an order."""
    hints = typing.get_type_hints(record)
    members = {
        each.name: (each.metadata.get("type", hints[each.name]), value(each.metadata["description"]))
        for each in dataclasses.fields(record)
    }
    return object_type(class_of(record.__name__, summary(record), members, Plain))


def _view(model: type[Personal]) -> type[Released]:
    declared = model.declared
    members: dict[str, tuple[Any, Any]] = {
        part.name: (type_of(part) | None, value(part.description))
        for part in [*declared.released, *declared.shown.values()]
    }
    members["provenance"] = (Provenance | None, value(PROVENANCE))
    return recorded(class_of(declared.name, summary(model), members, Released, Guarded))


def _edges() -> Any:
    members = {}
    for declared in (model.declared for model in PERSONAL.values()):
        view: Any = VIEWS[declared.name]
        edge = many(declared.about) if declared.many else one(declared.about, here="id", there="customer_id")
        members[snake(declared.edge)] = ((list[view] if declared.many else view) | None, edge)
    return object_type(class_of("Edges", "What leads from a customer to each category.", members))


VIEWS.update({model.__name__: _view(model) for model in PERSONAL.values()})

#: The fields of a customer that lead to categories; `Customer` has them by inheritance.
Edges = _edges()
