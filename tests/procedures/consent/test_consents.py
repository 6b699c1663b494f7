"""All consents to a category, or all for a purpose, end by one word, and what rested on them goes or passes on."""

import asyncio

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from models import (
    PERSONAL,
    AddressKind,
    Category,
    Consent,
    ConsentState,
    ContactPoint,
    Customer,
    CustomerStatus,
    Erasure,
    Export,
    PostalAddress,
    Purpose,
    Role,
    opened,
)
from models.errors import Unfit
from models.event import Event
from models.keys import keybook
from policies.errors import Refused, StepUpRequired
from procedures.consent import consents
from procedures.consent.consents import ConsentFilter, Counts, Withdrawn
from procedures.current import Addresses
from procedures.erasure import erasure, erasure_list
from procedures.errors import NotFound
from procedures.export import export
from procedures.own import restriction
from tests import ledger
from tests.people import Office
from tests.procedures import records
from tests.procedures.installed import at_work
from tests.procedures.instructing import SAID, approved
from tests.procedures.leavers import ALL, hold, leaver
from tests.procedures.records import DAY, NOON, refusal
from vault import vault
from vault.errors import SealBroken

CONTACT, MARKETING = ConsentFilter(Category.CONTACT_POINT), ConsentFilter(purpose=Purpose.MARKETING)
WITHDRAWN = ConsentState.WITHDRAWN
NOTHING = Withdrawn([], Counts(), Counts())


async def both(customer: Customer, *purposes: Purpose) -> list[Consent]:
    """Consents to a category for several purposes, each with a row."""
    given = [await records.consent(customer.id, purpose) for purpose in purposes]
    for each in given:
        await records.contact(each)
    return given


async def addressed(rests_on: Consent) -> PostalAddress:
    """An address under a consent."""
    return await PostalAddress.create(
        customer_id=rests_on.customer_id,
        consent_id=rests_on.id,
        source="test",
        collected_at=NOON,
        kind=AddressKind.HOME,
        content=PostalAddress.Content("Pilies g. 1", "Vilnius"),
    )


async def test_all_consents_to_a_category_end_and_its_rows_go(database):
    customer, other = await records.customer(), await records.customer()
    given = await both(customer, Purpose.SUPPORT, Purpose.BILLING, Purpose.MARKETING)
    (left,) = await both(other, Purpose.SUPPORT)
    address = await records.consent(customer.id, category=Category.POSTAL_ADDRESS)

    done = await consents.withdraw(customer.id, CONTACT, by=await records.person(customer))

    assert {each.id for each in done.consents} == {each.id for each in given}
    assert {each.state for each in done.consents} == {WITHDRAWN}
    assert (done.erased, done.kept) == ({Category.CONTACT_POINT: 3}, {})
    assert {each.consent_id for each in await ContactPoint.all()} == {left.id}
    assert (await Consent.get(id=address.id)).permits


async def test_the_category_is_erased_once_and_each_consent_is_told(database):
    customer = await records.customer()
    given = await both(customer, Purpose.SUPPORT, Purpose.BILLING)

    await consents.withdraw(customer.id, CONTACT, by=await records.person(customer))

    (begun,) = await ledger.data(Event.ERASURE_BEGUN)
    assert (begun["category"], begun["rows"]) == ("contact_point", 2)
    ended = await ledger.data(Event.CONSENT_WITHDRAWN)
    assert {each["consent"] for each in ended} == {str(each.id) for each in given}
    assert (await Erasure.get()).completed_at is not None


@pytest.mark.every_database
async def test_all_consents_for_a_purpose_end_and_rows_stay_where_another_stands(database):
    customer = await records.customer()
    first, last = await both(customer, Purpose.MARKETING, Purpose.SUPPORT)
    address = await records.consent(customer.id, Purpose.MARKETING, Category.POSTAL_ADDRESS)
    await addressed(address)

    done = await consents.withdraw(customer.id, MARKETING, by=await records.person(customer))

    assert {each.id for each in done.consents} == {first.id, address.id}
    assert (done.erased, done.kept) == ({Category.POSTAL_ADDRESS: 1}, {Category.CONTACT_POINT: 1})
    assert {each.consent_id for each in await ContactPoint.all()} == {last.id}
    assert not await PostalAddress.exists()


