"""Consent by double opt-in: asked for with a code, and given when it comes back (`contactPointConfirm`)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from models import Category
from policies.actor import Actor
from procedures.own import double_opt_in
from schema.consent import Consent, Expiry, NoticeId, PurposeName
from schema.reading import Id, mutation


@mutation(
    "The requested consents, which wait for the code.",
    {
        "consents": (
            list[Consent],
            "The requested consents, one for each category; they permit nothing yet.",
        ),
        "expires_at": (datetime, "When the code expires."),
    },
    input="The consents to request by a code.",
    creates=True,
)
async def double_opt_in_begin(
    contact_point_id: Annotated[UUID, Id("ContactPoint"), "The contact point that the code is sent to."],
    categories: Annotated[list[Category], "The categories; one code gives consent to all of them."],
    purpose: PurposeName,
    notice_id: NoticeId,
    expires_at: Expiry = None,
    *,
    by: Actor,
) -> Any:
    """Request consents that are given by a code (double opt-in).

    The code is sent to a contact point and confirmed by `contactPointConfirm`. Earlier codes are no longer valid.
    """
    return await double_opt_in.begin(
        contact_point_id, categories, purpose, notice_id, by=by, expires_at=expires_at
    )
