"""A partner is deactivated as a whole: its sessions end at once, and what it leaves is told."""

from uuid import UUID

import pytest

from models import (
    Account,
    Obligation,
    ObligationKind,
    Partner,
    PartnerClient,
    Purpose,
    Role,
    Task,
    TaskStatus,
)
from models.errors import Unfit
from models.event import Event
from policies.actor import Channel
from procedures.access import authenticate, session
from procedures.access.throttle import Throttle
from procedures.errors import NotFound, Unauthenticated, WrongCredentials
from procedures.staff import partner
from tests import ledger
from tests.procedures import records
from tests.procedures.changing import CHEAP, PASSWORD
from tests.procedures.records import DAY, NOON, Clock


async def signing_in(client: PartnerClient) -> str:
    account = await Account.get(id=client.actor_id)
    signed = await session.sign_in(
        account.login, PASSWORD, address="192.0.2.1", clock=Clock(), throttle=Throttle()
    )
    return signed.token


async def asking(token: str) -> UUID | None:
    return (await authenticate(token, frozenset(), clock=Clock())).partner_id


async def channel(token: str, address: str) -> Channel:
    return (await authenticate(token, frozenset(), clock=Clock(), address=address)).channel


async def clients(of: Partner) -> list[PartnerClient]:
    return [await records.client(of, password_hash=CHEAP) for _ in range(2)]


@pytest.mark.every_database
async def test_every_session_of_its_clients_ends_and_none_begins(database: str) -> None:
    gone, other = [await Partner.create(name=name, created_at=NOON) for name in ("Gone", "Other")]
    theirs, (stays, _) = await clients(gone), await clients(other)
    tokens, kept = [await signing_in(client) for client in theirs], await signing_in(stays)

    await partner.deactivate(" Gone ", clock=Clock())

    for token in tokens:
        with pytest.raises(Unauthenticated):
            await asking(token)
    with pytest.raises(WrongCredentials):
        await signing_in(theirs[0])
    assert await asking(kept) == other.id
    (entry,) = await ledger.entries(Event.PARTNER_DEACTIVATED)
    assert entry["data"] == {"partner": str(gone.id)}
    assert len(entry["changed"]["sessions"]) == 2


async def test_a_partner_that_is_activated_again_signs_in_and_no_old_session_is_revived(
    database: str,
) -> None:
    owner = await Partner.create(name="Back", created_at=NOON)
    client, _ = await clients(owner)
    token = await signing_in(client)
    await partner.deactivate("Back", clock=Clock())

    await partner.activate("Back")

    with pytest.raises(Unauthenticated):
        await asking(token)
    assert await asking(await signing_in(client)) == owner.id
    assert [(each.name, each.active, each.clients) for each in await partner.listed()] == [("Back", True, 2)]


async def test_what_it_leaves_is_told(database: str) -> None:
    owner = await Partner.create(name="Gone", created_at=NOON)
    client, _ = await clients(owner)
    customer = await records.customer()
    await records.task(customer.id, Purpose.DELIVERY, assignee_id=client.actor_id, due_at=NOON + DAY)
    await records.task(customer.id, Purpose.DELIVERY, assignee_id=client.actor_id, status=TaskStatus.CLOSED)
    await records.task(customer.id, assignee_id=(await records.employee(Role.AGENT)).id)
    for done in (None, NOON):
        await Obligation.create(
            partner_id=owner.id, customer_id=customer.id, kind=ObligationKind.ERASE, created_at=NOON,
            due_at=NOON, acknowledged_at=done,
        )  # fmt: skip

    left = await partner.deactivate("Gone", clock=Clock())

    assert left.obligations == 1
    assert not await Task.exists(assignee_id=client.actor_id, status=TaskStatus.OPEN)
    assert [(each.customer, each.purpose, each.due_at) for each in left.tasks] == [
        (customer.number, Purpose.DELIVERY, NOON + DAY)
    ]


@pytest.mark.parametrize("change", [partner.deactivate, partner.activate])
async def test_a_partner_that_is_not_there_is_not_found(database: str, change: object) -> None:
    with pytest.raises(NotFound):
        await change("Nobody")  # type: ignore[operator]  # either of the two


@pytest.mark.every_database
async def test_from_its_networks_a_client_comes_by_a_channel_of_its_own(database: str) -> None:
    owner, other = [await Partner.create(name=name, created_at=NOON) for name in ("Near", "Far")]
    token, elsewhere = (
        await signing_in((await clients(owner))[0]),
        await signing_in((await clients(other))[0]),
    )

    known = await partner.set_networks("Near", ["2001:db8::/32", "192.0.2.0/24", " 192.0.2.0/24"])

    assert known == ("192.0.2.0/24", "2001:db8::/32")
    assert [each.networks for each in await partner.listed()] == [(), known]
    for inside in ("192.0.2.9", "::ffff:192.0.2.9", "2001:db8:1::1"):
        assert await channel(token, inside) is Channel.PARTNER_NETWORK
        assert await channel(elsewhere, inside) is Channel.API
    for outside in ("192.0.3.9", "2001:db9::1", ""):
        assert await channel(token, outside) is Channel.API

    assert await partner.set_networks("Near", []) == ()
    assert await channel(token, "192.0.2.9") is Channel.API
    entries = await ledger.entries(Event.PARTNER_NETWORKS_SET)
    assert [entry["data"] for entry in entries] == [{"partner": str(owner.id)}] * 2


async def test_networks_that_are_none_or_everybody_or_too_many_change_nothing(database: str) -> None:
    await Partner.create(name="Near", networks="192.0.2.0/24", created_at=NOON)
    for unfit in (["0.0.0.0/0"], ["192.0.2.1/24"], [f"192.0.2.{number}" for number in range(21)]):
        with pytest.raises(Unfit):
            await partner.set_networks("Near", unfit)
    with pytest.raises(NotFound):
        await partner.set_networks("Nowhere", [])
    assert [each.networks for each in await partner.listed()] == [("192.0.2.0/24",)]
