"""After a backup was brought back: what one sees, and what makes it whole again. The table is in docs/keys.md."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

import models
from models import Category, Erasure, Purpose
from models.event import Event
from models.keys import keybook
from procedures.consent import consent, replay
from procedures.current import Addresses
from procedures.erasure import erasure, erasure_list
from procedures.installation import opened, restoration
from procedures.keys import rotation
from procedures.ledger import witness
from schema.reading import encode
from tests import installation, ledger
from tests.campaigns import Campaign
from tests.people import Office
from tests.procedures.installed import Copies, at_work, people, reads, reason, whole
from tests.procedures.mined import kill
from vault.errors import SealBroken

REST = {name: found for name, found in whole(3).items() if name != "person0@example.org"}
#: Before what a process that repeats erasures is killed: the n-th call of a function.
STEPS = [
    ("procedures.erasure.erasure.repeat", 1),
    ("models.Erasure.save", 1),
    ("procedures.erasure.erasure.destroy", 1),
    ("models.keys.keybook.mark_erased", 1),
    ("procedures.ledger.ledger.note", 1),
]


@pytest.fixture
async def copies(sqlite_url: str) -> tuple[Addresses, Copies]:
    """An installation of three customers, copied, before the first of them left."""
    place = installation.place(sqlite_url)
    async with at_work(place):
        await people(3)
    before = Copies(place)
    async with at_work(place):
        await leaves()
        assert await reads() == REST
    return place, before


async def leaves() -> None:
    """The first customer withdraws, which erases."""
    rows = [
        row
        for row in await models.ContactPoint.all()
        if (await models.opened(row)).value.startswith("person0@")
    ]
    first = await models.Customer.get(id=rows[0].customer_id)
    held = await models.Consent.get(customer_id=first.id)
    await consent.withdraw(held.id, by=(await Office(counted=50).himself(first)).actor)


async def repeated(place: Addresses) -> int:
    async with opened(place, mending=True) as sealed:
        assert sealed is None
        return await restoration.replay()


@pytest.mark.parametrize(
    "parts", [("database",), ("keys",), ("database", "keys"), ("database", "keys", "provider")]
)
async def test_a_backup_from_before_an_erasure_is_not_served_until_it_is_repeated(copies, parts) -> None:
    place, before = copies
    before.back(*parts)
    assert await reason(place) == "RESTORED"

    assert await repeated(place) == 1

    async with at_work(place):
        assert await reads() == REST
        assert await models.Consent.filter(permits=True).count() == 2
        assert await erasure.missing() == []
        assert await Erasure.filter(completed_at=None).count() == 0
        assert await keybook.erased() == {str(row.id) for row in await Erasure.all()}


async def test_the_provider_alone_of_the_same_keys_changes_nothing(copies) -> None:
    place, before = copies
    before.back("provider")

    async with at_work(place):
        assert await reads() == REST


@pytest.mark.parametrize("parts", [("keys",), ("database", "keys")])
async def test_a_key_database_from_an_earlier_epoch_is_not_opened(copies, parts) -> None:
    place, before = copies
    async with at_work(place):
        await rotation.rotate()
    before.back(*parts)

    assert await reason(place) == "EPOCH_DESTROYED"


async def test_a_provider_from_an_earlier_epoch_opens_nothing(copies) -> None:
    place, before = copies
    async with at_work(place):
        await rotation.rotate()
    before.back("provider")

    assert await reason(place) == "EPOCH_DESTROYED"


async def test_a_database_from_an_earlier_epoch_of_the_indexes_is_indexed_anew(copies, monkeypatch) -> None:
    monkeypatch.setattr(rotation, "FRESH", 0.0)
    place, _ = copies
    before = Copies(place)
    async with at_work(place):
        await rotation.rotate_indexes()
    before.back("database")
    assert await reason(place) == "INDEX_DESTROYED"

    async with opened(place, mending=True):
        assert await rotation.rotate_indexes() == 2

    async with at_work(place):
        assert await reads() == REST


async def test_who_came_after_the_backup_of_the_keys_cannot_be_read_and_is_told_so(copies) -> None:
    place, _ = copies
    before = Copies(place)
    async with at_work(place):
        office = Office()
        office.notices = {row.purpose: row for row in await models.Notice.all()}
        (late,) = await people(1, office, first=3)
    before.back("keys")

    async with at_work(place):
        reading = await (await Office(counted=70).himself(late)).asks(
            "query ($id: ID!) { customer(id: $id) { contactPoints { value withheld { reason } } } }",
            id=encode("Customer", late.id),
        )
        assert reading.data["customer"]["contactPoints"] == [
            {"value": None, "withheld": [{"reason": "UNREADABLE"}]}
        ]


async def test_repeating_that_is_killed_anywhere_is_gone_on_with(copies, campaign: Campaign) -> None:
    place, before = copies
    campaign.tried(len(STEPS), "processes killed at a step")
    for step, number in STEPS:
        before.back("database", "keys")
        kill(place, "replay", step, number)

        await repeated(place)

        async with at_work(place):
            assert await reads() == REST, (step, number)
            assert await Erasure.all().count() == 1


async def test_an_erasure_is_repeated_on_either_database(place: Addresses) -> None:
    async with at_work(place):
        first, *_ = await people(3)
        held = await models.Consent.get(customer_id=first.id)
        line = erasure.Line(
            held.id,
            first.id,
            Office().now,
            Category.CONTACT_POINT,
            {held.id: models.ConsentState.WITHDRAWN},
            secrets.token_bytes(32),
        )
        witness.append_line(place.witness, erasure.Line.LIST, line.encode())
    assert await reason(place) == "RESTORED"

    assert await repeated(place) == 1

    async with at_work(place):
        assert await reads() == REST
        assert await ledger.data(Event.VAULT_REPLAYED) == [{"erasures": 1}]
        assert await replay() == 0


async def test_who_came_back_and_left_again_is_erased_again_with_the_keys_of_the_return(
    sqlite_url: str,
) -> None:
    place, office = installation.place(sqlite_url), Office()
    async with at_work(place):
        customer = await office.customer([("contact_point", "support")])
        herself = await office.himself(customer)
        first = await models.Consent.get()
        await consent.withdraw(first.id, by=herself.actor)
        again = await consent.give(
            customer.id,
            Category.CONTACT_POINT,
            Purpose.SUPPORT,
            first.notice_id,
            by=herself.actor,
            evidence="form 8",
        )
        await office.row(customer, again)
        row = await models.ContactPoint.get()
    before = Copies(place)
    office.now += timedelta(days=1)
    async with at_work(place):
        await consent.withdraw(again.id, by=replace(herself.actor, clock=office.clock))
    before.back("database", "keys")
    assert await repeated(place) == 1

    async with at_work(place):
        with pytest.raises(SealBroken):
            await models.opened(row)


async def test_a_lost_list_is_written_anew_from_the_database(copies) -> None:
    place, _ = copies
    (place.witness / "erasures").unlink()

    async with at_work(place):
        assert [line.category for line in erasure_list.read(erasure.Line)] == [Category.CONTACT_POINT]
