"""Replacing keys while others work: nobody is lost, each is found at every moment, and nothing opens with the old key."""

import asyncio
from datetime import timedelta

import pytest

import models
from models.database import fetch
from models.event import Event
from models.keys import keybook, keyring
from models.keys.keydatabase import connection
from policies.actor import utc_now
from procedures.consent import consent
from procedures.current import Addresses
from procedures.keys import indexing, rotation
from tests import installation, ledger
from tests.campaigns import Campaign
from tests.people import Office
from tests.procedures import installed
from tests.procedures.installed import Copies, at_work, people, reads, whole
from tests.procedures.mined import SMALL, kill
from vault import vault
from vault.errors import SealBroken

PROVIDER = "vault.file_provider.FileProvider"
#: Before what a process is killed: the n-th call of a function.
STEPS = [
    (f"{PROVIDER}.create", 1),
    ("models.keys.keyring.begin", 1),
    ("models.keys.keyring._recreate_view", 1),
    ("procedures.ledger.ledger.note", 1),
    ("models.keys.keybook.finish", 1),
    ("models.keys.keyring.rewrap", 1),
    ("models.keys.keyring._insert", 1),
    ("models.keys.keyring.rewrap", 2),
    ("models.keys.keyring.end", 1),
    ("models.keys.keyring._recreate_view", 2),
    (f"{PROVIDER}.destroy", 1),
    ("procedures.ledger.ledger.note", 2),
    ("models.keys.keybook.finish", 2),
    ("models.keys.keyring.compact", 1),
]
INDEX_STEPS = [
    ("models.keys.keybook.begin", 1),
    ("models.keys.keybook.void_recovery", 1),
    (f"{PROVIDER}.create", 1),
    ("procedures.ledger.ledger.note", 1),
    ("procedures.keys.indexing._reindex", 1),
    ("procedures.keys.indexing._update", 2),
    ("models.keys.keybook.begin", 2),
    (f"{PROVIDER}.destroy", 1),
    ("procedures.ledger.ledger.note", 2),
    ("models.keys.keybook.finish", 2),
]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in SMALL:
        monkeypatch.setattr(module, name, value)


async def only(kind: str) -> int:
    """The number of the one key of a kind."""
    (number,) = rotation.numbers(kind)
    return number


async def recorded(event: Event) -> list[int]:
    return [data["epoch"] for data in await ledger.data(event)]


@pytest.mark.every_database
async def test_a_rotation_that_is_killed_anywhere_loses_nobody_and_is_finished(
    place: Addresses, campaign: Campaign
) -> None:
    async with at_work(place):
        await people(3)
    campaign.tried(len(STEPS), "processes killed at a step")
    for step, number in STEPS:
        kill(place, "rotate", step, number)
        async with at_work(place):
            assert await reads() == whole(3), (step, number)
            await rotation.rotate()
            assert await reads() == whole(3), (step, number)
            assert await only("epoch") == max(await keyring.epochs())
            assert await keybook.unfinished() == []
    async with at_work(place):
        last = await only("epoch")
        assert sorted(set(await recorded(Event.EPOCH_BEGUN))) == list(range(1, last + 1))
        assert sorted(set(await recorded(Event.EPOCH_DESTROYED))) == list(range(1, last))


@pytest.mark.every_database
async def test_a_rotation_of_the_indexes_that_is_killed_anywhere_loses_nobody_and_is_finished(
    place: Addresses, campaign: Campaign
) -> None:
    async with at_work(place):
        await people(3)
    campaign.tried(len(INDEX_STEPS), "processes killed at a step")
    for step, number in INDEX_STEPS:
        kill(place, "index", step, number)
        async with at_work(place):
            assert await reads() == whole(3), (step, number)
            await rotation.rotate_indexes()
            assert await reads() == whole(3), (step, number)
            assert await indexing.outdated(await only("index")) == 0
            assert await keybook.unfinished() == []
    async with at_work(place):
        last = await only("index")
        assert sorted(set(await recorded(Event.INDEX_EPOCH_BEGUN))) == list(range(2, last + 1))
        assert sorted(set(await recorded(Event.INDEX_EPOCH_DESTROYED))) == list(range(1, last))


