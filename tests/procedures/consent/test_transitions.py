"""Asking for consent, and everything that becomes of it besides giving and withdrawing."""

import json

import pytest
from tortoise.exceptions import IntegrityError

from models import (
    Category,
    CollectionMethod,
    Consent,
    ConsentState,
    ContactPoint,
    Customer,
    Erasure,
    LedgerEntry,
    Purpose,
    Role,
)
from models.errors import Unfit
from policies.actor import Actor
from policies.errors import Refused
from procedures.consent import consent as consents
from procedures.errors import (
    AlreadyGiven,
    AlreadyRefused,
    AlreadyRequested,
    NotFound,
    NotGiven,
    NoticeMismatch,
    NotRequested,
)
from tests.procedures import records
from tests.procedures.instructing import SAID, approved, officer

S = ConsentState
EVERYTHING = [Category.CONTACT_POINT, Category.POSTAL_ADDRESS, Category.IDENTITY]


async def asked(customer: Customer, *categories: Category, by: Actor | None = None) -> list[Consent]:
    """Ask a customer for consents for support."""
    shown = await records.notice()
    wanted = categories or (Category.CONTACT_POINT,)
    return await consents.request(customer.id, wanted, Purpose.SUPPORT, shown.id, by=by or await officer())


async def giving(customer: Customer, by: Actor, category: Category = Category.CONTACT_POINT) -> Consent:
    """Give consent for support."""
    shown = await records.notice()
    return await consents.give(customer.id, category, Purpose.SUPPORT, shown.id, by=by, evidence="form 7")


async def events(customer: Customer) -> list[str]:
    """What the ledger says of a customer's consents, in order."""
    read = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each["event"] for each in read if each["data"].get("customer") == str(customer.id)]


async def test_several_categories_are_asked_for_at_once_and_answered_one_by_one(database):
    customer = await records.customer()
    by = await records.person(customer)
    first, second, third = await asked(customer, *EVERYTHING, Category.CONTACT_POINT)

    await consents.refuse(second.id, by=by)
    await consents.defer(third.id, by=by)
    given = await giving(customer, by)

    assert given.id == first.id
    found = {each.category: each.state for each in await Consent.filter(customer_id=customer.id)}
    assert found == {
        Category.CONTACT_POINT: S.GIVEN, Category.POSTAL_ADDRESS: S.REFUSED, Category.IDENTITY: S.REQUEST_DEFERRED,
    }  # fmt: skip
    assert await records.states(given.id) == [S.REQUESTED, S.GIVEN]
    told = [event for event in await events(customer) if event != "receipt.made"]
    assert told == [
        *["consent.requested"] * 3, "consent.refused", "consent.deferred", "consent.given",
    ]  # fmt: skip


async def test_a_request_permits_nothing(database):
    (request,) = await asked(await records.customer())

    assert not request.permits
    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await records.contact(request)


@pytest.mark.every_database
async def test_of_several_requests_all_are_made_or_none(database):
    customer = await records.customer()
    await giving(customer, await records.person(customer), Category.IDENTITY)

    with pytest.raises(AlreadyGiven):
        await asked(customer, *EVERYTHING)

    assert await Consent.all().count() == 1


async def test_a_customer_is_not_pressed_for_an_answer_but_asked_again_after_deferring(database):
    customer = await records.customer()
    (request,) = await asked(customer)
    with pytest.raises(AlreadyRequested):
        await asked(customer)
    await consents.defer(request.id, by=await records.person(customer))

    (again,) = await asked(customer)

    assert (again.id, again.state) == (request.id, S.REQUESTED)


async def test_nothing_is_asked_without_a_category_a_fitting_notice_or_a_customer(database):
    by, customer, other = await officer(), await records.customer(), await records.notice(Purpose.BILLING)
    shown = await records.notice()

    with pytest.raises(Unfit):
        await consents.request(customer.id, [], Purpose.SUPPORT, shown.id, by=by)
    with pytest.raises(NoticeMismatch):
        await consents.request(customer.id, EVERYTHING, Purpose.SUPPORT, other.id, by=by)
    with pytest.raises((NotFound, Refused)):
        await consents.request(other.id, EVERYTHING, Purpose.SUPPORT, shown.id, by=by)
    assert not await Consent.exists()


async def test_a_refused_request_stands_until_the_customer_says_otherwise(database):
    customer = await records.customer()
    by = await records.person(customer)
    (request,) = await asked(customer)
    refused = await consents.refuse(request.id, by=by)
    assert (refused.denies, refused.collection_method) == (True, CollectionMethod.ACCOUNT)
    with pytest.raises(AlreadyRefused):
        await consents.refuse(request.id, by=by)

    given = await giving(customer, by)

    kept = await Consent.get(id=request.id)
    assert (given.state, given.id == request.id) == (S.GIVEN, False)
    assert (kept.state, kept.denies) == (S.REFUSED, False)


