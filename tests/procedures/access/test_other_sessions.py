"""Sessions are listed and ended by their owners; those of others by whoever may, and customers are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from models import AccessChange, AccountKind, Message, Role, Session, Template, UserAgent
from models.event import Event
from policies.actor import Actor
from policies.errors import Refused, StepUpRequired
from procedures.access import Throttle, other_sessions, session
from procedures.errors import Unauthenticated
from procedures.staff import customer_sessions, employee_sessions
from tests import ledger
from tests.people import Office
from tests.procedures import records
from tests.procedures.records import Clock

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
MINE = "query { session { id } sessions { nodes { id createdAt agent newPlace endedAt } } }"


async def signed_in(
    login: str, clock: Clock, address: str = "192.0.2.1", **more: UserAgent
) -> tuple[str, Actor]:
    """A new session's token, and whose it is."""
    begun = await session.sign_in(login, PASSWORD, address=address, clock=clock, throttle=Throttle(), **more)
    return begun.token, await session.authenticate(begun.token, frozenset(), clock=clock)


@pytest.mark.every_database
async def test_all_others_end_and_this_one_goes_on(database: str) -> None:
    account, clock = await records.employee(Role.AGENT, password_hash=CHEAP), Clock()
    old, _ = await signed_in(account.login, clock)
    token, here = await signed_in(account.login, clock)

    assert await other_sessions.end(by=here) == 1
    assert await other_sessions.end(by=here) == 0

    await session.authenticate(token, frozenset(), clock=clock)
    with pytest.raises(Unauthenticated):
        await session.authenticate(old, frozenset(), clock=clock)
    assert len(await ledger.data(Event.SESSION_ENDED)) == 1


async def test_one_is_ended_from_another_by_its_owner_alone(database: str) -> None:
    account, clock = await records.employee(Role.AGENT, password_hash=CHEAP), Clock()
    other = await records.employee(Role.AGENT, password_hash=CHEAP)
    token, lost = await signed_in(account.login, clock)
    _, here = await signed_in(account.login, clock)
    _, stranger = await signed_in(other.login, clock)
    assert lost.session_id is not None

    with pytest.raises(Refused):
        await session.end(lost.session_id, by=stranger)
    await session.end(lost.session_id, by=here)

    with pytest.raises(Unauthenticated):
        await session.authenticate(token, frozenset(), clock=clock)


async def test_a_new_place_is_seen_and_no_address_is_kept(database: str) -> None:
    account, clock = await records.employee(Role.AGENT, password_hash=CHEAP), Clock()
    await signed_in(account.login, clock, "192.0.2.1")
    await signed_in(account.login, clock, "192.0.2.1")
    await signed_in(account.login, clock, "198.51.100.7", agent=UserAgent.FIREFOX)

    kept = await Session.filter(actor_id=account.id).order_by("new_place")
    assert [(each.new_place, each.agent) for each in kept] == [
        (False, UserAgent.PROGRAM), (False, UserAgent.PROGRAM), (True, UserAgent.FIREFOX),
    ]  # fmt: skip
    assert all(each.place and len(each.place) == 32 for each in kept)


async def test_when_a_session_was_last_seen_is_noted_four_times_an_hour(database: str) -> None:
    account, clock = await records.employee(Role.AGENT, password_hash=CHEAP), Clock()
    token, here = await signed_in(account.login, clock)
    begun = clock.now
    for minutes, seen in ((10, begun), (10, begun + timedelta(minutes=20))):
        clock.now += timedelta(minutes=minutes)
        await session.authenticate(token, frozenset(), clock=clock)
        assert (await Session.get(id=here.session_id)).last_seen_at == seen


async def test_everybody_lists_their_own_and_knows_which_is_this(office: Office) -> None:
    ruta, colleague = await office.session(await office.agent()), await office.session(await office.agent())

    answer = await ruta.asks(MINE)

    assert not answer.errors
    assert [each["id"] for each in answer.data["sessions"]["nodes"]] == [answer.data["session"]["id"]]
    assert (await colleague.asks(MINE)).data["session"] != answer.data["session"]


async def test_an_administrator_ends_an_employees_and_no_customers(office: Office) -> None:
    boss = await office.session(await office.employee("administrator"))
    ruta, customer = await office.session(await office.agent()), await office.customer()
    assert ruta.record is not None

    _, ended = await employee_sessions.end(ruta.record.id, by=boss.actor)

    assert ended == 1
    assert (await Session.get(id=ruta.actor.session_id)).ended_at is not None
    assert (await AccessChange.get()).account_id == ruta.actor.actor_id
    with pytest.raises(Refused):
        await customer_sessions.end(customer.id, by=boss.actor)


async def test_a_privacy_officer_ends_a_customers_who_is_told(office: Office) -> None:
    officer = await office.session(await office.employee("privacy_officer"))
    customer = await office.customer()
    herself = await office.session(await office.himself(customer))

    with pytest.raises(StepUpRequired):
        await customer_sessions.end(customer.id, by=replace(officer.actor, session_id=None))
    assert await customer_sessions.end(customer.id, by=officer.actor) == 1

    assert (await Session.get(id=herself.actor.session_id)).ended_at is not None
    assert [each.template for each in await Message.all()] == [Template.SESSIONS_ENDED]
    assert herself.actor.kind == "Customer"
    assert await Session.filter(actor__kind=AccountKind.CUSTOMER, ended_at=None).count() == 0
