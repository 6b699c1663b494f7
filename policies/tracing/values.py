"""What rules that are followed through records meet: values, records, and what stands for a record that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policies.compiler import Unknown
from policies.conditions import ACTORS, ORDER, Anyone, Facts


@dataclass(frozen=True, eq=False)
class Missing:
    """Stands for a record that is not there, with the rules that looked for it."""

    sources: frozenset[str | None] = frozenset()


def attribute(of: Any, name: str) -> Any:
    """What is found under a name; what was not loaded is missing."""
    if isinstance(of, Missing):
        return Missing(of.sources)
    return getattr(of, name, None if isinstance(of, Anyone) else Missing())


def is_of(value: Any, tag: str) -> bool:
    """Whether a value is of a class."""
    if isinstance(value, Facts):
        return tag in (value._resource.name, "Record") or (tag == "Personal" and value._resource.personal)
    return tag in ACTORS and isinstance(value, ACTORS[tag])


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; records are where they are the same record."""
    if isinstance(left, Facts) and isinstance(right, Facts):
        return left._resource.name == right._resource.name and bool(
            attribute(left, "id") == attribute(right, "id")
        )
    return bool(left == right)


def ordered(sign: str, left: Any, right: Any) -> bool | None:
    """Whether a comparison by a sign other than `=` holds; None where it is about a record that is not there."""
    if isinstance(left, Missing | Unknown) or isinstance(right, Missing | Unknown):
        return None
    if sign == "!=":
        return not equal(left, right)
    return left is not None and right is not None and ORDER[sign](left, right)
