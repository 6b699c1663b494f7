"""Taking everything along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import ExportState
from models import ExportState as State
from policies.actor import Actor
from procedures import export as exports
from schema.reading import OwnId, Plain, mutation, object_type, query, value


@object_type
class Export(Plain):
    """An archive of everything kept about a customer."""

    state: ExportState = value("The state of the archive.")
    progress: int = value("How much of it is finished, in percent.")
    size: int | None = value("The size in bytes; null while it is being made.")
    begun_at: datetime = value("When it was requested.")
    expires_at: datetime = value("When it is deleted.")
    downloaded_at: datetime | None = value("When it was last downloaded; null if it was not.")


DOWNLOADS = (
    "Downloads the archive from `/export/<token>` while you are signed in; shown only once. An earlier token for the "
    "same archive is no longer valid."
)


@query
async def export(customer_id: OwnId, *, by: Actor) -> Export | None:
    """Your archive; null if there is none."""
    return _view(await exports.find(customer_id, by=by))


@mutation(
    "The archive, and the token to download it.",
    {
        "export": (Export, "The archive."),
        "token": (str, DOWNLOADS),
    },
    input="The customer whose data to export.",
)
async def export_begin(customer_id: OwnId, *, by: Actor) -> Any:
    """Make an archive of everything kept about you; if there is one already, return it with a new token."""
    begun = await exports.begin(customer_id, by=by)
    return _view(begun.export), begun.token


def _view(archive: Any) -> Export | None:
    if archive is None:
        return None
    return Export(
        state=archive.state,
        progress=archive.percent,
        size=archive.size if archive.state is State.READY else None,
        begun_at=archive.begun_at,
        expires_at=archive.expires_at,
        downloaded_at=archive.downloaded_at,
    )
