"""Who outside of the company was given a customer's data."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from models import Purpose
from procedures.own import recipient as recipients
from schema.reading import Context, Plain, actor_of, attempt, key_of


@strawberry.type(description="A partner that works, or worked, for a customer under an agreement.")
class Recipient(Plain):
    """Who, what for, and what it could read."""

    partner: str = strawberry.field(description="Its name.")
    purpose: Purpose = strawberry.field(description="What its tasks were for.")
    fields: list[str] = strawberry.field(description="What the agreement lets it read, as `Type.field`.")
    since: datetime = strawberry.field(description="When its first task was opened.")
    until: datetime | None = strawberry.field(
        description="Since when it has none any more; null while it has."
    )


@strawberry.type
class RecipientQueries:
    """What can be asked about recipients."""

    @strawberry.field(
        description="Which partners were given a customer's data to work with; `accessLog` says what they read."
    )
    async def recipients(
        self,
        info: Info[Context, None],
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="Whose data.")],
    ) -> list[Recipient]:
        """List."""
        actor = actor_of(info)
        found, _ = await attempt(recipients.listed(key_of(customer_id, "Customer"), by=actor), actor)
        return [Recipient(**asdict(each)) for each in found]
