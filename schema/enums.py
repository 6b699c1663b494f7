"""The enums of the schema: those of the models, and the purposes and roles that policies declare."""

from collections.abc import Mapping
from enum import Enum, EnumMeta
from typing import Any, TypeVar, cast

import strawberry
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from models import (
    PERSONAL,
    Category,
    Choice,
    Occasion,
    Outcome,
    Purpose,
    ReviewReason,
    Role,
    Template,
    Verdict,
    Word,
)
from policies.language import Declared

W = TypeVar("W", bound=Word)
C = TypeVar("C", bound=Choice)

#: What the API calls a list whose name in the models would be unclear there.
NAMES = {
    Occasion: "TaskOccasion",
    Outcome: "TaskOutcome",
    ReviewReason: "TaskReviewReason",
    Template: "MessageTemplate",
    Verdict: "ReviewVerdict",
}


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


def summary(of: type) -> str:
    """The first line of a docstring."""
    return (of.__doc__ or "").partition("\n")[0]


def choice(choices: type[C]) -> type[C]:
    """Class decorator: makes a list of choices an enum of the schema."""
    describe(
        choices, summary(choices), NAMES.get(choices), **{each.name: each.description for each in choices}
    )
    return choices


for _choices in Choice.__subclasses__():
    choice(_choices)
describe(
    Category,
    "A kind of personal data; customers consent to each one separately.",
    **{category.name: PERSONAL[category].declared.about for category in Category},
)


@choice
class ActorKind(Choice):
    """The kind of caller."""

    EMPLOYEE = "Employee", "An employee."
    CUSTOMER = "Customer", "A customer."
    PARTNER_CLIENT = "PartnerClient", "A program of a partner."
    ANONYMOUS = "Anonymous", "Somebody who was not signed in."
    OPERATOR = "System", "The operator of the server, at the command line."


@choice
class Direction(Choice):
    """The direction of sorting."""

    ASC = "asc", "Ascending."
    DESC = "desc", "Descending."
