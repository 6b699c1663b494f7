"""What others than the customer say ends nothing by itself: it suspends, and a second person decides."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError

from models import (
    PERSONAL,
    Category,
    Consent,
    ConsentState,
    ContactPoint,
    Identity,
    Instruction,
    InstructionState,
    Message,
    Purpose,
    Template,
)
from models.errors import ProcedureError, Unfit
from models.event import Event
from policies.errors import Refused, StepUpRequired
from procedures import instruction
from procedures.consent import ConsentFilter, consent, consents, required
from procedures.errors import ConsentRequired, InstructionOver, InstructionWaits, NotGiven
from procedures.leaving import withdrawal
from procedures.message import outbox
from tests import ledger
from tests.campaigns import Campaign
from tests.people import Office, Someone
from tests.procedures.instructing import SAID

SUPPORT, DELIVERY = Purpose.SUPPORT, Purpose.DELIVERY
Way = Callable[[Consent, Someone], Awaitable[Any]]


async def _one(given: Consent, by: Someone) -> Any:
    return (await consent.withdraw(given.id, by=by.actor, evidence=SAID)).instruction


async def _category(given: Consent, by: Someone) -> Any:
    which = ConsentFilter(given.category)
    return (await consents.withdraw(given.customer_id, which, by=by.actor, evidence=SAID)).instruction


async def _purpose(given: Consent, by: Someone) -> Any:
    which = ConsentFilter(purpose=given.purpose)
    return (await consents.withdraw(given.customer_id, which, by=by.actor, evidence=SAID)).instruction


async def _objection(given: Consent, by: Someone) -> Any:
    said = await consent.object(given.customer_id, given.purpose, by=by.actor, evidence=SAID)
    return said.instruction


async def _revocation(given: Consent, by: Someone) -> Any:
    return (await consent.revoke(given.id, by=by.actor, evidence=SAID)).instruction


async def _invalidation(given: Consent, by: Someone) -> Any:
    return (await consent.invalidate(given.id, by=by.actor, evidence=SAID)).instruction


#: Every way by which a member of staff can have a consent ended.
WAYS: dict[str, Way] = {
    "one": _one, "category": _category, "purpose": _purpose, "objection": _objection, "revocation": _revocation,
    "invalidation": _invalidation,
}  # fmt: skip
#: Who records which of them, of a consent that is given.
RECORDED = {
    "at work": {"one", "purpose", "objection"},
    "at work for another purpose": set[str](),
    "an agent": set[str](),
    "a manager": set[str](),
    "an administrator": set[str](),
    "the officer": WAYS.keys(),
    "unconfirmed": set[str](),
    "everything": WAYS.keys(),
}


async def people(office: Office) -> dict[str, Someone]:
    """Everybody who works there, in confirmed sessions but for one."""
    roles = {
        "at work": ("agent",), "at work for another purpose": ("agent",), "an agent": ("agent",),
        "a manager": ("manager",), "an administrator": ("administrator",), "the officer": ("privacy_officer",),
        "everything": ("agent", "manager", "privacy_officer", "administrator"),
    }  # fmt: skip
    purposes = {"at work for another purpose": ["delivery"]}
    known = {
        name: await office.session(await office.employee(*held, purposes=purposes.get(name, ["support"])))
        for name, held in roles.items()
    }
    return known | {"unconfirmed": await office.employee("privacy_officer", purposes=["support"])}


async def customer_of(office: Office, staff: dict[str, Someone], state: ConsentState) -> Consent:
    """A customer with a consent in a state, a row where it permits, and another consent with its row; gives the first."""
    customer = await office.customer([("identity", "support")])
    given = await office.consent(customer, "contact_point", "support", state=state)
    if given.permits:
        await office.row(customer, given)
    await office.task(staff["at work"], customer, "support")
    await office.task(staff["at work for another purpose"], customer, "delivery")
    await office.notice("support")
    return given


async def kept(customer_id: UUID) -> dict[Any, Any]:
    """What is kept of a customer: its rows, and what its consents say but for their being suspended."""
    said = await Consent.filter(customer_id=customer_id).order_by("id")
    rows = {
        category: sorted([row.id for row in await model.filter(customer_id=customer_id)])
        for category, model in PERSONAL.items()
    }
    return rows | {each.id: (each.state, each.permits, each.denies) for each in said}


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


async def scene(office: Office) -> tuple[dict[str, Someone], Consent, Someone]:
    """Staff, a customer's consent with a row, and the customer."""
    staff = await people(office)
    given = await customer_of(office, staff, ConsentState.GIVEN)
    herself = await office.himself(await given.customer)
    return staff, given, herself


