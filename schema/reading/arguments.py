"""What many queries share: their arguments, and who may ask at all."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import strawberry

from procedures.errors import Unauthenticated
from schema.reading import guard
from schema.reading.context import Context
from schema.reading.guard import Question
from schema.reading.node import key_of
from schema.reading.selection import selected

T = TypeVar("T")

Input = Annotated[T, strawberry.argument(description="The input.")]
First = Annotated[int, strawberry.argument(description="The number of records, at most 1,000.")]
After = Annotated[
    str | None,
    strawberry.argument(description="The cursor after which the page begins; the first page if left out."),
]
Ident = Annotated[strawberry.ID, strawberry.argument(description="The identifier.")]


def signed_in(context: Context) -> None:
    """Refuse somebody who is not signed in."""
    if context.actor.kind == "Anonymous":
        raise Unauthenticated


async def by_id(info: Any, type_name: str, id: str) -> Any:
    """One record of a type, or None where there is none for the actor."""
    key = key_of(id, type_name)
    return await guard.one(info.context, selected(info, type_name), Question().among("id", [key]))
