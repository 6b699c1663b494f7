"""What every mutation answers with: what came of it, or why it did not happen."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry

from models import camel
from models.errors import ProcedureError
from models.event import Event
from policies.actor import Actor
from policies.errors import Refused, StepUpRequired
from procedures.errors import Unauthenticated
from procedures.ledger import LedgerUnavailable, note
from schema.reading import guard
from schema.reading.guard import Question
from schema.reading.node import key_of
from schema.reading.released import Plain
from schema.reading.selection import selected


@strawberry.type(description="Why a mutation did not happen.")
class UserError(Plain):
    """One reason."""

    code: str = strawberry.field(description="A stable code for programs.")
    message: str = strawberry.field(description="What happened and what to do.")
    field: str | None = strawberry.field(
        description="The field of the input that is at fault; null if none is."
    )


@strawberry.type
class Payload(Plain):
    """What every mutation returns; the payload of a mutation adds its own fields."""

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


async def attempt(work: Awaitable[Any], by: Actor) -> tuple[Any, list[UserError]]:
    """What a procedure did, or why it did not; a refusal, or a ledger that cannot be written, ends the request.

    A refusal is recorded before it is told, like anything else that is told.
    """
    try:
        return await work, []
    except Refused as refusal:
        await note(Event.ACTION_REFUSED, by, action=refusal.action, record=refusal.record, id=refusal.id)
        raise
    except LedgerUnavailable:
        raise
    except (ProcedureError, StepUpRequired) as error:
        return None, [UserError(code=error.code, message=error.message, field=error.field)]


async def on_record(
    procedure: Callable[..., Awaitable[Any]], type_name: str, identifier: str, *arguments: Any, **options: Any
) -> Any:
    """What a procedure returns that takes the key of a record first.

    An identifier that is wrong is an error when this is awaited, so `attempt` makes a user's error of it.
    """
    return await procedure(key_of(identifier, type_name), *arguments, **options)


async def act(
    info: Any, procedure: Callable[..., Awaitable[Any]], type_name: str, identifier: str, *arguments: Any
) -> tuple[Any, list[UserError]]:
    """What a procedure about one record returned, or the errors; as `attempt`.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    actor = actor_of(info)
    return await attempt(on_record(procedure, type_name, identifier, *arguments, by=actor), actor)


async def payload_of(info: Any, type_name: str, work: Awaitable[Any]) -> dict[str, Any]:
    """The fields of a payload that has one record and the errors, once the work is done.

    Args:
        info: of the mutation.
        type_name: of the record; the payload's field has the same name, as in `TaskOpenPayload.task`.
        work: the procedure, which returns the record.
    """
    record, errors = await attempt(work, info.context.actor)
    return {snake(type_name): await view_of(info, type_name, record), "user_errors": errors}


async def view_of(info: Any, type_name: str, record: Any) -> Any:
    """A record of a payload as the actor may see it now; None without one, or where the actor may not see it."""
    if record is None:
        return None
    selection = selected(info, type_name, camel(snake(type_name)))
    return await guard.one(info.context, selection, Question().among("id", [record.id]))


async def views_of(info: Any, type_name: str, records: Any) -> Any:
    """Several records of a payload as the actor may see them now; its field has their type's name with an `s`."""
    if records is None:
        return None
    selection = selected(info, type_name, f"{camel(snake(type_name))}s")
    return await guard.read(info.context, selection, Question().among("id", [each.id for each in records]))


def snake(name: str) -> str:
    """`PostalAddress` as `postal_address`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
