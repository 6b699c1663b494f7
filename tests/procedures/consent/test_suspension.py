"""What others than the customer say ends nothing by itself: it suspends."""

from itertools import product
from random import Random
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from models import (
    Category,
    Consent,
    ConsentState,
    ContactPoint,
    Instruction,
    InstructionState,
    Message,
    Purpose,
    Template,
)
from models.errors import ProcedureError, Unfit
from policies.errors import Refused, StepUpRequired
from procedures import instruction
from procedures.consent import ConsentFilter, consent, consents, required
from procedures.errors import ConsentRequired, InstructionWaits, NotGiven
from procedures.message import outbox
from tests.campaigns import Campaign
from tests.people import Office, Someone
from tests.procedures.instructing import (
    RECORDED,
    SAID,
    WAYS,
    Way,
    customer_of,
    kept,
    objection,
    people,
    scene,
    single,
    whole_purpose,
)

SUPPORT = Purpose.SUPPORT


async def tried(way: Way, given: Consent, by: Someone) -> tuple[Any, bool]:
    """The instruction that somebody records, if any, and whether they may not."""
    try:
        return await way(given, by), False
    except (Refused, StepUpRequired):
        return None, True
    except ProcedureError:
        return None, False


async def test_no_one_person_ends_anything_for_a_customer(office: Office, campaign: Campaign):
    staff = await people(office)
    cases = list(product(WAYS, RECORDED, ConsentState))
    count = campaign.of(short=60, long=len(cases))
    for way, name, state in Random(7).sample(cases, count):  # noqa: S311 chance here decides no secret
        given = await customer_of(office, staff, state)
        before = await kept(given.customer_id)
        said, refused = await tried(WAYS[way], given, staff[name])
        assert refused or said is not None or not given.permits, (way, name, state)
        assert await kept(given.customer_id) == before, (way, name, state)
        allowed = way in RECORDED[name]
        if state is ConsentState.GIVEN:
            assert (said is not None) is allowed, (way, name)
        if said is not None:
            assert allowed, (way, name, state)
            assert said.state is InstructionState.WAITING
            with pytest.raises(Refused):
                await instruction.approve(said.id, by=staff[name].actor)
            assert await kept(given.customer_id) == before
    campaign.tried(count, "ways in which one person might end a consent of another")


@pytest.mark.every_database
async def test_what_is_suspended_is_open_to_the_customer_alone(office: Office):
    staff, given, herself = await scene(office)
    customer, agent = await given.customer, staff["at work"]
    assert (await agent.reads(customer, "contactPoints.value")).granted

    await single(given, agent)

    assert (await agent.reads(customer, "contactPoints.value")).reason == "NO_CONSENT"
    assert (await agent.reads(customer, "identity.familyName")).granted
    assert (await herself.reads(customer, "contactPoints.value")).granted
    with pytest.raises(ConsentRequired):
        await required(customer.id, given.category, given.purpose, by=agent.actor)
    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await office.row(customer, given, value_index="another@example.org")


async def test_nothing_is_sent_for_a_suspended_purpose_but_the_customer_is_told(office: Office):
    staff, given, _ = await scene(office)
    await ContactPoint.filter(customer_id=given.customer_id).update(verified_at=office.now, kind="EMAIL")
    assert await outbox.usable(given.customer_id, SUPPORT, office.now, None)

    await single(given, staff["at work"])

    assert not await outbox.usable(given.customer_id, SUPPORT, office.now, None)
    told = await Message.get(customer_id=given.customer_id)
    assert (told.template, told.channel.value) == (Template.INSTRUCTION_RECORDED, "EMAIL")
    assert await outbox.usable(given.customer_id, None, office.now, told.contact_point_id)


async def test_nobody_consents_past_an_instruction_that_waits(office: Office):
    staff, given, herself = await scene(office)
    notice = await office.notice("support")
    said = await objection(given, staff["at work"])

    for by, category in product((herself, staff["at work"]), (Category.CONTACT_POINT, Category.ORDER)):
        with pytest.raises(InstructionWaits):
            await consent.give(given.customer_id, category, SUPPORT, notice.id, by=by.actor, evidence="form")
    await instruction.contradict(said.id, by=herself.actor)
    await consent.give(
        given.customer_id, Category.ORDER, SUPPORT, notice.id, by=herself.actor, evidence="form"
    )


async def test_the_same_is_recorded_once_and_not_without_evidence_or_a_consent(office: Office):
    staff, given, _ = await scene(office)
    officer = staff["the officer"]
    with pytest.raises(Unfit):
        await consent.withdraw(given.id, by=officer.actor)
    with pytest.raises(NotGiven):
        await consents.withdraw(
            given.customer_id, ConsentFilter(Category.ORDER), by=officer.actor, evidence=SAID
        )
    assert not await Instruction.exists()
    await single(given, officer)
    with pytest.raises(InstructionWaits):
        await single(given, officer)
    assert await Instruction.all().count() == 1


async def test_what_two_instructions_suspend_stays_so_until_both_are_decided(office: Office):
    staff, given, herself = await scene(office)
    narrow, all_ = await single(given, staff["at work"]), await whole_purpose(given, staff["the officer"])

    await instruction.contradict(narrow.id, by=herself.actor)
    assert (await Consent.get(id=given.id)).suspended_by_id == all_.id
    await instruction.refuse(all_.id, by=staff["everything"].actor)

    assert (await Consent.get(id=given.id)).suspended_by_id is None
