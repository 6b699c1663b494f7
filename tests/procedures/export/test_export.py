"""A customer takes everything along, nobody else does, and nothing of it lies about."""

import asyncio
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import models
from models import Category, Export, ExportChunk, ExportState
from models.database import kind, sqlite_path
from models.event import Event
from models.keys import keyring
from policies.errors import Refused, StepUpRequired
from procedures import own
from procedures.consent import consent
from procedures.errors import NotFound
from procedures.export import export
from procedures.leaving import withdrawal
from schema import export_reading
from tests import ledger
from tests.clocks import ran_until
from tests.people import Office
from tests.procedures.leavers import leaver
from tests.procedures.taking import READ, VALUES, Taken, fetched
from vault.errors import SealBroken
from vault.seal import Sealed


@pytest.mark.every_database
async def test_a_hundred_requests_at_once_make_one(office: Office):
    customer, herself = await leaver(office)
    begun = await asyncio.gather(*(export.begin(customer.id, by=herself.actor) for _ in range(100)))

    assert len({each.export.id for each in begun}) == await Export.all().count() == 1
    assert await export.finish(READ, clock=office.clock) == 1
    assert await export.finish(READ, clock=office.clock) == 0
    assert len(await ledger.entries(Event.EXPORT_COMPLETED)) == 1


async def test_the_token_told_last_counts_and_no_other(office: Office):
    customer, herself = await leaver(office)
    first = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    second = await export.begin(customer.id, by=herself.actor)

    with pytest.raises(NotFound):
        await export.download(first.token, by=herself.actor)
    assert await fetched(second.token, herself)


async def test_what_was_fetched_is_made_anew_when_asked_for_again(office: Office):
    customer, herself = await leaver(office)
    await Taken.by(herself, customer)
    first = await Export.get()
    await Taken.by(herself, customer)

    assert (await Export.get()).id != first.id


async def test_the_ledger_tells_of_it_by_identifiers(office: Office):
    customer, herself = await leaver(office)
    await Taken.by(herself, customer)
    told = {"export": str((await Export.get()).id), "customer": str(customer.id)}
    office.now += timedelta(hours=25)
    await ran_until(office.now)
    await export.expire(clock=office.clock)

    for event in (Event.EXPORT_BEGUN, Event.EXPORT_COMPLETED, Event.EXPORT_DOWNLOADED, Event.EXPORT_EXPIRED):
        assert await ledger.data(event) == [told]
    await ledger.sound()


async def test_nobody_but_the_customer_begins_one_or_sees_it(office: Office):
    customer, _ = await leaver(office)
    others = [
        await office.himself(await office.customer()), await office.employee("privacy_officer"),
        await office.employee("manager", "administrator"), office.stranger(),
    ]  # fmt: skip
    for other in others:
        by = (await office.session(other)).actor if other.actor.actor_id else other.actor
        for refused in (export.begin, export.find):
            with pytest.raises(Refused):
                await refused(customer.id, by=by)


async def test_a_stolen_token_begins_none(office: Office):
    customer = await office.customer()
    herself = await office.session(await office.himself(customer), confirmed=False)
    with pytest.raises(StepUpRequired):
        await export.begin(customer.id, by=herself.actor)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\0", "\ud800", "x" * 10_000])
async def test_a_wrong_token_fetches_nothing(office: Office, token: str):
    customer, herself = await leaver(office)
    await Taken.by(herself, customer)
    with pytest.raises(NotFound):
        await export.download(token, by=herself.actor)


