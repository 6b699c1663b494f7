"""Consent by double opt-in: asked for with a code, and given when it comes back (`contactPointConfirm`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from models import Category, Purpose
from policies.actor import Actor
from procedures.own import double_opt_in as double_opt_ins
from schema.consent import Consent
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt, key_of, views_of


@strawberry.input(description="The consents to request by a code.")
class DoubleOptInBeginInput:
    """One contact point, one purpose, several categories."""

    contact_point_id: strawberry.ID = strawberry.field(
        description="The contact point that the code is sent to."
    )
    categories: list[Category] = strawberry.field(
        description="The categories; one code gives consent to all of them."
    )
    purpose: Purpose = strawberry.field(description="The purpose.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer is shown.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the consents would expire; if left out, in two years."
    )


@strawberry.type(description="The requested consents, which wait for the code.")
class DoubleOptInBeginPayload(Payload):
    """The consents asked for, and how long the code is good."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="The requested consents, one for each category; they permit nothing yet."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the code expires.")


@strawberry.type
class DoubleOptInMutations:
    """What can be done about double opt-in."""

    @strawberry.mutation(
        description="Request consents that are given by a code (double opt-in): the code is sent to a "
        "contact point and confirmed by `contactPointConfirm`. Earlier codes are no longer "
        "valid."
    )
    async def double_opt_in_begin(
        self, info: ContextInfo, input: Input[DoubleOptInBeginInput]
    ) -> DoubleOptInBeginPayload:
        """Begin."""
        begun, errors = await attempt(_begin(actor_of(info), input), info.context.actor)
        if begun is None:
            return DoubleOptInBeginPayload(user_errors=errors)
        requested, expires_at = begun
        views = await views_of(info, "Consent", requested)
        return DoubleOptInBeginPayload(consents=views, expires_at=expires_at)


async def _begin(actor: Actor, input: DoubleOptInBeginInput) -> Any:
    point, notice = key_of(input.contact_point_id, "ContactPoint"), key_of(input.notice_id, "Notice")
    return await double_opt_ins.begin(
        point, input.categories, input.purpose, notice, by=actor, expires_at=input.expires_at
    )
