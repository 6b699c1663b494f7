"""Who may ask for consent by double opt-in, and whose word the code is."""

from dataclasses import replace

import pytest

from models import (
    Category,
    CollectionMethod,
    Consent,
    ConsentState,
    ContactPoint,
    Customer,
    Message,
    Purpose,
    opened,
)
from policies.actor import Actor
from policies.errors import Refused
from procedures.consent import consent
from procedures.own import restriction
from tests.procedures import records
from tests.procedures.own.test_contact_point import code_of, confirmed, unconfirmed
from tests.procedures.own.test_double_opt_in import agent, begun
from tests.procedures.records import Clock

pytestmark = pytest.mark.usefixtures("sending")


async def test_staff_who_may_reach_the_customer_there_ask_and_the_customer_confirms(inbox):
    by, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.MARKETING)
    await begun(point, await agent(point, Purpose.MARKETING), Category.PREFERENCE)

    _, given = await confirmed(point, await code_of(point), by)

    assert [each.collection_method for each in given] == [CollectionMethod.DOUBLE_OPT_IN]


async def test_a_code_read_out_to_staff_who_verify_is_the_customers_word(inbox):
    by, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.VERIFICATION)
    await begun(point, by, Category.CONTACT_POINT)

    _, given = await confirmed(point, await code_of(point), await agent(point, Purpose.VERIFICATION))

    assert [each.collection_method for each in given] == [CollectionMethod.DOUBLE_OPT_IN]


async def test_a_code_confirms_what_staff_recorded(inbox):
    by, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.MARKETING)
    ruta, shown = await agent(point, Purpose.MARKETING), await records.notice(Purpose.MARKETING)
    recorded = await consent.give(
        point.customer_id, Category.PREFERENCE, Purpose.MARKETING, shown.id, by=ruta, evidence="form 7"
    )
    (asked,) = await begun(point, ruta, Category.PREFERENCE)
    assert (asked.id, asked.permits, asked.recorded_by_id) == (recorded.id, True, ruta.actor_id)

    _, (given,) = await confirmed(point, await code_of(point), by)

    assert (given.id, given.recorded_by_id) == (recorded.id, None)
    assert ((await opened(given)).evidence, given.expires_at) == ("form 7", recorded.expires_at)
    assert given.collection_method is CollectionMethod.DOUBLE_OPT_IN
    assert str((await opened(given)).confirmation).startswith("message ")


@pytest.mark.parametrize("state", [ConsentState.WITHDRAWN, ConsentState.EXPIRED])
async def test_a_code_that_staff_type_takes_a_no_back(inbox, state):
    by, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.VERIFICATION)
    denies = state is ConsentState.WITHDRAWN
    no = await records.consent(
        point.customer_id, Purpose.MARKETING, Category.PREFERENCE, state=state, permits=False, denies=denies
    )
    await begun(point, by, Category.PREFERENCE)

    _, (given,) = await confirmed(point, await code_of(point), await agent(point, Purpose.VERIFICATION))

    assert given.permits
    assert given.recorded_by_id is None
    assert not (await Consent.get(id=no.id)).denies


async def test_who_wrote_the_contact_point_down_does_not_type_the_code(inbox):
    by, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.VERIFICATION)
    typist = await agent(point, Purpose.VERIFICATION)
    await ContactPoint.filter(id=point.id).update(collected_by=typist.actor_id)
    await begun(point, by, Category.PREFERENCE)

    with pytest.raises(Refused):
        await confirmed(point, await code_of(point), typist)
    assert not await Consent.exists(purpose=Purpose.MARKETING, permits=True)

    _, given = await confirmed(point, await code_of(point), await agent(point, Purpose.VERIFICATION))
    assert len(given) == 1


@pytest.mark.every_database
@pytest.mark.parametrize("lacking", ["task", "consent", "need", "use"])
async def test_nobody_else_asks(inbox, lacking):
    by, point, _ = await unconfirmed()
    if lacking != "consent":
        await records.consent(point.customer_id, Purpose.MARKETING)
    actor = await agent(point, Purpose.MARKETING)
    if lacking == "task":
        actor = await agent(await unconfirmed_other(), Purpose.MARKETING)
    if lacking == "need":
        actor = replace(actor, purposes=frozenset({Purpose.BILLING}))
    if lacking == "use":
        await restriction.begin(point.customer_id, by=by)

    with pytest.raises(Refused):
        await begun(point, actor, Category.PREFERENCE)
    assert not await Message.exists()


@pytest.mark.parametrize("category", [Category.IDENTITY, Category.HEALTH_RECORD])
async def test_staff_ask_for_what_their_task_needs_and_nothing_else(inbox, category):
    _, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.MARKETING)

    with pytest.raises(Refused):
        await begun(point, await agent(point, Purpose.MARKETING), category)
    with pytest.raises(Refused):
        await begun(point, await agent(point, Purpose.SUPPORT), Category.PREFERENCE)
    assert not await Message.exists()


async def unconfirmed_other() -> ContactPoint:
    """The contact point of another customer."""
    _, point, _ = await unconfirmed(address="jonas@example.org")
    return point


async def test_a_stranger_and_another_customer_do_not_ask(inbox):
    _, point, _ = await unconfirmed()
    herself = await records.person(await records.customer())

    for actor in (herself, Actor(clock=Clock())):
        with pytest.raises(Refused):
            await begun(point, actor)
    assert await Customer.all().count() == 2
