"""The kinds of details that an entry of the ledger may hold: each checks a value and returns it in its one form.

A kind raises ValueError, TypeError or AttributeError for whatever does not fit.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Kind = Callable[[Any], Any]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def identifier(value: Any) -> str:
    """A UUID, in small letters with its hyphens."""
    # Most are as the database tells them, and an answer may name thousands.
    if isinstance(value, str) and _UUID.fullmatch(value) is not None:
        return value
    return str(value if isinstance(value, UUID) else UUID(value))


#: Nothing counted here comes near it, and personal codes and telephone numbers lie beyond it.
_MOST = 2**31 - 1


def count(value: Any) -> int:
    """A number of things: from 0 to 2,147,483,647."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError
    return value


def instant(value: Any) -> str:
    """An instant in UTC, to the microsecond."""
    if not isinstance(value, datetime):
        raise TypeError
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def matching(pattern: re.Pattern[str]) -> Kind:
    """The kind of texts that match a pattern."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise ValueError
        return str(value)

    return check


def among(values: Iterable[str]) -> Kind:
    """The kind of texts that are in a list."""
    allowed = frozenset(values)

    def check(value: Any) -> str:
        if str(value) not in allowed:
            raise ValueError
        return str(value)

    return check


def ordered(kind: Kind) -> Kind:
    """The kind of lists in which the order means nothing; they are sorted."""

    def check(values: Any) -> list[Any]:
        if isinstance(values, str | bytes):
            raise TypeError
        return sorted(map(kind, values))

    return check


def sequence(kind: Kind) -> Kind:
    """The kind of lists in which the order means something."""

    def check(values: Any) -> list[Any]:
        if isinstance(values, str | bytes):
            raise TypeError
        return list(map(kind, values))

    return check


def maybe(kind: Kind) -> Kind:
    """The kind of a detail that may be null."""
    return lambda value: None if value is None else kind(value)


def shape(**kinds: Kind) -> Kind:
    """The kind of objects with exactly these details."""

    def check(values: Any) -> dict[str, Any]:
        if not isinstance(values, Mapping) or values.keys() != kinds.keys():
            raise ValueError
        return {name: kind(values[name]) for name, kind in kinds.items()}

    return check


def mapping(key: Kind, value: Kind) -> Kind:
    """The kind of objects with any number of keys of one kind, and values of another."""

    def check(values: Any) -> dict[str, Any]:
        if not isinstance(values, Mapping):
            raise TypeError
        return {key(name): value(item) for name, item in values.items()}

    return check
