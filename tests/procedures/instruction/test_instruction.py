"""What others than the customer said is decided by a second person: carried out, refused, or contradicted."""

import asyncio

import pytest
from tortoise.exceptions import IntegrityError

from models import (
    Category,
    Consent,
    ConsentEvent,
    ContactPoint,
    Identity,
    Instruction,
    InstructionState,
    Purpose,
)
from models.event import Event
from policies.errors import Refused, StepUpRequired
from procedures import instruction
from procedures.consent import consent
from procedures.errors import InstructionOver
from procedures.leaving import withdrawal
from tests import ledger
from tests.people import Office
from tests.procedures.instructing import (
    SAID,
    WAYS,
    kept,
    scene,
    single,
    whole_purpose,
)

SUPPORT = Purpose.SUPPORT


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
    by = (await ConsentEvent.get(consent_id=given.id)).by_id
    assert by == staff["everything"].actor.actor_id
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
        said = await single(about, officer)
        for verb in (instruction.refuse, instruction.approve):
            if may:
                await verb(said.id, by=staff[name].actor)
                said = await single(about, officer) if verb is instruction.refuse else said
            elif verb is instruction.approve or name != "unconfirmed":
                with pytest.raises((Refused, StepUpRequired)):
                    await verb(said.id, by=staff[name].actor)
        assert (await Consent.get(id=about.id)).permits is not may


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
    said = await whole_purpose(given, staff["at work"])

    await consent.withdraw(given.id, by=herself.actor)

    assert (await Instruction.get(id=said.id)).state is InstructionState.WAITING
    other = await Consent.get(customer_id=given.customer_id, category=Category.IDENTITY)
    assert other.suspended_by_id == said.id


async def test_the_wider_one_carries_out_the_narrower(office: Office):
    staff, given, _ = await scene(office)
    narrow, all_ = await single(given, staff["at work"]), await whole_purpose(given, staff["the officer"])

    await instruction.approve(all_.id, by=staff["everything"].actor)

    assert (await Instruction.get(id=narrow.id)).state is InstructionState.CARRIED_OUT


async def test_a_special_category_that_came_since_is_not_for_a_manager(office: Office):
    staff, given, _ = await scene(office)
    said = await whole_purpose(given, staff["at work"])
    assert not said.special
    await office.consent(await given.customer, "health_record", "support")

    with pytest.raises(Refused):
        await instruction.approve(said.id, by=staff["a manager"].actor)
    assert not (await Instruction.get(id=said.id)).special
    assert (await instruction.approve(said.id, by=staff["the officer"].actor)).instruction.special


@pytest.mark.every_database
async def test_of_two_who_decide_at_once_one_does(office: Office):
    staff, given, herself = await scene(office)
    said = await single(given, staff["at work"])

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
    said = await single(given, staff["at work"])
    alone = {"decided_by_id": said.recorded_by_id, "decided_at": office.now}

    for values in ({"state": InstructionState.CARRIED_OUT}, {"state": InstructionState.REFUSED, **alone}):
        with pytest.raises(IntegrityError, match="instructions_hands"):
            await Instruction.filter(id=said.id).update(**values)


async def test_the_customer_is_told_of_each_step_without_saying_of_what(office: Office):
    staff, given, herself = await scene(office)
    said = await single(given, staff["at work"])
    await instruction.refuse(said.id, by=staff["a manager"].actor)
    said = await single(given, staff["at work"])
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
    first = await single(given, staff["at work"])
    await instruction.contradict(first.id, by=herself.actor)
    second = await single(given, staff["at work"])
    office.now = second.due_at
    assert [await instruction.due.keep(clock=office.clock) for _ in range(2)] == [1, 0]
    assert [each.id for each in await instruction.due.listed(until=office.now)] == [second.id]

    steps = [Event.INSTRUCTION_RECORDED, Event.INSTRUCTION_CONTRADICTED, Event.INSTRUCTION_OVERDUE]
    assert [each["event"] for each in await ledger.entries(*steps)] == [
        "instruction.recorded", "instruction.contradicted", "instruction.recorded", "instruction.overdue",
    ]  # fmt: skip
    assert SAID not in str(await ledger.entries())
    assert (await Instruction.get(id=second.id)).overdue


async def test_who_leaves_takes_it_along(office: Office):
    staff, given, herself = await scene(office)
    await whole_purpose(given, staff["at work"])
    herself = await office.session(herself)

    await withdrawal.begin(given.customer_id, (await given.customer).number, by=herself.actor)
    await withdrawal.finish()

    assert not await Instruction.exists()
    assert not await Consent.exclude(suspended_by_id=None).exists()
