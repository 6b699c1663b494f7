"""What customers want on paper is recorded by whoever works for them, and told to them."""

from datetime import timedelta

import pytest

from models import (
    Category,
    Consent,
    Customer,
    Instruction,
    InstructionKind,
    InstructionState,
    Medium,
    Message,
    Proof,
    Purpose,
    Template,
    opened,
)
from models.errors import Unfit
from models.event import Event
from policies.errors import Refused, StepUpRequired
from procedures import instruction
from procedures.consent import Wanted
from procedures.errors import InstructionOver, InstructionWaits, NotFound
from procedures.instruction import Received
from procedures.instruction.errors import AlreadyPutOff, AlreadyRestricted, PutOffTooLate
from procedures.leaving import withdrawal
from procedures.own import restriction
from tests import ledger
from tests.people import Office
from tests.procedures.papers import MARK, RIGHTS, desk, later

ACCESS, LEAVE, RESTRICT = InstructionKind.ACCESS, InstructionKind.LEAVE, InstructionKind.RESTRICT


@pytest.mark.parametrize("kind", RIGHTS)
@pytest.mark.every_database
async def test_a_letter_is_recorded_with_its_day_and_told_to_every_address(
    office: Office, kind: InstructionKind
):
    scene = await desk(office)

    said = await scene.records(kind, ago=3)

    assert (said.state, said.medium, said.proof) == (InstructionState.WAITING, Medium.LETTER, Proof.IAL2)
    assert said.received_at is not None
    assert (said.due_at.month, said.due_at.day) == (said.received_at.month % 12 + 1, said.received_at.day)
    told = await Message.filter(customer_id=scene.customer.id, template=Template.RIGHT_RECORDED)
    assert {each.channel for each in told} == {"EMAIL", "SMS"}
    texts = [(await opened(each)).text for each in told]
    assert all(MARK not in text for text in texts)
    assert MARK not in str(await ledger.entries())
    (step,) = await ledger.data(Event.INSTRUCTION_RECORDED)
    assert step == {"instruction": str(said.id), "customer": str(scene.customer.id), "kind": kind.value}


async def test_restriction_holds_at_once_and_leaving_suspends_at_once(office: Office):
    scene = await desk(office)
    given = Consent.filter(customer_id=scene.customer.id)

    await scene.records(RESTRICT, proof=Proof.CLAIMED)
    assert (await Customer.get(id=scene.customer.id)).restricted
    assert not await given.exclude(suspended_by_id=None).exists()
    said = await scene.records(LEAVE, proof=Proof.CLAIMED)
    assert not await given.exclude(suspended_by_id=said.id).exists()
    assert await given.filter(permits=True).count() == 2


async def test_a_copy_suspends_nothing(office: Office):
    scene = await desk(office)
    await scene.records(ACCESS)
    assert not await Consent.exclude(suspended_by_id=None).exists()


@pytest.mark.parametrize("kind", RIGHTS)
async def test_nobody_records_for_a_customer_they_do_not_work_for(office: Office, kind: InstructionKind):
    scene = await desk(office)
    for roles in (("agent",), ("manager",), ("administrator",)):
        with pytest.raises(Refused):
            await scene.records(
                kind, by=await office.session(await office.employee(*roles, purposes=["support"]))
            )
    with pytest.raises(StepUpRequired):
        await scene.records(kind, by=scene.officer)
    with pytest.raises(Refused):
        await scene.records(kind, by=await office.himself(scene.customer))
    assert (await scene.records(kind, by=await office.session(scene.officer))).kind is kind
    assert await Instruction.all().count() == 1


async def test_the_same_letter_twice_waits_once(office: Office):
    scene = await desk(office)
    await scene.records(ACCESS)
    with pytest.raises(InstructionWaits):
        await scene.records(ACCESS)
    assert await Instruction.all().count() == 1
    assert len(await Message.filter(template=Template.RIGHT_RECORDED)) == 2


@pytest.mark.parametrize("days", [-1, 400])
async def test_a_day_that_cannot_be_is_refused(office: Office, days: int):
    scene = await desk(office)
    with pytest.raises(Unfit):
        await scene.records(ACCESS, ago=days)


