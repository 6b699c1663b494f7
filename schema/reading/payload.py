"""What every mutation answers with: what came of it, or why it did not happen."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import strawberry
from tortoise.exceptions import ValidationError

from models.errors import ProcedureError, Unstorable
from models.event import Event
from policies.actor import Actor
from policies.compiler import Reason
from policies.errors import Refused, StepUpRequired
from procedures.errors import Unauthenticated
from procedures.ledger import LedgerUnavailable, note
from schema.reading.released import Plain, object_type, value


@object_type
class UserError(Plain):
    """Why a mutation did not happen."""

    code: str = value("A stable code for programs.")
    message: str = value("What happened and what to do.")
    field: str | None = value("The field of the input that is at fault; null if none is.")
    path: list[str] | None = value(
        "Where in the input that is: names, and places in lists, which begin with 0; null if no field is at fault."
    )
    retry_after: int | None = value("Of `RATE_LIMITED`: in how many seconds to try again; null of others.")


@object_type
class NotShown(Plain):
    """A field of a payload of which something came, and is not shown to you."""

    field: str = value("The field's name.")
    id: strawberry.ID | None = value(
        "The identifier of the record; null where the field holds no record, or several."
    )
    reason: Reason = value("The reason; NOT_AVAILABLE where you repeat what you did before.")


@object_type
class Payload(Plain):
    """What every mutation returns; the payload of a mutation adds its own fields."""

    not_shown: list[NotShown] = strawberry.field(
        default_factory=list,
        description="What came of it and is not shown in the other fields; a field that is null and not named here is "
        "empty.",
    )
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why it did not happen; empty when it did."
    )


def actor_of(info: Any) -> Actor:
    """Whoever asks.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    actor: Actor = info.context.actor
    if actor.kind == "Anonymous":
        raise Unauthenticated
    return actor


async def recorded_if_refused(work: Awaitable[Any], by: Actor) -> Any:
    """What a procedure returns; a refusal is recorded before it is told, like anything else that is told."""
    try:
        return await work
    except Refused as refusal:
        await note(Event.ACTION_REFUSED, by, action=refusal.action, record=refusal.record, id=refusal.id)
        raise


async def attempt(work: Awaitable[Any], by: Actor) -> tuple[Any, list[UserError]]:
    """What a procedure did, or why it did not; a refusal, or a ledger that cannot be written, ends the request."""
    try:
        return await recorded_if_refused(work, by), []
    except LedgerUnavailable:
        raise
    except ValidationError:
        return None, [_told(Unstorable())]
    except ProcedureError as error:
        return None, [_told(each) for each in (error, *error.others)]
    except StepUpRequired as error:
        return None, [_told(error)]


def _told(error: ProcedureError | StepUpRequired) -> UserError:
    path = error.field.split(".") if error.field else None
    return UserError(
        code=error.code,
        message=error.message,
        field=".".join(name for name in path if not name.isdigit()) if path else None,
        path=path,
        retry_after=getattr(error, "retry_after", None),
    )
