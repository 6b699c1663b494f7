"""The caller."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.customer import Customer
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import ContextInfo, Question, guard, query, selected

Me = Annotated[Customer | Employee | PartnerClient, strawberry.union("Me", description="The caller.")]


@query
async def me(*, info: ContextInfo) -> Me | None:
    """The caller; null if not signed in."""
    actor = info.context.actor
    if actor.kind == "Anonymous":
        return None
    name, key, id = {
        "Employee": ("Employee", "actorId", actor.actor_id),
        "PartnerClient": ("PartnerClient", "actorId", actor.actor_id),
        "Customer": ("Customer", "id", actor.customer_id),
    }[actor.kind]
    found: Me | None = await guard.one(info.context, selected(info, name), Question().among(key, [id]))
    return found
