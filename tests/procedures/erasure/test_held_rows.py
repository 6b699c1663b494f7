"""What the law holds back is kept when a customer who stays erases it, reaches nobody, and goes when the hold ends."""

import asyncio
import json
from typing import Any

import pytest

import models
from models import (
    PERSONAL,
    Attestation,
    Category,
    Consent,
    ContactKind,
    ContactPoint,
    Erasure,
    Export,
    HeldRow,
    LegalHold,
    opened,
)
from models.event import Event
from models.keys import keyring
from procedures import own
from procedures.consent import consent
from procedures.erasure import erasure, held_rows
from procedures.export import export
from procedures.leaving import legal_hold, withdrawal
from tests import ledger
from tests.clocks import at, ran_until
from tests.people import Office
from tests.procedures.holds import ENDINGS, OVER, VALUE, Ending, commitments, disclosed_by, kept, sealed_under
from tests.procedures.leavers import ALL, hold
from vault import vault
from vault.seal import Sealed

NEW = "jone.new@example.org"
ways = pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
over = pytest.mark.parametrize("over", OVER, ids=lambda over: over.__name__)


@ways
async def test_the_last_consent_ends_and_the_row_is_held_back(office: Office, ending: Ending):
    who = await kept(office)
    ends = await ending(who)

    assert [(e.erased_rows, e.kept_rows, e.held_rows) for e in ends if e.held_rows] == [(0, 0, 1)]
    assert not await ContactPoint.all().exists()
    assert await who.disclosed() == [VALUE]
    assert (await ledger.data(Event.ERASURE_BEGUN))[0]["rows"] == 0
    (told,) = await ledger.data(Event.LEGAL_HOLD_KEPT)
    assert told == {
        "hold": str(who.hold.id), "customer": str(who.customer.id), "category": "contact_point", "rows": 1,
    }  # fmt: skip
    assert len(await commitments(who.customer)) == 2


@pytest.mark.every_database
@ways
@over
async def test_what_was_held_back_goes_with_the_hold_rows_and_keys(office: Office, ending: Ending, over: Any):
    who = await kept(office)
    old = await sealed_under(await ContactPoint.get())
    await ending(who)
    await over(who)

    assert not await HeldRow.all().exists()
    left = await commitments(who.customer)
    assert (len(left), old in left) == (1, False)
    assert (await LegalHold.get()).erased_at is not None
    assert (await ledger.data(Event.LEGAL_HOLD_ENDED))[0]["rows"] == 1
    assert len(await ledger.data(Event.LEGAL_HOLD_ERASED)) == 1


@ways
async def test_who_leaves_later_leaves_what_was_held_before_and_all_of_it_goes_in_the_end(
    office: Office, ending: Ending
):
    who = await kept(office, ("identity", "verification"))
    await ending(who)
    await who.consents_anew(NEW)
    preview = await withdrawal.preview(who.customer.id, by=who.himself.actor)
    await withdrawal.begin(who.customer.id, who.customer.number, by=who.himself.actor)

    assert preview[1] == {"contact_points": 2}
    assert sorted(await who.disclosed()) == sorted([VALUE, NEW])
    (told,) = await ledger.data(Event.WITHDRAWAL_COMPLETED)
    assert (told["held"], told["keys"]) == ([{"table": "contact_points", "rows": 2}], "reduced")
    assert [len(await commitments(who.customer, each)) for each in ("contact_point", "identity")] == [2, 0]

    await who.ends()
    assert not await HeldRow.all().exists()
    assert await keyring.rings([who.customer.id]) == {}


@ways
@over
async def test_a_new_consent_concerns_new_rows_alone(office: Office, ending: Ending, over: Any):
    who = await kept(office)
    await ending(who)
    row = await who.consents_anew(NEW)
    before = await sealed_under(row)

    assert await who.disclosed() == [VALUE]
    await over(who)

    assert not await HeldRow.all().exists()
    assert await commitments(who.customer) == [before]
    assert (await opened(await ContactPoint.get())).value == NEW


