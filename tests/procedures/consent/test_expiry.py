"""Consents that run out: ended with what rests on them, and never by a clock that is wrong."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from models import (
    Category,
    Consent,
    ConsentContent,
    ConsentState,
    ContactPoint,
    Customer,
    LedgerEntry,
    Purpose,
)
from procedures.clock.ending import FEW
from procedures.consent import consent as consents
from procedures.consent.expiry import Swept, due, expire
from procedures.errors import ClockDoubted
from tests.clocks import at, ran_until
from tests.procedures import records
from tests.procedures.records import DAY, NOON


async def swept(now: datetime, **more) -> Swept:
    """What is ended at an instant until which a server has run."""
    await ran_until(now)
    return await expire(clock=at(now), **more)


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
            state=ConsentState.GIVEN, permits=True, content=ConsentContent("form"), expires_at=NOON + 900 * DAY, created_at=NOON,
        )
        for each in people
    )  # fmt: skip


@pytest.mark.every_database
async def test_a_consent_that_ran_out_ends_with_what_rests_on_it(database):
    (consent,) = await running_out()

    assert await swept(NOON + DAY) == Swept(1, 1, 0)

    kept = await Consent.get(id=consent.id)
    assert (kept.state, kept.permits, kept.denies) == (ConsentState.EXPIRED, False, False)
    assert not await ContactPoint.exists()
    assert await records.states(consent.id) == [ConsentState.EXPIRED]


async def test_what_rests_on_it_passes_to_another_consent(database):
    (consent,) = await running_out()
    other = await records.consent(consent.customer_id, Purpose.BILLING, expires_at=NOON + 9 * DAY)

    assert await swept(NOON + DAY) == Swept(1, 0, 1)
    assert (await ContactPoint.get()).consent_id == other.id


@pytest.mark.every_database
async def test_one_that_stands_a_moment_longer_is_left_alone(database):
    await running_out(expires_at=NOON + DAY + timedelta(microseconds=1))

    assert await swept(NOON + DAY) == Swept()
    assert await ContactPoint.exists()


async def test_a_second_run_finds_nothing_left_to_do(database):
    await running_out(3)
    await swept(NOON + DAY)
    before = await LedgerEntry.all().count()

    assert await swept(NOON + DAY) == Swept()
    assert await LedgerEntry.all().count() == before


@pytest.mark.every_database
async def test_two_runs_at_once_end_each_consent_once(database):
    found = await running_out(4)

    await ran_until(NOON + DAY)

    runs = await asyncio.gather(*(expire(clock=at(NOON + DAY)) for _ in range(2)))

    assert sum(run.consents for run in runs) == sum(run.erased_rows for run in runs) == 4
    assert [await records.states(each.id) for each in found] == [[ConsentState.EXPIRED]] * 4


@pytest.mark.every_database
async def test_a_run_that_breaks_off_is_continued_by_the_next(database):
    await running_out(3)

    def interrupted(done: int, _all: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await swept(NOON + DAY, progress=interrupted)
    assert await Consent.filter(permits=True).count() == await ContactPoint.all().count() == 1

    assert await swept(NOON + DAY) == Swept(1, 1, 0)


async def test_renewing_before_the_end_keeps_everything(database):
    (consent,) = await running_out()
    by = await records.person(await Customer.get(id=consent.customer_id))
    shown = await records.notice()
    await consents.give(
        consent.customer_id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id, by=by, evidence="form 8",
        expires_at=NOON + 2 * DAY,
    )  # fmt: skip

    assert await swept(NOON + DAY) == Swept()
    assert await ContactPoint.exists()


@pytest.mark.every_database
async def test_more_than_a_tenth_at_once_is_asked_about(database):
    await running_out(FEW + 1)

    with pytest.raises(ClockDoubted):
        await swept(NOON + DAY)
    assert await ContactPoint.all().count() == FEW + 1


async def test_what_runs_out_day_by_day_needs_nobody(database):
    await standing(FEW * 12)
    await running_out(FEW + 1)

    assert (await swept(NOON + DAY)).erased_rows == FEW + 1


@pytest.mark.every_database
async def test_what_runs_out_soon_is_listed_the_next_first(database):
    later, sooner, _ = await _ending(5), await _ending(2), await _ending(60)

    found = await due(NOON + 30 * DAY)

    assert [each.id for each in found] == [sooner.id, later.id]
    assert found[0].customer == await Customer.get(id=sooner.customer_id)


async def _ending(days: int) -> Consent:
    return await records.consent((await records.customer()).id, expires_at=NOON + days * DAY)


async def test_the_sweep_is_recorded_as_done_by_the_system(database):
    await running_out()
    await swept(NOON + DAY)

    read = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    told = [each["event"] for each in read]
    assert told[-4:] == ["erasure.begun", "consent.expired", "receipt.made", "erasure.completed"]
    assert read[-3]["by"] == {"id": None, "kind": "System", "roles": []}
