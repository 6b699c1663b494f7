"""Whether a contact point reaches its owner: a code goes there, and comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.actor import Actor
from procedures.own import contact_point as contact_points
from schema.category import ContactPoint
from schema.consent import Consent
from schema.reading import (
    Context,
    Plain,
    UserError,
    actor_of,
    all_shown,
    attempt,
    errors,
    key_of,
    shown,
)


@strawberry.input(description="A contact point to send a code to.")
class ContactPointVerifyInput:
    """The contact point."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")


@strawberry.type(description="A code on its way.")
class ContactPointVerifyPayload(Plain):
    """The contact point, and how long the code is good."""

    contact_point: ContactPoint | None = strawberry.field(
        default=None, description="The contact point that the code was sent to."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="Until when the code is good.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A code that came back.")
class ContactPointConfirmInput:
    """The contact point, and the code that was sent to it."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")
    code: str = strawberry.field(description="The code of the latest message.")


@strawberry.type(description="A contact point confirmed.")
class ContactPointConfirmPayload(Plain):
    """The contact point, and what its owner said by the code."""

    contact_point: ContactPoint | None = strawberry.field(
        default=None, description="The contact point, verified."
    )
    consents: list[Consent] | None = strawberry.field(
        default=None, description="What was consented to with this code, by double opt-in."
    )
    user_errors: list[UserError] = errors()


@strawberry.type
class ContactPointMutations:
    """What can be done about contact points."""

    @strawberry.mutation(description="Send a code to a contact point; codes sent there before are void.")
    async def contact_point_verify(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointVerifyInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointVerifyPayload:
        """Verify a contact point."""
        done, errors = await attempt(_verify(actor_of(info), input), info.context.actor)
        if done is None:
            return ContactPointVerifyPayload(user_errors=errors)
        point, until = done
        seen = await shown(info, "ContactPoint", "contactPoint", point)
        return ContactPointVerifyPayload(contact_point=seen, expires_at=until)

    @strawberry.mutation(
        description="Take a code that came back: the contact point reaches its owner, who consents to what was asked for with it."
    )
    async def contact_point_confirm(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointConfirmInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointConfirmPayload:
        """Confirm a contact point."""
        done, errors = await attempt(
            _confirm(actor_of(info), input, info.context.address), info.context.actor
        )
        if done is None:
            return ContactPointConfirmPayload(user_errors=errors)
        point, given = done
        return ContactPointConfirmPayload(
            contact_point=await shown(info, "ContactPoint", "contactPoint", point),
            consents=await all_shown(info, "Consent", "consents", given),
        )


async def _verify(actor: Actor, input: ContactPointVerifyInput) -> Any:
    return await contact_points.verify(key_of(input.contact_point_id, "ContactPoint"), by=actor)


async def _confirm(actor: Actor, input: ContactPointConfirmInput, address: str) -> Any:
    point = key_of(input.contact_point_id, "ContactPoint")
    return await contact_points.confirm(point, input.code, by=actor, address=address)
