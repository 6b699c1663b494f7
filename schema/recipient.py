"""Who outside of the company was given a customer's data."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import strawberry

from models import Purpose
from procedures.own import recipient as recipients
from schema.reading import ContextInfo, Plain, actor_of, attempt, key_of


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


@strawberry.type
class RecipientQueries:
    """What can be asked about recipients."""

    @strawberry.field(
        description="The partners that have or had tasks for a customer; `accessLog` shows what they read."
    )
    async def recipients(
        self,
        info: ContextInfo,
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="The customer.")],
    ) -> list[Recipient]:
        """List."""
        actor = actor_of(info)
        partners, _ = await attempt(recipients.listed(key_of(customer_id, "Customer"), by=actor), actor)
        return [Recipient(**asdict(each)) for each in partners]
