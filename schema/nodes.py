"""Any record by its identifier."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import strawberry

from models.errors import ProcedureError
from schema.reading import ContextInfo, Id, MalformedId, Node, Question, decode, guard, query, selected


@query
async def node(id: Annotated[tuple[str, UUID], Id(), "The identifier."], *, info: ContextInfo) -> Node | None:
    """A record of any type by identifier; null if there is none that you may see."""
    (found,) = await _read(info, [id])
    return found


@query
async def nodes(
    ids: Annotated[list[strawberry.ID], "The identifiers."], *, info: ContextInfo
) -> list[Node | None]:
    """Records by identifier, at most 100, in the order of `ids`; null in place of one that you may not see.

    In place of what is no identifier there is null, too, and an error with its path.
    """
    if len(ids) > 100:
        raise ProcedureError("PAGE_TOO_LARGE", "Ask for at most 100 identifiers at a time.", "ids")
    keys = [_key(id, f"ids.{place}") for place, id in enumerate(ids)]
    found = iter(await _read(info, [key for key in keys if not isinstance(key, MalformedId)]))
    # GraphQL puts an error that stands in a list into the place where it stands.
    shown: list[Any] = [key if isinstance(key, MalformedId) else next(found) for key in keys]
    return shown


def _key(id: str, field: str) -> tuple[str, UUID] | MalformedId:
    try:
        return decode(id, field)
    except MalformedId as error:
        return error


async def _read(info: Any, keys: list[tuple[str, UUID]]) -> list[Node | None]:
    views: dict[Any, Any] = {}
    for type_name in sorted({name for name, _ in keys}):
        question = Question().among("id", [key for name, key in keys if name == type_name])
        for view in await guard.read(info.context, selected(info, type_name), question):
            views[type_name, view.key] = view
    return [views.get(key) for key in keys]
