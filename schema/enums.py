"""The enums of the schema: those of the models, and the purposes and roles that policies declare."""

from collections.abc import Mapping
from enum import Enum, EnumMeta, StrEnum
from typing import Any, TypeVar, cast

import strawberry
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from models import PERSONAL, Category, Choice, Outcome, Purpose, Role, Template, Verdict, Word
from policies.declared import Declared

W = TypeVar("W", bound=Word)

#: What the API calls a list whose name in the models would be unclear there.
NAMES = {Outcome: "TaskOutcome", Template: "MessageTemplate", Verdict: "BreakGlassVerdict"}


def describe(enumeration: type[Enum], description: str, name: str | None = None, /, **values: str) -> None:
    """Make an enum of the models one of the schema, with a description for each of its values."""
    strawberry.enum(enumeration, name=name, description=description)
    definition: Any = enumeration.__strawberry_definition__  # type: ignore[attr-defined] # made the line above
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise LookupError(f"{enumeration.__name__} has no {', '.join(values)}")


def declare(vocabulary: type[Word], description: str, sentences: Mapping[W, str]) -> None:
    """Make a declared vocabulary an enum of the schemas built from now on, with the policies' descriptions."""
    values = [EnumValue(term.name, term.value, description=about) for term, about in sentences.items()]
    # Strawberry makes definitions of Python's enums only, and reads the definition of whatever has one.
    vocabulary.__strawberry_definition__ = StrawberryEnumDefinition(  # type: ignore[attr-defined] # as it does itself
        wrapped_cls=cast(EnumMeta, vocabulary),
        name=vocabulary.__name__,
        values=values,
        description=description,
    )


def of_policies(declared: Declared) -> None:
    """Make the purposes and roles of policies the schema's."""
    declare(Purpose, "A purpose for which personal data may be used.", declared.purposes)
    declare(Role, "A role of an employee.", declared.roles)


for _choice in Choice.__subclasses__():
    describe(
        _choice,
        (_choice.__doc__ or "").partition("\n")[0],
        NAMES.get(_choice),
        **{each.name: each.description for each in _choice},
    )
describe(
    Category,
    "A kind of personal data; customers consent to each one separately.",
    **{category.name: PERSONAL[category].declared.about for category in Category},
)


class ActorKind(StrEnum):
    """The kinds of callers, by the names that the policies give them."""

    EMPLOYEE = "Employee"
    CUSTOMER = "Customer"
    PARTNER_CLIENT = "PartnerClient"
    ANONYMOUS = "Anonymous"


describe(
    ActorKind,
    "The kind of caller.",
    EMPLOYEE="An employee.",
    CUSTOMER="A customer.",
    PARTNER_CLIENT="A program of a partner.",
    ANONYMOUS="Somebody who was not signed in.",
)
