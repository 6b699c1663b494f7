"""Who outside of the company was given a customer's data."""

from dataclasses import asdict
from datetime import datetime

import strawberry

from models import Purpose
from policies.actor import Actor
from procedures.own import recipient
from schema.reading import CustomerId, Plain, query


@strawberry.type(description="A partner that has or had tasks for a customer under an agreement.")
class Recipient(Plain):
    """Who, what for, and what it could read."""

    partner: str = strawberry.field(description="The partner's name.")
    purpose: Purpose = strawberry.field(description="The purpose of its tasks.")
    fields: list[str] = strawberry.field(
        description="The fields that the agreement permits, as `Type.field`."
    )
    since: datetime = strawberry.field(description="When its first task was opened.")
    until: datetime | None = strawberry.field(
        description="When its last task was closed; null while one is open."
    )


@query
async def recipients(customer_id: CustomerId, *, by: Actor) -> list[Recipient]:
    """The partners that have or had tasks for a customer; `accessLog` shows what they read."""
    return [Recipient(**asdict(each)) for each in await recipient.listed(customer_id, by=by)]