async def test_a_request_and_a_no_are_left_as_they_are(database):
    customer = await records.customer()
    for purpose, state in zip(Purpose, (ConsentState.REQUESTED, ConsentState.REFUSED), strict=False):
        await records.consent(customer.id, purpose, state=state, permits=False)

    done = await consents.withdraw(customer.id, CONTACT, by=await records.person(customer))

    assert done == NOTHING
    assert {each.state for each in await Consent.all()} == {ConsentState.REQUESTED, ConsentState.REFUSED}
    assert not await Erasure.exists()


async def test_said_again_it_changes_nothing(database):
    customer = await records.customer()
    await both(customer, Purpose.SUPPORT)
    by = await records.person(customer)
    await consents.withdraw(customer.id, CONTACT, by=by)

    assert await consents.withdraw(customer.id, CONTACT, by=by) == NOTHING
    assert len(await ledger.data(Event.CONSENT_WITHDRAWN)) == 1


@pytest.mark.every_database
async def test_of_several_at_once_one_withdraws_and_nothing_is_half_done(database):
    customer = await records.customer()
    await both(customer, Purpose.SUPPORT, Purpose.MARKETING)
    by = await records.person(customer)

    ends = await asyncio.gather(
        *(consents.withdraw(customer.id, which, by=by) for which in (CONTACT, MARKETING) * 3)
    )

    assert sum(len(end.consents) for end in ends) == 2
    assert sum(end.erased.get(Category.CONTACT_POINT, 0) for end in ends) == 2
    assert not await ContactPoint.exists()
    assert not await Consent.filter(permits=True).exists()


@pytest.mark.every_database
async def test_nothing_written_meanwhile_outlives_it(database):
    for _ in range(5):
        customer = await records.customer()
        by, given = await records.person(customer), await records.consent(customer.id)

        written, done = await asyncio.gather(
            records.contact(given), consents.withdraw(customer.id, CONTACT, by=by), return_exceptions=True
        )

        assert isinstance(done, Withdrawn)
        assert isinstance(written, ContactPoint | IntegrityError | OperationalError)
        assert not await ContactPoint.exists()


@pytest.mark.parametrize("which", [{}, {"category": Category.CONTACT_POINT, "purpose": Purpose.SUPPORT}])
def test_neither_and_both_are_no_choice(which):
    with pytest.raises(Unfit):
        ConsentFilter(**which)


async def test_a_preview_tells_what_happens_then_and_does_nothing(database):
    customer = await records.customer()
    by = await records.person(customer)
    await both(customer, Purpose.MARKETING, Purpose.SUPPORT)
    await addressed(await records.consent(customer.id, Purpose.MARKETING, Category.POSTAL_ADDRESS))
    await records.consent(customer.id, Purpose.MARKETING, Category.ORDER)

    for which in (MARKETING, CONTACT):
        told = await consents.preview(customer.id, which, by=by)
        assert await Consent.filter(permits=True).count() == (4 if which is MARKETING else 1)
        done = await consents.withdraw(customer.id, which, by=by)
        assert (told.erased, told.kept, told.held) == (done.erased, done.kept, done.held)
        assert len(told.consents) == len(done.consents)


async def test_what_the_law_holds_back_is_told_before_and_after(office: Office):
    customer, herself = await leaver(office)
    await hold(office, customer, Category.ORDER)
    which = ConsentFilter(Category.ORDER)

    told = await consents.preview(customer.id, which, by=herself.actor)
    done = await consents.withdraw(customer.id, which, by=herself.actor)

    assert (told.erased, told.held) == (done.erased, done.held) == ({}, {Category.ORDER: 1})


async def test_an_archive_that_waits_goes_too(office: Office):
    customer, herself = await leaver(office)
    await export.begin(customer.id, by=herself.actor)

    await consents.withdraw(customer.id, ConsentFilter(Category.ORDER), by=herself.actor)

    assert not await Export.exists()


