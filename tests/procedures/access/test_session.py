from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from models import Account, AccountKind, EmployeeRole, Partner, Purpose, Role, Session
from policies.errors import Refused
from procedures import staff
from procedures.access import Allowance, Throttle, session
from procedures.access.password import matches, outdated
from procedures.errors import RateLimited, Unauthenticated, WrongCredentials
from tests import accounts
from tests.procedures import records
from tests.procedures.records import Clock

PASSWORD = "correct horse battery"
# The cheapest that argon2 allows: most of these tests are not about the hash.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
NOTHING: frozenset[Purpose] = frozenset()


async def signing_in(
    account: Account, password: str = PASSWORD, clock: Clock | None = None, **more
) -> session.SignedIn:
    login = more.pop("login", account.login)
    more = {"throttle": Throttle(), "address": "203.0.113.7", **more}
    return await session.sign_in(login, password, clock=clock or Clock(), **more)


async def asking(token: str, clock: Clock | None = None):
    return await session.authenticate(token, NOTHING, clock=clock or Clock())


async def test_an_employee_is_known_by_roles_and_stated_purposes(database):
    agent = await records.employee(Role.AGENT, Role.MANAGER, password_hash=CHEAP)
    signed_in = await signing_in(agent)

    actor = await session.authenticate(signed_in.token, frozenset({Purpose.SUPPORT}), clock=Clock())

    assert (actor.kind, actor.actor_id) == ("Employee", agent.id)
    assert actor.roles == {Role.AGENT, Role.MANAGER}
    assert actor.purposes == {Purpose.SUPPORT}
    assert actor.now == records.NOON


async def test_a_customer_is_known_by_the_customer_record(database):
    customer = await records.customer()
    account = await records.account(
        AccountKind.CUSTOMER, login=customer.number, customer_id=customer.id, password_hash=CHEAP
    )

    actor = await asking((await signing_in(account)).token)

    assert (actor.kind, actor.customer_id, actor.roles) == ("Customer", customer.id, frozenset())


async def test_a_partners_client_is_known_by_its_partner(database):
    client = await records.client(password_hash=CHEAP)

    actor = await asking((await signing_in(await client.actor)).token)

    assert (actor.kind, actor.partner_id, actor.actor_id) == (
        "PartnerClient",
        client.partner_id,
        client.actor_id,
    )


@pytest.mark.every_database
async def test_a_login_is_found_in_either_case(database):
    account = await records.employee(login="ona@office.example", password_hash=CHEAP)

    assert (await signing_in(account, login="  Ona@Office.example ")).actor_id == account.id


@pytest.mark.every_database
async def test_only_the_digest_of_a_token_is_kept(database):
    signed_in = await signing_in(await records.employee(password_hash=CHEAP))
    kept = await Session.get()

    assert len(signed_in.token) >= 43
    assert len(kept.token_hash) == 32
    assert signed_in.token.encode() not in bytes(kept.token_hash)
    assert signed_in.token not in repr(signed_in)


async def test_two_sessions_have_two_tokens(database):
    account = await records.employee(password_hash=CHEAP)

    assert (await signing_in(account)).token != (await signing_in(account)).token


@pytest.mark.parametrize("token", ["", "unknown", "x" * 5000, "\x00", "\ud800", "ė"])
async def test_an_unknown_token_opens_nothing(database, token):
    with pytest.raises(Unauthenticated):
        await asking(token)


@pytest.mark.every_database
async def test_a_session_ends_after_eight_hours(database):
    clock = Clock()
    token = (await signing_in(await records.employee(password_hash=CHEAP), clock=clock)).token
    clock.pass_by(timedelta(hours=8) - timedelta(seconds=1))
    assert await asking(token, clock)

    clock.pass_by(timedelta(seconds=1))

    with pytest.raises(Unauthenticated):
        await asking(token, clock)


async def test_after_signing_out_the_token_opens_nothing_and_others_go_on(database):
    account = await records.employee(password_hash=CHEAP)
    one, other = await signing_in(account), await signing_in(account)
    actor = await asking(one.token)

    await session.sign_out(actor.session_id, by=actor)

    with pytest.raises(Unauthenticated):
        await asking(one.token)
    assert await asking(other.token)


async def test_signing_out_twice_is_signing_out(database):
    actor = await asking((await signing_in(await records.employee(password_hash=CHEAP))).token)
    await session.sign_out(actor.session_id, by=actor)
    ended = (await Session.get()).ended_at

    await session.sign_out(actor.session_id, by=actor)

    assert (await Session.get()).ended_at == ended


async def test_nobody_ends_the_session_of_another(database):
    mine = await asking((await signing_in(await records.employee(password_hash=CHEAP))).token)
    other = await signing_in(await records.employee(password_hash=CHEAP))
    others = await asking(other.token)

    with pytest.raises(Refused):
        await session.sign_out(others.session_id, by=mine)
    assert await asking(other.token)


