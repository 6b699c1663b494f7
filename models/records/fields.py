"""The two kinds of columns for personal values: a row's sealed content, and blind indexes to find it by."""

import dataclasses
import functools
import json
import types
import typing
import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tortoise import Model, fields

from vault import vault
from vault.errors import SealBroken
from vault.ring import Ring
from vault.seal import Sealed, open_, place, seal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Content(fields.Field[Any]):
    """One row's personal values: a frozen dataclass of JSON-ready fields, sealed as one value.

    Reading a row through its model gives the content as `Sealed`; `models.records.sealed.opened` opens it. Writing
    needs the row, because a content is sealed for its place: a bulk update of contents is a TypeError.

    Args:
        shape: the dataclass; its field names are the row's personal field names.
        version: of the shape; a content sealed as another version does not open.
    """

    field_type = bytes
    SQL_TYPE = "BLOB"

    class _db_postgres:
        SQL_TYPE = "BYTEA"

    def __init__(self, shape: type = object, version: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if shown := [each.__name__ for each in _shapes(shape) if each.__dataclass_params__.repr]:
            raise TypeError(f"{', '.join(shown)} would print values: say repr=False")
        self.shape = shape
        self.version = version

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """The field as a migration writes it: the column alone, without the shape of its content."""
        path, positional, options = super().deconstruct()
        return path, positional, _without(options, "shape", "version")

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> bytes | None:
        """Seal a content for its row; raises TypeError for another category's, or where there is no row."""
        if value is None:
            return None
        if isinstance(value, Sealed):
            return value.raw
        if not isinstance(value, self.shape):
            raise TypeError(f"a content of {self.shape.__name__} was expected")
        row: Any = instance
        if isinstance(row, type) or row.ring is None:
            raise TypeError("a content is written by saving its row")
        return self.sealed(row.ring, row.id, row.revision, value, row.key_name)

    def to_python_value(self, value: Any) -> Any:
        """What the database holds, still sealed; a content passes unchanged, another category's is a TypeError."""
        if value is None or isinstance(value, self.shape | Sealed):
            return value
        if dataclasses.is_dataclass(value):
            raise TypeError(f"a content of {self.shape.__name__} was expected")
        return Sealed(bytes(value))

    def place(self, row: Any, revision: int) -> bytes:
        """Where a content belongs: this table, that row, in that revision."""
        return place(self.model._meta.db_table, str(row), self.version, revision)

    def sealed(self, ring: Ring, row: Any, revision: int, value: Any, category: str | None = None) -> bytes:
        """A content sealed for a row and revision, under the newest key of its category; the table's unless given."""
        model: Any = self.model
        return seal(
            ring.key(category or model.own_key or model.category),
            self.place(row, revision),
            self.encode(value),
        )

    def open(
        self, ring: Ring | None, row: Any, revision: int, sealed: Sealed, category: str | None = None
    ) -> Any:
        """The content of a row; of the table's category unless another is given.

        Raises:
            SealBroken: it was not sealed for this row and revision under a key of this customer.
        """
        if ring is None:
            raise SealBroken
        model: Any = self.model
        key = ring.opener(category or model.own_key or model.category, sealed)
        return self.decode(open_(key, self.place(row, revision), sealed))

    def encode(self, value: Any) -> bytes:
        """A content in plain bytes: JSON."""
        document = dataclasses.asdict(typing.cast("DataclassInstance", value))
        return _encoded(json.dumps(document, ensure_ascii=False, separators=(",", ":")))

    def decode(self, plain: bytes) -> Any:
        """A content from its plain bytes."""
        return _build(self.shape, json.loads(plain))


def _shapes(shape: Any) -> Iterator[Any]:
    """A dataclass, and those that its fields hold."""
    if dataclasses.is_dataclass(shape):
        yield shape
        for held in typing.get_type_hints(shape).values():
            yield from _shapes(held)
    for inner in typing.get_args(shape):
        yield from _shapes(inner)


class BlindIndex(fields.BinaryField[Any]):
    """A keyed hash by which a personal value is found by equality; never read back.

    Args:
        normalise: folds the spellings of one value together; takes and returns text.
        part: which field of the row's content it finds, for making the index anew.
    """

    indexable = True

    def __init__(self, normalise: Callable[[str], str] = str, part: str = "", **kwargs: Any) -> None:
        super().__init__(**{"null": True, "db_index": True, **kwargs})
        self.normalise = normalise
        self.part = part

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """The field as a migration writes it: the column alone, without what it indexes."""
        path, positional, options = super().deconstruct()
        return path, positional, _without(options, "normalise", "part")

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> bytes | None:
        """The index of a value in plain text."""
        if value is None or isinstance(value, bytes):
            return value
        return vault.current().index(self._column, self._normal(value))

    def to_python_value(self, value: Any) -> Any:
        """What is stored, as bytes; a value in plain text passes until the row is saved."""
        return value if value is None or isinstance(value, str) else bytes(value)

    def lookup_indexes(self, text: str) -> tuple[bytes, bytes]:
        """The indexes to look for: the current one, and the one before while indexes are made anew."""
        return vault.current().lookup_indexes(self._column, self._normal(text))

    @property
    def _column(self) -> str:
        return f"{self.model._meta.db_table}.{self.model_field_name}"

    def _normal(self, text: str) -> bytes:
        return _encoded(self.normalise(text))


def folded(text: str) -> str:
    """A name or an e-mail address in the one spelling that all its spellings share."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _without(options: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


def _encoded(text: str) -> bytes:
    """Text as bytes; half a surrogate pair is kept as it came."""
    return text.encode("utf-8", "surrogatepass")


def _build(shape: type, document: dict[str, Any]) -> Any:
    """A dataclass from its JSON form; lists of dataclasses become tuples of them, and what it has no more is left out."""
    hints = _hints(shape)
    values = {name: _value(hints[name], value) for name, value in document.items() if name in hints}
    return shape(**values)


@functools.cache
def _hints(shape: type) -> dict[str, Any]:
    return typing.get_type_hints(shape)


def _value(hint: Any, value: Any) -> Any:
    if isinstance(value, dict) and typing.get_origin(hint) is dict:
        return value
    if isinstance(value, list):
        (inner, *_) = typing.get_args(hint)
        return tuple(_value(inner, item) for item in value)
    if isinstance(value, dict):
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        shapes = (
            option for option in options if isinstance(option, type) and dataclasses.is_dataclass(option)
        )
        return _build(next(shapes), value)
    return value
