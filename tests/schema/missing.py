"""Queries and mutations of the schema, each written so that it looks up what is not there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
)

from procedures.current import installation
from procedures.lookup import Bounds
from schema.reading import encode, names
from tests.people import BUILT, Answer, Someone

SCHEMA: Any = BUILT._schema
CUSTOMER = "query ($id: ID!) { customer(id: $id) { number } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
BY_EMAIL = "query ($email: String!) { customers(filter: {email: $email}) { nodes { id } } }"


def somebody() -> str:
    """The identifier of a customer who is not there."""
    return encode("Customer", uuid4())


def unbounded() -> None:
    """Nobody is slowed down in this installation, however much they miss: for tests that try more than a day allows."""
    installation().instance(Bounds).a_day = 10**6


def leaves(kind: Any) -> Iterator[str]:
    """The named types of all values that an argument takes."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        for field in named.fields.values():
            yield from leaves(field.type)
    else:
        yield str(named)


def looks_up(operation: Any, *kinds: str) -> list[str]:
    """The fields of an operation that take an identifier or a text, other than a cursor."""
    return [
        name
        for name, field in sorted(operation.fields.items())
        if any(
            leaf in kinds
            for argument, each in field.args.items()
            if argument != "after"
            for leaf in leaves(each.type)
        )
    ]


@dataclass(frozen=True)
class Asking:
    """Writes a query or mutation that looks up what is not there.

    Attributes:
        every: also the arguments that may be left out.
        id: of what type an argument `id` is.
    """

    every: bool
    id: str

    def written(self, kind: Any) -> str:
        """A value that fits a type."""
        bare = get_nullable_type(kind)
        if isinstance(bare, GraphQLList):
            return f"[{self.written(bare.of_type)}]"
        if isinstance(bare, GraphQLInputObjectType):
            return f"{{{self.given(bare.fields)}}}"
        if isinstance(bare, GraphQLEnumType):
            return str(min(bare.values))
        texts = {
            "Int": "1",
            "Boolean": "false",
            "DateTime": '"2026-06-01T12:00:00Z"',
            "Date": '"2026-06-01"',
            "Decimal": '"12.50"',
        }
        return texts.get(str(bare), '"nothing 37060000009"')

    def given(self, parts: Any) -> str:
        """Arguments, or the members of an input; of those that name a record if at all, all that do."""
        ids = {name for name, part in parts.items() if str(get_named_type(part.type)) == "ID"}
        needed = {name for name, part in parts.items() if isinstance(part.type, GraphQLNonNull)}
        given = needed | (set() if ids & needed else ids)
        return ", ".join(
            f"{name}: {self.identifier(name) if name in ids else self.written(part.type)}"
            for name, part in parts.items()
            if name in given or (self.every and name not in ("after", "orderBy", "purpose"))
        )

    def identifier(self, name: str) -> str:
        """The identifier of a record of the type that an argument is named after, and which is not there."""
        kinds = {"from": "Notice", "to": "Notice", "assigneeId": "Employee", "recordId": "HealthRecord"}
        kind = kinds.get(name, self.id if name in ("id", "ids") else name[0].upper() + name[1:-2])
        wanted = f'"{encode(kind, uuid4())}"'
        return f"[{wanted}]" if name == "ids" else wanted


async def tried(by: Someone, operation: str, field: str) -> Answer:
    """What somebody is answered who looks up by a field what is not there."""
    described = getattr(SCHEMA, f"{operation}_type").fields[field]
    returned: Any = get_named_type(described.type)
    id = returned.name if returned.name in names() else "Customer"
    given = Asking(operation == "query", id).given(described.args)
    below = "{ __typename }" if hasattr(returned, "fields") else ""
    return await by.asks(f"{operation} {{ {field}({given}) {below} }}")
