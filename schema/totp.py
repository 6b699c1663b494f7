"""Enrolling a telephone whose codes are asked for at signing in, and removing it."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.types import Info

from procedures.access import totp as totps
from schema.reading import Context, Plain, UserError, actor_of, attempt, errors


@strawberry.type(description="A secret to put into the telephone; it counts once a code of it was shown.")
class TotpEnrolPayload(Plain):
    """The secret is shown once."""

    uri: str | None = strawberry.field(
        default=None, description="To be scanned as a QR code; told here and never again."
    )
    secret: str | None = strawberry.field(
        default=None, description="The same, to be typed: base32; told here and never again."
    )
    user_errors: list[UserError] = errors()


@strawberry.input(description="A first code.")
class TotpConfirmInput:
    """A code of the secret that was shown."""

    code: str = strawberry.field(description="The six digits that the telephone shows.")


@strawberry.type(description="Enrolled: from now on signing in and confirming ask for a code.")
class TotpConfirmPayload(Plain):
    """The recovery codes are shown once."""

    recovery_codes: list[str] | None = strawberry.field(
        default=None,
        description="Ten codes for a lost telephone, each good once; told here and never again.",
    )
    user_errors: list[UserError] = errors()


@strawberry.type(description="Removed: the password alone signs in.")
class TotpRemovePayload(Plain):
    """Nothing is left to show."""

    user_errors: list[UserError] = errors()


@strawberry.type
class TotpMutations:
    """What can be done about codes."""

    @strawberry.mutation(description="Begin to enrol a telephone; needs a confirmed session.")
    async def totp_enrol(self, info: Info[Context, None]) -> TotpEnrolPayload:
        """Enrol."""
        actor = actor_of(info)
        done, errors = await attempt(totps.enrol(by=actor), actor)
        if done is None:
            return TotpEnrolPayload(user_errors=errors)
        return TotpEnrolPayload(uri=done.uri, secret=done.secret)

    @strawberry.mutation(description="Show the first code of a secret, which makes it count.")
    async def totp_confirm(
        self,
        info: Info[Context, None],
        input: Annotated[TotpConfirmInput, strawberry.argument(description="What to do.")],
    ) -> TotpConfirmPayload:
        """Confirm."""
        actor = actor_of(info)
        codes, errors = await attempt(totps.confirm(input.code, by=actor), actor)
        return TotpConfirmPayload(recovery_codes=codes, user_errors=errors)

    @strawberry.mutation(description="Remove what was enrolled; needs a confirmed session.")
    async def totp_remove(self, info: Info[Context, None]) -> TotpRemovePayload:
        """Remove."""
        actor = actor_of(info)
        _, errors = await attempt(totps.remove(by=actor), actor)
        return TotpRemovePayload(user_errors=errors)
