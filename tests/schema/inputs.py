"""The input of a mutation, as the published schema has it: filled with as little as must be, unless a case says otherwise."""

from datetime import datetime, timedelta
from typing import Any, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
)

from tests.people import BUILT

_MUTATION = BUILT._schema.mutation_type
assert _MUTATION is not None
MUTATIONS = _MUTATION.fields
#: What is said where a plain text would not do, by the field of an input.
SAID: dict[str, Any] = {
    "category": "CONTACT_POINT",
    "categories": ["CONTACT_POINT"],
    "purpose": "SUPPORT",
    "value": "ruta@example.org",
    "total": "12.50",
    "currency": "EUR",
    **dict.fromkeys(("occurredAt", "placedAt"), "2026-05-31T12:00:00Z"),
    "key": "k" * 24,
    "country": "LT",
    "numberTail": "0007",
    "field": "number",
    "wanted": "NR-2",
    "keyId": "none",
    "receivedOn": "2026-06-01",
}
#: The same of one mutation.
ONLY: dict[str, Any] = {
    "instructionRecord": {"kind": "RESTRICT", "category": None},
    "requestRecord": {"category": "ORDER"},
    "scanAppend": {"content": "JVBERi0x"},
}
#: Fields that need not be, but of which an input has to have one.
ALSO = {"category", "evidence", "country", "street", "city", "familyName", "wanted", "value", "topic"}
ALSO_OF = {
    "deskLookupMake": {"email"},
    "requestRecord": ALSO | {"customerId"},
    "scanBegin": {"instructionId"},
}
PLAIN = {"Boolean": True, "Int": 1, "String": "The house is on fire, and she is in it.", "Date": "2030-01-31"}


class About(Protocol):
    """What an input is about."""

    mutation: str

    @property
    def number(self) -> str:
        """The number of the customer whom it is about."""

    @property
    def now(self) -> datetime:
        """The present instant."""

    async def id(self, field: str) -> str:
        """The identifier that a field takes."""


class Input:
    """Fills an input with no more than must be; who wants more of it overrides what is named and what is said."""

    def __init__(self, about: About) -> None:
        self.about = about

    async def given(self) -> dict[str, Any]:
        """The input of the mutation."""
        return await self._filled(get_nullable_type(MUTATIONS[self.about.mutation].args["input"].type))

    def named(self, kind: Any) -> set[str]:
        """The fields of an input that are filled."""
        needed = {name for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return needed | (ALSO_OF.get(self.about.mutation, ALSO) & set(kind.fields))

    def said(self, name: str, kind: Any) -> Any:
        """What is said in a field that holds no identifier."""
        if name in ("customerNumber", "number", "email"):
            return f"{self.about.number}{'@example.org' if name == 'email' else ''}"
        if name == "reason" and str(kind) == "String":
            # The same reason is not accepted twice.
            return f"{PLAIN['String']} {self.about.number}"
        said = SAID | ONLY.get(self.about.mutation, {})
        if name in said:
            return said[name]
        if isinstance(kind, GraphQLEnumType):
            return next(iter(kind.values))
        later = (self.about.now + timedelta(days=30)).isoformat()
        return later if str(kind) == "DateTime" else PLAIN[str(kind)]

    async def _filled(self, kind: Any) -> dict[str, Any]:
        return {name: await self._value(name, kind.fields[name]) for name in sorted(self.named(kind))}

    async def _value(self, name: str, field: GraphQLInputField) -> Any:
        kind: Any = get_nullable_type(field.type)
        if isinstance(kind, GraphQLInputObjectType):
            return await self._filled(kind)
        if isinstance(kind, GraphQLList) and name not in SAID:
            return [] if field.default_value == [] else [await self._filled(get_named_type(kind))]
        if str(kind) == "ID" and name not in SAID:
            return await self.about.id(name)
        return self.said(name, kind)


async def given(about: About) -> dict[str, Any]:
    """The input of a mutation, with no more in it than must be."""
    return await Input(about).given()
