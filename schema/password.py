"""Changing one's own password."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.types import Info

from procedures.access import password as passwords
from schema.reading import Context, Plain, UserError, actor_of, attempt, errors


@strawberry.input(description="The password in use, and the one to use from now on.")
class PasswordChangeInput:
    """Two passwords."""

    current: str = strawberry.field(description="The one in use.")
    new: str = strawberry.field(description="The one to use from now on, of at least 12 characters.")


@strawberry.type(description="A password changed; every other session of yours has ended.")
class PasswordChangePayload(Plain):
    """How many sessions ended."""

    ended_sessions: int | None = strawberry.field(
        default=None, description="How many other sessions of yours were alive."
    )
    user_errors: list[UserError] = errors()


@strawberry.type
class PasswordMutations:
    """What can be done about one's password."""

    @strawberry.mutation(
        description="Change your password; needs a confirmed session, and ends every other one."
    )
    async def password_change(
        self,
        info: Info[Context, None],
        input: Annotated[PasswordChangeInput, strawberry.argument(description="What to do.")],
    ) -> PasswordChangePayload:
        """Change a password."""
        actor = actor_of(info)
        change = passwords.change(input.current, input.new, by=actor, address=info.context.address)
        ended, errors = await attempt(change, actor)
        return PasswordChangePayload(ended_sessions=ended, user_errors=errors)
