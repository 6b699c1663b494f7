"""The published schema: a file under comparison, and rules that hold for every type."""

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, is_non_null_type
from strawberry.printer import print_schema

import schema
from policies.errors import PolicyError
from policies.policy import Policy
from schema.build import check
from schema.shape import names
from tests.people import BUILT

FILE = Path(schema.__file__).with_name("schema.graphql")
TYPES = BUILT._schema.type_map


def test_the_published_schema_is_the_one_that_is_served() -> None:
    assert FILE.read_text() == print_schema(BUILT), "write the printed schema to schema/schema.graphql"


@pytest.mark.parametrize("name", names())
def test_whatever_may_be_withheld_may_be_null(name: str) -> None:
    kind: Any = TYPES.get(name)
    if kind is None:  # shown only as a value of another record
        return
    fixed = {field for field, item in kind.fields.items() if is_non_null_type(item.type)}
    assert fixed <= {"id", "withheld"}


def test_nothing_counts_what_may_not_be_seen() -> None:
    objects = [kind for kind in TYPES.values() if isinstance(kind, GraphQLObjectType)]
    assert not [kind.name for kind in objects for field in kind.fields if field.endswith("Count")]


def test_every_type_and_field_says_what_it_is() -> None:
    kinds = [kind for name, kind in TYPES.items() if not name.startswith("__")]
    silent = [kind.name for kind in kinds if not kind.description]
    silent += [f"{kind.name}.{name}" for kind in kinds for name, item in getattr(kind, "fields", {}).items()
               if not item.description]  # fmt: skip
    assert not silent


async def test_a_field_that_nobody_classified_is_refused_by_name(database: str) -> None:
    files = Policy.load().sources
    forgotten = {name: text.replace('"city", ', "") for name, text in files.items()}

    with pytest.raises(PolicyError, match=r"PostalAddress\.city"):
        check(BUILT, Policy(forgotten))
