"""What is known of the time is stored, doubted, and believed again by people alone."""

import json
from datetime import timedelta

import pytest

from models import ClockDoubt, ClockReading, DoubtKind, LedgerEntry
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import clock
from procedures.clock import Known, Watch
from procedures.current import installation
from procedures.errors import ClockDoubted
from procedures.ledger import note
from tests import ledger
from tests.clocks import at, ran_until
from tests.people import Office
from tests.procedures import records
from tests.procedures.records import DAY, NOON, Clock

YEARS = 3653 * DAY


async def stands() -> list[DoubtKind]:
    """Why the clock is doubted."""
    return [each.kind for each in await ClockDoubt.filter(ended_at=None).order_by("clock_at")]


@pytest.mark.every_database
async def test_a_jump_is_a_doubt_that_is_stored_recorded_and_logged_once(
    database: str, caplog: pytest.LogCaptureFixture
):
    await ran_until(NOON)

    for _ in range(3):
        await clock.look(clock=at(NOON + YEARS))

    (doubt,) = await ClockDoubt.all()
    assert (doubt.kind, doubt.ending, doubt.ended_at) == (DoubtKind.AHEAD, "", None)
    assert (doubt.latest_at, doubt.clock_at) == (NOON, NOON + YEARS)
    (told,) = await ledger.data(Event.CLOCK_DOUBTED)
    assert (told["doubt"], told["days"]) == (str(doubt.id), 3653)
    assert [each.getMessage() for each in caplog.records if each.name == "savas.clock"] == [
        "CLOCK_DOUBTED kind=AHEAD days=3653 ending=-"
    ]


async def test_a_doubt_stands_though_the_clock_is_put_right(database: str):
    await ran_until(NOON)
    await clock.look(clock=at(NOON + YEARS))

    await clock.look(clock=at(NOON + DAY))

    assert await stands() == [DoubtKind.AHEAD]
    assert await clock.past(clock=at(NOON + DAY)) is None
    with pytest.raises(ClockDoubted):
        await clock.certain(clock=at(NOON + DAY))


@pytest.mark.every_database
async def test_however_much_is_recorded_meanwhile_a_doubt_is_not_forgotten(database: str):
    await ran_until(NOON)
    await clock.look(clock=at(NOON + YEARS))
    for _ in range(250):
        await note(Event.POLICY_LOADED, None, version="0" * 64)

    with pytest.raises(ClockDoubted):
        await clock.certain(clock=at(NOON + YEARS + DAY))


async def test_a_jump_that_nobody_has_looked_at_yet_is_doubted_all_the_same(database: str):
    await ran_until(NOON)

    assert await clock.past(clock=at(NOON + YEARS)) is None
    assert await stands() == []


@pytest.mark.every_database
async def test_somebody_confirms_the_clock_and_is_named(office: Office):
    rasa = await office.employee("privacy_officer")
    await ran_until(NOON)
    await clock.look(clock=at(NOON + YEARS))
    office.now = NOON + DAY

    async with transaction():
        ended = await clock.confirm(by=rasa.actor)

    (doubt,) = await ClockDoubt.all()
    assert (ended, doubt.ended_at, doubt.ended_by_id) == ([doubt.id], NOON + DAY, rasa.actor.actor_id)
    (told,) = await ledger.data(Event.CLOCK_CONFIRMED)
    assert told == {"doubts": [str(doubt.id)], "actor": str(rasa.actor.actor_id)}
    assert await clock.look(clock=at(NOON + DAY)) == Known(NOON + DAY, NOON + DAY)
    assert await clock.past(clock=at(NOON + DAY)) == NOON + DAY


@pytest.mark.every_database
async def test_of_two_who_watch_one_counts_the_time(database: str):
    """Else time would pass twice as fast with two processes."""
    await ran_until(NOON)
    later = at(NOON + 9 * DAY)
    ours, here = Watch(), installation()
    await clock.look(clock=later)
    here._instances[Watch] = ours
    await clock.look(clock=later)
    assert (await ClockReading.get()).count == 0

    ours._looked -= 3600
    known = await clock.look(clock=later)
    assert NOON + timedelta(hours=2) <= known.proven < NOON + timedelta(hours=3)

    other = Watch()
    other.took(0, Known(NOON, NOON), None)
    other._looked -= 3600
    here._instances[Watch] = other
    assert await clock.look(clock=later) == known


async def test_the_first_look_goes_by_what_was_recorded_last(database: str):
    await note(Event.POLICY_LOADED, None, version="0" * 64)
    known = await clock.look()

    assert timedelta(0) <= utc_now() - known.proven < DAY
    written = json.loads(bytes((await LedgerEntry.all().order_by("-number").limit(1))[0].entry))["at"]
    assert f"{known.proven:%Y-%m-%dT%H:%M:%S.%f}Z" == written


async def test_an_installation_that_first_looks_with_a_clock_ahead_doubts_it(database: str):
    await note(Event.POLICY_LOADED, None, version="0" * 64)

    await clock.look(clock=at(utc_now() + YEARS))

    assert await stands() == [DoubtKind.AHEAD]


async def test_decisions_take_no_instant_before_the_last_known_one(database: str):
    await ran_until(NOON)
    shown = Clock(NOON)
    steady = clock.steady(shown)
    await clock.look(clock=shown)

    shown.now = NOON - YEARS
    assert steady() == NOON
    await clock.look(clock=shown)
    assert steady() > NOON
    shown.now = NOON + DAY
    assert steady() == NOON + DAY


async def test_a_clock_ahead_does_not_make_decisions_late_once_it_is_right(database: str):
    await ran_until(NOON)
    shown = Clock(NOON + YEARS)
    steady = clock.steady(shown)
    await clock.look(clock=shown)
    assert steady() == NOON + YEARS

    shown.now = NOON + DAY
    assert steady() == NOON + DAY


async def test_before_any_look_the_clock_is_taken_as_it_is(database: str):
    assert await clock.past(clock=at(NOON)) == NOON
    await clock.certain(clock=at(NOON))
    assert clock.steady(at(NOON))() == NOON
    assert (await clock.status(clock=at(NOON))).known is None


async def test_status_shows_what_is_known_and_changes_nothing(database: str):
    await ran_until(NOON)
    await clock.look(clock=at(NOON + YEARS))
    before = await LedgerEntry.all().count()

    status = await clock.status(clock=at(NOON + DAY))

    assert (status.now, status.known) == (NOON + DAY, Known(NOON, NOON))
    assert [each.kind for each in status.doubts] == [DoubtKind.AHEAD]
    assert await LedgerEntry.all().count() == before


async def test_entries_that_go_back_in_time_are_no_tampering(database: str):
    """The ledger goes on when the clock is put right."""
    for instant in (NOON + YEARS, NOON):
        agent = records.staff(await records.employee(), clock=Clock(instant))
        await note(Event.SESSION_REFUSED, agent, login=None, code="WRONG_CREDENTIALS")

    await ledger.sound()
