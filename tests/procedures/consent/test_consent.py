import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from models import (
    Category,
    Consent,
    ConsentEvent,
    ConsentState,
    ContactPoint,
    Customer,
    CustomerStatus,
    Purpose,
    Role,
    opened,
)
from models.errors import Unfit
from policies.decide import may
from policies.errors import Refused
from procedures.consent import consent as consents
from procedures.consent.transition import Ended
from procedures.errors import AlreadyWithdrawn, NotFound, NoticeMismatch
from tests.procedures import records
from tests.procedures.instructing import SAID
from tests.procedures.records import DAY, NOON, Clock, refusal

GIVEN, RENEWED, WITHDRAWN = ConsentState.GIVEN, ConsentState.RENEWED_CONSENT_GIVEN, ConsentState.WITHDRAWN


async def giving(customer: Customer, by, purpose: Purpose = Purpose.SUPPORT, **more) -> Consent:
    shown = more.pop("notice_id", None) or (await records.notice(purpose)).id
    more = {"evidence": "form 7", **more}
    return await consents.give(customer.id, Category.CONTACT_POINT, purpose, shown, by=by, **more)


async def test_a_customer_gives_consent_for_two_years(database):
    customer = await records.customer()
    by, shown = await records.person(customer), await records.notice()
    given = await giving(customer, by, notice_id=shown.id)

    kept = await Consent.get(id=given.id)
    assert (kept.state, kept.permits, kept.created_at) == (GIVEN, True, NOON)
    assert (kept.customer_id, kept.category, kept.purpose) == (
        customer.id,
        Category.CONTACT_POINT,
        Purpose.SUPPORT,
    )
    assert (kept.notice_id, (await opened(kept)).evidence, kept.expires_at) == (
        shown.id,
        "form 7",
        NOON + 730 * DAY,
    )
    event = await ConsentEvent.get(consent_id=given.id)
    assert (event.state, event.by_id, event.at) == (GIVEN, by.actor_id, NOON)


async def test_consent_given_again_is_renewed_and_keeps_its_rows(database):
    customer = await records.customer()
    by = await records.person(customer)
    first = await giving(customer, by)
    row = await records.contact(first)
    by = replace(by, clock=Clock(NOON + DAY))

    again = await giving(customer, by, expires_at=NOON + 9 * DAY, evidence="form 8")

    assert (again.id, again.state, again.permits) == (first.id, RENEWED, True)
    assert (again.expires_at, (await opened(again)).evidence) == (NOON + 9 * DAY, "form 8")
    assert again.notice_id != first.notice_id
    assert await records.states(first.id) == [GIVEN, RENEWED]
    assert (await ContactPoint.get(id=row.id)).consent_id == first.id


async def test_consent_that_has_run_out_is_renewed(database):
    customer = await records.customer()
    old = await records.consent(customer.id, expires_at=NOON - DAY)

    assert (await giving(customer, await records.person(customer))).id == old.id


async def test_consent_given_after_withdrawal_is_a_new_one(database):
    customer = await records.customer()
    by = await records.person(customer)
    first = await giving(customer, by)
    await consents.withdraw(first.id, by=by)

    again = await giving(customer, by)

    assert again.id != first.id
    assert (await Consent.get(id=first.id)).state is WITHDRAWN


async def test_consent_for_another_purpose_is_another_consent(database):
    customer = await records.customer()
    by = await records.person(customer)

    assert (await giving(customer, by)).id != (await giving(customer, by, Purpose.BILLING)).id


async def test_staff_at_work_for_a_customer_record_consent_and_others_do_not(database):
    agent, customer, stranger = (
        await records.employee(Role.AGENT),
        await records.customer(),
        await records.customer(),
    )
    await records.task(customer.id, assignee_id=agent.id)
    by = records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT})

    assert await giving(customer, by)
    with pytest.raises(Refused):
        await giving(stranger, by)


async def test_nobody_consents_for_another(database):
    customer, other = await records.customer(), await records.customer()

    with pytest.raises(Refused):
        await giving(other, await records.person(customer))
    assert not await Consent.exists()


async def test_the_notice_must_speak_of_the_purpose(database):
    customer, other = await records.customer(), await records.notice(Purpose.MARKETING)

    with pytest.raises(NoticeMismatch):
        await giving(customer, await records.person(customer), notice_id=other.id)
    assert not await Consent.exists()


