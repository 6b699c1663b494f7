"""Where a customer lives or receives things."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import AddressContent
from policies.asker import Asker
from procedures.own import Wanted, own_data
from procedures.own import postal_address as postal_addresses
from schema.enums import AddressKind
from schema.legal_hold import HELD
from schema.own_change import REVISION, removed
from schema.reading import (
    PROVENANCE,
    Context,
    Guarded,
    Plain,
    Provenance,
    Released,
    UserError,
    answered,
    asker_of,
    errors,
    key_of,
    recorded,
    value,
)


@recorded
@strawberry.type(description="A postal address of a customer.")
class PostalAddress(Released, Guarded):
    """The category `address`."""

    kind: AddressKind | None = value("What the address is for.")
    street: str | None = value("Street and house.")
    city: str | None = value("City.")
    region: str | None = value("State, province or region.")
    postal_code: str | None = value("Postal code.")
    country: str | None = value("Country, as the customer writes it.")
    provenance: Provenance | None = value(PROVENANCE)


@strawberry.input(description="A postal address of one's own to add.")
class PostalAddressAddInput:
    """The row."""

    customer_id: strawberry.ID = strawberry.field(description="Whose.")
    kind: AddressKind = strawberry.field(description="What the address is for.")
    street: str | None = strawberry.field(default=None, description="Street and house.")
    city: str | None = strawberry.field(default=None, description="City.")
    region: str | None = strawberry.field(default=None, description="State, province or region.")
    postal_code: str | None = strawberry.field(default=None, description="Postal code.")
    country: str | None = strawberry.field(default=None, description="Country, by its two letters.")


@strawberry.type(description="A postal address that was added.")
class PostalAddressAddPayload(Plain):
    """The row, as the asker may see it."""

    postal_address: PostalAddress | None = strawberry.field(default=None, description="The postal address.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A postal address of one's own, as it is to be; what is left out is empty.")
class PostalAddressChangeInput:
    """The row."""

    postal_address_id: strawberry.ID = strawberry.field(description="The postal address.")
    kind: AddressKind = strawberry.field(description="What the address is for.")
    street: str | None = strawberry.field(default=None, description="Street and house.")
    city: str | None = strawberry.field(default=None, description="City.")
    region: str | None = strawberry.field(default=None, description="State, province or region.")
    postal_code: str | None = strawberry.field(default=None, description="Postal code.")
    country: str | None = strawberry.field(default=None, description="Country, by its two letters.")
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="A postal address that was changed, and is verified no more.")
class PostalAddressChangePayload(Plain):
    """The row, as the asker may see it."""

    postal_address: PostalAddress | None = strawberry.field(default=None, description="The postal address.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A postal address of one's own to remove.")
class PostalAddressRemoveInput:
    """The row."""

    postal_address_id: strawberry.ID = strawberry.field(description="The postal address.")
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="A postal address that was removed.")
class PostalAddressRemovePayload(Plain):
    """Which."""

    removed_id: strawberry.ID | None = strawberry.field(
        default=None, description="The identifier of what is gone."
    )
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.type
class PostalAddressMutations:
    """What can be done about postal addresses."""

    @strawberry.mutation(
        description="Add a postal address of one's own; one that is there already is not added twice."
    )
    async def postal_address_add(
        self,
        info: Info[Context, None],
        input: Annotated[PostalAddressAddInput, strawberry.argument(description="What to do.")],
    ) -> PostalAddressAddPayload:
        """Add a postal address."""
        work = _add(asker_of(info), input)
        return PostalAddressAddPayload(**await answered(info, "PostalAddress", "postal_address", work))

    @strawberry.mutation(description="Change a postal address of one's own.")
    async def postal_address_change(
        self,
        info: Info[Context, None],
        input: Annotated[PostalAddressChangeInput, strawberry.argument(description="What to do.")],
    ) -> PostalAddressChangePayload:
        """Change a postal address."""
        work = _change(asker_of(info), input)
        return PostalAddressChangePayload(**await answered(info, "PostalAddress", "postal_address", work))

    @strawberry.mutation(description="Remove a postal address of one's own.")
    async def postal_address_remove(
        self,
        info: Info[Context, None],
        input: Annotated[PostalAddressRemoveInput, strawberry.argument(description="What to do.")],
    ) -> PostalAddressRemovePayload:
        """Remove a postal address."""
        done = await removed(
            info, postal_addresses.remove, "PostalAddress", input.postal_address_id, input.revision
        )
        return PostalAddressRemovePayload(**done)


async def _add(asker: Asker, input: PostalAddressAddInput) -> Any:
    customer = key_of(input.customer_id, "Customer")
    return await postal_addresses.add(customer, _wanted(input), by=asker)


async def _change(asker: Asker, input: PostalAddressChangeInput) -> Any:
    row = key_of(input.postal_address_id, "PostalAddress")
    return await postal_addresses.change(row, _wanted(input), by=asker, revision=input.revision)


def _wanted(input: PostalAddressAddInput | PostalAddressChangeInput) -> Wanted:
    return own_data.postal_address(
        input.kind, AddressContent(input.street, input.city, input.region, input.postal_code, input.country)
    )
