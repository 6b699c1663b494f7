"""What was held back of a customer who stays outlives a restored backup and a kill, and what has gone with a hold does not."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from models import Consent, ContactPoint, Erasure, HeldRow, LegalHold
from models.database import kind, sqlite_path, sqlite_url
from models.event import Event
from models.keys import keybook
from policies.actor import utc_now
from procedures.consent import expiry
from procedures.current import Addresses
from procedures.erasure import erasure_list
from procedures.installation import opened, restoration
from procedures.keys import rotation
from procedures.leaving import legal_hold, withdrawal
from tests import ledger, postgres
from tests.campaigns import Campaign
from tests.clocks import ran_until
from tests.people import Office
from tests.procedures.holds import ENDINGS, VALUE, Ending, Kept, commitments, kept, sealed_under
from tests.procedures.installed import at_work, reason
from tests.procedures.mined import kill

#: Makes a copy of a database that nobody has open; gives its address.
Copier = Callable[[str], str]

WHOLE = ("database", "keys")
parts = pytest.mark.parametrize("parts", [("database",), ("keys",), WHOLE], ids="+".join)


FINISH = "procedures.leaving.legal_hold.finish"
#: Before what a process is killed that erases under a hold, and one that ends the hold of who stays, or has left.
ERASING = (
    "models.HeldRow.bulk_create", "models.keys.keyring.renew", "procedures.erasure.erasure.complete",
    "procedures.erasure.erasure_list.append", "procedures.erasure.held_rows.keys", "models.keys.keyring.reduce", "models.keys.keybook.mark_erased",
)  # fmt: skip
ENDS = (
    FINISH, "procedures.erasure.erasure_list.append", "procedures.erasure.erasure.destroy_keys",
    "models.keys.keyring.reduce", "models.keys.keybook.mark_erased",
)  # fmt: skip
ENDS_AFTER = (FINISH, "procedures.erasure.held_rows.erase_keys", "models.keys.keyring.destroy")


@pytest.fixture
def copier(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Copier]:
    made: list[str] = []

    def copied(url: str) -> str:
        made.append(name := f"test_{uuid4().hex}_copy")
        if kind(database_url) == "sqlite":
            shutil.copyfile(sqlite_path(url), tmp_path / name)
            return sqlite_url(tmp_path / name)
        server: postgres.Server = request.getfixturevalue("postgres_server")
        template = url.partition("?")[0].rpartition("/")[2]
        with ThreadPoolExecutor(1) as thread:  # the server has a loop of its own
            return thread.submit(server.create, name, template=template).result()

    yield copied
    if kind(database_url) == "postgres":
        for name in made:
            request.getfixturevalue("postgres_server").drop(name)


async def repeated(place: Addresses) -> int:
    async with opened(place, mending=True) as sealed:
        assert sealed is None
        return await restoration.replay()


def restored(place: Addresses, copier: Copier, parts: tuple[str, ...]) -> Callable[[], Addresses]:
    """Copies of some parts as they are now; what it gives puts them in the place of the parts."""
    copies = {part: copier(getattr(place, part)) for part in parts}
    database, keys = copies.get("database", place.database), copies.get("keys", place.keys)
    return lambda: replace(place, database=database, keys=keys)


async def brought_back(back: Callable[[], Addresses]) -> Addresses:
    """The place with the copies in it, which is not served as it is."""
    place = back()
    assert await reason(place) == "RESTORED"
    return place


async def arranged(place: Addresses) -> Kept:
    async with at_work(place):
        return await kept(Office())


@pytest.mark.parametrize(
    ("ending", "parts"),
    [*((ending, ("database",)) for ending in ENDINGS), (Kept.withdrawn, ("keys",)), (Kept.withdrawn, WHOLE)],
)
async def test_a_backup_from_before_the_erasure_holds_back_again(
    place: Addresses, copier: Copier, ending: Ending, parts: tuple[str, ...]
):
    who = await arranged(place)
    back = restored(place, copier, parts)
    async with at_work(place):
        await ending(who)
    place = await brought_back(back)

    # Whoever objects refuses nine categories besides, of which the backup knows nothing either.
    assert await repeated(place) == (10 if ending is Kept.objected else 1)

    async with at_work(place):
        assert not await ContactPoint.all().exists()
        assert await who.disclosed() == [VALUE]
        assert (await Erasure.get()).rows == 0
        await who.ends()
        assert not await HeldRow.all().exists()
        assert len(await commitments(who.customer)) == 1


@parts
async def test_a_backup_from_before_the_end_of_the_hold_brings_nothing_back(
    place: Addresses, copier: Copier, parts: tuple[str, ...]
):
    who = await arranged(place)
    async with at_work(place):
        old = await sealed_under(await ContactPoint.get())
        await who.withdrawn()
    back = restored(place, copier, parts)
    async with at_work(place):
        await who.ends()
    place = await brought_back(back)

    assert await repeated(place) == 1

    async with at_work(place):
        assert not await HeldRow.all().exists()
        assert (await LegalHold.get()).erased_at is not None
        assert old not in await commitments(who.customer)
        assert await legal_hold.missing() == []
        assert str(who.hold.id) in await keybook.erased()


@parts
async def test_a_backup_from_before_erasure_and_end_brings_nothing_back(
    place: Addresses, copier: Copier, parts: tuple[str, ...]
):
    who = await arranged(place)
    back = restored(place, copier, parts)
    async with at_work(place):
        old = await sealed_under(await ContactPoint.get())
        await who.withdrawn()
        await who.ends()
        await who.consents_anew("jone.new@example.org")
    place = await brought_back(back)

    assert await repeated(place) == 2

    async with at_work(place):
        assert not await HeldRow.all().exists()
        assert old not in await commitments(who.customer)


@parts
async def test_a_backup_from_before_one_left_holds_back_again_until_the_hold_ends(
    place: Addresses, copier: Copier, parts: tuple[str, ...]
):
    who = await arranged(place)
    async with at_work(place):
        await who.withdrawn()
        await who.consents_anew("jone.new@example.org")
    back = restored(place, copier, parts)
    async with at_work(place):
        await withdrawal.begin(who.customer.id, who.customer.number, by=who.himself.actor)
    place = await brought_back(back)

    assert await repeated(place) == 1

    async with at_work(place):
        assert sorted(await who.disclosed()) == sorted([VALUE, "jone.new@example.org"])
        await who.ends()
        assert await commitments(who.customer) == []


@parts
async def test_who_left_and_whose_hold_ended_is_brought_back_by_no_backup(
    place: Addresses, copier: Copier, parts: tuple[str, ...]
):
    who = await arranged(place)
    async with at_work(place):
        await withdrawal.begin(who.customer.id, who.customer.number, by=who.himself.actor)
    back = restored(place, copier, parts)
    async with at_work(place):
        await who.ends()
    place = await brought_back(back)

    assert await repeated(place) == 1

    async with at_work(place):
        assert await commitments(who.customer) == []
        assert not await HeldRow.all().exists()


async def test_a_rotation_carries_the_keys_of_what_is_held(place: Addresses):
    who = await arranged(place)
    async with at_work(place):
        await who.withdrawn()
        before = await commitments(who.customer)
        await rotation.rotate()
        assert await commitments(who.customer) == before
        assert await who.disclosed() == [VALUE]


async def test_the_ends_are_listed_without_anything_personal_and_once_more_when_the_list_is_lost(
    place: Addresses,
):
    who = await arranged(place)
    async with at_work(place):
        await who.withdrawn()
        await who.ends()
    list_ = place.witness / legal_hold.Line.LIST
    assert VALUE not in list_.read_text()
    list_.unlink()

    async with at_work(place):
        (line,) = erasure_list.read(legal_hold.Line)
        assert (line.id, line.customer_id, line.category) == (who.hold.id, who.customer.id, "contact_point")
        assert await restoration.missing() == 0
        assert len(await ledger.data(Event.LEGAL_HOLD_ERASED)) == 1


async def due(office: Office) -> Kept:
    """A customer whose consent has just run out, in a category on which a hold stands."""
    who = await kept(office)
    await Consent.filter(customer_id=who.customer.id).update(expires_at=who.office.now)
    return who


@pytest.mark.every_database
async def test_whoever_is_killed_while_holding_back_is_finished_by_the_next(
    place: Addresses, campaign: Campaign
):
    office = Office(now=utc_now())
    campaign.tried(len(ERASING), "processes killed at a step")
    for step in ERASING:
        async with at_work(place):
            who = await due(office)
            old = await sealed_under(await ContactPoint.get())
        kill(place, "consents", step)

        async with at_work(place):
            # Killed before it was committed, nothing has happened; and it is done again.
            await expiry.expire()
            assert not await ContactPoint.all().exists(), step
            assert await who.disclosed() == [VALUE], step
            assert (await Erasure.get(customer_id=who.customer.id)).completed_at is not None, step
            assert (await commitments(who.customer)).index(old) == 0, step
            await who.ends()
            assert await restoration.missing() == 0, step
            await ledger.sound()


@pytest.mark.parametrize("left", [False, True], ids=["stays", "left"])
async def test_whoever_is_killed_while_ending_a_hold_is_finished_by_the_next(
    place: Addresses, left: bool, campaign: Campaign
):
    office = Office()
    steps = ENDS_AFTER if left else ENDS
    campaign.tried(len(steps), "processes killed at a step")
    for step in steps:
        async with at_work(place):
            who = await kept(office)
            await who.withdrawn()
            if left:
                await withdrawal.begin(who.customer.id, who.customer.number, by=who.himself.actor)
            await LegalHold.filter(id=who.hold.id).update(until=utc_now())
            await ran_until(utc_now())
        # The first time that is what opens the installation.
        kill(place, "holds", step, 1 + (step == FINISH))

        async with at_work(place):
            assert not await HeldRow.all().exists(), step
            assert len(await commitments(who.customer)) == (0 if left else 1), step
            assert (await LegalHold.get(id=who.hold.id)).erased_at is not None, step
            assert str(who.hold.id) in await keybook.erased(), step
            assert await restoration.missing() == 0, step
            told = [each["holds"] for each in await ledger.data(Event.LEGAL_HOLD_ERASED)]
            assert told.count([str(who.hold.id)]) == 1, step
