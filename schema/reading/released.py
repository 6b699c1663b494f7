"""What is answered: views that only the guard can make, holding granted values and nothing else."""

from __future__ import annotations

import typing
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from policies.compiler import Reason
from schema.enums import describe

T = TypeVar("T")

describe(
    Reason,
    "The reason why a field is withheld.",
    "WithheldReason",
    PURPOSE_REQUIRED="The request states no purpose.",
    NO_TASK="You have no open task for this customer with a purpose that the request states.",
    NOT_NEEDED_FOR_PURPOSE="The purpose of your task does not need this category of data.",
    NOT_IN_AGREEMENT="No agreement in force names this field for the purpose of the task.",
    NO_CONSENT="The customer does not, or no longer, consent to this category for this purpose.",
    RESTRICTED="Processing of the customer's data is restricted at the customer's request.",
    NOT_PERMITTED="No rule permits you to read this field.",
    FIELD_CLOSED="The field is closed to everybody until a privacy officer has looked at how it is decided.",
    UNREADABLE="The stored value is damaged or was moved, and cannot be decrypted; this has been recorded.",
    NOT_AVAILABLE="The field is not available; partners get no other reason.",
)


def described(of: Any) -> str:
    """What the schema says of a class or a function: its docstring."""
    if not of.__doc__:
        raise TypeError(f"say what {of.__name__} is or does in its docstring")
    return " ".join(of.__doc__.split())


def value(description: str, *, of: str | None = None, **options: Any) -> Any:
    """A field with a value; in a record, that of the column or of the member of its content of the same name.

    Args:
        description: for the schema.
        of: the name in the database, where it differs from the field's.
        options: further ones of `strawberry.field`, such as `default`.
    """
    return strawberry.field(description=description, metadata={"of": of}, **options)


def silent(cls: type[T]) -> type[T]:
    """The class, of which no text shows the values: they would stand in a traceback or a log."""
    cls.__repr__ = _by_name  # type: ignore[method-assign] # the point
    return cls


def _by_name(of: object) -> str:
    return f"<{type(of).__name__}>"


@typing.dataclass_transform(kw_only_default=True, field_specifiers=(value,))
def object_type(cls: type[T]) -> type[T]:
    """Class decorator: a type of values that are no record's."""
    return strawberry.type(silent(cls), description=described(cls))


@typing.dataclass_transform(kw_only_default=True, field_specifiers=(value,))
def input_type(cls: type[T]) -> type[T]:
    """Class decorator: a type of values that clients give."""
    return strawberry.input(silent(cls), description=described(cls))


@object_type
class Withheld:
    """A requested field that was withheld."""

    field: str = value("The field's name.")
    reason: Reason = value("The reason; for partners always NOT_AVAILABLE.")


class Unminted(Exception):
    """A record was about to be answered that did not come through the guard."""

    code = "INTERNAL_SERVER_ERROR"


class Released:
    """A record as an actor may see it; made by `schema.reading.guard` and by nobody else.

    A field that was not asked for, or not decided, is not there: reading it is an error, not a value.
    """

    record: ClassVar[str]

    def __init__(self, *_: Any, **__: Any) -> None:
        raise Unminted

    @classmethod
    def mint(cls, values: dict[str, Any]) -> Self:
        """For the guard: a view with these values."""
        view = object.__new__(cls)
        view.__dict__ = values
        return view

    @property
    def key(self) -> UUID:
        """The record's identifier in the database."""
        id = self.__dict__["id"]
        return id if isinstance(id, UUID) else UUID(id)

    @classmethod
    def is_type_of(cls, value: object, _: Any) -> bool:
        """Whether an answer's object is such a view."""
        return isinstance(value, cls)


class Plain:
    """A type that holds no record: an input's echo, a page, a payload, a value inside a released field."""


@dataclass(frozen=True)
class Edge:
    """A way from one record to others: rows of `target` whose column `there` equals our column `here`.

    With `pluck`, one value of each of them stands for the record. What a field leaves out is told by its name and its
    annotation: `partner: Partner` leads from `partner_id` to a partner, and `receipts: list[Receipt]` of a consent to
    the receipts with its `consent_id`.
    """

    many: bool
    here: str = ""
    there: str = ""
    target: str = ""
    pluck: str | None = None


def one(description: str, *, here: str = "", there: str = "id") -> Any:
    """A field that leads to at most one record."""
    return strawberry.field(description=description, metadata={"edge": Edge(False, here, there)})


def many(description: str, *, there: str = "") -> Any:
    """A field that leads to any number of records."""
    return strawberry.field(description=description, metadata={"edge": Edge(True, "id", there)})


def plucked(target: str, pluck: str, description: str) -> Any:
    """A field that holds one value of each of any number of records."""
    return strawberry.field(description=description, metadata={"edge": Edge(True, "id", "", target, pluck)})


@dataclass(frozen=True)
class Gathered:
    """A value that stands in no column of the record: `find` gives it for many at once, by what the column `here` holds.

    It is asked for no record of which the field is not granted; where it finds none, the value is `missing`.
    """

    find: Callable[[Collection[UUID], datetime], Awaitable[Mapping[UUID, Any]]]
    here: str
    missing: Any


def gathered(find: Any, description: str, *, here: str, missing: Any) -> Any:
    """A field of which a function finds the values of all records of an answer, by a column of theirs."""
    return strawberry.field(description=description, metadata={"gathered": Gathered(find, here, missing)})


def fields_of(cls: type) -> list[StrawberryField]:
    """The GraphQL fields of a Strawberry type."""
    definition: Any = typing.cast(Any, cls).__strawberry_definition__
    return list(definition.fields)
