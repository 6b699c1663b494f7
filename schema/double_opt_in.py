"""Consent by double opt-in: asked for with a code, and given when it comes back (`contactPointConfirm`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import Category, Purpose
from policies.actor import Actor
from procedures.own import double_opt_in as double_opt_ins
from schema.consent import Consent
from schema.reading import Context, Plain, UserError, actor_of, all_shown, attempt, errors, key_of


@strawberry.input(description="What the owner of a contact point is asked to consent to by a code.")
class DoubleOptInBeginInput:
    """One contact point, one purpose, several categories."""

    contact_point_id: strawberry.ID = strawberry.field(description="Where the code goes.")
    categories: list[Category] = strawberry.field(description="To what; one code gives them all.")
    purpose: Purpose = strawberry.field(description="What for.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer is shown.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when consent would last; two years if not given."
    )


@strawberry.type(description="Requests that wait for a code, which is on its way.")
class DoubleOptInBeginPayload(Plain):
    """The consents asked for, and how long the code is good."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="The requests, one for each category; nothing permits yet."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="Until when the code is good.")
    user_errors: list[UserError] = errors()


@strawberry.type
class DoubleOptInMutations:
    """What can be done about double opt-in."""

    @strawberry.mutation(
        description="Ask for consents that count once a code comes back: send it to a contact point; codes sent there "
        "before are void. `contactPointConfirm` takes it."
    )
    async def double_opt_in_begin(
        self,
        info: Info[Context, None],
        input: Annotated[DoubleOptInBeginInput, strawberry.argument(description="What to do.")],
    ) -> DoubleOptInBeginPayload:
        """Begin."""
        done, errors = await attempt(_begin(actor_of(info), input), info.context.actor)
        if done is None:
            return DoubleOptInBeginPayload(user_errors=errors)
        asked, until = done
        seen = await all_shown(info, "Consent", "consents", asked)
        return DoubleOptInBeginPayload(consents=seen, expires_at=until)


async def _begin(actor: Actor, input: DoubleOptInBeginInput) -> Any:
    point, notice = key_of(input.contact_point_id, "ContactPoint"), key_of(input.notice_id, "Notice")
    return await double_opt_ins.begin(
        point, input.categories, input.purpose, notice, by=actor, expires_at=input.expires_at
    )