@pytest.mark.every_database
async def test_the_database_lets_nothing_permit_beside_a_no_that_stands(database):
    customer = await records.customer()
    (request,) = await asked(customer)
    await consents.refuse(request.id, by=await records.person(customer))

    with pytest.raises(IntegrityError):
        await records.consent(customer.id)
    with pytest.raises(IntegrityError):
        await records.consent(customer.id, purpose=Purpose.BILLING, denies=True)


@pytest.mark.parametrize("verb", ["revoke", "invalidate"])
async def test_what_the_privacy_officer_ends_is_erased_as_by_withdrawing(database, verb):
    customer, by = await records.customer(), await officer()
    given = await giving(customer, await records.person(customer))
    await records.contact(given)

    said = await getattr(consents, verb)(given.id, by=by, evidence=SAID)
    end = await approved(said.instruction)

    ended = await Consent.get(id=given.id)
    assert (end.erased_rows, end.kept_rows, ended.denies) == (1, 0, True)
    assert ended.state is {"revoke": S.REVOKED, "invalidate": S.INVALIDATED}[verb]
    assert not await ContactPoint.exists()
    assert (await Erasure.get()).completed_at is not None


@pytest.mark.parametrize("verb", ["revoke", "invalidate"])
async def test_rows_pass_to_another_consent_to_the_category(database, verb):
    customer = await records.customer()
    given = await giving(customer, await records.person(customer))
    row, other = await records.contact(given), await records.consent(customer.id, Purpose.BILLING)

    said = await getattr(consents, verb)(given.id, by=await officer(), evidence=SAID)
    end = await approved(said.instruction)

    assert (end.erased_rows, end.kept_rows) == (0, 1)
    assert (await ContactPoint.get(id=row.id)).consent_id == other.id


@pytest.mark.parametrize("verb", ["revoke", "invalidate"])
async def test_what_does_not_stand_is_not_ended_and_nothing_is_erased(database, verb):
    customer = await records.customer()
    (request,) = await asked(customer)
    await consents.refuse(request.id, by=await records.person(customer))
    await records.contact(await records.consent(customer.id, Purpose.BILLING))

    with pytest.raises(NotGiven):
        await getattr(consents, verb)(request.id, by=await officer(), evidence="Case 7.")

    assert await ContactPoint.all().count() == 1
    assert (await Consent.get(id=request.id)).state is S.REFUSED


async def test_a_request_is_answered_and_not_withdrawn(database):
    customer = await records.customer()
    by = await records.person(customer)
    (request,) = await asked(customer)
    given = await giving(customer, by, Category.POSTAL_ADDRESS)

    with pytest.raises(NotGiven):
        await consents.withdraw(request.id, by=by)
    for answer in (consents.refuse, consents.defer):
        with pytest.raises(NotRequested):
            await answer(given.id, by=by)


async def test_a_word_says_how_it_reached_us(database):
    agent, customer = await records.employee(Role.AGENT), await records.customer()
    await records.task(customer.id, assignee_id=agent.id)
    staff = records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT})

    own = await giving(customer, await records.person(customer))
    recorded = await giving(customer, staff, Category.IDENTITY)

    assert own.collection_method is CollectionMethod.ACCOUNT
    assert recorded.collection_method is CollectionMethod.STAFF


@pytest.mark.every_database
async def test_an_objection_withdraws_what_was_given_and_refuses_the_rest(database):
    customer = await records.customer()
    by = await records.person(customer)
    given = await giving(customer, by)
    await records.contact(given)
    (request,) = await asked(customer, Category.POSTAL_ADDRESS)
    other = await records.consent(customer.id, Purpose.BILLING, Category.ORDER)

    ends = (await consents.object(customer.id, Purpose.SUPPORT, by=by)).ends

    assert sum(end.erased_rows for end in ends) == 1
    found = {each.category: each for each in await Consent.filter(purpose=Purpose.SUPPORT)}
    assert found[Category.CONTACT_POINT].state is S.WITHDRAWN
    assert (found[Category.POSTAL_ADDRESS].id, found[Category.POSTAL_ADDRESS].state) == (
        request.id,
        S.REFUSED,
    )
    assert found.keys() == set(Category)
    assert all(each.denies for each in found.values())
    assert (await Consent.get(id=other.id)).permits


async def test_objecting_twice_changes_nothing_and_consenting_again_is_possible(database):
    customer = await records.customer()
    by, shown = await records.person(customer), await records.notice()
    await consents.object(customer.id, Purpose.SUPPORT, by=by)
    before = await LedgerEntry.all().count()

    await consents.object(customer.id, Purpose.SUPPORT, by=by)
    assert await LedgerEntry.all().count() == before

    given = await consents.give(
        customer.id, Category.ORDER, Purpose.SUPPORT, shown.id, by=by, evidence="form 9"
    )
    assert given.permits


async def test_nobody_objects_without_a_notice_of_the_purpose(database):
    customer = await records.customer()

    with pytest.raises(NotFound):
        await consents.object(customer.id, Purpose.SALES, by=await records.person(customer))
