"""Verifying that a contact point reaches its owner, by a code that is sent there."""

from __future__ import annotations

from datetime import datetime

import strawberry

from procedures.own import contact_point as contact_points
from schema.category import ContactPoint
from schema.consent import Consent
from schema.reading import (
    ContextInfo,
    Input,
    Payload,
    act,
    actor_of,
    attempt,
    on_record,
    view_of,
    views_of,
)


@strawberry.input(description="The contact point to send a code to.")
class ContactPointVerifyInput:
    """The contact point."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")


@strawberry.type(description="The contact point that a code was sent to.")
class ContactPointVerifyPayload(Payload):
    """The contact point, and how long the code is good."""

    contact_point: ContactPoint | None = strawberry.field(
        default=None, description="The contact point that the code was sent to."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the code expires.")


@strawberry.input(description="The code that was sent to a contact point.")
class ContactPointConfirmInput:
    """The contact point, and the code that was sent to it."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")
    code: str = strawberry.field(description="The code from the latest message.")


@strawberry.type(description="The confirmed contact point.")
class ContactPointConfirmPayload(Payload):
    """The contact point, and what its owner said by the code."""

    contact_point: ContactPoint | None = strawberry.field(
        default=None, description="The contact point, now verified."
    )
    consents: list[Consent] | None = strawberry.field(
        default=None, description="The consents that were given by this code (double opt-in)."
    )


@strawberry.type
class ContactPointMutations:
    """What can be done about contact points."""

    @strawberry.mutation(description="Send a code to a contact point; earlier codes are no longer valid.")
    async def contact_point_verify(
        self, info: ContextInfo, input: Input[ContactPointVerifyInput]
    ) -> ContactPointVerifyPayload:
        """Verify a contact point."""
        sent, errors = await act(info, contact_points.verify, "ContactPoint", input.contact_point_id)
        if sent is None:
            return ContactPointVerifyPayload(user_errors=errors)
        point, expires_at = sent
        view = await view_of(info, "ContactPoint", point)
        return ContactPointVerifyPayload(contact_point=view, expires_at=expires_at)

    @strawberry.mutation(
        description="Confirm a contact point by the code that was sent to it. Consents that were "
        "requested with the code are given."
    )
    async def contact_point_confirm(
        self, info: ContextInfo, input: Input[ContactPointConfirmInput]
    ) -> ContactPointConfirmPayload:
        """Confirm a contact point."""
        actor, address = actor_of(info), info.context.address
        work = on_record(
            contact_points.confirm,
            "ContactPoint",
            input.contact_point_id,
            input.code,
            by=actor,
            address=address,
        )
        confirmed, errors = await attempt(work, actor)
        if confirmed is None:
            return ContactPointConfirmPayload(user_errors=errors)
        point, given = confirmed
        return ContactPointConfirmPayload(
            contact_point=await view_of(info, "ContactPoint", point),
            consents=await views_of(info, "Consent", given),
        )
