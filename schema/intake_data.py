"""What is taken in at once, as a client gives it."""

from __future__ import annotations

from dataclasses import asdict

import strawberry

from models import (
    AddressContent,
    IntakeAddress,
    IntakeConsent,
    IntakeContent,
    IntakePoint,
    PersonalCodeContent,
)
from schema.enums import AddressKind, Category, ContactKind, Purpose
from schema.reading import key_of


@strawberry.input(description="One way to reach a customer.")
class ContactPointInput:
    """A contact point to be kept."""

    kind: ContactKind = strawberry.field(description="By what means.")
    value: str = strawberry.field(description="An e-mail address, or a number with its country's code.")


@strawberry.input(description="Where a customer receives things.")
class PostalAddressInput:
    """A postal address to be kept."""

    kind: AddressKind = strawberry.field(description="What it is for.")
    street: str | None = strawberry.field(default=None, description="Street and house.")
    city: str | None = strawberry.field(default=None, description="The place.")
    region: str | None = strawberry.field(default=None, description="The region, where one is written.")
    postal_code: str | None = strawberry.field(default=None, description="The postal code.")
    country: str | None = strawberry.field(default=None, description="The country's two letters.")


@strawberry.input(description="The number by which a state knows a customer.")
class PersonalCodeInput:
    """A personal code to be kept."""

    code: str = strawberry.field(description="The code.")
    country: str = strawberry.field(description="The two letters of the country that gave it.")


@strawberry.input(description="A consent given together with the data.")
class IntakeConsentInput:
    """One category, one purpose, and the notice that was shown."""

    category: Category = strawberry.field(description="To what.")
    purpose: Purpose = strawberry.field(description="What for.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that was shown.")


@strawberry.input(description="What is taken in at once; nothing of a category without a consent to it.")
class IntakeDataInput:
    """The data and the consents they rest on."""

    consents: list[IntakeConsentInput] = strawberry.field(description="What is consented to.")
    given_name: str | None = strawberry.field(default=None, description="The given names.")
    family_name: str | None = strawberry.field(default=None, description="The family name.")
    contact_points: list[ContactPointInput] = strawberry.field(
        default_factory=list, description="How the customer can be reached."
    )
    postal_addresses: list[PostalAddressInput] = strawberry.field(
        default_factory=list, description="Where the customer receives things."
    )
    personal_codes: list[PersonalCodeInput] = strawberry.field(
        default_factory=list, description="The numbers by which states know the customer."
    )


def content_of(data: IntakeDataInput) -> IntakeContent:
    """The same for the procedures.

    Raises:
        MalformedId, ForeignId: what is named as a notice is none.
    """
    return IntakeContent(
        consents=tuple(
            IntakeConsent(each.category.value, each.purpose.value, str(key_of(each.notice_id, "Notice")))
            for each in data.consents
        ),
        given_name=data.given_name,
        family_name=data.family_name,
        contact_points=tuple(IntakePoint(each.kind, each.value) for each in data.contact_points),
        postal_addresses=tuple(IntakeAddress(each.kind, _address(each)) for each in data.postal_addresses),
        personal_codes=tuple(PersonalCodeContent(each.code, each.country) for each in data.personal_codes),
    )


def _address(given: PostalAddressInput) -> AddressContent:
    parts = asdict(given)
    del parts["kind"]
    return AddressContent(**parts)
