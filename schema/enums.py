"""The lists of the schema: those of the models, each word with its sentence, and the words that policies declare."""

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
    """Make an enum of the models one of the schema, with a sentence for each of its values."""
    strawberry.enum(enumeration, name=name, description=description)
    definition: Any = enumeration.__strawberry_definition__  # type: ignore[attr-defined] # made the line above
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise LookupError(f"{enumeration.__name__} has no {', '.join(values)}")


def declare(words: type[Word], description: str, sentences: Mapping[W, str]) -> None:
    """Make declared words an enum of the schemas that are built from now on, each with the policies' sentence."""
    values = [EnumValue(word.name, word.value, description=said) for word, said in sentences.items()]
    # Strawberry makes definitions of Python's enums only, and reads the definition of whatever has one.
    words.__strawberry_definition__ = StrawberryEnumDefinition(  # type: ignore[attr-defined] # as it does itself
        wrapped_cls=cast(EnumMeta, words), name=words.__name__, values=values, description=description
    )


def of_policies(declared: Declared) -> None:
    """Make the purposes and roles of policies the schema's."""
    declare(Purpose, "Why personal data may be used.", declared.purposes)
    declare(Role, "What an employee is here to do.", declared.roles)


for _choice in Choice.__subclasses__():
    describe(
        _choice,
        (_choice.__doc__ or "").partition("\n")[0],
        NAMES.get(_choice),
        **{word.name: word.description for word in _choice},
    )
describe(
    Category,
    "A kind of personal data, consented to as one.",
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
    "What kind of caller asked.",
    EMPLOYEE="One of the company's staff.",
    CUSTOMER="A customer.",
    PARTNER_CLIENT="A subcontractor's program.",
    ANONYMOUS="Somebody who had not signed in.",
)
