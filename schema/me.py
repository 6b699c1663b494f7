"""The caller."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.customer import Customer
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import ContextInfo, Question, guard, selected

Me = Annotated[Customer | Employee | PartnerClient, strawberry.union("Me", description="The caller.")]


@strawberry.type
class MeQueries:
    """What can be asked about oneself."""

    @strawberry.field(description="The caller; null if not signed in.")
    async def me(self, info: ContextInfo) -> Me | None:
        """The actor's own record."""
        actor = info.context.actor
        if actor.kind == "Anonymous":
            return None
        name, key, id = {
            "Employee": ("Employee", "actorId", actor.actor_id),
            "PartnerClient": ("PartnerClient", "actorId", actor.actor_id),
            "Customer": ("Customer", "id", actor.customer_id),
        }[actor.kind]
        return await guard.one(info.context, selected(info, name), Question().among(key, [id]))
