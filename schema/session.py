"""Beginning and ending a session."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from procedures.access import session as sessions
from procedures.errors import Unauthenticated
from schema.reading import Context, Plain, UserError, actor_of, attempt, errors


@strawberry.input(description="Who signs in.")
class SignInInput:
    """Credentials."""

    login: str = strawberry.field(description="Work e-mail address, customer number, or client name.")
    password: str = strawberry.field(description="The password, or a client's secret.")
    code: str | None = strawberry.field(
        default=None, description="Of whoever has enrolled: what the telephone shows, or a recovery code."
    )


@strawberry.input(description="Once more, what one signs in with.")
class SessionConfirmInput:
    """Credentials of whoever is signed in."""

    password: str = strawberry.field(description="The password.")
    code: str | None = strawberry.field(
        default=None, description="Of whoever has enrolled: what the telephone shows, or a recovery code."
    )


@strawberry.type(description="A session confirmed.")
class SessionConfirmPayload(Plain):
    """For a few minutes, it may do what a stolen token must not."""

    confirmed_until: datetime | None = strawberry.field(default=None, description="For how long.")
    user_errors: list[UserError] = errors()


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
            input.login, input.password, input.code, address=context.address, clock=context.actor.clock
        )
        done, errors = await attempt(begin, context.actor)
        if done is None:
            return SignInPayload(user_errors=errors)
        return SignInPayload(token=done.token, expires_at=done.expires_at)

    @strawberry.mutation(
        description="Confirm for five minutes that this session is still yours: what answers STEP_UP_REQUIRED needs it."
    )
    async def session_confirm(
        self,
        info: Info[Context, None],
        input: Annotated[SessionConfirmInput, strawberry.argument(description="What to do.")],
    ) -> SessionConfirmPayload:
        """Confirm a session."""
        actor = actor_of(info)
        confirm = sessions.confirm(input.password, input.code, by=actor, address=info.context.address)
        until, errors = await attempt(confirm, actor)
        return SessionConfirmPayload(confirmed_until=until, user_errors=errors)

    @strawberry.mutation(description="End this session; its token is worth nothing from now on.")
    async def sign_out(self, info: Info[Context, None]) -> SignOutPayload:
        """Sign out."""
        actor = info.context.actor
        if actor.session_id is None:
            raise Unauthenticated
        _, errors = await attempt(sessions.sign_out(actor.session_id, by=actor), actor)
        return SignOutPayload(user_errors=errors)
