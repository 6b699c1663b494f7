"""How a category of personal data is declared: its fields, and what is true of each wherever it is met.

    class Preference(Personal, table="preferences", written_by_customers=True):
        channel: ContactChannel = plain("By which channel.")
        topic: str = sealed("About what.", one_line(100))
        hours: str | None = sealed("At what hours of the day, for example 09:00-17:00.", hours)

The annotation is the type that the API shows; `| None` lets a field be empty. A plain field is a column, which the
database can read; a sealed one is part of the row's encrypted content.

    VALUE_MISSING   a field that cannot be empty has no value; give it
    KIND_UNKNOWN    the value is none of its closed list
"""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import EnumType, StrEnum
from typing import Any

from tortoise import fields

from models.base import Category, OneOf
from models.errors import Unfit
from models.records import BlindIndex, Content
from models.values import read_date, read_decimal, read_instant, read_truth, read_whole

#: A value's check: given the value and the name to call it by in an error; the value in its one spelling, or Unfit.
Check = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A row as it is given, for a check that depends on more than its own value.

    Attributes:
        row: the values as they came, by the names of the fields.
        now: the present instant.
        imported: whether it comes from other records, which are taken as they stand there.
        within: what stands before a field's name in an error, such as `postalAddresses.`.
        called: the one name for every field, where only one value was given.
    """

    row: Mapping[str, Any]
    now: datetime
    imported: bool = False
    within: str = ""
    called: str | None = None

    def at(self, name: str) -> str:
        """What a field is called in an error."""
        return self.called or self.within + camel(name)


@dataclass(frozen=True, slots=True)
class Part:
    """One declared field.

    Attributes:
        name: in Python; the API has it in camelCase.
        type: of its values in the API.
        empty: whether it may be empty.
        sealed: whether it is part of the row's sealed content.
        description: for those who read the API.
        check: what a value must be; None: what its type asks.
        check_in: the same, of a value that must fit the rest of the row.
        imported: what a value from other records must be, where that is less.
        found_by: folds the spellings of a value together, by which rows are found.
        customers: whether customers write it themselves, where they write the category.
        rectified: whether it is put right on request, where customers do not write the category.
        secret: whether it never leaves the server.
    """

    name: str
    type: Any
    empty: bool
    sealed: bool
    description: str
    check: Check | None = None
    check_in: Callable[[Any, str, Given], Any] | None = None
    imported: Check | None = None
    found_by: Callable[[str], str] | None = None
    customers: bool = True
    rectified: bool = True
    secret: bool = False

    @property
    def several(self) -> Any:
        """The dataclass of which the value is a list; None where it is one value."""
        inner = typing.get_args(self.type)
        return inner[0] if inner and typing.get_origin(self.type) is tuple else None

    def read(self, text: str, name: str) -> Any:
        """A value from its text; raises Unfit."""
        kind = self.type
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            if text not in kind.__members__:
                raise Unfit(f"Write one of: {', '.join(kind)}.", name, code="KIND_UNKNOWN")
            return kind[text]
        readers: dict[Any, Callable[[str, str], Any]] = {
            bool: read_truth,
            int: read_whole,
            Decimal: read_decimal,
            date: read_date,
            datetime: read_instant,
        }
        return readers[kind](text, name) if kind in readers else text

    def checked(self, value: Any, given: Given) -> Any:
        """A value in its one spelling; raises Unfit."""
        name = given.at(self.name)
        if self.imported is not None and given.imported:
            return self.imported(value, name)
        if self.check_in is not None:
            return self.check_in(value, name, given)
        return value if self.check is None else self.check(value, name)


def sealed(description: str, check: Check | None = None, **options: Any) -> Any:
    """A field that is sealed in its row's content; the options are those of `Part`."""
    return _Marked(description, sealed=True, options={"check": check, **options})


def plain(description: str, **options: Any) -> Any:
    """A field that the database can read, for values that identify nobody."""
    return _Marked(description, sealed=False, options=options)


def shown(description: str) -> Any:
    """A column that every category has, shown as a field of this one."""
    return _Marked(description, sealed=False, options={}, shown=True)


@dataclass(frozen=True, slots=True)
class _Marked:
    description: str
    sealed: bool
    options: dict[str, Any]
    shown: bool = False

    def part(self, name: str, annotation: Any) -> Part:
        inner = typing.get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
        kind = next(member for member in inner if member is not type(None))
        return Part(name, kind, type(None) in inner, self.sealed, self.description, **self.options)


