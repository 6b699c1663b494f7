"""Privacy notices, which customers are shown before they consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from models import Purpose
from policies.search import Order
from procedures import notice as notices
from procedures.errors import NotFound
from schema.reading import (
    After,
    Connection,
    ContextInfo,
    First,
    Guarded,
    Input,
    Page,
    Payload,
    Question,
    Released,
    actor_of,
    guard,
    key_of,
    page,
    payload_of,
    recorded,
    selected,
    value,
)


@recorded
@strawberry.type(description="A privacy notice; it is never edited.")
class Notice(Released, Guarded):
    """A notice."""

    purpose: Purpose | None = value("The purpose that it is about.")
    language: str | None = value("The language, such as lt or en.")
    version: str | None = value("The version.")
    text: str | None = value("The text, plain or Markdown.")
    digest: str | None = value("The SHA-256 of the text, in hexadecimal.")
    created_at: datetime | None = value("When it was added.")


@strawberry.type
class NoticeQueries:
    """What can be asked about notices."""

    @strawberry.field(description="The privacy notices, the oldest first.")
    async def notices(self, info: ContextInfo, first: First = 50, after: After = None) -> Connection[Notice]:
        """A page of notices."""
        return await page(info, "Notice", Question(), Page(first, after, Order("createdAt")))

    @strawberry.field(
        description="What changed from one notice to another, as a unified diff; empty if nothing did."
    )
    async def notice_difference(
        self,
        info: ContextInfo,
        from_: Annotated[strawberry.ID, strawberry.argument(name="from", description="The earlier notice.")],
        to: Annotated[strawberry.ID, strawberry.argument(description="The later notice.")],
    ) -> str:
        """The difference of two notices."""
        old, new = await _text(info, from_, "from"), await _text(info, to, "to")
        return notices.difference(old[1].splitlines(), new[1].splitlines(), old[0], new[0])


@strawberry.input(description="The notice to add; it cannot be edited afterwards.")
class NoticeAddInput:
    """A text and its name."""

    purpose: Purpose = strawberry.field(description="The purpose that it is about.")
    language: str = strawberry.field(description="The language, such as lt or en.")
    version: str = strawberry.field(description="The version; another text needs another version.")
    text: str = strawberry.field(description="The text that customers are shown, plain or Markdown.")


@strawberry.type(description="The added notice.")
class NoticeAddPayload(Payload):
    """The notice."""

    notice: Notice | None = strawberry.field(default=None, description="The notice.")


@strawberry.type
class NoticeMutations:
    """What can be done about notices."""

    @strawberry.mutation(description="Add a privacy notice; adding the same one again changes nothing.")
    async def notice_add(self, info: ContextInfo, input: Input[NoticeAddInput]) -> NoticeAddPayload:
        """Install a notice."""
        work = notices.add(input.purpose, input.language, input.version, input.text, by=actor_of(info))
        return NoticeAddPayload(**await payload_of(info, "Notice", work))


async def _text(info: Any, id: str, field: str) -> tuple[str, str]:
    """A notice's name (language and version) and its text, where the actor may read them."""
    selection = selected(info, "Notice").written("Notice", "{ language version text }")
    notice = await guard.one(info.context, selection, Question().among("id", [key_of(id, "Notice")]))
    if notice is None or notice.text is None:
        raise NotFound("notice", field)
    return f"{notice.language}, {notice.version}", notice.text
