"""Verifying that a contact point reaches its owner, by a code that is sent there."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from policies.actor import Actor
from procedures.own import contact_point
from schema.category import VIEWS
from schema.consent import Consent
from schema.reading import Context, Id, mutation

ContactPointId = Annotated[UUID, Id("ContactPoint"), "The contact point."]


@mutation(
    "The contact point that a code was sent to.",
    {
        "contact_point": (VIEWS["ContactPoint"], "The contact point that the code was sent to."),
        "expires_at": (datetime, "When the code expires."),
    },
    input="The contact point to send a code to.",
    creates=True,
)
async def contact_point_verify(contact_point_id: ContactPointId, *, by: Actor) -> Any:
    """Send a code to a contact point; earlier codes are no longer valid."""
    return await contact_point.verify(contact_point_id, by=by)


@mutation(
    "The confirmed contact point.",
    {
        "contact_point": (VIEWS["ContactPoint"], "The contact point, now verified."),
        "consents": (list[Consent], "The consents that were given by this code (double opt-in)."),
    },
    input="The code that was sent to a contact point.",
)
async def contact_point_confirm(
    contact_point_id: ContactPointId,
    code: Annotated[str, "The code from the latest message."],
    *,
    by: Actor,
    context: Context,
) -> Any:
    """Confirm a contact point by the code that was sent to it. Consents that were requested with the code are given."""
    return await contact_point.confirm(contact_point_id, code, by=by, address=context.address)