@ways
async def test_without_a_hold_all_is_as_it_was(office: Office, ending: Ending):
    who = await kept(office, held=False)
    await hold(office, who.customer, Category.ORDER)
    await hold(office, await office.customer(), Category.CONTACT_POINT)
    old, given = await sealed_under(await ContactPoint.get()), await who.consent()
    ends = await ending(who)

    assert sum(each.erased_rows for each in ends) == 1
    assert sum(each.held_rows for each in ends) == 0
    assert not await HeldRow.all().exists()
    assert not (await Consent.get(id=given.id)).permits
    left = await commitments(who.customer)
    assert (len(left), old in left) == (1, False)
    assert await ledger.data(Event.LEGAL_HOLD_KEPT) == []


@pytest.mark.by_hand
async def test_a_hold_whose_day_has_passed_holds_nothing_back(office: Office):
    who = await kept(office)
    await LegalHold.all().update(until=office.now)
    assert (await who.withdrawn())[0].erased_rows == 1
    assert not await HeldRow.all().exists()


async def test_another_consent_that_stands_leaves_the_rows_where_they_are(office: Office):
    who = await kept(office)
    given = await who.consent()
    await office.consent(who.customer, "contact_point", "billing")
    end = await consent.withdraw(given.id, by=who.himself.actor)
    assert (end.erased_rows, end.kept_rows, end.held_rows) == (0, 1, 0)
    assert not await HeldRow.all().exists()


async def test_what_goes_beside_a_held_row_goes_as_ever(office: Office):
    who = await kept(office)
    await export.begin(who.customer.id, by=who.himself.actor)
    await who.withdrawn()

    assert not await Export.all().exists()
    assert "value_index" in (plain := json.loads((await HeldRow.get()).plain))
    assert plain["value_index"] is None


async def test_a_removed_row_is_held_back_and_its_attestation_is_not(office: Office):
    who = await kept(office)
    wanted = {"kind": ContactKind.EMAIL, "value": NEW}
    row = await own.add(ContactPoint, who.customer.id, wanted, by=who.himself.actor)
    assert await own.remove(ContactPoint, row.id, by=who.himself.actor) == 1

    assert not await Attestation.filter(row_id=row.id).exists()
    assert [each.value for each in [await opened(row) for row in await ContactPoint.all()]] == [VALUE]
    assert await who.disclosed() == [NEW]


@over
async def test_a_removed_row_goes_with_the_hold_and_its_neighbours_stay(office: Office, over: Any):
    who = await kept(office)
    wanted = {"kind": ContactKind.EMAIL, "value": NEW}
    await own.add(ContactPoint, who.customer.id, wanted, by=who.himself.actor)
    removed = await ContactPoint.filter(customer_id=who.customer.id).order_by("collected_at").first()
    assert removed is not None
    await own.remove(ContactPoint, removed.id, by=who.himself.actor)
    await over(who)

    assert not await HeldRow.all().exists()
    # They lie under the same key, as without a hold.
    assert (await opened(await ContactPoint.get())).value in (VALUE, NEW)


async def test_of_a_changed_row_each_revision_is_held_back(office: Office):
    who = await kept(office)
    row = await ContactPoint.get()
    for value in ("second@example.org", "third@example.org"):
        await own.change(
            ContactPoint, row.id, {"kind": ContactKind.EMAIL, "value": value}, by=who.himself.actor
        )
    await own.change(
        ContactPoint, row.id, {"kind": ContactKind.EMAIL, "value": "third@example.org"}, by=who.himself.actor
    )

    assert await who.disclosed() == [VALUE, "second@example.org"]
    assert [each.revision for each in await HeldRow.all().order_by("revision")] == [1, 2]
    assert (await opened(await ContactPoint.get())).value == "third@example.org"
    await who.withdrawn()
    assert await who.disclosed() == [VALUE, "second@example.org", "third@example.org"]


async def test_without_a_hold_a_removed_or_changed_row_leaves_nothing(office: Office):
    who = await kept(office, held=False)
    row = await ContactPoint.get()
    await own.change(ContactPoint, row.id, {"kind": ContactKind.EMAIL, "value": NEW}, by=who.himself.actor)
    assert await own.remove(ContactPoint, row.id, by=who.himself.actor) == 0

    assert not await HeldRow.all().exists()
    assert await ledger.data(Event.LEGAL_HOLD_KEPT) == []


