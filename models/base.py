"""What every record shares, and the categories of personal data."""

from enum import EnumType, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID, uuid4

from tortoise import Model, fields
from tortoise.fields.data import CharEnumFieldInstance


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


class Record(Model):
    """A row that is identified by a random UUID."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)

    class Meta:
        abstract = True
