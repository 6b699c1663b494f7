"""Any record by its identifier."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.errors import ProcedureError
from schema.reading import Context, Ident, Node, Question, by_id, decode, guard, selected


@strawberry.type
class NodeQueries:
    """What can be asked by identifier alone."""

    @strawberry.field(description="Any record by identifier; null when there is none for you.")
    async def node(self, info: Info[Context, None], id: Ident) -> Node | None:
        """One record of any type."""
        type_name, _ = decode(id)
        found: Node | None = await by_id(info, type_name, id)
        return found

    @strawberry.field(
        description="Records by identifier, at most 100, in the order asked; null where there is none for you."
    )
    async def nodes(
        self,
        info: Info[Context, None],
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The identifiers.")],
    ) -> list[Node | None]:
        """Several records of any types."""
        if len(ids) > 100:
            raise ProcedureError("PAGE_TOO_LARGE", "Ask for at most 100 identifiers at a time.", "ids")
        keys = [decode(id) for id in ids]
        found: dict[Any, Any] = {}
        for type_name in sorted({name for name, _ in keys}):
            wanted = [key for name, key in keys if name == type_name]
            views = await guard.read(info.context, selected(info, type_name), Question().among("id", wanted))
            found |= {(type_name, view.key): view for view in views}
        return [found.get(key) for key in keys]
