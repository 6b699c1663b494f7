"""Changing one's own password."""

from typing import Annotated, Any

from policies.actor import Actor
from procedures.access import password
from schema.reading import Context, mutation


@mutation(
    "The result of changing a password.",
    {"ended_sessions": (int, "How many other sessions of yours were ended.")},
    input="The current and the new password.",
)
async def password_change(
    current: Annotated[str, "The current password."],
    new: Annotated[str, "The new password, of at least 12 characters."],
    *,
    by: Actor,
    context: Context,
) -> Any:
    """Change your password; needs a confirmed session, and ends all your other sessions."""
    return await password.change(current, new, by=by, address=context.address)
