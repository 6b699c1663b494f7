"""Any record by its identifier."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import strawberry

from models.errors import ProcedureError
from schema.reading import ContextInfo, Id, Node, Question, decode, guard, query, selected


@query
async def node(id: Annotated[tuple[str, UUID], Id(), "The identifier."], *, info: ContextInfo) -> Node | None:
    """A record of any type by identifier; null if there is none that you may see."""
    (found,) = await _read(info, [id])
    return found


@query
async def nodes(
    ids: Annotated[list[strawberry.ID], "The identifiers."], *, info: ContextInfo
) -> list[Node | None]:
    """Records by identifier, at most 100, in the order of `ids`; null in place of one that you may not see."""
    if len(ids) > 100:
        raise ProcedureError("PAGE_TOO_LARGE", "Ask for at most 100 identifiers at a time.", "ids")
    return await _read(info, [decode(id) for id in ids])


async def _read(info: Any, keys: list[tuple[str, UUID]]) -> list[Node | None]:
    views: dict[Any, Any] = {}
    for type_name in sorted({name for name, _ in keys}):
        question = Question().among("id", [key for name, key in keys if name == type_name])
        for view in await guard.read(info.context, selected(info, type_name), question):
            views[type_name, view.key] = view
    return [views.get(key) for key in keys]
