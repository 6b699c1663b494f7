"""The two column kinds that hold anything personal: a row's content, and what finds it by equality.

Both store bytes and nothing outside this module knows how, so that sealing can take over here
without touching a caller.
"""

import dataclasses
import functools
import json
import types
import typing
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tortoise import Model, fields

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Content(fields.Field[Any]):
    """One row's personal values: a frozen dataclass of JSON-ready fields, stored as one value.

    Args:
        shape: the dataclass; its field names are the row's personal field names.
    """

    field_type = bytes
    SQL_TYPE = "BLOB"

    class _db_postgres:
        SQL_TYPE = "BYTEA"

    def __init__(self, shape: type, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = shape

    def describe(self, serializable: bool) -> dict[str, Any]:
        return {**super().describe(serializable), "shape": self.shape.__name__}

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> bytes | None:
        """Encode a content for the database; raises TypeError for another category's content."""
        if value is None:
            return None
        if not isinstance(value, self.shape):
            raise TypeError(f"a content of {self.shape.__name__} was expected")
        document = dataclasses.asdict(typing.cast("DataclassInstance", value))
        return _encoded(json.dumps(document, ensure_ascii=False, separators=(",", ":")))

    def to_python_value(self, value: Any) -> Any:
        """Decode what the database holds; a content passes unchanged, another category's is a TypeError."""
        if value is None or isinstance(value, self.shape):
            return value
        if dataclasses.is_dataclass(value):
            raise TypeError(f"a content of {self.shape.__name__} was expected")
        return _build(self.shape, json.loads(bytes(value)))


class Index(fields.Field[Any]):
    """What finds a personal value by equality, and by nothing else: never read back.

    Args:
        normalise: folds the spellings of one value together; takes and returns text.
    """

    field_type = bytes
    SQL_TYPE = "BLOB"

    class _db_postgres:
        SQL_TYPE = "BYTEA"

    def __init__(self, normalise: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**{"null": True, "db_index": True, **kwargs})
        self.normalise = normalise

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> bytes | None:
        """The searchable form of a value in plain text."""
        if value is None or isinstance(value, bytes):
            return value
        return _encoded(self.normalise(value))

    def to_python_value(self, value: Any) -> bytes | None:
        """The searchable form, of a value in plain text or as stored."""
        return _encoded(self.normalise(value)) if isinstance(value, str) else value and bytes(value)


def folded(text: str) -> str:
    """A name or an e-mail address in the one spelling that all its spellings share."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _encoded(text: str) -> bytes:
    """Text as bytes; half a surrogate pair is kept as it came."""
    return text.encode("utf-8", "surrogatepass")


def _build(shape: type, document: dict[str, Any]) -> Any:
    """A dataclass from its JSON form; lists of dataclasses become tuples of them."""
    hints = _hints(shape)
    values = {name: _value(hints[name], value) for name, value in document.items()}
    return shape(**values)


@functools.cache
def _hints(shape: type) -> dict[str, Any]:
    return typing.get_type_hints(shape)


def _value(hint: Any, value: Any) -> Any:
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