async def test_without_a_notice_there_is_no_consent(database):
    customer = await records.customer()

    with pytest.raises(NotFound):
        await giving(customer, await records.person(customer), notice_id=uuid4())


@pytest.mark.parametrize("evidence", ["", "  ", "x" * 201, "form\x007", "form\n7", "\ud800"])
async def test_consent_that_cannot_be_demonstrated_is_none(database, evidence):
    customer = await records.customer()

    with pytest.raises(Unfit) as refused:
        await giving(customer, await records.person(customer), evidence=evidence)
    assert refused.value.field == "evidence"


@pytest.mark.parametrize("expires_at", [NOON, NOON - DAY, NOON.replace(tzinfo=None) + DAY])
async def test_consent_runs_out_in_the_future_at_a_known_instant(database, expires_at):
    customer = await records.customer()

    with pytest.raises(Unfit) as refused:
        await giving(customer, await records.person(customer), expires_at=expires_at)
    assert refused.value.field == "expiresAt"


async def test_one_who_has_left_gives_no_consent(database):
    customer = await records.customer()
    by = await records.person(customer)
    await Customer.filter(id=customer.id).update(status=CustomerStatus.WITHDRAWN)

    with pytest.raises((NotFound, Refused)):
        await giving(customer, by)


@pytest.mark.every_database
async def test_withdrawing_consent_erases_the_category(database):
    customer, other = await records.customer(), await records.customer()
    consent, others = await records.consent(customer.id), await records.consent(other.id)
    for _ in range(3):
        await records.contact(consent)
    left = await records.contact(others)

    withdrawn = await consents.withdraw(consent.id, by=await records.person(customer))

    assert (withdrawn.erased_rows, withdrawn.kept_rows) == (3, 0)
    assert (withdrawn.consent.state, withdrawn.consent.permits) == (WITHDRAWN, False)
    assert await records.states(consent.id) == [WITHDRAWN]
    assert await ContactPoint.all().values_list("id", flat=True) == [left.id]


async def test_what_rests_on_it_passes_to_another_consent_to_the_same_category(database):
    customer = await records.customer()
    consent = await records.consent(customer.id, Purpose.SUPPORT)
    await records.consent(customer.id, Purpose.BILLING)
    longest = await records.consent(customer.id, Purpose.DELIVERY, expires_at=NOON + 9 * DAY)
    row = await records.contact(consent)

    withdrawn = await consents.withdraw(consent.id, by=await records.person(customer))

    assert (withdrawn.erased_rows, withdrawn.kept_rows) == (0, 1)
    assert (await ContactPoint.get(id=row.id)).consent_id == longest.id


@pytest.mark.parametrize(
    "other",
    [
        {"expires_at": NOON},
        {"state": ConsentState.EXPIRED, "permits": False},
        {"category": Category.POSTAL_ADDRESS},
    ],
)
async def test_a_consent_run_out_ended_or_to_another_category_keeps_nothing(database, other):
    customer = await records.customer()
    consent = await records.consent(customer.id)
    await records.consent(customer.id, Purpose.BILLING, **other)
    await records.contact(consent)

    withdrawn = await consents.withdraw(consent.id, by=await records.person(customer))

    assert (withdrawn.erased_rows, withdrawn.kept_rows) == (1, 0)


async def test_the_consent_of_another_customer_keeps_nothing(database):
    customer, other = await records.customer(), await records.customer()
    consent = await records.consent(customer.id)
    await records.consent(other.id, Purpose.BILLING)
    await records.contact(consent)

    assert (await consents.withdraw(consent.id, by=await records.person(customer))).erased_rows == 1


async def test_with_the_last_live_consent_goes_what_rests_on_one_that_has_run_out(database):
    customer = await records.customer()
    live = await records.consent(customer.id)
    await records.contact(await records.consent(customer.id, Purpose.BILLING, expires_at=NOON - DAY))

    assert (await consents.withdraw(live.id, by=await records.person(customer))).erased_rows == 1
    assert not await ContactPoint.exists()


async def test_withdrawing_twice_changes_nothing_more(database):
    customer = await records.customer()
    consent, by = await records.consent(customer.id), await records.person(customer)
    await consents.withdraw(consent.id, by=by)

    with pytest.raises(AlreadyWithdrawn):
        await consents.withdraw(consent.id, by=by)
    assert await records.states(consent.id) == [WITHDRAWN]


