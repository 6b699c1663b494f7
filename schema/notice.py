"""What a customer is told before consenting."""

from datetime import datetime

import strawberry
from strawberry.types import Info

from policies.search import Order
from schema.arguments import After, First
from schema.connection import Connection, Page, page
from schema.context import Context
from schema.enums import Purpose
from schema.guard import Question
from schema.node import Guarded
from schema.released import Released, value
from schema.shape import recorded


@recorded
@strawberry.type(description="A privacy notice, never edited once it is shown.")
class Notice(Released, Guarded):
    """A notice."""

    purpose: Purpose | None = value("The purpose it is about.")
    language: str | None = value("Its language, e.g. lt or en.")
    version: str | None = value("Its version.")
    text: str | None = value("The text itself.")
    digest: str | None = value("The SHA-256 of the text, in hexadecimal.")
    created_at: datetime | None = value("Since when it is in use.")


@strawberry.type
class NoticeQueries:
    """What can be asked about notices."""

    @strawberry.field(description="The privacy notices in use, the oldest first.")
    async def notices(
        self, info: Info[Context, None], first: First = 50, after: After = None
    ) -> Connection[Notice]:
        """A page of notices."""
        return await page(info, "Notice", Question(), Page(first, after, Order("createdAt")))
