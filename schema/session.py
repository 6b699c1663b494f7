"""Beginning and ending a session."""

from __future__ import annotations

from datetime import datetime

import strawberry

from procedures.access import session as sessions
from procedures.errors import Unauthenticated
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt


@strawberry.input(description="The credentials.")
class SignInInput:
    """Credentials."""

    login: str = strawberry.field(description="The work e-mail address, customer number or client name.")
    password: str = strawberry.field(description="The password, or the client's secret.")
    code: str | None = strawberry.field(
        default=None,
        description="A code of the authenticator app, or a recovery code; needed if an app is enrolled.",
    )


@strawberry.input(description="The credentials, given again.")
class SessionConfirmInput:
    """Credentials of whoever is signed in."""

    password: str = strawberry.field(description="The password.")
    code: str | None = strawberry.field(
        default=None,
        description="A code of the authenticator app, or a recovery code; needed if an app is enrolled.",
    )


@strawberry.type(description="The confirmed session.")
class SessionConfirmPayload(Payload):
    """For a few minutes, it may do what a stolen token must not."""

    confirmed_until: datetime | None = strawberry.field(
        default=None, description="Until when the session is confirmed."
    )


@strawberry.type(description="The new session.")
class SignInPayload(Payload):
    """The token is shown once."""

    token: str | None = strawberry.field(
        default=None,
        description="The session's token; send it in the header `Authorization: Bearer <token>`.",
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the session expires.")


@strawberry.type(description="The result of signing out.")
class SignOutPayload(Payload):
    """Nothing is left to show."""


@strawberry.type
class SessionMutations:
    """What can be done about sessions."""

    @strawberry.mutation(description="Sign in: begin a session.")
    async def sign_in(self, info: ContextInfo, input: Input[SignInInput]) -> SignInPayload:
        """Sign in."""
        context = info.context
        begin = sessions.sign_in(
            input.login, input.password, input.code, address=context.address, clock=context.actor.clock
        )
        session, errors = await attempt(begin, context.actor)
        if session is None:
            return SignInPayload(user_errors=errors)
        return SignInPayload(token=session.token, expires_at=session.expires_at)

    @strawberry.mutation(
        description="Confirm this session for five minutes by giving the password again. Mutations that "
        "answer STEP_UP_REQUIRED need it."
    )
    async def session_confirm(
        self, info: ContextInfo, input: Input[SessionConfirmInput]
    ) -> SessionConfirmPayload:
        """Confirm a session."""
        actor = actor_of(info)
        confirm = sessions.confirm(input.password, input.code, by=actor, address=info.context.address)
        until, errors = await attempt(confirm, actor)
        return SessionConfirmPayload(confirmed_until=until, user_errors=errors)

    @strawberry.mutation(description="Sign out: end this session; its token is no longer valid.")
    async def sign_out(self, info: ContextInfo) -> SignOutPayload:
        """Sign out."""
        actor = info.context.actor
        if actor.session_id is None:
            raise Unauthenticated
        _, errors = await attempt(sessions.sign_out(actor.session_id, by=actor), actor)
        return SignOutPayload(user_errors=errors)
