"""Rights on paper are decided by a second person who had no part in them, and no sooner than the customer could object."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from models import (
    Category,
    Consent,
    Customer,
    CustomerStatus,
    InstructionKind,
    InstructionState,
    Message,
    Proof,
    Template,
    opened,
)
from models.errors import Unfit
from models.event import Event
from policies.errors import Refused, StepUpRequired
from procedures import current, instruction
from procedures.errors import InstructionOver
from procedures.instruction.errors import NothingToDeliver, NoVerifiedChannel, ProofTooLow, TooEarly
from procedures.leaving import certificate, withdrawal
from procedures.notice import controller
from tests import ledger
from tests.people import Office
from tests.procedures.leavers import hold
from tests.procedures.papers import RIGHTS, desk, later

ACCESS, LEAVE, RESTRICT = InstructionKind.ACCESS, InstructionKind.LEAVE, InstructionKind.RESTRICT
ENOUGH = {
    ACCESS: Proof.IAL2,
    InstructionKind.EXPORT: Proof.IAL2,
    LEAVE: Proof.REACHED,
    RESTRICT: Proof.CLAIMED,
}


@pytest.mark.parametrize("kind", RIGHTS)
async def test_each_right_takes_so_much_proof_and_no_less(office: Office, kind: InstructionKind):
    scene = await desk(office)
    said = await scene.records(kind, proof=Proof.CLAIMED)
    later(office, 4)
    for proof in Proof:
        await instruction.prove(said.id, proof, "passport seen", by=scene.agent.actor)
        if list(Proof).index(proof) < list(Proof).index(ENOUGH[kind]):
            with pytest.raises(ProofTooLow):
                await scene.approves(said)
        else:
            await scene.approves(said)
            return
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", RIGHTS)
async def test_neither_who_recorded_nor_who_proved_decides(office: Office, kind: InstructionKind):
    scene = await desk(office)
    both = await office.session(
        await office.employee("privacy_officer", "manager", "agent", purposes=["support"])
    )
    await office.task(both, scene.customer, "support")
    mine = await scene.records(kind, by=both)
    later(office, 4)
    everything = await scene.confirmed(both)
    for refused in (
        instruction.approve(mine.id, by=everything),
        instruction.refuse(mine.id, by=everything, reason="No."),
    ):
        with pytest.raises(Refused):
            await refused
    await instruction.refuse(mine.id, by=scene.officer.actor, reason="No.")
    proved = await scene.records(kind)
    await instruction.prove(proved.id, Proof.IAL3, "passport seen", by=everything)
    later(office, 4)
    everything = await scene.confirmed(both)
    refusals: tuple[Coroutine[Any, Any, Any], ...] = (
        instruction.approve(proved.id, by=everything), instruction.extend(proved.id, "x", by=everything),
        instruction.deliver(proved.id, by=everything), instruction.hand_over(proved.id, by=everything),
    )  # fmt: skip
    for each in refusals:
        with pytest.raises(Refused):
            await each
    with pytest.raises(StepUpRequired):
        await instruction.approve(proved.id, by=scene.officer.actor)
    assert (await scene.approves(proved)).decided_by_id == scene.officer.actor.actor_id


async def test_a_manager_decides_unless_a_special_category_is_concerned(office: Office):
    scene = await desk(office)
    await office.notice("care")
    early = await scene.records(ACCESS)
    said = await scene.records(RESTRICT)
    await instruction.approve(said.id, by=await scene.confirmed(scene.manager))
    await office.consent(scene.customer, "health_record", "care")
    with pytest.raises(Refused):
        await instruction.approve(early.id, by=await scene.confirmed(scene.manager))
    other = await desk(office)
    await office.consent(other.customer, "health_record", "care")
    said = await other.records(ACCESS)
    assert said.special
    with pytest.raises(Refused):
        await instruction.approve(said.id, by=await other.confirmed(other.manager))
    await other.approves(said)


async def test_who_leaves_by_letter_is_erased_three_days_later_and_with_a_certificate(office: Office):
    scene = await desk(office)
    said = await scene.records(LEAVE, suppress=True)
    with pytest.raises(TooEarly):
        await scene.approves(said)
    later(office, 3.1)

    done = await instruction.approve(said.id, by=await scene.confirmed(scene.officer))
    await withdrawal.finish()

    assert done.erased_rows == 3
    left = await Customer.get(id=scene.customer.id)
    assert (left.status, left.number) != (CustomerStatus.ACTIVE, scene.customer.number)
    assert done.certificate_token is not None
    assert await certificate.by_token(done.certificate_token)
    assert len(await ledger.entries(Event.WITHDRAWAL_COMPLETED)) == 1
    await ledger.sound()


async def test_a_legal_hold_keeps_what_who_leaves_by_letter_had(office: Office):
    scene = await desk(office)
    await hold(office, scene.customer, Category.IDENTITY)
    said = await scene.records(LEAVE)
    later(office, 3.1)

    done = await instruction.approve(said.id, by=await scene.confirmed(scene.officer))

    assert (done.erased_rows, done.held_rows) == (2, 1)


@pytest.mark.parametrize("kind", RIGHTS)
@pytest.mark.parametrize("way", ["refused", "contradicted"])
async def test_what_is_refused_or_contradicted_leaves_everything_as_it_was(
    office: Office, kind: InstructionKind, way: str
):
    scene = await desk(office)
    himself = await office.himself(scene.customer)
    said = await scene.records(kind)
    if way == "refused":
        with pytest.raises(Unfit):
            await instruction.refuse(said.id, by=scene.officer.actor)
        ended = await instruction.refuse(said.id, by=scene.officer.actor, reason="The letter is not signed.")
        assert (await opened(ended)).decision_reason == "The letter is not signed."
        assert await Message.filter(template=Template.RIGHT_REFUSED).exists()
    else:
        ended = await instruction.contradict(said.id, by=himself.actor)

    assert ended.state.value == way.upper()
    customer = await Customer.get(id=scene.customer.id)
    assert not customer.restricted
    assert not await Consent.exclude(suspended_by_id=None).exists()
    with pytest.raises(InstructionOver):
        await scene.approves(said)


async def test_without_an_authority_to_complain_to_nothing_is_refused(office: Office):
    scene = await desk(office)
    said = await scene.records(ACCESS)
    here = current.installation()
    here.addresses = replace(here.addresses, controller=None)
    with pytest.raises(controller.AuthorityUnknown):
        await instruction.refuse(said.id, by=scene.officer.actor, reason="The letter is not signed.")


async def test_only_a_delivery_is_repeated(office: Office):
    scene = await desk(office)
    said = await scene.records(RESTRICT)
    await scene.approves(said)
    for verb in (instruction.deliver, instruction.hand_over):
        with pytest.raises(NothingToDeliver):
            await verb(said.id, by=await scene.confirmed(scene.officer))


async def test_the_customer_sees_what_was_done_in_their_name(office: Office):
    scene = await desk(office)
    himself = await office.himself(scene.customer)
    said = await scene.records(ACCESS)
    await scene.approves(said)

    query = "{ me { ... on Customer { instructions { kind medium receivedAt proof evidence state sentAt recordedBy { name } } } } }"
    (seen,) = (await himself.asks(query)).data["me"]["instructions"]

    assert (seen["kind"], seen["medium"], seen["proof"], seen["state"]) == (
        "ACCESS",
        "LETTER",
        "IAL2",
        "APPROVED",
    )
    assert seen["evidence"]
    assert seen["recordedBy"] is None


async def test_who_approves_sees_no_value(office: Office):
    scene = await desk(office)
    await scene.approves(await scene.records(ACCESS))
    assert await scene.makes() == 1
    for someone in (scene.officer, scene.manager):
        seen = await someone.stating("support").reads(scene.customer, "contactPoints.value")
        assert not seen.granted


#: Who wrote the only contact point down, or verified it, and whether an archive may be sent there.
TOUCHED = {"nobody": True, "collected": False, "verified": False}


@pytest.mark.parametrize("party", ["agent", "officer", "prover"])
@pytest.mark.parametrize("touched", TOUCHED)
async def test_no_archive_goes_where_somebody_who_takes_part_has_put_it(
    office: Office, party: str, touched: str
):
    scene = await desk(office)
    prover = await office.agent("support")
    await office.task(prover, scene.customer, "support")
    who = {"agent": scene.agent, "officer": scene.officer, "prover": prover}[party].actor.actor_id
    column = {"collected": "collected_by", "verified": "verified_by"}.get(touched)
    await scene.only_point(**{column: who} if column else {})
    said = await scene.records(ACCESS)
    await instruction.prove(said.id, Proof.IAL3, "passport seen", by=prover.actor)
    if TOUCHED[touched]:
        assert (await scene.approves(said)).state is InstructionState.APPROVED
    else:
        with pytest.raises(NoVerifiedChannel):
            await scene.approves(said)


async def test_no_archive_goes_to_what_was_verified_since_the_letter_came(office: Office):
    scene = await desk(office)
    await scene.only_point(verified_at=office.now)
    said = await scene.records(ACCESS, ago=2)
    with pytest.raises(NoVerifiedChannel):
        await scene.approves(said)
