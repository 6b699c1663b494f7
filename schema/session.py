"""Beginning and ending a session."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from procedures import session as sessions
from procedures.errors import Unauthenticated
from schema.context import Context
from schema.payload import UserError, attempt, errors
from schema.released import Plain


@strawberry.input(description="Who signs in.")
class SignInInput:
    """Credentials."""

    login: str = strawberry.field(description="Work e-mail address, customer number, or client name.")
    password: str = strawberry.field(description="The password, or a client's secret.")


@strawberry.type(description="A session begun.")
class SignInPayload(Plain):
    """The token is shown once."""

    token: str | None = strawberry.field(default=None, description="Send it as `Authorization: Bearer …`.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends by itself."
    )
    user_errors: list[UserError] = errors()


@strawberry.type(description="A session ended.")
class SignOutPayload(Plain):
    """Nothing is left to show."""

    user_errors: list[UserError] = errors()


@strawberry.type
class SessionMutations:
    """What can be done about sessions."""

    @strawberry.mutation(description="Begin a session.")
    async def sign_in(
        self,
        info: Info[Context, None],
        input: Annotated[SignInInput, strawberry.argument(description="What to do.")],
    ) -> SignInPayload:
        """Sign in."""
        context = info.context
        begin = sessions.sign_in(
            input.login, input.password, address=context.address, clock=context.asker.clock
        )
        done, errors = await attempt(begin, context.asker)
        if done is None:
            return SignInPayload(user_errors=errors)
        return SignInPayload(token=done.token, expires_at=done.expires_at)

    @strawberry.mutation(description="End this session; its token is worth nothing from now on.")
    async def sign_out(self, info: Info[Context, None]) -> SignOutPayload:
        """Sign out."""
        asker = info.context.asker
        if asker.session_id is None:
            raise Unauthenticated
        _, errors = await attempt(sessions.sign_out(asker.session_id, by=asker), asker)
        return SignOutPayload(user_errors=errors)