async def test_the_right_token_fetches_nothing_for_anybody_else(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    with pytest.raises(NotFound):
        await export.download(begun.token, by=herself.actor)
    await export.finish(READ, clock=office.clock)

    for other in (await office.himself(await office.customer()), await office.employee("privacy_officer")):
        with pytest.raises(NotFound):
            await export.download(begun.token, by=other.actor)
    assert await ledger.entries(Event.EXPORT_DOWNLOADED) == []


@pytest.mark.every_database
async def test_after_a_day_archive_and_key_are_gone(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    ring = (await keyring.rings([customer.id]))[str(customer.id)]
    sealed = Sealed(bytes((await ExportChunk.get(number=0)).content))
    office.now += timedelta(hours=24)

    with pytest.raises(NotFound):
        await export.download(begun.token, by=herself.actor)
    await ran_until(office.now)
    assert await export.expire(clock=office.clock) == 1
    assert await Export.all().count() + await ExportChunk.all().count() == 0
    kept = (await keyring.rings([customer.id]))[str(customer.id)]
    assert ring.opener("export", sealed)
    with pytest.raises(SealBroken):
        kept.opener("export", sealed)
    assert await export.find(customer.id, by=herself.actor) is None


async def test_a_row_that_is_removed_takes_the_archive_along(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    point = await models.ContactPoint.get(customer_id=customer.id)
    await own.remove(models.ContactPoint, point.id, by=herself.actor)

    with pytest.raises(NotFound):
        await export.download(begun.token, by=herself.actor)
    assert await Export.all().count() + await ExportChunk.all().count() == 0


async def test_one_that_is_not_over_stays(office: Office):
    customer, herself = await leaver(office)
    await export.begin(customer.id, by=herself.actor)
    office.now += timedelta(hours=23)
    await ran_until(office.now)
    assert await export.expire(clock=office.clock) == 0
    assert await export.finish(READ, clock=office.clock) == 1


async def test_who_leaves_leaves_no_archive(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    assert await Export.all().count() + await ExportChunk.all().count() == 0
    with pytest.raises(NotFound):
        await export.download(begun.token, by=herself.actor)


@pytest.mark.every_database
async def test_whoever_leaves_while_it_is_made_leaves_none(office: Office):
    customer, herself = await leaver(office)
    await export.begin(customer.id, by=herself.actor)

    async def read(by: Any, tell: Any) -> dict[str, Any]:
        found = await READ(by, tell)
        await withdrawal.begin(customer.id, customer.number, by=herself.actor)
        return found

    assert await export.finish(read, clock=office.clock) == 0
    assert await ExportChunk.all().count() == 0
    assert await keyring.rings([customer.id]) == {}


async def test_what_is_erased_takes_the_waiting_copy_along(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    given = await models.Consent.get(customer_id=customer.id, category=Category.HEALTH_RECORD)
    await consent.withdraw(given.id, by=herself.actor)

    with pytest.raises(NotFound):
        await export.download(begun.token, by=herself.actor)
    assert await ExportChunk.all().count() == 0


async def test_one_that_cannot_be_read_whole_is_not_made_and_keeps_nobody_waiting(
    office: Office, caplog: pytest.LogCaptureFixture
):
    broken, herself = await leaver(office)
    await export.begin(broken.id, by=herself.actor)
    other = await office.customer()
    himself = await office.session(await office.himself(other))
    await export.begin(other.id, by=himself.actor)

    async def read(by: Any, tell: Any) -> dict[str, Any]:
        if by.customer_id == broken.id:
            raise export_reading.ExportIncomplete
        return await READ(by, tell)

    assert await export.finish(read, clock=office.clock) == 1
    assert "EXPORT_INCOMPLETE" in caplog.text
    assert (await Export.get(customer_id=broken.id)).state is ExportState.PENDING
    assert await export.finish(READ, clock=office.clock) == 1


@pytest.mark.every_database
async def test_one_cut_off_half_way_is_made_anew(office: Office):
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)

    async def read(by: Any, tell: Callable[[int], Any]) -> dict[str, Any]:
        await tell(50)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await export.finish(read, clock=office.clock)
    found = await export.find(customer.id, by=herself.actor)
    assert found is not None
    assert (found.state, found.percent) == (ExportState.PENDING, 50)
    assert await export.finish(READ, clock=office.clock) == 1
    assert await fetched(begun.token, herself)


async def test_nothing_is_made_for_whoever_may_no_longer_sign_in(office: Office):
    customer, herself = await leaver(office)
    await export.begin(customer.id, by=herself.actor)
    await models.Account.filter(id=herself.actor.actor_id).update(active=False)
    assert await export.finish(READ, clock=office.clock) == 0


@pytest.mark.every_database
async def test_a_large_one_is_streamed_in_parts_that_cannot_be_exchanged(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(models.records.export, "CHUNK", 1_000)
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    Taken.of(await fetched(begun.token, herself)).verify()

    first, second = await ExportChunk.filter(number__in=[0, 1]).order_by("number")
    await ExportChunk.filter(id=first.id).update(content=second.content)
    with pytest.raises(SealBroken):
        await fetched(begun.token, herself)
    await ExportChunk.filter(id=first.id).delete()
    with pytest.raises(SealBroken):
        await fetched(begun.token, herself)


@pytest.mark.every_database
async def test_nothing_of_it_lies_in_plain_anywhere(office: Office, database: str):
    if kind(database) != "sqlite":
        pytest.skip("the files of a server are its own")
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    raw = await fetched(begun.token, herself)

    files = [path for path in Path(sqlite_path(database)).parent.rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in files)
    assert b"export.completed" in held
    for value in (*(value.encode() for value in VALUES if len(value) > 5), raw[:64], begun.token.encode()):
        assert value not in held
    assert not [path for path in files if zipfile.is_zipfile(path)]


async def test_another_of_the_same_customer_in_another_session_may_fetch_it(office: Office):
    """The session is the customer's: which of them does not matter."""
    customer, herself = await leaver(office)
    begun = await export.begin(customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    elsewhere = replace(herself, actor=replace(herself.actor, session_id=None))
    assert await fetched(begun.token, elsewhere)
