"""Restriction: the data are kept and not used."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.actor import Actor
from procedures.consent import restriction
from schema.customer import Customer
from schema.reading import Context, Plain, UserError, actor_of, answered, errors, key_of


@strawberry.input(description="A customer whose data are to be kept and not used.")
class RestrictionBeginInput:
    """The customer."""

    customer_id: strawberry.ID = strawberry.field(description="Whose data.")


@strawberry.type(description="A restriction that holds from now on.")
class RestrictionBeginPayload(Plain):
    """The customer, as the actor may see it."""

    customer: Customer | None = strawberry.field(default=None, description="The customer.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A customer whose data may be used again.")
class RestrictionEndInput:
    """The customer."""

    customer_id: strawberry.ID = strawberry.field(description="Whose data.")


@strawberry.type(description="A restriction that was lifted.")
class RestrictionEndPayload(Plain):
    """The customer, as the actor may see it."""

    customer: Customer | None = strawberry.field(default=None, description="The customer.")
    user_errors: list[UserError] = errors()


@strawberry.type
class RestrictionMutations:
    """What can be done about restrictions."""

    @strawberry.mutation(
        description="Have the data kept and not used: nobody but the customer reads them until it is lifted."
    )
    async def restriction_begin(
        self,
        info: Info[Context, None],
        input: Annotated[RestrictionBeginInput, strawberry.argument(description="What to do.")],
    ) -> RestrictionBeginPayload:
        """Begin a restriction."""
        work = _begin(actor_of(info), input)
        return RestrictionBeginPayload(**await answered(info, "Customer", "customer", work))

    @strawberry.mutation(description="Lift the restriction: what tasks and consents opened is open again.")
    async def restriction_end(
        self,
        info: Info[Context, None],
        input: Annotated[RestrictionEndInput, strawberry.argument(description="What to do.")],
    ) -> RestrictionEndPayload:
        """End a restriction."""
        work = _end(actor_of(info), input)
        return RestrictionEndPayload(**await answered(info, "Customer", "customer", work))


async def _begin(actor: Actor, input: RestrictionBeginInput) -> Any:
    return await restriction.begin(key_of(input.customer_id, "Customer"), by=actor)


async def _end(actor: Actor, input: RestrictionEndInput) -> Any:
    return await restriction.end(key_of(input.customer_id, "Customer"), by=actor)
