"""Partners, deactivated and activated as a whole, and listed; adding one is `procedures.access.user`.

The operator runs these at the command line, who has the machine and with it the database: no policy is asked. That a
deactivated partner reads and does nothing, the policies say; here its sessions end as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models import Obligation, Partner, PartnerClient, Session
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import utc_now
from procedures.access import network, session
from procedures.errors import found
from procedures.ledger import record
from procedures.task import HandedBack, hand_back
from procedures.work import Clock

#: How many networks a partner may have; each is at most 43 characters long.
NETWORKS: Final = 20

_NO_NETWORK: Final = (
    "This is no network: write an address with the length of its prefix, such as 192.0.2.0/24 or 2001:db8::/32, where the "
    "bits after the prefix are nought, or a single address. Everybody's (/0) is nobody's."
)


@dataclass(frozen=True)
class Left:
    """What a deactivated partner leaves: the tasks that went back, and how many obligations it has not confirmed."""

    tasks: tuple[HandedBack, ...]
    obligations: int


@dataclass(frozen=True)
class Listed:
    """A partner for display: its name, whether it is active, how many clients it has, and from which networks they come."""

    name: str
    active: bool
    clients: int
    networks: tuple[str, ...] = ()


async def deactivate(name: str, *, clock: Clock = utc_now) -> Left:
    """Deactivate a partner: every session of its clients ends, none begins, and their open tasks go back to the managers.

    Its obligations stand: activate it again to have them confirmed.

    Raises:
        NotFound: there is no partner of this name.
    """
    async with transaction():
        return await deactivate_in_transaction(await _locked(name), clock())


async def deactivate_in_transaction(partner: Partner, now: datetime) -> Left:
    """Deactivate a partner as `deactivate` does, in the transaction under way."""
    clients = await _clients(partner)
    await Partner.filter(id=partner.id).update(active=False)
    ended = [each for client in clients for each in await session.end_all(client, now)]
    changed = {Partner: [partner.id], Session: ended}
    record(Event.PARTNER_DEACTIVATED, None, changed=changed, partner=partner.id)
    tasks = await hand_back(clients, by=None, at=now)
    owed = await Obligation.filter(partner_id=partner.id, acknowledged_at=None).count()
    return Left(tuple(tasks), owed)


async def activate(name: str) -> None:
    """Activate a partner again: its clients can sign in, and be given tasks.

    Raises:
        NotFound: there is no partner of this name.
    """
    async with transaction():
        partner = await _locked(name)
        await Partner.filter(id=partner.id).update(active=True)
        record(Event.PARTNER_ACTIVATED, None, changed={Partner: [partner.id]}, partner=partner.id)


async def set_networks(name: str, networks: Sequence[str]) -> tuple[str, ...]:
    """Say from which networks a partner's clients come, in place of what was said before; from none when none is given.

    Args:
        name: of the partner.
        networks: in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32, or single addresses.

    Returns:
        The networks as they are on record, each once.

    Raises:
        NotFound: there is no partner of this name.
        Unfit: something is no network, or there are too many.
    """
    known = _networks(networks)
    async with transaction():
        partner = await _locked(name)
        await Partner.filter(id=partner.id).update(networks=" ".join(known))
        record(Event.PARTNER_NETWORKS_SET, None, changed={Partner: [partner.id]}, partner=partner.id)
    return known


def _networks(given: Sequence[str]) -> tuple[str, ...]:
    try:
        known = tuple(sorted({str(network.parsed(each)) for each in given}))
    except ValueError:
        raise Unfit(_NO_NETWORK, "networks") from None
    if len(known) > NETWORKS:
        raise Unfit(f"At most {NETWORKS} networks. Join those that lie side by side.", "networks")
    return known


async def listed() -> list[Listed]:
    """Every partner, by name."""
    return [
        Listed(partner.name, partner.active, len(await _clients(partner)), tuple(partner.networks.split()))
        for partner in await Partner.all().order_by("name")
    ]


async def _locked(name: str) -> Partner:
    partner = await Partner.filter(name=name.strip()).select_for_update(no_key=True).first()
    return found(partner, "partner", "partner")


async def _clients(partner: Partner) -> list[UUID]:
    return [client.actor_id for client in await PartnerClient.filter(partner_id=partner.id)]