async def test_what_came_long_ago_is_due_at_once(office: Office):
    scene = await desk(office)
    said = await scene.records(ACCESS, ago=60)
    later(office, 0.1)
    assert await instruction.due.keep(clock=office.clock) == 1
    assert (await Instruction.get(id=said.id)).overdue


@pytest.mark.parametrize(
    "wanted",
    [
        (InstructionKind.REVOKE, None, Purpose.SUPPORT), (InstructionKind.INVALIDATE, None, Purpose.SUPPORT),
        (InstructionKind.OBJECT, None, None), (InstructionKind.WITHDRAW, None, None),
        (InstructionKind.WITHDRAW, Category.IDENTITY, Purpose.SUPPORT), (ACCESS, Category.IDENTITY, None),
        (LEAVE, None, Purpose.SUPPORT),
    ],
)  # fmt: skip
async def test_what_is_not_said_or_too_much_is_refused(
    office: Office, wanted: tuple[InstructionKind, Category | None, Purpose | None]
):
    scene = await desk(office)
    kind, category, purpose = wanted
    received = Received(Medium.LETTER, office.now.date(), Proof.CLAIMED)
    with pytest.raises(Unfit):
        await instruction.record(
            Wanted(kind, scene.customer.id, category, purpose), MARK, received, by=scene.agent.actor
        )


@pytest.mark.parametrize("kind", [InstructionKind.WITHDRAW, InstructionKind.OBJECT])
async def test_a_consent_is_ended_by_letter_as_by_word(office: Office, kind: InstructionKind):
    scene = await desk(office)
    received = Received(Medium.TELEPHONE, office.now.date() - timedelta(days=2), Proof.CLAIMED)

    said = await instruction.record(
        Wanted(kind, scene.customer.id, purpose=Purpose.SUPPORT), MARK, received, by=scene.agent.actor
    )

    assert (said.medium, said.proof, said.due_at.day) == (Medium.TELEPHONE, Proof.CLAIMED, received.on.day)
    assert await Consent.filter(suspended_by_id=said.id).count() == 2
    done = await scene.approves(said)
    assert done.state is InstructionState.CARRIED_OUT


async def test_who_left_asks_for_nothing(office: Office):
    scene = await desk(office)
    himself = await office.session(await office.himself(scene.customer))
    await withdrawal.begin(scene.customer.id, scene.customer.number, by=himself.actor)
    with pytest.raises(NotFound):
        await scene.records(ACCESS, by=await office.session(scene.officer))


async def test_the_deadline_is_put_off_once_and_in_time(office: Office):
    scene = await desk(office)
    said = await scene.records(ACCESS, ago=0)

    extended = await instruction.extend(said.id, "There is much of it.", by=scene.officer.actor)

    assert extended.due_at.month == (said.due_at.month + 2 - 1) % 12 + 1
    with pytest.raises(AlreadyPutOff):
        await instruction.extend(said.id, "Still.", by=scene.officer.actor)
    with pytest.raises(Refused):
        await instruction.extend(said.id, "Mine.", by=scene.agent.actor)
    other = await scene.records(LEAVE, ago=40)
    later(office, 0.1)
    with pytest.raises(PutOffTooLate):
        await instruction.extend(other.id, "Late.", by=scene.officer.actor)


async def test_the_customers_own_word_settles_a_restriction_that_waits(office: Office):
    scene = await desk(office)
    himself = await office.himself(scene.customer)
    said = await scene.records(RESTRICT)

    await restriction.begin(scene.customer.id, by=himself.actor)

    assert (await Instruction.get(id=said.id)).state is InstructionState.CARRIED_OUT
    with pytest.raises(InstructionOver):
        await instruction.refuse(said.id, by=scene.officer.actor, reason="No.")
    with pytest.raises(AlreadyRestricted):
        await scene.records(RESTRICT)
    await restriction.end(scene.customer.id, by=himself.actor)
    again = await scene.records(RESTRICT)
    await restriction.end(scene.customer.id, by=himself.actor)
    assert (await Instruction.get(id=again.id)).state is InstructionState.CONTRADICTED
    assert not (await Customer.get(id=scene.customer.id)).restricted
