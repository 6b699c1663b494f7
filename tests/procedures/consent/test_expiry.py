"""Consents that run out: ended with what rests on them, and never by a clock that is wrong."""

import asyncio
import json
from datetime import timedelta

import pytest

from models import Category, Consent, ConsentState, ContactPoint, Customer, LedgerEntry, Purpose
from models.database import transaction
from models.event import Event
from procedures.consent import consent as consents
from procedures.consent.expiry import FEW, Implausible, Swept, due, expire, plan
from procedures.ledger import record
from tests.procedures import records
from tests.procedures.records import DAY, NOON

YEARS = timedelta(days=3653)


async def running_out(count: int = 1, **more) -> list[Consent]:
    """Consents with a row each, that run out after a day."""
    found = [await records.consent((await records.customer()).id, **more) for _ in range(count)]
    for consent in found:
        await records.contact(consent)
    return found


async def standing(count: int) -> None:
    """Consents that stand for long, all of one notice."""
    shown = await records.notice()
    people = [Customer(created_at=NOON) for _ in range(count)]
    await Customer.bulk_create(people)
    await Consent.bulk_create(
        Consent(
            customer_id=each.id, category=Category.CONTACT_POINT, purpose=Purpose.SUPPORT, notice_id=shown.id,
            state=ConsentState.GIVEN, permits=True, evidence="form", expires_at=NOON + 900 * DAY, created_at=NOON,
        )
        for each in people
    )  # fmt: skip


@pytest.mark.every_database
async def test_a_consent_that_ran_out_ends_with_what_rests_on_it(database):
    (consent,) = await running_out()

    swept = await expire(NOON + DAY, sure=True)

    assert swept == Swept(1, 1, 0)
    kept = await Consent.get(id=consent.id)
    assert (kept.state, kept.permits, kept.denies) == (ConsentState.EXPIRED, False, False)
    assert not await ContactPoint.exists()
    assert await records.states(consent.id) == [ConsentState.EXPIRED]


async def test_what_rests_on_it_passes_to_another_consent(database):
    (consent,) = await running_out()
    other = await records.consent(consent.customer_id, Purpose.BILLING, expires_at=NOON + 9 * DAY)

    assert await expire(NOON + DAY, sure=True) == Swept(1, 0, 1)
    assert (await ContactPoint.get()).consent_id == other.id


@pytest.mark.every_database
async def test_one_that_stands_a_moment_longer_is_left_alone(database):
    await running_out(expires_at=NOON + DAY + timedelta(microseconds=1))

    assert await expire(NOON + DAY, sure=True) == Swept()
    assert await ContactPoint.exists()


async def test_a_second_run_finds_nothing_left_to_do(database):
    await running_out(3)
    await expire(NOON + DAY, sure=True)
    before = await LedgerEntry.all().count()

    assert await expire(NOON + DAY, sure=True) == Swept()
    assert await LedgerEntry.all().count() == before


@pytest.mark.every_database
async def test_two_runs_at_once_end_each_consent_once(database):
    found = await running_out(4)

    runs = await asyncio.gather(*(expire(NOON + DAY, sure=True) for _ in range(2)))

    assert sum(run.consents for run in runs) == sum(run.erased_rows for run in runs) == 4
    assert [await records.states(each.id) for each in found] == [[ConsentState.EXPIRED]] * 4


@pytest.mark.every_database
async def test_a_run_that_breaks_off_is_continued_by_the_next(database):
    await running_out(3)

    def interrupted(done: int, _all: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await expire(NOON + DAY, sure=True, progress=interrupted)
    assert await Consent.filter(permits=True).count() == await ContactPoint.all().count() == 1

    assert await expire(NOON + DAY, sure=True) == Swept(1, 1, 0)


async def test_renewing_before_the_end_keeps_everything(database):
    (consent,) = await running_out()
    by = await records.person(await Customer.get(id=consent.customer_id))
    shown = await records.notice()
    await consents.give(
        consent.customer_id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id, by=by, evidence="form 8",
        expires_at=NOON + 2 * DAY,
    )  # fmt: skip

    assert await expire(NOON + DAY, sure=True) == Swept()
    assert await ContactPoint.exists()


async def test_a_clock_ten_years_ahead_erases_nobody(database):
    await running_out(3)
    await _recorded_at(NOON)

    with pytest.raises(Implausible) as asked:
        await expire(NOON + YEARS)

    assert asked.value.code == "EXPIRY_IMPLAUSIBLE"
    assert await ContactPoint.all().count() == 3
    assert await Consent.filter(permits=True).count() == 3


async def test_a_server_that_was_started_with_that_clock_and_recorded_so_erases_nobody_either(database):
    await running_out(3)
    await _recorded_at(NOON)
    await _recorded_at(NOON + YEARS)

    with pytest.raises(Implausible):
        await expire(NOON + YEARS + DAY)
    assert await ContactPoint.all().count() == 3


@pytest.mark.every_database
async def test_more_than_a_tenth_at_once_is_asked_about(database):
    await running_out(FEW + 1)
    await _recorded_at(NOON)

    planned = await plan(NOON + DAY)
    assert (planned.consents, planned.permitting) == (FEW + 1, FEW + 1)
    assert planned.doubt is not None
    with pytest.raises(Implausible):
        await expire(NOON + DAY)
    assert await ContactPoint.all().count() == FEW + 1

    assert (await expire(NOON + DAY, sure=True)).erased_rows == FEW + 1


async def test_what_runs_out_day_by_day_needs_nobody(database):
    await standing(FEW * 12)
    await running_out(FEW + 1)
    await _recorded_at(NOON)

    assert (await plan(NOON + DAY)).doubt is None
    assert (await expire(NOON + DAY)).erased_rows == FEW + 1


async def test_planning_changes_nothing(database):
    await running_out(2)
    before = await LedgerEntry.all().count()

    await plan(NOON + DAY)

    assert await LedgerEntry.all().count() == before
    assert await Consent.filter(permits=True).count() == 2


@pytest.mark.every_database
async def test_what_runs_out_soon_is_listed_the_next_first(database):
    later, sooner, _ = await _ending(5), await _ending(2), await _ending(60)

    found = await due(NOON + 30 * DAY)

    assert [each.id for each in found] == [sooner.id, later.id]
    assert found[0].customer == await Customer.get(id=sooner.customer_id)


async def _ending(days: int) -> Consent:
    return await records.consent((await records.customer()).id, expires_at=NOON + days * DAY)


async def _recorded_at(instant) -> None:
    """Something is recorded at an instant."""
    agent = records.staff(await records.employee(), clock=records.Clock(instant))
    async with transaction():
        record(Event.LEDGER_STARTED, agent)


async def test_the_sweep_is_recorded_as_done_by_the_system(database):
    await running_out()
    await expire(NOON + DAY, sure=True)

    read = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    told = [each["event"] for each in read]
    assert told[-4:] == ["erasure.begun", "consent.expired", "receipt.made", "erasure.completed"]
    assert read[-3]["by"] == {"id": None, "kind": "System", "roles": []}
