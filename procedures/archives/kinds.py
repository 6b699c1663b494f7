"""What of an export can come in, kind by kind, and what stays behind and why.

A kind is a category, and its rows are read by the checks that its declaration names. A field that is not declared is
not known here: its row is refused, so that nothing is lost in silence.

    ROW_EMPTY      the row holds no data of the customer
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models import PERSONAL, Category, Part, Personal, camel, given
from models.errors import Unfit
from models.values import RowEmpty
from procedures.tables import LONGEST_CELL, Fields, RowFault, cells

#: Why kinds stay behind; what is not here, and no kind below, is not known here.
LEFT: Final[Mapping[str, str]] = {
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
            "legalHolds",
            "messages",
            "recipients",
            "requests",
            "tasks",
        ),
        "SENDERS_OWN",
    ),
}
_ASIDE: Final = frozenset({"id", "provenance", "withheld"})


@dataclass(frozen=True)
class Kind:
    """One kind of an export.

    Attributes:
        model: what its rows become.
        parts: what a row may hold, by its name in the export, beside `id` and what the sender knows of it.
    """

    model: type[Personal]
    parts: Mapping[str, Part]

    @property
    def name(self) -> str:
        """As the export has it."""
        return self.model.declared.edge

    @property
    def category(self) -> Category:
        """The category of its rows."""
        return self.model.category

    @property
    def fields(self) -> frozenset[str]:
        """What a row may hold; of what lies in a list, each part by its own name: `lines.product`."""
        return frozenset(name for part in self.parts.values() for name in _names(part))

    def row(self, fields: Fields, now: datetime) -> Any:
        """A row of this kind, with everything but whose it is and where it comes from; raises RowFault."""
        cells.check_characters(fields)
        try:
            values = {part.name: _value(part, fields) for part in self.parts.values()}
            parts = {part.name: part for part in self.parts.values()}
            return self.model.made(self.model.checked(given(values, now=now, imported=True), parts))
        except RowEmpty:
            raise RowFault("ROW_EMPTY", f"the {self.name} tell nothing of the customer") from None
        except Unfit as error:
            raise RowFault(error.code, f"{error.field or self.name} cannot be used") from None


def rows(held: Any) -> Sequence[Any]:
    """The rows of a kind: a list, one, or none."""
    if held is None:
        return []
    return held if isinstance(held, list) else [held]


def fields_of(kind: Kind, row: Any) -> Fields:
    """The fields of a row as texts, what lies in a list under `lines.product` and the like; raises RowFault."""
    if not isinstance(row, dict):
        raise _malformed()
    key = _text(row.get("id", ""))
    found: Fields = {"key": [key]} if key.strip() else {}
    for name, text in _texts(row, _ASIDE | {camel(each) for each in kind.model.declared.shown}):
        if name not in kind.fields:
            raise RowFault("FIELD_UNKNOWN", "the row holds a field that is not known here")
        if len(text) > LONGEST_CELL:
            raise RowFault("CELL_TOO_LONG", f"a value is longer than {LONGEST_CELL} characters")
        found.setdefault(name, []).append(text)
    return found


def _texts(row: dict[str, Any], aside: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name in aside or value is None or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, list):
            for inner in value:
                yield from _of_line(name, inner, value[0])
        else:
            yield name, _text(value)


def _of_line(name: str, inner: Any, first: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(inner, dict) or inner.keys() != first.keys():
        raise _malformed()
    for below, value in inner.items():
        yield f"{name}.{below}", _text(value)


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
        return _several(part, fields)
    return part.read(fields[name][0], name) if name in fields else None


def _several(part: Part, fields: Fields) -> tuple[Any, ...]:
    """What lies in a list of a row: a value of each column makes one."""
    record = part.several
    columns = [fields.get(name, []) for name in _names(part)]
    if len({len(column) for column in columns}) > 1:
        raise _malformed()
    checks: list[Callable[[str, str], Any]] = [
        each.metadata.get("check", lambda text, _: text) for each in dataclasses.fields(record)
    ]
    names = _names(part)
    return tuple(
        record(*(check(text, name) for check, text, name in zip(checks, texts, names, strict=True)))
        for texts in zip(*columns, strict=True)
    )


def _kind(model: type[Personal]) -> Kind:
    parts = [part for part in model.declared.released if model.declared.stays_behind is None]
    return Kind(model, {camel(part.name): part for part in parts})


KINDS: Final = tuple(_kind(model) for model in PERSONAL.values() if model.declared.stays_behind is None)
