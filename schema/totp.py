"""Enrolling and removing an authenticator app, whose codes signing in needs."""

from __future__ import annotations

import strawberry

from procedures.access import totp as totps
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt


@strawberry.type(description="The secret for an authenticator app; it takes effect with `totpConfirm`.")
class TotpEnrolPayload(Payload):
    """The secret is shown once."""

    uri: str | None = strawberry.field(
        default=None, description="The secret as a URI, to show as a QR code; shown only once."
    )
    secret: str | None = strawberry.field(
        default=None, description="The secret in base32, to type in; shown only once."
    )


@strawberry.input(description="The first code of an authenticator app.")
class TotpConfirmInput:
    """A code of the secret that was shown."""

    code: str = strawberry.field(description="The six digits that the app shows.")


@strawberry.type(
    description="The result of enrolling: signing in and `sessionConfirm` need a code from now on."
)
class TotpConfirmPayload(Payload):
    """The recovery codes are shown once."""

    recovery_codes: list[str] | None = strawberry.field(
        default=None,
        description="Ten codes for when the app is lost, each valid once; shown only once.",
    )


@strawberry.type(description="The result of removing the app: signing in needs only the password.")
class TotpRemovePayload(Payload):
    """Nothing is left to show."""


@strawberry.type
class TotpMutations:
    """What can be done about codes."""

    @strawberry.mutation(description="Begin to enrol an authenticator app; needs a confirmed session.")
    async def totp_enrol(self, info: ContextInfo) -> TotpEnrolPayload:
        """Enrol."""
        actor = actor_of(info)
        enrolment, errors = await attempt(totps.enrol(by=actor), actor)
        if enrolment is None:
            return TotpEnrolPayload(user_errors=errors)
        return TotpEnrolPayload(uri=enrolment.uri, secret=enrolment.secret)

    @strawberry.mutation(description="Complete the enrolment of an authenticator app by its first code.")
    async def totp_confirm(self, info: ContextInfo, input: Input[TotpConfirmInput]) -> TotpConfirmPayload:
        """Confirm."""
        actor = actor_of(info)
        codes, errors = await attempt(totps.confirm(input.code, by=actor), actor)
        return TotpConfirmPayload(recovery_codes=codes, user_errors=errors)

    @strawberry.mutation(description="Remove the enrolled authenticator app; needs a confirmed session.")
    async def totp_remove(self, info: ContextInfo) -> TotpRemovePayload:
        """Remove."""
        actor = actor_of(info)
        _, errors = await attempt(totps.remove(by=actor), actor)
        return TotpRemovePayload(user_errors=errors)
