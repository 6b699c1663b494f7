"""Privacy notices, which customers are shown before they consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from models import Purpose
from policies.actor import Actor
from policies.statements import Order
from procedures import notice as notices
from procedures.errors import NotFound
from schema.reading import (
    ContextInfo,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    guard,
    mutation,
    query,
    recorded,
    selected,
    value,
)


@recorded
class Notice(Released, Guarded):
    """A privacy notice; it is never edited."""

    purpose: Purpose | None = value("The purpose that it is about.")
    language: str | None = value("The language, such as lt or en.")
    version: str | None = value("The version.")
    text: str | None = value("The text, plain or Markdown.")
    digest: str | None = value("The SHA-256 of the text, in hexadecimal.")
    created_at: datetime | None = value("When it was added.")


NOTICES = all_of(Notice, "notices", "The privacy notices, the oldest first.", Order("createdAt"), public=True)


@query
async def notice_difference(
    from_: Annotated[UUID, Id("Notice"), "The earlier notice."],
    to: Annotated[UUID, Id("Notice"), "The later notice."],
    *,
    info: ContextInfo,
) -> str:
    """What changed from one notice to another, as a unified diff; empty if nothing did."""
    old, new = await _text(info, from_, "from"), await _text(info, to, "to")
    return notices.difference(old[1].splitlines(), new[1].splitlines(), old[0], new[0])


@mutation(
    "The added notice.",
    {"notice": (Notice, "The notice.")},
    input="The notice to add; it cannot be edited afterwards.",
    creates=True,
)
async def notice_add(
    purpose: Annotated[Purpose, "The purpose that it is about."],
    language: Annotated[str, "The language, such as lt or en."],
    version: Annotated[str, "The version; another text needs another version."],
    text: Annotated[str, "The text that customers are shown, plain or Markdown."],
    *,
    by: Actor,
) -> Any:
    """Add a privacy notice; adding the same one again changes nothing."""
    return await notices.add(purpose, language, version, text, by=by)


async def _text(info: Any, id: UUID, field: str) -> tuple[str, str]:
    """A notice's name (language and version) and its text, where the actor may read them."""
    selection = selected(info, "Notice").written("Notice", "{ language version text }")
    notice = await guard.one(info.context, selection, Question().among("id", [id]))
    if notice is None or notice.text is None:
        raise NotFound("notice", field)
    return f"{notice.language}, {notice.version}", notice.text