async def test_a_purpose_that_carries_everything_leaves_no_row(office: Office):
    customer, herself = await leaver(office)
    purpose = Purpose(ALL[0][1])
    given = await Consent.filter(customer_id=customer.id, purpose=purpose).count()

    done = await consents.withdraw(customer.id, ConsentFilter(purpose=purpose), by=herself.actor)

    assert len(done.consents) == sum(done.erased.values()) == given
    for category in done.erased:
        assert not await PERSONAL[category].filter(customer_id=customer.id).exists()


async def test_keys_are_destroyed_and_what_is_kept_still_opens(database):
    customer = await records.customer()
    (gone,) = await both(customer, Purpose.MARKETING)
    old = await ContactPoint.get(consent_id=gone.id)
    await addressed(await records.consent(customer.id, category=Category.POSTAL_ADDRESS))

    await consents.withdraw(customer.id, MARKETING, by=await records.person(customer))
    vault.current().forget()

    with pytest.raises(SealBroken):
        await opened(old)
    assert (await opened(await PostalAddress.get())).city == "Vilnius"


async def test_who_wants_no_use_of_their_data_withdraws_all_the_same(database):
    customer = await records.customer()
    await both(customer, Purpose.SUPPORT)
    by = await records.person(customer)
    await restriction.begin(customer.id, by=by)

    assert (await consents.withdraw(customer.id, CONTACT, by=by)).erased == {Category.CONTACT_POINT: 1}


async def test_who_has_left_has_nothing_to_withdraw(database):
    customer = await records.customer()
    by = await records.person(customer)
    await Customer.filter(id=customer.id).update(status=CustomerStatus.WITHDRAWN)

    with pytest.raises((NotFound, Refused)):
        await consents.withdraw(customer.id, CONTACT, by=by)


async def test_it_is_recorded_by_who_works_for_the_customer_and_by_nobody_else(database):
    customer, agent = await records.customer(), await records.employee(Role.AGENT)
    await both(customer, Purpose.SUPPORT)
    by = records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT})
    other = await records.person(await records.customer())
    assert len({await refusal(consents.withdraw(customer.id, CONTACT, by=who)) for who in (by, other)}) == 1
    await records.task(customer.id, assignee_id=agent.id)

    said = await consents.withdraw(customer.id, ConsentFilter(purpose=Purpose.SUPPORT), by=by, evidence=SAID)
    assert (said.consents, said.erased, said.kept) == ([], {}, {})
    assert (await approved(said.instruction)).erased_rows == 1
    with pytest.raises(Refused):
        await consents.preview(customer.id, CONTACT, by=by)


async def test_the_privacy_officer_confirms_first(database):
    customer = await records.customer()
    await both(customer, Purpose.SUPPORT)
    officer = records.staff(await records.employee(Role.PRIVACY_OFFICER), Role.PRIVACY_OFFICER)

    with pytest.raises(StepUpRequired):
        await consents.withdraw(customer.id, CONTACT, by=officer)
    said = await consents.withdraw(customer.id, CONTACT, by=await records.confirmed(officer), evidence=SAID)

    assert (await approved(said.instruction)).erased_rows == 1


async def test_one_that_has_run_out_and_was_not_swept_yet_is_withdrawn_too(database):
    customer = await records.customer()
    late = await records.consent(customer.id, expires_at=NOON - DAY)

    told = await consents.withdraw(customer.id, CONTACT, by=await records.person(customer))

    assert [each.id for each in told.consents] == [late.id]


@pytest.mark.every_database
async def test_an_erasure_that_was_interrupted_is_finished_by_the_chore(place: Addresses, monkeypatch):
    async with at_work(place):
        customer, herself = await leaver(Office(counted=30))
        monkeypatch.setattr(erasure_list, "append", full)
        purpose = Purpose(ALL[0][1])
        with pytest.raises(OSError, match="no space"):
            await consents.withdraw(customer.id, ConsentFilter(purpose=purpose), by=herself.actor)
        pending = await Erasure.filter(completed_at=None).count()
        monkeypatch.undo()

        await erasure.finish()

        assert pending == await Erasure.exclude(completed_at=None).count() > 1
        assert len(erasure_list.read(erasure.Line)) == pending
        assert await keybook.erased() == {str(each.id) for each in await Erasure.all()}


def full(*_: object) -> None:
    """Have no room for a line."""
    raise OSError("no space")
