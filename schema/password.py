"""Changing one's own password."""

from __future__ import annotations

import strawberry

from procedures.access import password as passwords
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt


@strawberry.input(description="The current and the new password.")
class PasswordChangeInput:
    """Two passwords."""

    current: str = strawberry.field(description="The current password.")
    new: str = strawberry.field(description="The new password, of at least 12 characters.")


@strawberry.type(description="The result of changing a password.")
class PasswordChangePayload(Payload):
    """How many sessions ended."""

    ended_sessions: int | None = strawberry.field(
        default=None, description="How many other sessions of yours were ended."
    )


@strawberry.type
class PasswordMutations:
    """What can be done about one's password."""

    @strawberry.mutation(
        description="Change your password; needs a confirmed session, and ends all your other sessions."
    )
    async def password_change(
        self, info: ContextInfo, input: Input[PasswordChangeInput]
    ) -> PasswordChangePayload:
        """Change a password."""
        actor = actor_of(info)
        change = passwords.change(input.current, input.new, by=actor, address=info.context.address)
        ended, errors = await attempt(change, actor)
        return PasswordChangePayload(ended_sessions=ended, user_errors=errors)