@pytest.mark.parametrize("way", [way for way in WAYS if way != "category"])
@pytest.mark.every_database
async def test_what_a_second_person_approves_is_carried_out(office: Office, way: str):
    staff, given, _ = await scene(office)
    said = await WAYS[way](given, staff["the officer"])

    done = await instruction.approve(said.id, by=staff["everything"].actor)

    both = way in ("purpose", "objection")
    assert (done.erased_rows, done.kept_rows, done.held_rows) == (2 if both else 1, 0, 0)
    assert done.instruction.state is InstructionState.CARRIED_OUT
    ended = await Consent.get(id=given.id)
    assert (ended.permits, ended.suspended_by_id) == (False, None)
    assert not await ContactPoint.filter(customer_id=given.customer_id).exists()
    assert await Identity.filter(customer_id=given.customer_id).exists() is not both
    with pytest.raises(InstructionOver):
        await instruction.approve(said.id, by=staff["everything"].actor)
    assert await Consent.filter(customer_id=given.customer_id, purpose=SUPPORT).count() == (
        len(Category) if way == "objection" else 2
    )


@pytest.mark.parametrize(
    ("name", "plain", "special"),
    [
        ("the officer", True, True), ("everything", True, True), ("a manager", True, False), ("at work", False, False),
        ("an agent", False, False), ("an administrator", False, False), ("unconfirmed", False, False),
    ],
)  # fmt: skip
async def test_who_decides(office: Office, name: str, plain: bool, special: bool):
    staff, given, _ = await scene(office)
    customer = await given.customer
    await office.notice("care")
    ill = await office.consent(customer, "health_record", "care")
    officer = await office.session(await office.employee("privacy_officer"))
    for about, may in ((given, plain), (ill, special)):
        said = await _one(about, officer)
        for verb in (instruction.refuse, instruction.approve):
            if may:
                await verb(said.id, by=staff[name].actor)
                said = await _one(about, officer) if verb is instruction.refuse else said
            elif verb is instruction.approve or name != "unconfirmed":
                with pytest.raises((Refused, StepUpRequired)):
                    await verb(said.id, by=staff[name].actor)
        assert (await Consent.get(id=about.id)).permits is not may


@pytest.mark.every_database
async def test_what_is_suspended_is_open_to_the_customer_alone(office: Office):
    staff, given, herself = await scene(office)
    customer, agent = await given.customer, staff["at work"]
    assert (await agent.reads(customer, "contactPoints.value")).granted

    await _one(given, agent)

    assert (await agent.reads(customer, "contactPoints.value")).reason == "NO_CONSENT"
    assert (await agent.reads(customer, "identity.familyName")).granted
    assert (await herself.reads(customer, "contactPoints.value")).granted
    with pytest.raises(ConsentRequired):
        await required(customer.id, given.category, given.purpose, office.now)
    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await office.row(customer, given, value_index="another@example.org")


async def test_nothing_is_sent_for_a_suspended_purpose_but_the_customer_is_told(office: Office):
    staff, given, _ = await scene(office)
    await ContactPoint.filter(customer_id=given.customer_id).update(verified_at=office.now, kind="EMAIL")
    assert await outbox.usable(given.customer_id, SUPPORT, office.now, None)

    await _one(given, staff["at work"])

    assert not await outbox.usable(given.customer_id, SUPPORT, office.now, None)
    told = await Message.get(customer_id=given.customer_id)
    assert (told.template, told.channel.value) == (Template.INSTRUCTION_RECORDED, "EMAIL")
    assert await outbox.usable(given.customer_id, None, office.now, told.contact_point_id)


