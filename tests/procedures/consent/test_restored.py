"""Of a restored backup each consent becomes what it had become, with all that a transition leaves."""

import pytest

import models
from models import Category, Consent, ConsentEvent, ConsentState, Customer, Purpose, Receipt
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures.consent import Action
from procedures.consent import consent as consents
from procedures.consent.transition import end, locked_consent
from procedures.current import Addresses
from procedures.erasure import consent_list, erasure_list
from procedures.errors import StandingNo
from procedures.installation import opened, restoration
from procedures.leaving import withdrawal
from tests import installation, ledger
from tests.people import Office
from tests.procedures.installed import Copies, at_work, reason

ENDS = {
    Action.WITHDRAW: (ConsentState.WITHDRAWN, Event.CONSENT_WITHDRAWN),
    Action.REVOKE: (ConsentState.REVOKED, Event.CONSENT_REVOKED),
    Action.EXPIRE: (ConsentState.EXPIRED, Event.CONSENT_EXPIRED),
    Action.INVALIDATE: (ConsentState.INVALIDATED, Event.CONSENT_INVALIDATED),
}


async def ended(consent: Consent, action: Action) -> None:
    async with transaction():
        await end(await locked_consent(consent.id), action, None, utc_now())


async def of(customer: Customer, category: str) -> Consent:
    return await Consent.get(customer_id=customer.id, category=category)


async def replayed(place: Addresses) -> None:
    async with opened(place, mending=True):
        assert await restoration.replay()


@pytest.fixture
def place(sqlite_url: str) -> Addresses:
    return installation.place(sqlite_url)


@pytest.mark.parametrize("action", ENDS)
async def test_an_erasure_that_is_repeated_brings_the_consent_to_its_true_state(
    place: Addresses, action: Action
):
    state, event = ENDS[action]
    async with at_work(place):
        customer = await Office().customer([("contact_point", "support")])
    before = Copies(place)
    async with at_work(place):
        await ended(await of(customer, "contact_point"), action)
    before.back("database", "keys")

    await replayed(place)

    async with at_work(place):
        consent = await of(customer, "contact_point")
        assert (consent.state, consent.permits) == (state, False)
        assert consent.denies is (state is not ConsentState.EXPIRED)
        assert await ConsentEvent.filter(consent_id=consent.id, state=state).count() == 1
        assert await Receipt.filter(consent_id=consent.id, state=state).count() == 1
        assert [told["consent"] for told in await ledger.data(event)] == [str(consent.id)]
        assert not await models.ContactPoint.all().exists()


async def test_a_withdrawal_that_is_repeated_says_of_no_consent_that_the_customer_withdrew_it_who_did_not(
    place: Addresses,
):
    office = Office()
    async with at_work(place):
        customer = await office.customer(
            [("contact_point", "support"), ("contact_point", "delivery"), ("order", "support")]
        )
    before = Copies(place)
    async with at_work(place):
        kept, over = await Consent.filter(category=Category.CONTACT_POINT).order_by("purpose")
        await ended(over, Action.REVOKE)
        herself = await office.session(await office.himself(customer))
        await withdrawal.begin(customer.id, customer.number, by=herself.actor)
        states = dict(await Consent.all().values_list("id", "state"))
    assert states[over.id] is ConsentState.REVOKED
    before.back("database", "keys")

    await replayed(place)

    async with at_work(place):
        assert dict(await Consent.all().values_list("id", "state")) == states
        assert await ConsentEvent.filter(consent_id=kept.id, state=ConsentState.WITHDRAWN).count() == 1


async def test_a_consent_that_ended_without_an_erasure_ends_again(place: Addresses):
    office = Office()
    async with at_work(place):
        customer = await office.customer([("contact_point", "support"), ("contact_point", "delivery")])
    before = Copies(place)
    async with at_work(place):
        ended_one, other = await Consent.filter(customer_id=customer.id).order_by("-purpose")
        await ended(ended_one, Action.WITHDRAW)
        assert await models.ContactPoint.filter(consent_id=other.id).count() == 1
    before.back("database")

    assert await reason(place) == "RESTORED"
    await replayed(place)

    async with at_work(place):
        consent = await Consent.get(id=ended_one.id)
        assert (consent.state, consent.permits, consent.denies) == (ConsentState.WITHDRAWN, False, True)
        assert await models.ContactPoint.filter(consent_id=other.id).count() == 1


async def test_what_was_asked_and_refused_since_stays_refused(place: Addresses):
    office = Office()
    async with at_work(place):
        customer = await office.customer([("identity", "support")])
        notice, agent = await office.notice("support"), await office.agent("support")
        await office.task(agent, customer, "support", days=90)
    before = Copies(place)
    async with at_work(place):
        (asked,) = await consents.request(
            customer.id, [Category.CONTACT_POINT], Purpose.SUPPORT, notice.id, by=agent.actor
        )
        await consents.refuse(asked.id, by=(await office.himself(customer)).actor)
    before.back("database")

    await replayed(place)

    async with at_work(place):
        assert (await Consent.get(id=asked.id)).denies
        with pytest.raises(StandingNo):
            await consents.give(
                customer.id,
                Category.CONTACT_POINT,
                Purpose.SUPPORT,
                notice.id,
                by=agent.actor,
                evidence="form",
            )


async def test_what_a_killed_process_did_not_list_is_listed_by_the_next(place: Addresses):
    async with at_work(place):
        customer = await Office().customer([("contact_point", "support"), ("contact_point", "delivery")])
        one = await Consent.filter(customer_id=customer.id).order_by("purpose").first()
        assert one is not None
        await ended(one, Action.REVOKE)
    (place.witness / consent_list.Line.LIST).unlink()

    async with at_work(place):
        assert [(line.id, line.state) for line in erasure_list.read(consent_list.Line)] == [
            (one.id, ConsentState.REVOKED)
        ]
        assert await consent_list.missing() == []
