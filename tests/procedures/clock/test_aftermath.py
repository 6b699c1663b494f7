"""What was done while the clock was ahead does no lasting damage once it is right, and what was over stays over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from models import (
    BreakGlass,
    BreakGlassState,
    Category,
    Consent,
    ContactCode,
    ContactPoint,
    Erasure,
    HeldRow,
    Message,
    MessageState,
    Purpose,
    Session,
    opened,
)
from models.database import transaction
from models.keys import submission_key
from models.ledger import Checkpoint
from policies.actor import utc_now
from procedures import clock, current
from procedures.access import Throttle, session
from procedures.checkpoint import checkpoint as checkpoints
from procedures.consent import consent as consents
from procedures.erasure import erasure
from procedures.errors import ClockDoubted, Unauthenticated
from procedures.evidence import verification
from procedures.message.delivery import deliver
from procedures.own import contact_point
from procedures.submission import key
from procedures.task import break_glass
from tests import ledger
from tests.clocks import at, ran_until
from tests.mailbox import Mailbox
from tests.people import Office
from tests.procedures import records
from tests.procedures.channels import way, ways
from tests.procedures.holds import kept
from tests.procedures.outbox import queued, reachable
from tests.procedures.records import DAY, NOON, Clock
from vault import vault

YEARS = 3653 * DAY
PASSWORD = "a long sentence of her own"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def doubted() -> None:
    """The clock has jumped by ten years, and is right again."""
    await ran_until(NOON)
    await clock.look(clock=at(NOON + YEARS))


@pytest.mark.every_database
async def test_a_session_that_was_begun_ten_years_ahead_opens_nothing_once_the_clock_is_right(database: str):
    account = await records.employee()
    await Session.create(
        actor_id=account.id, token_hash=session.token_hash("token"), created_at=NOON + YEARS,
        expires_at=NOON + YEARS + session.LIFETIME,
    )  # fmt: skip

    with pytest.raises(Unauthenticated):
        await session.authenticate("token", frozenset(), clock=at(NOON))
    assert await session.authenticate("token", frozenset(), clock=at(NOON + YEARS))


async def test_servers_whose_clocks_differ_by_moments_know_each_others_sessions(database: str):
    account = await records.employee()
    await Session.create(
        actor_id=account.id, token_hash=session.token_hash("token"), created_at=NOON,
        expires_at=NOON + session.LIFETIME,
    )  # fmt: skip

    assert await session.authenticate("token", frozenset(), clock=at(NOON - timedelta(minutes=1)))


@pytest.mark.every_database
async def test_no_trace_of_a_session_is_cleared_by_a_clock_that_is_doubted(database: str):
    account = await records.employee(password_hash=CHEAP)
    await Session.create(
        actor_id=account.id, token_hash=bytes(32), created_at=NOON, expires_at=NOON + session.LIFETIME
    )
    await doubted()

    await session.sign_in(
        account.login, PASSWORD, address="192.0.2.1", clock=at(NOON + YEARS), throttle=Throttle()
    )

    assert await Session.filter(expires_at=NOON + session.LIFETIME).count() == 1


async def test_witnesses_are_served_although_an_earlier_checkpoint_bears_a_later_time(
    database: str, inbox: Mailbox
):
    here = current.installation()
    here.addresses = replace(
        here.addresses, smtp=way(inbox.port).server, witness_mails=("eve@savas.example",)
    )
    await checkpoints.issue(clock=at(utc_now() + YEARS))
    await checkpoints.deliver()
    async with transaction():
        await ledger.adopt()
    await checkpoints.issue()

    (delivery,) = [each for each in await checkpoints.deliver() if each.kind == "mail"]

    assert (delivery.lacking, delivery.code) == (0, None)
    assert len(inbox.mails) == 2
    assert await Checkpoint.all().count() == 2


async def test_a_message_that_was_claimed_ten_years_ahead_is_sent_today(inbox: Mailbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await Message.filter(id=message.id).update(next_at=NOON + YEARS)

    assert await deliver(clock=Clock(), through=ways(inbox)) == 1


@pytest.mark.every_database
async def test_a_message_is_not_given_up_by_a_clock_that_is_doubted(inbox: Mailbox):
    customer, _ = await reachable()
    await Consent.all().update(expires_at=NOON + 2 * YEARS)
    message = await queued(customer, expires_at=NOON + DAY)
    await doubted()

    assert await deliver(clock=Clock(NOON + YEARS), through=ways(inbox)) == 0

    left = await Message.get(id=message.id)
    assert (left.state, left.attempts, left.content is None) == (MessageState.QUEUED, 0, False)
    assert await deliver(clock=Clock(NOON), through=ways(inbox)) == 1


@pytest.mark.every_database
async def test_a_code_that_was_sent_ten_years_ahead_keeps_no_other_back(inbox: Mailbox):
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)
    customer, point = await reachable(verified_at=None)
    await Consent.all().update(expires_at=NOON + 2 * YEARS)
    shown = Clock(NOON + YEARS)
    by = replace(await records.person(customer), clock=shown)
    await contact_point.verify(point.id, by=by)
    shown.now = NOON

    await contact_point.verify(point.id, by=by)

    assert [each.sent_at for each in await ContactCode.all()] == [NOON]


async def test_traces_of_codes_are_not_cleared_by_a_clock_that_is_doubted(inbox: Mailbox):
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)
    customer, point = await reachable(verified_at=None)
    await Consent.all().update(expires_at=NOON + 2 * YEARS)
    shown = Clock(NOON)
    by = replace(await records.person(customer), clock=shown)
    await contact_point.verify(point.id, by=by)
    await doubted()
    shown.now = NOON + YEARS

    await contact_point.verify(point.id, by=by)

    assert await ContactCode.all().count() == 2


async def test_keys_to_seal_to_are_not_destroyed_by_a_clock_that_is_doubted(database: str):
    published = await key.published(NOON)
    await doubted()

    await key.destroy_ended(NOON + YEARS)
    assert published.id in await submission_key.live()

    await ran_until(NOON + 2 * DAY)
    async with transaction():
        await clock.confirm(by=records.staff(await records.employee(), clock=Clock(NOON + 2 * DAY)))
    await key.destroy_ended(NOON + 2 * DAY)
    assert published.id not in await submission_key.live()


@pytest.mark.every_database
async def test_nothing_opens_without_a_task_by_a_clock_that_is_doubted(office: Office):
    ruta, rasa = await office.agent("support"), await office.employee("manager")
    customer = await office.customer([("contact_point", "support")])
    waiting = await office.break_glass(
        ruta, customer, "support", "contact_point", state=BreakGlassState.REQUESTED
    )
    await doubted()

    with pytest.raises(ClockDoubted):
        await break_glass.approve(waiting.id, by=(await office.session(rasa)).actor)
    assert (await BreakGlass.get(id=waiting.id)).state is BreakGlassState.REQUESTED


@pytest.mark.every_database
async def test_what_was_opened_ten_years_ahead_ends_when_the_clock_is_confirmed(office: Office):
    ruta, rasa = await office.agent("support"), await office.employee("manager")
    customer = await office.customer([("contact_point", "support")])
    long, usual = [
        await office.break_glass(ruta, customer, "support", "contact_point", approver=rasa) for _ in range(2)
    ]
    await BreakGlass.filter(id=long.id).update(ends_at=NOON + YEARS)

    async with transaction():
        assert await break_glass.end_impossible(by=rasa.actor) == 1

    assert (await BreakGlass.get(id=long.id)).ends_at == office.now
    assert (await BreakGlass.get(id=usual.id)).ends_at == usual.ends_at


@pytest.mark.every_database
async def test_a_hold_keeps_rows_back_after_its_day_until_it_is_ended(office: Office):
    """With a clock ahead, a customer who withdraws would otherwise be erased in spite of it."""
    who = await kept(office)
    await doubted()
    office.now += YEARS
    await Consent.all().update(expires_at=office.now + DAY)

    (ended,) = await who.withdrawn()

    assert (ended.erased_rows, ended.held_rows) == (0, 1)
    assert await HeldRow.all().count() == 1


@pytest.mark.every_database
async def test_what_rests_on_a_withdrawn_consent_passes_to_one_that_is_over_by_the_clock_alone(database: str):
    customer = await records.customer()
    consent = await records.consent(customer.id, expires_at=NOON + 2 * YEARS)
    other = await records.consent(customer.id, Purpose.BILLING, expires_at=NOON + 700 * DAY)
    row = await records.contact(consent)
    await doubted()

    by = replace(await records.person(customer), clock=at(NOON + YEARS))
    assert (await consents.withdraw(consent.id, by=by)).kept_rows == 1
    assert (await ContactPoint.get(id=row.id)).consent_id == other.id


@pytest.mark.every_database
async def test_nobody_consents_by_a_clock_that_is_doubted_and_everybody_withdraws(database: str):
    customer = await records.customer()
    consent = await records.consent(customer.id, expires_at=NOON + 2 * YEARS)
    shown = await records.notice(Purpose.BILLING)
    by = replace(await records.person(customer), clock=at(NOON + YEARS))
    await doubted()

    with pytest.raises(ClockDoubted):
        await consents.give(
            customer.id, Category.CONTACT_POINT, Purpose.BILLING, shown.id, by=by, evidence="form 8"
        )
    assert await Consent.all().count() == 1
    assert (await consents.withdraw(consent.id, by=by)).consent.permits is False


async def test_no_tasks_are_opened_by_a_clock_that_is_doubted(database: str):
    await doubted()

    with pytest.raises(ClockDoubted):
        await verification.reopen(clock=at(NOON + YEARS))


@pytest.mark.every_database
async def test_an_erasure_ten_years_ahead_takes_no_keys_of_what_came_after_it(office: Office):
    """It is completed late, after the clock was put right and the customer came back."""
    who = await kept(office, held=False)
    office.now += YEARS
    await Consent.all().update(expires_at=office.now + DAY)
    await who.withdrawn()
    first = await Erasure.get()
    office.now -= YEARS
    await who.consents_anew("second@example.org")
    await who.withdrawn()
    row = await who.consents_anew("third@example.org")
    await Erasure.filter(id=first.id).update(completed_at=None)
    await erasure.finish()

    vault.current().forget()
    found = await ContactPoint.get(id=row.id)
    assert (await opened(found)).value == "third@example.org"
