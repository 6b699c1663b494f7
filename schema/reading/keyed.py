"""Mutations that take a client's key: what is asked for again under it is done once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import strawberry

from models import Word
from procedures import client_key
from schema.reading.outcome import Outcome
from schema.reading.parameters import Given, graphql_name
from schema.reading.payload import actor_of

#: The member of an input, or the argument, that is a client's key.
KEY: Final = "key"
GIVEN: Final = Given(
    str | None,
    "A key of your own making, of up to 64 characters, such as a UUID: asking again with the same key changes nothing, and "
    "answers with what was made before. Keys are kept for 7 days.",
    None,
)


def work(
    mutation: str,
    info: Any,
    values: dict[str, Any],
    begun: Callable[[Any, dict[str, Any]], Awaitable[Any]],
    outcome: Outcome,
) -> Awaitable[Any]:
    """What does the work of a mutation, to be awaited: once for each key, where there is one.

    Args:
        mutation: its name.
        info: of the request.
        values: what the client gave.
        begun: begins the work.
        outcome: is told which records were made where they were made before.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    values = dict(values)
    key = values.pop(KEY, None)
    if key is None:
        return begun(info, values)
    by = actor_of(info)
    sent = client_key.Sent(key, mutation, _plain(values))

    async def once() -> Any:
        result, before = await client_key.once(sent, lambda: begun(info, values), outcome.made, by=by)
        return result if before is None else outcome.repeated(before)

    return once()


def _plain(value: Any) -> Any:
    """What a client gave, as JSON has it; two that differ in the least differ here."""
    if isinstance(value, Enum | Word):
        return value.name
    if hasattr(value, "__strawberry_definition__"):
        names = [field.python_name for field in value.__strawberry_definition__.fields]
        value = {graphql_name(name): getattr(value, name) for name in names}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each is not strawberry.UNSET}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date | time | Decimal):
        return str(value)
    raise TypeError(f"no argument is a {type(value).__name__}")