async def test_consent_that_has_run_out_can_still_be_withdrawn(database):
    customer = await records.customer()
    consent = await records.consent(customer.id, state=ConsentState.EXPIRED, permits=False)

    assert (await consents.withdraw(consent.id, by=await records.person(customer))).consent.state is WITHDRAWN


async def test_the_consent_of_another_and_one_that_is_not_there_are_refused_alike(database):
    customer, other = await records.customer(), await records.customer()
    by, foreign = await records.person(customer), await records.consent(other.id)
    refusals = set()
    for consent_id in (foreign.id, uuid4()):
        refusals.add(await refusal(consents.withdraw(consent_id, by=by)))

    assert len(refusals) == 1
    assert (await Consent.get(id=foreign.id)).state is GIVEN


@pytest.mark.every_database
async def test_of_two_withdrawals_at_once_one_is_told_it_was_withdrawn(database):
    customer = await records.customer()
    consent, by = await records.consent(customer.id), await records.person(customer)
    await records.contact(consent)

    ends = await asyncio.gather(
        *(consents.withdraw(consent.id, by=by) for _ in range(4)), return_exceptions=True
    )

    (done,) = [end for end in ends if isinstance(end, Ended)]
    assert done.erased_rows == 1
    assert [type(end) for end in ends if isinstance(end, Exception)] == [AlreadyWithdrawn] * 3
    assert await records.states(consent.id) == [WITHDRAWN]


async def test_all_consents_to_a_category_withdrawn_at_once_leave_nothing_of_it(database):
    customer = await records.customer()
    by = await records.person(customer)
    given = [await records.consent(customer.id, purpose) for purpose in Purpose]
    for consent in given:
        await records.contact(consent)

    ends = await asyncio.gather(*(consents.withdraw(consent.id, by=by) for consent in given))

    assert sum(end.erased_rows for end in ends) == len(given)
    assert not await ContactPoint.exists()
    assert not await Consent.filter(permits=True).exists()


@pytest.mark.every_database
async def test_nothing_written_while_consent_is_withdrawn_outlives_it(database):
    for _ in range(5):
        customer = await records.customer()
        by = await records.person(customer)
        consent = await records.consent(customer.id)

        written, withdrawn = await asyncio.gather(
            records.contact(consent), consents.withdraw(consent.id, by=by), return_exceptions=True
        )

        assert isinstance(withdrawn, Ended)
        assert isinstance(written, ContactPoint | IntegrityError | OperationalError)
        assert withdrawn.erased_rows == isinstance(written, ContactPoint)
        assert not await ContactPoint.exists()


@pytest.mark.every_database
async def test_consent_given_often_at_once_is_one_consent(database):
    customer = await records.customer()
    by, shown = await records.person(customer), await records.notice()

    given = await asyncio.gather(*(giving(customer, by, notice_id=shown.id) for _ in range(6)))

    assert len({consent.id for consent in given}) == 1
    assert sorted(await records.states(given[0].id)) == [GIVEN] + [RENEWED] * 5


@pytest.mark.every_database
async def test_who_gives_and_withdraws_at_once_has_either_but_never_half(database):
    customer = await records.customer()
    by, shown = await records.person(customer), await records.notice()
    consent = await records.consent(customer.id)
    row = await records.contact(consent)

    given, withdrawn = await asyncio.gather(
        giving(customer, by, notice_id=shown.id, expires_at=NOON + timedelta(days=5)),
        consents.withdraw(consent.id, by=by),
    )

    assert (withdrawn.erased_rows, await ContactPoint.filter(id=row.id).exists()) == (1, False)
    assert (await Consent.get(id=consent.id)).state is WITHDRAWN
    assert (await Consent.filter(permits=True).exists()) is (given.id != consent.id)


@pytest.mark.parametrize("who", ["customer", "assignee"])
async def test_whoever_may_give_may_withdraw(database, who):
    customer, agent = await records.customer(), await records.employee(Role.AGENT)
    await records.task(customer.id, assignee_id=agent.id)
    staff = records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT})
    by = await records.person(customer) if who == "customer" else staff
    given = await giving(customer, by)
    assert await may(by, "give_consent", "Customer", customer.id)
    assert await may(by, "withdraw", "Consent", given.id)
    later = replace(by, clock=Clock(NOON + DAY))
    await consents.withdraw(given.id, by=later, evidence=SAID)
    assert not (await Consent.get(id=given.id)).usable_at(NOON)
