"""The secrets of partners' clients."""

from typing import Annotated, Any
from uuid import UUID

from policies.actor import Actor
from procedures.staff import partner_secret
from schema.partner import PartnerClient
from schema.reading import Context, Id, mutation

SECRET = (str, "The new secret; it is shown here and never again.")


@mutation(
    "The new secret; the old one is void, and all other sessions of this client have ended.",
    {"secret": SECRET},
    input="The current secret.",
)
async def partner_secret_replace(
    current: Annotated[str, "The current secret."], *, by: Actor, context: Context
) -> Any:
    """Replace the secret that this client of a partner's signs in with; this session goes on."""
    return await partner_secret.replace(current, by=by, address=context.address)


@mutation(
    "The client, and its new secret; the old one is void, and all sessions of the client have ended.",
    {"client": (PartnerClient, "The client."), "secret": SECRET},
    input="The client whose secret was lost or stolen.",
)
async def partner_secret_renew(
    partner_client_id: Annotated[UUID, Id("PartnerClient"), "The partner's client."], *, by: Actor
) -> Any:
    """Make a new secret for a partner's client; needs a confirmed session, and privacy officers are notified."""
    return await partner_secret.renew(partner_client_id, by=by)