@pytest.mark.every_database
async def test_two_rotations_at_once_are_one_or_follow_each_other(place: Addresses) -> None:
    async with at_work(place):
        await people(5)

        moved = await asyncio.gather(rotation.rotate(), rotation.rotate())

        assert sum(moved) in (5, 10)
        assert await reads() == whole(5)
        assert [await only("epoch")] == list(await keyring.epochs())


@pytest.mark.every_database
async def test_two_rotations_of_the_indexes_at_once_leave_one_key(place: Addresses) -> None:
    async with at_work(place):
        await people(5)

        await asyncio.gather(rotation.rotate_indexes(), rotation.rotate_indexes())

        assert await reads() == whole(5)
        assert await indexing.outdated(await only("index")) == 0


async def test_one_that_comes_too_late_begins_no_epoch_again(place: Addresses) -> None:
    async with at_work(place):
        await rotation.rotate()
        vault.current().provider.create("epoch-1")

        assert not await keyring.begin(2, utc_now(), {"epoch-2": b""})
        await rotation.settle()

        assert rotation.numbers("epoch") == [2]
        assert list(await keyring.epochs()) == [2]


@pytest.mark.every_database
async def test_a_customer_who_comes_during_a_rotation_is_kept(place: Addresses) -> None:
    async with at_work(place):
        office = Office()
        await people(3, office)

        await asyncio.gather(people(3, office, first=3), rotation.rotate(), rotation.rotate_indexes())

        assert await reads() == whole(6)


@pytest.mark.every_database
async def test_an_erasure_during_a_rotation_destroys_the_key(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(3)
        row = await models.ContactPoint.get(customer_id=first.id)
        held = await models.Consent.get(customer_id=first.id)
        himself = (await Office(counted=50).himself(first)).actor

        await asyncio.gather(consent.withdraw(held.id, by=himself), rotation.rotate())

        left = await reads()
        assert left == {name: found for name, found in whole(3).items() if name != "person0@example.org"}
        with pytest.raises(SealBroken):
            await models.opened(row)


async def test_no_ring_of_an_earlier_epoch_opens_any_more(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(2)
        (before,) = await fetch(connection(), "SELECT ring FROM rings WHERE customer_id = ?", [str(first.id)])

        await rotation.rotate()

        (after,) = await fetch(
            connection(), "SELECT epoch, ring FROM rings WHERE customer_id = ?", [str(first.id)]
        )
        assert vault.current().unwrap(2, str(first.id), after["ring"])
        for epoch in (1, 2):
            with pytest.raises(Exception, match=r"no key epoch-1|was not opened"):
                vault.current().unwrap(epoch, str(first.id), before["ring"])


async def test_a_rotation_is_due_after_a_day_or_when_it_was_interrupted(place: Addresses) -> None:
    async with at_work(place):
        now = utc_now()
        assert not await rotation.due()
        assert await rotation.due(clock=lambda: now + timedelta(days=1, seconds=1))

        vault.current().provider.create("epoch-2")
        await keyring.begin(2, now, {"epoch-2": b""})

        assert await rotation.due()


async def test_a_row_that_does_not_open_loses_its_index_and_nothing_else(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(2)
        await models.ContactPoint.filter(customer_id=first.id).update(revision=7)

        await rotation.rotate_indexes()

        row = await models.ContactPoint.get(customer_id=first.id)
        assert row.value_index is None
        assert row.content.raw


def test_a_copy_of_the_key_database_from_before_a_rotation_opens_nothing(sqlite_url: str) -> None:
    place = installation.place(sqlite_url)

    async def work() -> Copies:
        async with at_work(place):
            await people(2)
        copies = Copies(place)
        async with at_work(place):
            await rotation.rotate()
        return copies

    asyncio.run(work()).back("keys")

    assert asyncio.run(installed.reason(place)) == "EPOCH_DESTROYED"