async def test_erasures_one_after_the_other_keep_a_key_each_and_no_other(office: Office):
    who = await kept(office)
    under = [await sealed_under(await ContactPoint.get())]
    for value in ("second@example.org", "third@example.org"):
        await who.withdrawn()
        under.append(await sealed_under(await who.consents_anew(value)))

    assert await commitments(who.customer) == under
    assert sorted(await who.disclosed()) == [VALUE, "second@example.org"]
    await who.ends()
    assert await commitments(who.customer) == under[-1:]


async def test_an_erasure_that_is_finished_late_destroys_no_newer_key(office: Office):
    """Of two erasures the second was completed first, by another process."""
    who = await kept(office, held=False)
    await who.withdrawn()
    first = await Erasure.get()
    await who.consents_anew("second@example.org")
    await who.withdrawn()
    row = await who.consents_anew(NEW)
    await Erasure.filter(id=first.id).update(completed_at=None)
    await erasure.finish()

    vault.current().forget()
    assert (await opened(await ContactPoint.get(id=row.id))).value == NEW


async def test_what_is_held_passes_to_another_hold_that_tells_all_of_it(office: Office):
    who = await kept(office)
    await who.withdrawn()
    longer = await hold(office, who.customer, Category.CONTACT_POINT, days=60)
    await who.consents_anew(NEW)
    await withdrawal.begin(who.customer.id, who.customer.number, by=who.himself.actor)

    for each in (who.hold, longer):
        assert sorted(await who.disclosed(each)) == sorted([VALUE, NEW])
    await who.ends()
    assert sorted(await who.disclosed(longer)) == sorted([VALUE, NEW])
    await ran_until(longer.until)
    assert await legal_hold.expire(clock=at(longer.until)) == 1
    assert not await HeldRow.all().exists()
    assert await keyring.rings([who.customer.id]) == {}


@pytest.mark.every_database
async def test_of_an_erasure_and_the_end_of_its_hold_at_once_nothing_is_left(office: Office):
    who = await kept(office)
    old = await sealed_under(await ContactPoint.get())
    await asyncio.gather(who.withdrawn(), who.ends())

    assert not await HeldRow.all().exists()
    assert not await ContactPoint.all().exists()
    assert old not in await commitments(who.customer)
    assert (await LegalHold.get()).erased_at is not None


@pytest.mark.every_database
async def test_more_rows_than_are_moved_at_a_time_are_all_held_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(held_rows, "BATCH", 2)
    who = await kept(office)
    for number in range(4):
        await office.row(
            who.customer, await who.consent(), content=models.ContactPoint.Content(f"{number}@a.example")
        )

    assert (await who.withdrawn())[0].held_rows == 5
    assert sorted(await who.disclosed()) == [*(f"{number}@a.example" for number in range(4)), VALUE]
    assert [each["rows"] for each in await ledger.data(Event.LEGAL_HOLD_KEPT)] == [5]


async def test_a_row_that_does_not_open_is_kept_as_it_lies(office: Office):
    who = await kept(office)
    whole = (await ContactPoint.get()).content.raw
    raw = whole[:-1] + bytes([whole[-1] ^ 1])
    await ContactPoint.all().update(content=Sealed(raw))
    await who.withdrawn()
    assert bytes((await HeldRow.get()).content) == raw


@pytest.mark.every_database
async def test_each_category_can_be_held_back(office: Office):
    customer = await office.customer(consents=ALL)
    officer = await office.session(await office.employee("privacy_officer"))
    holds = [await hold(office, customer, category) for category in Category]
    herself = await office.himself(customer)
    ends = (await consent.object(customer.id, models.Purpose.SUPPORT, by=herself.actor)).ends

    assert sum(each.held_rows for each in ends) == len(PERSONAL)
    for each in holds:
        told: list[dict[str, Any]] = []
        assert await disclosed_by(officer, each, told.append) == 1
        await legal_hold.end(each.id, by=officer.actor)
    assert not await HeldRow.all().exists()
    assert {len(await commitments(customer, category.value)) for category in Category} == {1}
