"""The secrets of partners' clients: replaced by the client itself, or by an administrator where one was lost or stolen.

The server makes them, and tells each once. The old one is void at once, and with it all other sessions of the client.
"""

import secrets
from uuid import UUID

from models import AccessChangeKind, PartnerClient
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.access import hashed, password, user
from procedures.staff.employee import present
from procedures.staff.telling import changed


async def replace(current: str, *, by: Actor, address: str) -> str:
    """Replace one's own secret; returns the new one. The session goes on, and every other session of the client ends.

    Raises:
        Unauthenticated: there is no session.
        Refused: the actor is no partner's client, or its partner was deactivated.
        RateLimited: too many secrets were wrong.
        WrongCredentials: the current one is wrong.
    """
    secret = secrets.token_urlsafe(32)
    await password.exchange(current, secret, "replace_partner_secret", by=by, address=address)
    return secret


async def renew(partner_client_id: UUID, *, by: Actor) -> tuple[PartnerClient, str]:
    """Make a new secret for a partner's client; every session of the client ends.

    Raises:
        Refused: the actor may not, or there is no such client.
        StepUpRequired: the session has to be confirmed first.
    """
    # Asked before the work as well, which is slow.
    await require(by, "renew_partner_secret", "PartnerClient", partner_client_id)
    client = await PartnerClient.get(id=partner_client_id)
    secret = secrets.token_urlsafe(32)
    digest = await hashed(secret, login=client.name)
    async with transaction():
        by = await present(by, client.actor_id)
        await require(by, "renew_partner_secret", "PartnerClient", partner_client_id)
        await user.change(client.actor_id, Event.SECRET_REPLACED, by.now, {"password_hash": digest}, by)
        await changed(AccessChangeKind.SECRET_REPLACED, client.actor_id, by, by.now)
    return client, secret