@dataclass(frozen=True)
class Declaration:
    """What is declared of a category.

    Attributes:
        category: its name is that of the file which declares it.
        name: of the GraphQL type.
        about: what it is about, in a sentence.
        parts: its fields by name.
        shown: columns that every category has and this one shows, by name.
        edge: the field of a customer that leads to its rows.
        term: of the Data Privacy Vocabulary; no two categories share one.
        many: whether a customer has any number of rows.
        one_per: of which field's values a customer has one row each; None: of any.
        most: how many rows a customer can add.
        written_by_customers: whether they add, change and remove rows; else they ask to have them put right.
        in_intake: whether it is taken in with a new customer.
        submitted_sealed: whether it comes sealed to the server, past everything between.
        stays_behind: why rows of an archive are not taken in, as a code; None: they are.
        words: what it is called, by language.
    """

    category: Category
    name: str
    about: str
    parts: dict[str, Part]
    shown: dict[str, Part]
    edge: str
    term: str
    many: bool = True
    one_per: str | None = None
    most: int = 50
    written_by_customers: bool = False
    in_intake: bool = False
    submitted_sealed: bool = False
    stays_behind: str | None = None
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ValueError with the name of the category."""
        if self.one_per is not None and self.one_per not in self.parts:
            raise ValueError(f"{self.name}: one_per names `{self.one_per}`, which is no field of it")
        if self.submitted_sealed and self.written_by_customers:
            raise ValueError(f"{self.name}: what is submitted sealed is not written in plain")
        for part in self.parts.values():
            # The API has the names of a closed list, and a content its values: both are read.
            if isinstance(part.type, EnumType) and any(
                word.name != word.value for word in list[Any](part.type)
            ):
                raise ValueError(f"{self.name}.{part.name}: the words of the list are not their names")

    @property
    def single(self) -> bool:
        """Whether a customer has only one row: one at all, or one for each value of a field."""
        return not self.many or self.one_per is not None

    def key_of(self, content: Any) -> Any:
        """What a customer has one row for; None in a row that does not open, and where there is only one."""
        return getattr(content, self.one_per, None) if self.one_per else None

    @property
    def released(self) -> list[Part]:
        """The fields that may leave the server."""
        return [part for part in self.parts.values() if not part.secret]

    def word(self, language: str) -> str:
        """What it is called in a language; in English where it has no word there."""
        return self.words.get(language[:2], self.category.value.replace("_", " "))


def camel(name: str) -> str:
    """`snake_case` as `camelCase`."""
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


def snake(name: str) -> str:
    """`CamelCase` as `snake_case`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def parts_of(
    attributes: dict[str, Any], annotations: Mapping[str, Any], *, shown: bool = False
) -> dict[str, Part]:
    """The fields declared in a class body, or the common columns that it shows, by name; they are taken out of it."""
    marked = {
        name: value
        for name, value in attributes.items()
        if isinstance(value, _Marked) and value.shown is shown
    }
    for name in marked:
        del attributes[name]
    return {name: marker.part(name, annotations[name]) for name, marker in marked.items()}


def content_of(name: str, module: str, parts: Mapping[str, Part]) -> type:
    """The frozen dataclass of the sealed values, as JSON has them."""
    inside = [part for part in parts.values() if part.sealed]
    ordered = sorted(inside, key=lambda part: part.empty or part.several is not None)
    members = [(part.name, _stored(part), _default(part)) for part in ordered]
    namespace = {"__module__": module, "__doc__": "The sealed values of a row."}
    return dataclasses.make_dataclass(name, members, frozen=True, slots=True, repr=False, namespace=namespace)


def columns_of(parts: Mapping[str, Part], content: type) -> dict[str, fields.Field[Any]]:
    """The columns of the fields: the plain ones, the content, and its blind indexes."""
    columns = {part.name: _column(part) for part in parts.values() if not part.sealed}
    columns["content"] = Content(content)
    for part in parts.values():
        if part.found_by is not None:
            columns[f"{part.name}_index"] = BlindIndex(part.found_by, part.name)
    return columns


def stored(value: Any) -> Any:
    """A value in the form that a content stores, fit for JSON."""
    if isinstance(value, StrEnum):
        return value.value
    return (
        value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
    )


def _stored(part: Part) -> Any:
    kind: Any = part.type if part.several is not None or part.type in (int, bool) else str
    return kind | None if part.empty else kind


def _default(part: Part) -> Any:
    if part.several is not None:
        return dataclasses.field(default=())
    return dataclasses.field(default=None) if part.empty else dataclasses.field()


def _column(part: Part) -> fields.Field[Any]:
    options: dict[str, Any] = {"null": True} if part.empty else {}
    if issubclass(part.type, StrEnum):
        return OneOf(part.type, part.description, **options)
    field_types: dict[type, type[fields.Field[Any]]] = {
        datetime: fields.DatetimeField,
        date: fields.DateField,
        bool: fields.BooleanField,
        int: fields.IntField,
    }
    return field_types[part.type](description=part.description, **options)
