"""Sessions: begun, listed and ended."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from models import UserAgent
from policies.actor import Actor
from policies.statements import Order
from procedures.access import session as sessions
from procedures.errors import Unauthenticated
from schema.reading import (
    Context,
    ContextInfo,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    guard,
    mutation,
    query,
    recorded,
    selected,
    value,
)

Password = Annotated[str, "The password."]
AppCode = Annotated[
    str | None, "A code of the authenticator app, or a recovery code; needed if an app is enrolled."
]


@recorded
class Session(Released, Guarded):
    """A session of your own."""

    created_at: datetime | None = value("When you signed in.")
    last_seen_at: datetime | None = value("When it was last used, to about 15 minutes.")
    expires_at: datetime | None = value("When it expires.")
    ended_at: datetime | None = value("When it was ended before it expired; null if it was not.")
    confirmed_until: datetime | None = value("Until when it is confirmed; null if it never was.")
    agent: UserAgent | None = value("What was signed in with, as it called itself.")
    new_place: bool | None = value(
        "Whether it was begun from a network from which no other session of yours on record was begun before."
    )


SESSIONS = all_of(
    Session,
    "sessions",
    "Your own sessions of the last 30 days, the latest first; `session` is this one.",
    Order("createdAt", descending=True),
)


@query
async def session(*, by: Actor, info: ContextInfo) -> Session | None:
    """The session of this request."""
    own = by.session_id
    if own is None:
        return None
    found: Session | None = await guard.one(
        info.context, selected(info, "Session"), Question().among("id", [own])
    )
    return found


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
    return await sessions.sign_in(
        login, password, code, address=context.address, clock=context.actor.clock, agent=context.agent
    )


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


@mutation("The ended session.", {"session": (Session, "The session.")}, input="The session to end.")
async def session_end(
    session_id: Annotated[UUID, Id("Session"), "A session of your own."], *, by: Actor
) -> Any:
    """End a session of your own, this one or another; its token is no longer valid."""
    return await sessions.end(session_id, by=by)
