"""Lifting what was kept of somebody who left."""

from typing import Annotated, Any

from models import Category, ContactKind
from models.errors import Unfit
from policies.actor import Actor
from procedures import suppression
from schema.reading import mutation


@mutation(
    "What was lifted.",
    {"lifted": (int, "How many entries were lifted; 0 where nothing was kept of it.")},
    input="The address or personal code of somebody who left; it is not stored.",
)
async def suppression_lift(
    value: Annotated[str, "The address, number or personal code, as the person says it."],
    evidence: Annotated[
        str, "A reference to the person's own wish, such as the number of a letter; not stored."
    ],
    kind: Annotated[ContactKind | None, "The kind of a contact point; null for a personal code."] = None,
    country: Annotated[
        str | None, "The country that issued a personal code; null for a contact point."
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Let somebody who left be taken in again, at that person's own wish; needs a confirmed session."""
    if (kind is None) is (country is None):
        raise Unfit("Name the kind of a contact point, or the country of a personal code.", "kind")
    category = Category.CONTACT_POINT if country is None else Category.PERSONAL_CODE
    values = {"kind": kind, "value": value} if country is None else {"country": country, "code": value}
    return await suppression.lift(suppression.of_values(category, values)[0], evidence, by=by)
