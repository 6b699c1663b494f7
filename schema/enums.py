"""The closed lists of the schema: those of the models, each word with its sentence."""

from enum import Enum, StrEnum
from typing import Any

import strawberry

from models import PERSONAL, Category, Choice, Outcome, Purpose, Role, Template, Verdict

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
describe(
    Purpose,
    "Why personal data may be used.",
    SUPPORT="Helping a customer.",
    SALES="Selling to a customer.",
    DELIVERY="Bringing what was bought.",
    BILLING="Invoicing what was bought.",
    MARKETING="Writing about what a customer wants to hear of.",
    VERIFICATION="Verifying who a customer is.",
    CARE="Caring for a customer's health.",
)
describe(
    Role,
    "What an employee is here to do.",
    AGENT="Carries tasks.",
    MANAGER="Opens tasks and gives them to others.",
    PRIVACY_OFFICER="Watches over consents.",
    ADMINISTRATOR="Looks after the system, and sees no customer.",
)


class AskerKind(StrEnum):
    """The kinds of callers, by the names that the policies give them."""

    EMPLOYEE = "Employee"
    CUSTOMER = "Customer"
    PARTNER_CLIENT = "PartnerClient"
    ANONYMOUS = "Anonymous"


describe(
    AskerKind,
    "What kind of caller asked.",
    EMPLOYEE="One of the company's staff.",
    CUSTOMER="A customer.",
    PARTNER_CLIENT="A subcontractor's program.",
    ANONYMOUS="Somebody who had not signed in.",
)
