"""Any record by its identifier."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from models.errors import ProcedureError
from schema.reading import ContextInfo, Ident, Node, Question, by_id, decode, guard, selected


@strawberry.type
class NodeQueries:
    """What can be asked by identifier alone."""

    @strawberry.field(
        description="A record of any type by identifier; null if there is none that you may see."
    )
    async def node(self, info: ContextInfo, id: Ident) -> Node | None:
        """One record of any type."""
        type_name, _ = decode(id)
        found: Node | None = await by_id(info, type_name, id)
        return found

    @strawberry.field(
        description="Records by identifier, at most 100, in the order of `ids`; null in place of one that "
        "you may not see."
    )
    async def nodes(
        self,
        info: ContextInfo,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The identifiers.")],
    ) -> list[Node | None]:
        """Several records of any types."""
        if len(ids) > 100:
            raise ProcedureError("PAGE_TOO_LARGE", "Ask for at most 100 identifiers at a time.", "ids")
        keys = [decode(id) for id in ids]
        views: dict[Any, Any] = {}
        for type_name in sorted({name for name, _ in keys}):
            question = Question().among("id", [key for name, key in keys if name == type_name])
            for view in await guard.read(info.context, selected(info, type_name), question):
                views[type_name, view.key] = view
        return [views.get(key) for key in keys]
