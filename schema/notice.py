"""What a customer is told before consenting."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import Purpose
from policies.search import Order
from procedures import notice as notices
from procedures.errors import NotFound
from schema.reading import (
    After,
    Connection,
    Context,
    First,
    Guarded,
    Page,
    Plain,
    Question,
    Released,
    UserError,
    actor_of,
    attempt,
    errors,
    guard,
    key_of,
    page,
    recorded,
    selected,
    shown,
    value,
)


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

    @strawberry.field(
        description="What changed from one notice to another, as a unified diff; empty when nothing did."
    )
    async def notice_difference(
        self,
        info: Info[Context, None],
        from_: Annotated[
            strawberry.ID, strawberry.argument(name="from", description="The notice as it was.")
        ],
        to: Annotated[strawberry.ID, strawberry.argument(description="The notice as it is.")],
    ) -> str:
        """The difference of two notices."""
        old, new = await _text(info, from_, "from"), await _text(info, to, "to")
        return notices.difference(old[1].splitlines(), new[1].splitlines(), old[0], new[0])


@strawberry.input(description="A notice to install; it is never edited afterwards.")
class NoticeAddInput:
    """A text and its name."""

    purpose: Purpose = strawberry.field(description="The purpose it is about.")
    language: str = strawberry.field(description="Its language, such as lt or en.")
    version: str = strawberry.field(description="Its version; another text needs another one.")
    text: str = strawberry.field(description="What customers are told, as plain text or Markdown.")


@strawberry.type(description="A notice installed.")
class NoticeAddPayload(Plain):
    """The notice."""

    notice: Notice | None = strawberry.field(default=None, description="The notice.")
    user_errors: list[UserError] = errors()


@strawberry.type
class NoticeMutations:
    """What can be done about notices."""

    @strawberry.mutation(description="Install a privacy notice; the same one again changes nothing.")
    async def notice_add(
        self,
        info: Info[Context, None],
        input: Annotated[NoticeAddInput, strawberry.argument(description="What to do.")],
    ) -> NoticeAddPayload:
        """Install a notice."""
        work = notices.add(input.purpose, input.language, input.version, input.text, by=actor_of(info))
        done, errors = await attempt(work, info.context.actor)
        return NoticeAddPayload(notice=await shown(info, "Notice", "notice", done), user_errors=errors)


async def _text(info: Any, id: str, field: str) -> tuple[str, str]:
    """What to call a notice, and its text, where the actor may read them."""
    selection = selected(info, "Notice").written("Notice", "{ language version text }")
    found = await guard.one(info.context, selection, Question().among("id", [key_of(id, "Notice")]))
    if found is None or found.text is None:
        raise NotFound("notice", field)
    return f"{found.language}, {found.version}", found.text
