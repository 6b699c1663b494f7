"""Enrolling and removing an authenticator app, whose codes signing in needs."""

from typing import Annotated, Any

from policies.actor import Actor
from procedures.access import totp
from schema.reading import mutation


@mutation(
    "The secret for an authenticator app; it takes effect with `totpConfirm`.",
    {
        "uri": (str, "The secret as a URI, to show as a QR code; shown only once."),
        "secret": (str, "The secret in base32, to type in; shown only once."),
    },
)
async def totp_enrol(*, by: Actor) -> Any:
    """Begin to enrol an authenticator app; needs a confirmed session."""
    return await totp.enrol(by=by)


@mutation(
    "The result of enrolling: signing in and `sessionConfirm` need a code from now on.",
    {"recovery_codes": (list[str], "Ten codes for when the app is lost, each valid once; shown only once.")},
    input="The first code of an authenticator app.",
)
async def totp_confirm(code: Annotated[str, "The six digits that the app shows."], *, by: Actor) -> Any:
    """Complete the enrolment of an authenticator app by its first code."""
    return await totp.confirm(code, by=by)


@mutation("The result of removing the app: signing in needs only the password.")
async def totp_remove(*, by: Actor) -> None:
    """Remove the enrolled authenticator app; needs a confirmed session."""
    await totp.remove(by=by)
