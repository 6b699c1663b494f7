"""What every mutation answers with: what came of it, or why it did not happen."""

from __future__ import annotations

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


@strawberry.type(description="Why a mutation did not happen, for people and for programs.")
class UserError(Plain):
    """One reason."""

    code: str = strawberry.field(description="Stable; programs may rely on it.")
    message: str = strawberry.field(description="What happened and what to do.")
    field: str | None = strawberry.field(description="The input's field at fault, if one is.")


def errors() -> Any:
    """The field that every payload has."""
    return strawberry.field(default_factory=list, description="Why it did not happen; empty when it did.")


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


async def act(
    info: Any, procedure: Callable[..., Awaitable[Any]], type_name: str, identifier: str
) -> tuple[Any, list[UserError]]:
    """What a procedure about one record did, or why it did not; as `attempt`.

    Args:
        info: of the mutation.
        procedure: takes the record's key, and `by`.
        type_name: of the record.
        identifier: as the input names the record; one that is not of this type is told as an error.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    actor = actor_of(info)
    return await attempt(_of(procedure, type_name, identifier, actor), actor)


async def _of(procedure: Callable[..., Awaitable[Any]], type_name: str, identifier: str, actor: Actor) -> Any:
    return await procedure(key_of(identifier, type_name), by=actor)


async def answered(info: Any, type_name: str, field: str, work: Awaitable[Any]) -> dict[str, Any]:
    """What a payload of one record and its errors is made of, once the work is done.

    Args:
        info: of the mutation.
        type_name: of the record.
        field: the payload's field for it.
        work: the procedure.
    """
    done, reasons = await attempt(work, info.context.actor)
    return {field: await shown(info, type_name, camel(field), done), "user_errors": reasons}


async def all_shown(info: Any, type_name: str, field: str, done: Any) -> Any:
    """Several records that a procedure left, as the actor may see them from now on."""
    if done is None:
        return None
    question = Question().among("id", [each.id for each in done])
    return await guard.read(info.context, selected(info, type_name, field), question)


async def shown(info: Any, type_name: str, field: str, done: Any) -> Any:
    """What a procedure left, as the actor may see it from now on."""
    if done is None:
        return None
    return await guard.one(info.context, selected(info, type_name, field), Question().among("id", [done.id]))
