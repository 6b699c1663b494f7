"""Restriction of processing: the data are kept and not used."""

from __future__ import annotations

import strawberry

from procedures.consent import restriction
from schema.customer import Customer
from schema.reading import ContextInfo, Input, Payload, actor_of, on_record, payload_of


@strawberry.input(description="The customer whose data to restrict.")
class RestrictionBeginInput:
    """The customer."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")


@strawberry.type(description="The customer, whose data are now restricted.")
class RestrictionBeginPayload(Payload):
    """The customer, as the actor may see it."""

    customer: Customer | None = strawberry.field(default=None, description="The customer.")


@strawberry.input(description="The customer whose restriction to lift.")
class RestrictionEndInput:
    """The customer."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")


@strawberry.type(description="The customer, whose data are no longer restricted.")
class RestrictionEndPayload(Payload):
    """The customer, as the actor may see it."""

    customer: Customer | None = strawberry.field(default=None, description="The customer.")


@strawberry.type
class RestrictionMutations:
    """What can be done about restrictions."""

    @strawberry.mutation(
        description="Restrict processing: a customer's data are kept, and only the customer can read them "
        "until the restriction is lifted."
    )
    async def restriction_begin(
        self, info: ContextInfo, input: Input[RestrictionBeginInput]
    ) -> RestrictionBeginPayload:
        """Begin a restriction."""
        work = on_record(restriction.begin, "Customer", input.customer_id, by=actor_of(info))
        return RestrictionBeginPayload(**await payload_of(info, "Customer", work))

    @strawberry.mutation(
        description="Lift the restriction: tasks and consents permit reading the data again."
    )
    async def restriction_end(
        self, info: ContextInfo, input: Input[RestrictionEndInput]
    ) -> RestrictionEndPayload:
        """End a restriction."""
        work = on_record(restriction.end, "Customer", input.customer_id, by=actor_of(info))
        return RestrictionEndPayload(**await payload_of(info, "Customer", work))
