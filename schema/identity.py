"""Who a customer is."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.asker import Asker
from procedures.own import identity as identities
from procedures.own import own_data
from schema.own_change import REVISION
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
@strawberry.type(description="Who a customer is.")
class Identity(Released, Guarded):
    """The category `identity`."""

    given_name: str | None = value("Given names, as the customer writes them.")
    family_name: str | None = value("Family names, as the customer writes them.")
    company_name: str | None = value("The company the customer speaks for.")
    provenance: Provenance | None = value(PROVENANCE)


@strawberry.input(description="One's own names, as they are to be; one that is left out is empty.")
class IdentityChangeInput:
    """The names."""

    customer_id: strawberry.ID = strawberry.field(description="Whose.")
    given_name: str | None = strawberry.field(default=None, description="Given names.")
    family_name: str | None = strawberry.field(default=None, description="Family names.")
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="Names that were changed, and are verified no more.")
class IdentityChangePayload(Plain):
    """The identity, as the asker may see it."""

    identity: Identity | None = strawberry.field(default=None, description="The identity.")
    user_errors: list[UserError] = errors()


@strawberry.type
class IdentityMutations:
    """What can be done about identities."""

    @strawberry.mutation(description="Change one's own names.")
    async def identity_change(
        self,
        info: Info[Context, None],
        input: Annotated[IdentityChangeInput, strawberry.argument(description="What to do.")],
    ) -> IdentityChangePayload:
        """Change one's names."""
        work = _change(asker_of(info), input)
        return IdentityChangePayload(**await answered(info, "Identity", "identity", work))


async def _change(asker: Asker, input: IdentityChangeInput) -> Any:
    customer, wanted = (
        key_of(input.customer_id, "Customer"),
        own_data.identity(input.given_name, input.family_name),
    )
    return await identities.change(customer, wanted, by=asker, revision=input.revision)
