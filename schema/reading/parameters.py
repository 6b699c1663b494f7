"""What queries and mutations take: how a function's parameters become arguments or the members of an input."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import strawberry

from models import camel
from models.errors import Faults
from schema.reading.node import decode, key_of
from schema.reading.released import fields_of, input_type, value

#: The members of a class that strawberry makes a type of: by name, the annotation and strawberry's field.
Members = Mapping[str, tuple[Any, Any]]

_REQUIRED: Any = inspect.Parameter.empty


@dataclass(frozen=True)
class Id:
    """Says of a parameter that clients give a record's identifier, and the function gets its key.

    Without a type's name it may be a record of any type, and the function gets the name and the key.
    """

    type_name: str | None = None


First = Annotated[int, "The number of records, at most 1,000."]
After = Annotated[str | None, "The cursor after which the page begins; the first page if left out."]
CustomerId = Annotated[UUID, Id("Customer"), "The customer."]
OwnId = Annotated[UUID, Id("Customer"), "The identifier of your own record."]


@dataclass(frozen=True)
class Given:
    """An argument of a query, or a member of an input.

    Attributes:
        type: of its values, as clients give them.
        description: what it means.
        default: what holds where it is left out; without one it must be given.
        id: whose identifier it is, if it is one.
    """

    type: Any
    description: str
    default: Any = _REQUIRED
    id: Id | None = None

    def field(self) -> Any:
        """A member of an input as strawberry declares it."""
        if self.default is _REQUIRED:
            return value(self.description)
        return value(self.description, default_factory=lambda: self.default)

    def argument(self, name: str) -> inspect.Parameter:
        """An argument of a query as strawberry reads it from a signature."""
        described = strawberry.argument(name=graphql_name(name), description=self.description)
        return inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=self.default,
            annotation=Annotated[self.type, described],
        )

    def read(self, value: Any, name: str) -> Any:
        """What a function gets of a value.

        Raises:
            MalformedId, ForeignId: it is no identifier of ours, or one of another type.
        """
        if self.id is None or value is None:
            return value
        field, type_name = graphql_name(name), self.id.type_name
        return decode(value, field) if type_name is None else key_of(value, type_name, field)


def given(work: Callable[..., Any]) -> dict[str, Given]:
    """What a function takes before `*`: each `Annotated` with its description, and with `Id` where it is an identifier.

    Raises:
        TypeError: a parameter has no description.
    """
    hints = typing.get_type_hints(work, include_extras=True)
    parameters = inspect.signature(work).parameters.values()
    return {
        each.name: _given(each.name, hints[each.name], each.default)
        for each in parameters
        if each.kind is each.POSITIONAL_OR_KEYWORD
    }


def _given(name: str, annotation: Any, default: Any) -> Given:
    kind, *said = typing.get_args(annotation) or (annotation,)
    if not said or not isinstance(said[-1], str):
        raise TypeError(f'say what the parameter {name} means: Annotated[{kind}, "…"]')
    id = next((each for each in said if isinstance(each, Id)), None)
    if id is not None:
        kind = strawberry.ID | None if default is None else strawberry.ID
    return Given(kind, said[-1], default, id)


def read(taken: Mapping[str, Given], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a function gets of the values that a client gave, by name.

    Raises:
        MalformedId, ForeignId: an identifier is none of ours, or one of another type.
    """
    found, faults = dict(values), Faults()
    for name in (name for name in taken if name in values):
        with faults.gathered():
            found[name] = taken[name].read(values[name], name)
    faults.refuse()
    return found


def input_of(name: str, taken: Mapping[str, Given], description: str) -> Any:
    """An input type with these members."""
    members = {each: (one.type, one.field()) for each, one in taken.items()}
    return input_type(class_of(name, description, members))


def outer_names(input: Any) -> dict[str, str]:
    """By the name of a member of an input within an input, what leads to it; names of the outer input are not there."""
    members: dict[str, Any] = {graphql_name(each.python_name): each.type for each in fields_of(input)}
    within = {
        graphql_name(inner.python_name): name
        for name, kind in members.items()
        if getattr(getattr(kind, "__strawberry_definition__", None), "is_input", False)
        for inner in fields_of(kind)
    }
    return {inner: name for inner, name in within.items() if inner not in members}


def class_of(name: str, description: str, members: Members, *bases: type) -> Any:
    """A class of annotated members, for strawberry to make a type of."""
    body = {"__doc__": description, **{member: field for member, (_, field) in members.items()}}
    annotations = {member: annotation for member, (annotation, _) in members.items()}
    return type(name, bases, {**body, "__annotations__": annotations, "__module__": __name__})


def graphql_name(name: str) -> str:
    """A parameter's name as clients write it; `from_` is `from`."""
    return camel(name.removesuffix("_"))
