"""What is answered: views that only the guard can make, holding granted values and nothing else."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from policies.reasons import Reason
from schema.enums import describe

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
    UNREADABLE="The stored value is damaged or was moved, and cannot be decrypted; this has been recorded.",
    NOT_AVAILABLE="The field is not available; partners get no other reason.",
)


@strawberry.type(description="A requested field that was withheld.")
class Withheld:
    """One withheld field of one record."""

    field: str = strawberry.field(description="The field's name.")
    reason: Reason = strawberry.field(description="The reason; for partners always NOT_AVAILABLE.")


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

    With `pluck`, one value of each of them stands for the record.
    """

    target: str
    here: str
    there: str
    many: bool
    pluck: str | None = None


def value(description: str, *, of: str | None = None) -> Any:
    """A field whose value comes from the record's column or content of the same name.

    Args:
        description: what the field means.
        of: the name in the record, where it is another.
    """
    return strawberry.field(description=description, metadata={"of": of})


def one(target: str, description: str, *, here: str = "id", there: str = "id") -> Any:
    """A field that leads to at most one record."""
    return strawberry.field(description=description, metadata={"edge": Edge(target, here, there, False)})


def many(target: str, description: str, *, there: str, here: str = "id") -> Any:
    """A field that leads to any number of records."""
    return strawberry.field(description=description, metadata={"edge": Edge(target, here, there, True)})


def plucked(target: str, pluck: str, description: str, *, there: str, here: str = "id") -> Any:
    """A field that holds one value of each of any number of records."""
    return strawberry.field(
        description=description, metadata={"edge": Edge(target, here, there, True, pluck)}
    )


def fields_of(cls: type) -> list[StrawberryField]:
    """The GraphQL fields of a Strawberry type."""
    definition: Any = typing.cast(Any, cls).__strawberry_definition__
    return list(definition.fields)
