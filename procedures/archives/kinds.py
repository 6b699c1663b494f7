"""Which kinds of an export can be imported, and why the others are left out.

A kind is a category, and its rows are read by the checks that its declaration names. A row with a field that is not
declared is refused, so that nothing is lost unnoticed.

    ROW_EMPTY      the row holds no data of the customer
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models import PERSONAL, Category, Given, Part, Personal, camel
from models.errors import Unfit
from models.values import RowEmpty
from procedures.tables import LONGEST_CELL, Fields, RowFault, cells

#: Why kinds are left out, by their names in the export; a name that is neither here nor in KINDS is unknown.
LEFT_OUT: Final[Mapping[str, str]] = {
    **{
        model.declared.edge: model.declared.stays_behind
        for model in PERSONAL.values()
        if model.declared.stays_behind
    },
    "attestations": "VERIFIED_ELSEWHERE",
    **dict.fromkeys(
        (
            "accessLog",
            "breakGlasses",
            "consents",
            "customer",
            "dictations",
            "instructions",
            "legalHolds",
            "messages",
            "outsideKeys",
            "recipients",
            "requests",
            "scans",
            "tasks",
        ),
        "SENDERS_OWN",
    ),
}
_IGNORED: Final = frozenset({"id", "provenance", "withheld"})


@dataclass(frozen=True)
class Kind:
    """One kind of an export.

    Attributes:
        model: the table that its rows go into.
        parts: the fields that a row may hold, by their names in the export, beside `id` and the sender's own.
    """

    model: type[Personal]
    parts: Mapping[str, Part]

    @property
    def name(self) -> str:
        """The kind's name in the export."""
        return self.model.declared.edge

    @property
    def category(self) -> Category:
        """The category that the kind is."""
        return self.model.category

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields of a row; a field of an element of a list as `lines.product`."""
        return frozenset(name for part in self.parts.values() for name in _names(part))

    def row(self, fields: Fields, now: datetime) -> Any:
        """A row of this kind without its customer, consent and source; raises RowFault."""
        cells.check_characters(fields)
        try:
            values = {part.name: _value(part, fields) for part in self.parts.values()}
            parts = {part.name: part for part in self.parts.values()}
            return self.model.from_values(self.model.checked(Given(values, now=now, imported=True), parts))
        except RowEmpty:
            raise RowFault("ROW_EMPTY", f"the {self.name} tell nothing of the customer") from None
        except Unfit as error:
            raise RowFault(error.code, f"{error.field or self.name} cannot be used") from None


def rows(value: Any) -> Sequence[Any]:
    """The rows of a kind as a list, of whatever the export holds of it: a list, one row, or nothing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def fields_of(kind: Kind, row: Any) -> Fields:
    """The fields of a row as texts, those of the elements of a list as `lines.product`; raises RowFault."""
    if not isinstance(row, dict):
        raise _malformed()
    key = _text(row.get("id", ""))
    fields: Fields = {"key": [key]} if key.strip() else {}
    for name, text in _texts(row, kind):
        if name not in kind.fields:
            raise RowFault("FIELD_UNKNOWN", "the row holds a field that is not known here")
        if len(text) > LONGEST_CELL:
            raise RowFault("CELL_TOO_LONG", f"a value is longer than {LONGEST_CELL} characters")
        fields.setdefault(name, []).append(text)
    return fields


def _texts(row: dict[str, Any], kind: Kind) -> Iterator[tuple[str, str]]:
    ignored = _IGNORED | {camel(each) for each in kind.model.declared.shown}
    for name, value in row.items():
        if name in ignored or value is None or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, list):
            for element in value:
                yield from _element_texts(name, element, value[0])
        elif isinstance(value, bool) and name in kind.parts and kind.parts[name].type is bool:
            yield name, str(value).lower()
        else:
            yield name, _text(value)


def _element_texts(name: str, element: Any, first: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(element, dict) or element.keys() != first.keys():
        raise _malformed()
    for field, value in element.items():
        yield f"{name}.{field}", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _malformed()
    return str(value)


def _malformed() -> RowFault:
    return RowFault("ROW_MALFORMED", "the row is not such as an export holds")


def _names(part: Part) -> list[str]:
    name = camel(part.name)
    if part.several is None:
        return [name]
    return [f"{name}.{camel(each.name)}" for each in dataclasses.fields(part.several)]


def _value(part: Part, fields: Fields) -> Any:
    name = camel(part.name)
    if part.several is not None:
        return _elements(part, fields)
    return part.read(fields[name][0], name) if name in fields else None


def _elements(part: Part, fields: Fields) -> tuple[Any, ...]:
    """The elements of a list in a row, each made of one value of every field."""
    record, names = part.several, _names(part)
    columns = [fields.get(name, []) for name in names]
    if len({len(column) for column in columns}) > 1:
        raise _malformed()
    checks: list[Callable[[str, str], Any]] = [
        each.metadata.get("check", lambda text, _: text) for each in dataclasses.fields(record)
    ]
    return tuple(
        record(*(check(text, name) for check, text, name in zip(checks, texts, names, strict=True)))
        for texts in zip(*columns, strict=True)
    )


def _kind(model: type[Personal]) -> Kind:
    parts = [part for part in model.declared.released if model.declared.stays_behind is None]
    return Kind(model, {camel(part.name): part for part in parts})


KINDS: Final = tuple(_kind(model) for model in PERSONAL.values() if model.declared.stays_behind is None)