async def test_nobody_consents_past_an_instruction_that_waits(office: Office):
    staff, given, herself = await scene(office)
    notice = await office.notice("support")
    said = await _objection(given, staff["at work"])

    for by, category in product((herself, staff["at work"]), (Category.CONTACT_POINT, Category.ORDER)):
        with pytest.raises(InstructionWaits):
            await consent.give(given.customer_id, category, SUPPORT, notice.id, by=by.actor, evidence="form")
    await instruction.contradict(said.id, by=herself.actor)
    await consent.give(
        given.customer_id, Category.ORDER, SUPPORT, notice.id, by=herself.actor, evidence="form"
    )


@pytest.mark.parametrize("way", [way for way in WAYS if way != "category"])
async def test_what_is_refused_or_contradicted_changes_nothing(office: Office, way: str):
    staff, given, herself = await scene(office)
    before = await Consent.filter(customer_id=given.customer_id).order_by("id").values()
    rows = await kept(given.customer_id)
    for decided, state in (
        (lambda id: instruction.refuse(id, by=staff["everything"].actor), InstructionState.REFUSED),
        (lambda id: instruction.contradict(id, by=herself.actor), InstructionState.CONTRADICTED),
    ):
        said = await WAYS[way](given, staff["the officer"])
        assert (await Consent.get(id=given.id)).suspended_by_id == said.id
        assert (await decided(said.id)).state is state
        assert await Consent.filter(customer_id=given.customer_id).order_by("id").values() == before
        assert await kept(given.customer_id) == rows
        with pytest.raises(InstructionOver):
            await instruction.contradict(said.id, by=herself.actor)


@pytest.mark.parametrize("way", ["one", "purpose", "objection"])
async def test_the_customer_carries_it_out_alone_and_at_once(office: Office, way: str):
    staff, given, herself = await scene(office)
    said = await WAYS[way](given, staff["at work"])

    assert await WAYS[way](given, herself) is None

    assert not await ContactPoint.filter(customer_id=given.customer_id).exists()
    now = await Instruction.get(id=said.id)
    assert (now.state, now.decided_by_id) == (InstructionState.CARRIED_OUT, herself.actor.actor_id)


async def test_part_of_it_leaves_the_rest_waiting(office: Office):
    staff, given, herself = await scene(office)
    said = await _purpose(given, staff["at work"])

    await consent.withdraw(given.id, by=herself.actor)

    assert (await Instruction.get(id=said.id)).state is InstructionState.WAITING
    other = await Consent.get(customer_id=given.customer_id, category=Category.IDENTITY)
    assert other.suspended_by_id == said.id


async def test_what_two_instructions_suspend_stays_so_until_both_are_decided(office: Office):
    staff, given, herself = await scene(office)
    one, all_ = await _one(given, staff["at work"]), await _purpose(given, staff["the officer"])

    await instruction.contradict(one.id, by=herself.actor)
    assert (await Consent.get(id=given.id)).suspended_by_id == all_.id
    await instruction.refuse(all_.id, by=staff["everything"].actor)

    assert (await Consent.get(id=given.id)).suspended_by_id is None


async def test_the_wider_one_carries_out_the_narrower(office: Office):
    staff, given, _ = await scene(office)
    one, all_ = await _one(given, staff["at work"]), await _purpose(given, staff["the officer"])

    await instruction.approve(all_.id, by=staff["everything"].actor)

    assert (await Instruction.get(id=one.id)).state is InstructionState.CARRIED_OUT


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
    await _one(given, officer)
    with pytest.raises(InstructionWaits):
        await _one(given, officer)
    assert await Instruction.all().count() == 1


