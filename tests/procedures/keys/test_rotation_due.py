"""Keys are replaced when their time has come, by the clock, and not before."""

from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from models import BlindIndex, ContactPoint, opened
from models.database import KEYS
from models.event import Event
from models.keys import keyring
from policies.actor import utc_now
from procedures.keys import rotation
from tests import ledger
from tests.people import Office
from tests.procedures.records import Clock
from vault import vault

pytestmark = pytest.mark.every_database

DAY = timedelta(days=1)


@pytest.fixture
async def clock(database: str, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """An office with a customer, and a clock to be moved; nobody else writes, so nobody is waited for."""
    monkeypatch.setattr(rotation, "FRESH", 0.0)
    office = Office(utc_now())
    await office.customer([("contact_point", "support")])
    return Clock(office.now)


async def readable() -> bool:
    """Whether the customer's row opens, and is found."""
    vault.current().forget()
    row, index = await ContactPoint.get(), ContactPoint._meta.fields_map["value_index"]
    assert isinstance(index, BlindIndex)
    content = await opened(row)
    return content.value == "jone@example.org" and row.value_index in index.lookup_indexes("jone@example.org")


async def test_a_young_epoch_stays(clock: Clock):
    clock.now = (await keyring.epochs())[1] + DAY - timedelta(minutes=1)
    await rotation.keep(clock=clock)

    assert list(await keyring.epochs()) == [1]
    assert await ledger.data(Event.EPOCH_BEGUN, Event.INDEX_EPOCH_BEGUN) == [{"epoch": 1}]


async def test_an_epoch_ends_after_a_day_and_its_key_is_gone(clock: Clock):
    clock.pass_by(DAY)
    await rotation.keep(clock=clock)
    await rotation.keep(clock=clock)

    assert await keyring.epochs() == {2: clock.now}
    assert "epoch-1" not in vault.current().provider.names()
    told = await ledger.data(Event.EPOCH_BEGUN, Event.EPOCH_DESTROYED)
    assert told == [{"epoch": 1}, {"epoch": 2}, {"epoch": 1}]
    assert await readable()


async def test_the_indexes_follow_after_thirty_days(clock: Clock):
    clock.pass_by(29 * DAY)
    await rotation.keep(clock=clock)
    assert vault.current().index_epochs() == (1,)

    clock.pass_by(DAY)
    await rotation.keep(clock=clock)
    vault.current().refresh()
    assert vault.current().index_epochs() == (2,)
    assert await ledger.data(Event.INDEX_EPOCH_BEGUN) == [{"epoch": 2}]
    assert await readable()

    clock.pass_by(29 * DAY)
    assert not await rotation.indexes_due(clock=clock)


async def test_an_index_epoch_of_unknown_age_is_counted_from_now_on(clock: Clock):
    await get_connection(KEYS).execute_query("DELETE FROM index_epochs")
    clock.pass_by(400 * DAY)
    assert not await rotation.indexes_due(clock=clock)

    clock.pass_by(30 * DAY)
    assert await rotation.indexes_due(clock=clock)


async def test_an_interrupted_rotation_goes_on_however_young_it_is(clock: Clock):
    await rotation._begin(2, clock.now)
    await rotation._begin_index(2)
    await rotation.keep(clock=clock)

    vault.current().refresh()
    assert (list(await keyring.epochs()), vault.current().index_epochs()) == ([2], (2,))
    assert await readable()


async def test_the_key_of_an_ended_epoch_is_destroyed_by_whoever_comes_next(clock: Clock):
    await rotation.rotate(clock=clock)
    vault.current().provider.create("epoch-1")
    await rotation.keep(clock=clock)

    assert "epoch-1" not in vault.current().provider.names()


async def test_a_clock_that_was_ahead_does_not_keep_keys_for_ever(clock: Clock):
    clock.pass_by(3650 * DAY)
    await rotation.rotate(clock=clock)
    clock.pass_by(-3650 * DAY)

    assert await rotation.due(clock=clock)