async def test_a_role_taken_away_counts_at_the_next_request(database):
    token = (await signing_in(await records.employee(Role.AGENT, Role.MANAGER, password_hash=CHEAP))).token
    await EmployeeRole.filter(role=Role.MANAGER).delete()

    assert (await asking(token)).roles == {Role.AGENT}


async def test_somebody_sent_away_is_out_at_once_and_stays_out(database):
    account = await records.employee(password_hash=CHEAP)
    token = (await signing_in(account)).token

    await staff.deactivate_by_login(account.login, clock=Clock())

    with pytest.raises(Unauthenticated):
        await asking(token)
    with pytest.raises(WrongCredentials):
        await signing_in(account)


async def test_coming_back_revives_no_old_session(database):
    account = await records.employee(password_hash=CHEAP)
    token = (await signing_in(account)).token
    await staff.deactivate_by_login(account.login, clock=Clock())

    await staff.activate_by_login(account.login)

    with pytest.raises(Unauthenticated):
        await asking(token)
    assert await signing_in(account)


async def test_a_partner_sent_away_is_out_at_once_and_stays_out(database):
    client = await records.client(password_hash=CHEAP)
    token = (await signing_in(await client.actor)).token

    await Partner.filter(id=client.partner_id).update(active=False)

    with pytest.raises(Unauthenticated):
        await asking(token)
    with pytest.raises(WrongCredentials):
        await signing_in(await client.actor)


async def test_a_new_password_ends_every_session_and_the_old_password(database):
    account = await records.employee(password_hash=CHEAP)
    tokens = [(await signing_in(account)).token for _ in range(2)]

    await accounts.set_password(account.login, "another good password", clock=Clock())

    for token in tokens:
        with pytest.raises(Unauthenticated):
            await asking(token)
    with pytest.raises(WrongCredentials):
        await signing_in(account)
    assert await signing_in(account, "another good password")


@pytest.mark.every_database
async def test_a_password_changed_while_it_was_checked_begins_no_session(database, monkeypatch):
    account = await records.employee(password_hash=CHEAP)

    async def changed_meanwhile(password: str, encoded: str | None) -> bool:
        found = await matches(password, encoded)
        await Account.filter(id=account.id).update(password_hash="changed meanwhile")
        return found

    monkeypatch.setattr(session, "matches", changed_meanwhile)
    with pytest.raises(WrongCredentials):
        await signing_in(account)
    assert not await Session.exists()


@pytest.mark.parametrize("wrong", ["", "wrong password", "x" * 5000, "\x00", "\ud800"])
async def test_unknown_login_wrong_password_and_no_password_are_refused_alike(database, wrong):
    known = await records.employee(password_hash=CHEAP)
    without = await records.employee()
    refusals = set()
    for login in (known.login, without.login, "nobody@office.example"):
        with pytest.raises(WrongCredentials) as refused:
            await signing_in(known, wrong, login=login)
        refusals.add((refused.value.code, refused.value.message, refused.value.field))

    assert len(refusals) == 1


@pytest.mark.parametrize("login", ["", "\x00", "\ud800", "x" * 100_000])
async def test_a_login_that_cannot_be_on_record_is_a_wrong_one(database, login):
    with pytest.raises(WrongCredentials):
        await signing_in(await records.employee(password_hash=CHEAP), login=login)


async def test_somebody_without_a_password_cannot_sign_in_by_any(database):
    with pytest.raises(WrongCredentials):
        await signing_in(await records.employee(), "")


async def test_guessing_is_slowed_down_and_the_owner_signs_in_from_home(database):
    account, throttle = await records.employee(password_hash=CHEAP), Throttle(Allowance(free=2))
    for _ in range(2):
        with pytest.raises(WrongCredentials):
            await signing_in(account, "a wrong password", throttle=throttle)

    with pytest.raises(RateLimited) as limited:
        await signing_in(account, throttle=throttle)
    assert limited.value.retry_after == 1
    assert await signing_in(account, throttle=throttle, address="198.51.100.9")


async def test_after_the_wait_the_right_password_is_heard(database):
    account, throttle, clock = (
        await records.employee(password_hash=CHEAP),
        Throttle(Allowance(free=1)),
        Clock(),
    )
    with pytest.raises(WrongCredentials):
        await signing_in(account, "a wrong password", clock, throttle=throttle)

    clock.pass_by(timedelta(seconds=1))

    assert await signing_in(account, clock=clock, throttle=throttle)


async def test_a_weak_hash_is_renewed_at_the_next_sign_in(database, real_hashes):
    account = await records.employee(password_hash=CHEAP)

    await signing_in(account)

    renewed = (await Account.get(id=account.id)).password_hash
    assert renewed is not None
    assert not outdated(renewed)
    assert await signing_in(account)


@pytest.mark.every_database
async def test_sessions_long_over_are_swept_when_their_owner_signs_in(database):
    account, clock = await records.employee(password_hash=CHEAP), Clock()
    await signing_in(account, clock=clock)
    clock.pass_by(timedelta(days=31))

    await signing_in(account, clock=clock)

    assert await Session.all().count() == 1
