"""What a customer wants put right on paper is recorded by staff, and decided by somebody else."""

from datetime import timedelta

import pytest

import models
from models import ContactPoint, Medium, Message, Order, Proof, Request, RequestState, Template, opened
from models.event import Event
from policies.errors import Refused
from procedures.instruction import ProofTooLow, Received
from procedures.request import Rectification, due, request
from procedures.request.errors import AlreadyAsked, SealedOnly
from tests import ledger
from tests.people import Office, Someone
from tests.procedures.asking import WANTED, WHY, Scene

MARK = "letter 12 of 28 May"


@pytest.fixture
async def scene(office: Office) -> Scene:
    """A customer with everything."""
    return await Scene.set_up(office)


async def records(
    scene: Scene,
    by: Someone,
    wanted: str | None = WANTED,
    *,
    model: type[models.Personal] = Order,
    field: str = "number",
    proof: Proof = Proof.REACHED,
    ago: int = 1,
) -> Request:
    row = await model.get(customer_id=scene.customer.id)
    received = Received(Medium.LETTER, (scene.office.now - timedelta(days=ago)).date(), proof)
    return await request.record(model, row.id, Rectification(field, wanted, WHY), received, MARK, by=by.actor)


async def test_it_is_recorded_told_and_granted_by_somebody_else(scene: Scene):
    await scene.office.task(scene.colleague, scene.customer, "billing")
    made = await records(scene, scene.clerk, ago=3)

    assert (made.medium, made.proof, made.recorded_by_id) == ("LETTER", "REACHED", scene.clerk.actor.actor_id)
    assert made.due_at.day == made.received_at.day
    assert await Message.filter(template=Template.REQUEST_RECEIVED).exists()
    for verb in (request.grant, request.extend, request.refuse):
        with pytest.raises(Refused):
            await verb(made.id, *([] if verb is request.grant else [WHY]), by=scene.clerk.actor)
    await request.grant(made.id, by=scene.colleague.actor)

    assert (await opened(await Order.get())).number == WANTED
    assert MARK not in str(await ledger.entries())
    assert [each["event"] for each in await ledger.entries(Event.REQUEST_SUBMITTED, Event.REQUEST_GRANTED)] == [
        "request.submitted", "request.granted",
    ]  # fmt: skip


async def test_the_word_alone_puts_nothing_right(scene: Scene):
    await scene.office.task(scene.colleague, scene.customer, "billing")
    made = await records(scene, scene.clerk, proof=Proof.CLAIMED)
    with pytest.raises(ProofTooLow):
        await request.grant(made.id, by=scene.colleague.actor)
    assert (await Request.get()).state is RequestState.RECEIVED


async def test_what_customers_change_alone_is_put_right_by_letter(scene: Scene):
    office = scene.office
    recorder, other = await office.agent("support"), await office.agent("support")
    for each in (recorder, other):
        await office.task(each, scene.customer, "support")
    made = await records(scene, recorder, "new@example.org", model=ContactPoint, field="value")

    await request.grant(made.id, by=other.actor)

    (point,) = await ContactPoint.all()
    assert ((await opened(point)).value, point.verified_at) == ("new@example.org", None)


async def test_nobody_records_what_their_task_does_not_need(scene: Scene):
    office = scene.office
    stranger = await office.agent("support")
    elsewhere = await office.agent("delivery")
    await office.task(elsewhere, scene.customer, "delivery")
    for someone in (stranger, elsewhere, await office.employee("manager"), scene.herself):
        with pytest.raises(Refused):
            await records(scene, someone)
    assert not await Request.exists()
    assert (await records(scene, scene.officer)).recorded_by_id == scene.officer.actor.actor_id


async def test_nobody_learns_by_it_what_is_there(scene: Scene):
    """A value that is guessed right is recorded like any other."""
    value = (await opened(await Order.get())).number
    await records(scene, scene.officer, value)
    for again in (value, WANTED):
        with pytest.raises(AlreadyAsked):
            await records(scene, scene.officer, again)


async def test_health_is_not_written_down_by_others(scene: Scene):
    with pytest.raises(SealedOnly):
        await records(scene, scene.officer, model=models.HealthRecord, field="description")


async def test_the_customer_takes_back_what_was_recorded(scene: Scene):
    made = await records(scene, scene.clerk)
    query = "{ me { ... on Customer { requests { medium proof evidence recordedBy { name } } } } }"
    (seen,) = (await scene.herself.asks(query)).data["me"]["requests"]
    assert (seen["medium"], seen["evidence"], seen["recordedBy"]) == ("LETTER", MARK, None)

    assert (await request.withdraw(made.id, by=scene.herself.actor)).state is RequestState.WITHDRAWN


async def test_one_list_shows_what_is_due_here_and_on_paper(scene: Scene):
    await scene.asks("total", "7")
    await records(scene, scene.clerk, ago=20)
    listed = await due.everything_due()
    assert [each.kind for each in listed] == ["RECTIFICATION", "RECTIFICATION"]
    assert listed[0].due_at < listed[1].due_at
