"""Taking everything along."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from models import ExportState
from models import ExportState as State
from procedures import export as exports
from schema.reading import ContextInfo, Input, Payload, Plain, actor_of, attempt, key_of


@strawberry.type(description="An archive of everything kept about a customer.")
class Export(Plain):
    """How far an archive has come; what is in it is fetched by its token."""

    state: ExportState = strawberry.field(description="The state of the archive.")
    progress: int = strawberry.field(description="How much of it is finished, in percent.")
    size: int | None = strawberry.field(description="The size in bytes; null while it is being made.")
    begun_at: datetime = strawberry.field(description="When it was requested.")
    expires_at: datetime = strawberry.field(description="When it is deleted.")
    downloaded_at: datetime | None = strawberry.field(
        description="When it was last downloaded; null if it was not."
    )


@strawberry.input(description="The customer whose data to export.")
class ExportBeginInput:
    """Who."""

    customer_id: strawberry.ID = strawberry.field(description="The identifier of your own record.")


@strawberry.type(description="The archive, and the token to download it.")
class ExportBeginPayload(Payload):
    """The archive, and what fetches it."""

    export: Export | None = strawberry.field(default=None, description="The archive.")
    token: str | None = strawberry.field(
        default=None,
        description="Downloads the archive from `/export/<token>` while you are signed in; shown only "
        "once. An earlier token for the same archive is no longer valid.",
    )


@strawberry.type
class ExportQueries:
    """What can be asked about taking everything along."""

    @strawberry.field(description="Your archive; null if there is none.")
    async def export(
        self,
        info: ContextInfo,
        customer_id: Annotated[
            strawberry.ID, strawberry.argument(description="The identifier of your own record.")
        ],
    ) -> Export | None:
        """How far it is."""
        actor = actor_of(info)
        archive, _ = await attempt(exports.find(key_of(customer_id, "Customer"), by=actor), actor)
        return _view(archive)


@strawberry.type
class ExportMutations:
    """What can be done about taking everything along."""

    @strawberry.mutation(
        description="Make an archive of everything kept about you; if there is one already, return it "
        "with a new token."
    )
    async def export_begin(self, info: ContextInfo, input: Input[ExportBeginInput]) -> ExportBeginPayload:
        """Begin."""
        actor = actor_of(info)
        begun, errors = await attempt(exports.begin(key_of(input.customer_id, "Customer"), by=actor), actor)
        if begun is None:
            return ExportBeginPayload(user_errors=errors)
        return ExportBeginPayload(export=_view(begun.export), token=begun.token, user_errors=errors)


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