async def test_a_special_category_that_came_since_is_not_for_a_manager(office: Office):
    staff, given, _ = await scene(office)
    said = await _purpose(given, staff["at work"])
    assert not said.special
    await office.consent(await given.customer, "health_record", "support")

    with pytest.raises(Refused):
        await instruction.approve(said.id, by=staff["a manager"].actor)
    assert not (await Instruction.get(id=said.id)).special
    assert (await instruction.approve(said.id, by=staff["the officer"].actor)).instruction.special


@pytest.mark.every_database
async def test_of_two_who_decide_at_once_one_does(office: Office):
    staff, given, herself = await scene(office)
    said = await _one(given, staff["at work"])

    outcomes = await asyncio.gather(
        instruction.approve(said.id, by=staff["the officer"].actor),
        instruction.refuse(said.id, by=staff["a manager"].actor),
        instruction.contradict(said.id, by=herself.actor),
        return_exceptions=True,
    )

    assert sum(isinstance(each, InstructionOver) for each in outcomes) == 2
    state, rows = (await Instruction.get(id=said.id)).state, await ContactPoint.all().count()
    assert (state is InstructionState.CARRIED_OUT) is (rows == 0)


@pytest.mark.every_database
async def test_the_database_lets_nobody_decide_alone(office: Office):
    staff, given, _ = await scene(office)
    said = await _one(given, staff["at work"])
    alone = {"decided_by_id": said.recorded_by_id, "decided_at": office.now}

    for values in ({"state": InstructionState.CARRIED_OUT}, {"state": InstructionState.REFUSED, **alone}):
        with pytest.raises(IntegrityError, match="instructions_hands"):
            await Instruction.filter(id=said.id).update(**values)


async def test_the_customer_is_told_of_each_step_without_saying_of_what(office: Office):
    staff, given, herself = await scene(office)
    said = await _one(given, staff["at work"])
    await instruction.refuse(said.id, by=staff["a manager"].actor)
    said = await _one(given, staff["at work"])
    await instruction.approve(said.id, by=staff["the officer"].actor)

    query = "{ me { ... on Customer { messages { template text } instructions { state evidence consentCategory } } } }"
    told = (await herself.asks(query)).data["me"]

    assert sorted(each["template"] for each in told["messages"]) == [
        "INSTRUCTION_CARRIED_OUT", "INSTRUCTION_RECORDED", "INSTRUCTION_RECORDED", "INSTRUCTION_REFUSED",
    ]  # fmt: skip
    texts = " ".join(each["text"] or "" for each in told["messages"])
    assert SAID not in texts
    assert "contact" not in texts.lower()
    assert {each["state"] for each in told["instructions"]} == {"REFUSED", "CARRIED_OUT"}
    assert {each["evidence"] for each in told["instructions"]} == {SAID}


async def test_every_step_is_in_the_ledger_and_nothing_of_what_was_said(office: Office):
    staff, given, herself = await scene(office)
    first = await _one(given, staff["at work"])
    await instruction.contradict(first.id, by=herself.actor)
    second = await _one(given, staff["at work"])
    office.now = second.due_at
    assert [await instruction.keep(clock=office.clock) for _ in range(2)] == [1, 0]
    assert [each.id for each in await instruction.listed(until=office.now)] == [second.id]

    steps = [Event.INSTRUCTION_RECORDED, Event.INSTRUCTION_CONTRADICTED, Event.INSTRUCTION_OVERDUE]
    assert [each["event"] for each in await ledger.entries(*steps)] == [
        "instruction.recorded", "instruction.contradicted", "instruction.recorded", "instruction.overdue",
    ]  # fmt: skip
    assert SAID not in str(await ledger.entries())
    assert (await Instruction.get(id=second.id)).overdue


async def test_who_leaves_takes_it_along(office: Office):
    staff, given, herself = await scene(office)
    await _purpose(given, staff["at work"])
    herself = await office.session(herself)

    await withdrawal.begin(given.customer_id, (await given.customer).number, by=herself.actor)
    await withdrawal.finish()

    assert not await Instruction.exists()
    assert not await Consent.exclude(suspended_by_id=None).exists()
