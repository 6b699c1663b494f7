"""Taking everything along."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import ExportState
from models import ExportState as State
from procedures import export as exports
from schema.reading import Context, Plain, UserError, actor_of, attempt, errors, key_of


@strawberry.type(
    description="An archive of everything kept about a customer: under way, or waiting to be fetched."
)
class Export(Plain):
    """How far an archive has come; what is in it is fetched by its token."""

    state: ExportState = strawberry.field(description="Whether it can be fetched.")
    progress: int = strawberry.field(description="How much of it is made, in percent.")
    size: int | None = strawberry.field(description="How large it is, in bytes; null while it is made.")
    begun_at: datetime = strawberry.field(description="When it was asked for.")
    expires_at: datetime = strawberry.field(description="When it is deleted.")
    downloaded_at: datetime | None = strawberry.field(description="When it was fetched last.")


@strawberry.input(description="A customer who takes everything along.")
class ExportBeginInput:
    """Who."""

    customer_id: strawberry.ID = strawberry.field(description="Your own record.")


@strawberry.type(description="An archive is made.")
class ExportBeginPayload(Plain):
    """The archive, and what fetches it."""

    export: Export | None = strawberry.field(default=None, description="The archive.")
    token: str | None = strawberry.field(
        default=None,
        description="Fetches the archive from `/export/<token>`, signed in as yourself; told here and never again. "
        "A token told before for the same archive is worth nothing now.",
    )
    user_errors: list[UserError] = errors()


@strawberry.type
class ExportQueries:
    """What can be asked about taking everything along."""

    @strawberry.field(description="Your archive; null while there is none.")
    async def export(
        self,
        info: Info[Context, None],
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="Your own record.")],
    ) -> Export | None:
        """How far it is."""
        actor = actor_of(info)
        found, _ = await attempt(exports.find(key_of(customer_id, "Customer"), by=actor), actor)
        return _shown(found)


@strawberry.type
class ExportMutations:
    """What can be done about taking everything along."""

    @strawberry.mutation(
        description="Have one archive made of everything kept about you; while one waits, that one is told."
    )
    async def export_begin(
        self,
        info: Info[Context, None],
        input: Annotated[ExportBeginInput, strawberry.argument(description="What to do.")],
    ) -> ExportBeginPayload:
        """Begin."""
        actor = actor_of(info)
        done, errors = await attempt(exports.begin(key_of(input.customer_id, "Customer"), by=actor), actor)
        if done is None:
            return ExportBeginPayload(user_errors=errors)
        return ExportBeginPayload(export=_shown(done.export), token=done.token, user_errors=errors)


def _shown(found: Any) -> Export | None:
    if found is None:
        return None
    return Export(
        state=found.state,
        progress=found.percent,
        size=found.size if found.state is State.READY else None,
        begun_at=found.begun_at,
        expires_at=found.expires_at,
        downloaded_at=found.downloaded_at,
    )
