"""Beginning and ending a session."""

from datetime import datetime
from typing import Annotated, Any

from policies.actor import Actor
from procedures.access import session as sessions
from procedures.errors import Unauthenticated
from schema.reading import Context, mutation

Password = Annotated[str, "The password."]
AppCode = Annotated[
    str | None, "A code of the authenticator app, or a recovery code; needed if an app is enrolled."
]


@mutation(
    "The new session.",
    {
        "token": (
            str,
            "The session's token; send it in the header `Authorization: Bearer <token>`.",
        ),
        "expires_at": (datetime, "When the session expires."),
    },
    input="The credentials.",
)
async def sign_in(
    login: Annotated[str, "The work e-mail address, customer number or client name."],
    password: Annotated[str, "The password, or the client's secret."],
    code: AppCode = None,
    *,
    context: Context,
) -> Any:
    """Sign in: begin a session."""
    return await sessions.sign_in(login, password, code, address=context.address, clock=context.actor.clock)


@mutation(
    "The confirmed session.",
    {"confirmed_until": (datetime, "Until when the session is confirmed.")},
    input="The credentials, given again.",
)
async def session_confirm(password: Password, code: AppCode = None, *, by: Actor, context: Context) -> Any:
    """Confirm this session for five minutes by giving the password again.

    Mutations that answer STEP_UP_REQUIRED need it.
    """
    return await sessions.confirm(password, code, by=by, address=context.address)


@mutation("The result of signing out.")
async def sign_out(*, by: Actor) -> None:
    """Sign out: end this session; its token is no longer valid."""
    if by.session_id is None:
        raise Unauthenticated
    await sessions.sign_out(by.session_id, by=by)
