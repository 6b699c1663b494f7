"""What every record shares, and the categories of personal data."""

from enum import EnumType, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID, uuid4

from tortoise import Model, fields
from tortoise.fields import ForeignKeyNullableRelation, ForeignKeyRelation, OnDelete
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import ModelMeta

M = TypeVar("M", bound=Model)


class Choice(StrEnum):
    """A closed list of values, each with a sentence that says what it stands for."""

    description: str

    def __new__(cls, value: str, description: str = "") -> Self:
        """A member of the list, with its sentence as `description`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


class _FromFiles(EnumType):
    """Makes an enumeration of the files of `models/categories`, whose names are the categories'."""

    @classmethod
    def __prepare__(metacls, cls: str, bases: tuple[type, ...], **options: Any) -> Any:  # type: ignore[override] # noqa: N804 as its base names them
        members: Any = super().__prepare__(cls, bases, **options)
        for file in sorted(Path(__file__).with_name("categories").glob("[a-z]*.py")):
            members[file.stem.upper()] = file.stem
        return members

    if TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Any:
            """A category by its name in capitals."""


class Category(StrEnum, metaclass=_FromFiles):
    """A kind of personal data, consented to as one: one declaration, one table, one GraphQL type."""


class OneOf(CharEnumFieldInstance):
    """A column that holds one member of a closed list; adding a member needs no migration."""

    def __init__(
        self, enum_type: type[StrEnum], description: str | None = None, max_length: int = 40, **options: Any
    ) -> None:
        about = description or (enum_type.__doc__ or "").strip().splitlines()[0]
        super().__init__(enum_type, about, max_length, **options)


class Number(fields.BigIntField):
    """A primary key that the program counts, never the database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "primary_key": True, "generated": False})


class Table(ModelMeta):
    """Takes with the class what Tortoise has in an inner one, `Meta`: `class Task(Record, table="tasks", governed=True)`.

    Attributes:
        governed: whether policies speak of such rows. Of what does not say so no rule can, and so nobody is shown any.
    """

    governed: bool

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        attributes: dict[str, Any],
        *,
        governed: bool = False,
        **options: Any,
    ) -> "Table":
        """A record with these options of its table."""
        if options:
            attributes["Meta"] = type("Meta", (), options)
        attributes["governed"] = governed
        return cast("Table", super().__new__(mcs, name, bases, attributes))


class Record(Model, metaclass=Table, abstract=True):
    """A row that is identified by a random UUID."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)


def refers_to(
    record: type[M], related_name: str | None = None, on_delete: OnDelete = fields.RESTRICT
) -> ForeignKeyRelation[M]:
    """An indexed column that names a row of another record."""
    # By the record's name: a migration works with copies of the records.
    return fields.ForeignKeyField(f"models.{record.__name__}", related_name, on_delete, db_index=True)


def may_refer_to(
    record: type[M], related_name: str, on_delete: OnDelete = fields.SET_NULL
) -> ForeignKeyNullableRelation[M]:
    """The same, of a column that may be empty."""
    return fields.ForeignKeyField(
        f"models.{record.__name__}", related_name, on_delete, null=True, db_index=True
    )
