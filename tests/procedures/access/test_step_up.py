"""A session is confirmed for a few minutes, and what a stolen token must not do waits for that."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from models import Account, Category, Purpose, Role, Session
from models.event import Event
from policies.actor import Actor
from policies.decide import confirmed, require
from policies.errors import PolicyError, Refused, StepUpRequired
from policies.language import text
from policies.policy import HERE, Policy, in_force
from policies.showing.table import personas
from procedures.access import Throttle, password, session
from procedures.consent import consent
from procedures.errors import RateLimited, Unauthenticated, UnfitPassword, WrongCredentials
from tests import accounts, ledger
from tests.procedures import records
from tests.procedures.instructing import SAID
from tests.procedures.records import DAY, Clock

PASSWORD, NEW = "correct horse battery", "staple horse battery"
# The cheapest that argon2 allows: none of these tests is about the hash.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
PLACE = "192.0.2.1"

#: The whole list: who confirms first, before what, to what. Whoever adds to it, or takes from it, does so here as well.
NEEDED = {
    "administrator: open Scan",
    "agent: open Scan",
    "customer: open Scan",
    "front desk: open Scan",
    "manager: open Scan",
    "privacy officer: open Scan",
    "privacy officer: remove Scan",
    "privacy officer: lift_suppression Employee",
    "administrator: end_employee_sessions Employee",
    "administrator: renew_partner_secret PartnerClient",
    "privacy officer: confirm Obligation",
    "privacy officer: end_customer_sessions Customer",
    "administrator: activate Employee",
    "administrator: add_employee Employee",
    "administrator: deactivate Employee",
    "administrator: give_employee_role Employee",
    "administrator: take_employee_role Employee",
    "administrator: change_password Session",
    "administrator: enrol_totp Session",
    "administrator: remove_totp Session",
    "administrator: request_break_glass Customer",
    "agent: change_password Session",
    "agent: enrol_totp Session",
    "agent: remove_totp Session",
    "agent: request_break_glass Customer",
    "customer: begin_export Customer",
    "customer: begin_withdrawal Customer",
    "customer: change_password Session",
    "customer: enrol_totp Session",
    "customer: remove_totp Session",
    "front desk: change_password Session",
    "front desk: enrol_totp Session",
    "front desk: remove_totp Session",
    "front desk: request_break_glass Customer",
    "manager: approve BreakGlass",
    "manager: approve Instruction",
    "manager: change_password Session",
    "manager: deliver Instruction",
    "manager: enrol_totp Session",
    "manager: hand_over Instruction",
    "manager: remove_totp Session",
    "manager: request_break_glass Customer",
    "privacy officer: approve BreakGlass",
    "privacy officer: approve Instruction",
    "privacy officer: change_password Session",
    "privacy officer: deliver Instruction",
    "privacy officer: end LegalHold",
    "privacy officer: enrol_totp Session",
    "privacy officer: hand_over Instruction",
    "privacy officer: invalidate Consent",
    "privacy officer: object Customer",
    "privacy officer: record_instruction Customer",
    "privacy officer: remove_totp Session",
    "privacy officer: request_break_glass Customer",
    "privacy officer: revoke Consent",
    "privacy officer: settle Difference",
    "privacy officer: withdraw Consent",
    "privacy officer: withdraw_consents Customer",
}


async def signed_in(*roles: Role, clock: Clock, account: Account | None = None) -> Actor:
    """Somebody who has just signed in."""
    account = account or await records.employee(*roles, password_hash=CHEAP)
    begun = await session.sign_in(account.login, PASSWORD, address=PLACE, clock=clock, throttle=Throttle())
    return await session.authenticate(begun.token, frozenset(), clock=clock)


async def confirms(by: Actor, word: str = PASSWORD, throttle: Throttle | None = None):
    return await session.confirm(
        word, by=by, address=PLACE, throttle=Throttle() if throttle is None else throttle
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_list_is_this_one() -> None:
    policy = in_force()

    assert {
        f"{name}: {action} {record}"
        for name, actor in personas(policy).items()
        for action, record in policy.actions
        if not policy.action(actor, action, record).never and policy.confirming.needed(actor, action, record)
    } == NEEDED


@pytest.mark.parametrize(
    "line",
    [
        'effect("erase", "withdrawn", "Consent");',
        'effect("eraze", "withdraw", "Consent");',
        'effect("none", "close", "Task");',
        'without_confirming("Person", "withdraw", "Consent", "");',
        'without_confirming("Person", "withdraw", "Consent");',
        'without_confirming("Human", "withdraw", "Consent", "Withdrawing is never harder than giving.");',
        'without_confirming("Staff", "close", "Task", "It needs none anyway.");',
        'confirms_first("anybody", "revoke", "Consent");',
        'confirms_first("anybody", "aprove", "BreakGlass");',
        'confirms_first("anybody", "approve", "Breakglass");',
        'confirms_first("everybody", "approve", "BreakGlass");',
    ],
)
async def test_a_line_that_says_nothing_or_what_is_not_there_is_refused(sqlite, line):
    sources = text.read(HERE)

    # Refused even where the rest would be taken as found whole, and so is not compiled here.
    with pytest.raises(PolicyError, match=r"step_up\.polar:"):
        Policy({**sources, "step_up.polar": sources["step_up.polar"] + line}, in_force().all_classified)


async def test_signing_in_confirms_nothing(database, clock):
    by = await signed_in(Role.AGENT, clock=clock)

    assert not await confirmed(by)
    with pytest.raises(StepUpRequired):
        await password.change(PASSWORD, NEW, by=by, address=PLACE, throttle=Throttle())


@pytest.mark.every_database
async def test_a_session_stays_confirmed_for_five_minutes_to_the_microsecond(database, clock):
    by = await signed_in(Role.AGENT, clock=clock)

    until = await confirms(by)

    assert until == clock.now + timedelta(minutes=5)
    clock.now = until - timedelta(microseconds=1)
    assert await confirmed(by)
    clock.now = until
    assert not await confirmed(by)


async def test_only_the_session_that_was_confirmed_is(database, clock):
    account = await records.employee(Role.AGENT, password_hash=CHEAP)
    one, other = [await signed_in(clock=clock, account=account) for _ in range(2)]
    await confirms(one)

    assert (await confirmed(one), await confirmed(other)) == (True, False)


async def test_an_ended_session_is_confirmed_no_more(database, clock):
    by = await signed_in(Role.AGENT, clock=clock)
    await confirms(by)
    assert by.session_id is not None
    await session.sign_out(by.session_id, by=by)

    assert not await confirmed(by)
    with pytest.raises(Unauthenticated):
        await confirms(by)


async def test_somebody_else_s_confirmed_session_confirms_nobody(database, clock):
    by = await signed_in(Role.AGENT, clock=clock)
    await confirms(by)
    other = await records.employee(Role.AGENT)

    assert not await confirmed(Actor("Employee", other.id, clock=clock, session_id=by.session_id))
    assert not await confirmed(Actor("Employee", by.actor_id, clock=clock))


async def test_a_wrong_password_confirms_nothing_and_is_recorded(database, clock):
    by = await signed_in(Role.AGENT, clock=clock)

    with pytest.raises(WrongCredentials):
        await confirms(by, "another horse battery")

    assert not await confirmed(by)
    (told,) = await ledger.data(Event.SESSION_REFUSED)
    assert told["code"] == "WRONG_CREDENTIALS"


async def test_guessing_at_a_confirmation_slows_down(database, clock):
    by, throttle = await signed_in(Role.AGENT, clock=clock), Throttle()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await confirms(by, "another horse battery", throttle)

    with pytest.raises(RateLimited):
        await confirms(by, PASSWORD, throttle)


async def test_a_partner_s_client_confirms_nothing(database, clock):
    client = await records.client(password_hash=CHEAP)
    by = await signed_in(clock=clock, account=await client.actor)

    with pytest.raises(Refused):
        await confirms(by)


async def test_who_may_never_do_it_is_told_so_and_not_to_confirm(database, clock):
    client = await records.client(password_hash=CHEAP)
    by = await signed_in(clock=clock, account=await client.actor)
    customer = await records.customer()

    with pytest.raises(Refused):
        await require(by, "request_break_glass", "Customer", customer.id)


async def test_a_customer_withdraws_without_confirming_and_the_officer_does_not(database, clock):
    customer = await records.customer()
    given = await records.consent(customer.id)
    officer = await signed_in(Role.PRIVACY_OFFICER, clock=clock)
    with pytest.raises(StepUpRequired):
        await consent.withdraw(given.id, by=officer)

    assert (await consent.withdraw(given.id, by=await records.person(customer))).consent.id == given.id


async def test_the_officer_withdraws_once_confirmed(database, clock):
    given = await records.consent((await records.customer()).id, expires_at=clock.now + DAY)
    officer = await signed_in(Role.PRIVACY_OFFICER, clock=clock)
    await confirms(officer)

    said = await consent.withdraw(given.id, by=officer, evidence=SAID)
    assert said.consent.category is Category.CONTACT_POINT


async def test_staff_at_work_for_a_customer_withdraw_as_they_record(database, clock):
    customer = await records.customer()
    given, agent = await records.consent(customer.id), await records.employee(Role.AGENT)
    await records.task(customer.id, assignee_id=agent.id)

    withdrawn = await consent.withdraw(
        given.id, by=records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT}), evidence=SAID
    )

    assert withdrawn.consent.id == given.id


async def test_a_changed_password_ends_every_other_session_and_not_this_one(database, clock):
    account = await records.employee(Role.AGENT, password_hash=CHEAP)
    stale, by = [await signed_in(clock=clock, account=account) for _ in range(2)]
    await confirms(by)

    assert await password.change(PASSWORD, NEW, by=by, address=PLACE, throttle=Throttle()) == 1

    ended = {each.id for each in await Session.exclude(ended_at=None)}
    assert ended == {stale.session_id}
    with pytest.raises(WrongCredentials):
        await session.sign_in(account.login, PASSWORD, address=PLACE, clock=clock, throttle=Throttle())
    assert await session.sign_in(account.login, NEW, address=PLACE, clock=clock, throttle=Throttle())
    assert await ledger.data(Event.USER_PASSWORD_CHANGED) == [{"actor": str(account.id)}]


@pytest.mark.parametrize(
    ("current", "new", "error"),
    [
        ("another horse battery", NEW, WrongCredentials),
        (PASSWORD, "short", UnfitPassword),
        (PASSWORD, "x" * 1025, UnfitPassword),
    ],
)
async def test_a_password_that_cannot_be_changed_stays_and_so_do_the_sessions(
    database, clock, current, new, error
):
    account = await records.employee(Role.AGENT, password_hash=CHEAP)
    stale, by = [await signed_in(clock=clock, account=account) for _ in range(2)]
    await confirms(by)
    before = (await Account.get(id=account.id)).password_hash

    with pytest.raises(error):
        await password.change(current, new, by=by, address=PLACE, throttle=Throttle())

    assert (await Account.get(id=account.id)).password_hash == before
    assert (await Session.get(id=stale.session_id)).ended_at is None


async def test_a_confirmation_does_not_outlive_the_password_it_was_given_with(database, clock):
    account = await records.employee(Role.AGENT, password_hash=CHEAP)
    by = await signed_in(clock=clock, account=account)
    await confirms(by)

    await accounts.set_password(account.login, NEW, clock=clock)

    assert not await confirmed(by)
