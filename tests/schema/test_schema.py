"""The published schema: a file under comparison, and rules that hold for every type."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLScalarType,
    is_non_null_type,
    is_specified_scalar_type,
)

import schema
from docs.pages import WRITE
from policies.errors import PolicyError
from policies.language.text import read
from policies.policy import HERE, Policy
from schema.build import check, published
from schema.reading import names
from schema.scalars import amount, instant
from tests.people import BUILT

FILE = Path(schema.__file__).with_name("schema.graphql")
TYPES = BUILT._schema.type_map


def test_the_published_schema_is_the_one_that_is_served() -> None:
    assert FILE.read_text(encoding="utf-8") == published(BUILT), f"Write it anew: {WRITE}"


def test_whatever_may_be_withheld_may_be_null() -> None:
    # Some are shown only as a value of another record.
    kinds: dict[str, Any] = {name: TYPES[name] for name in names() if name in TYPES}
    assert kinds
    for name, kind in kinds.items():
        fixed = {field for field, item in kind.fields.items() if is_non_null_type(item.type)}
        assert fixed <= {"id", "withheld"}, name


def test_nothing_counts_what_may_not_be_seen() -> None:
    objects = [kind for kind in TYPES.values() if isinstance(kind, GraphQLObjectType)]
    assert not [kind.name for kind in objects for field in kind.fields if field.endswith("Count")]


def test_whatever_is_published_says_what_it_is() -> None:
    assert not [name for name, item in _everything() if not item.description]


def test_every_scalar_of_ours_names_its_specification() -> None:
    ours = [kind for kind in TYPES.values() if isinstance(kind, GraphQLScalarType)]
    assert {kind.name for kind in ours if not is_specified_scalar_type(kind)} == {
        "Date",
        "DateTime",
        "Decimal",
    }
    assert all(kind.specified_by_url for kind in ours if not is_specified_scalar_type(kind))


@pytest.mark.parametrize(
    "text", ["2026-06-01T12:00:00", "noon", "", "2026-06-01", None, "0001-01-01T00:00:00+14:00"]
)
def test_a_time_that_is_no_instant_is_refused(text: Any) -> None:
    with pytest.raises(GraphQLError, match="an instant with its offset"):
        instant(text)


@pytest.mark.parametrize("text", ["twelve", "NaN", "Infinity", 12.5, None, "1_000x"])
def test_an_amount_that_is_no_number_is_refused(text: Any) -> None:
    with pytest.raises(GraphQLError, match="a decimal number"):
        amount(text)


def _everything() -> Iterator[tuple[str, Any]]:
    """Types, fields, arguments and values of enums, by their names."""
    for name, kind in TYPES.items():
        if name.startswith("__"):
            continue
        yield name, kind
        parts = {**getattr(kind, "fields", {}), **getattr(kind, "values", {})}
        for part, item in parts.items():
            yield f"{name}.{part}", item
            for argument, its in getattr(item, "args", {}).items():
                yield f"{name}.{part}({argument})", its


async def test_a_field_that_nobody_classified_is_refused_by_name(sqlite: None) -> None:
    forgotten = {name: text.replace('"city", ', "") for name, text in read(HERE).items()}

    with pytest.raises(PolicyError, match=r"PostalAddress\.city"):
        check(BUILT, Policy(forgotten))
