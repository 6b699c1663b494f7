"""An archive that was asked for on paper goes to the customer by two ways, and to nobody who has only one of them."""

import asyncio

import pytest

from models import (
    Category,
    Consent,
    ContactPoint,
    Export,
    Instruction,
    InstructionKind,
    InstructionState,
    Message,
    MessageState,
    Template,
    opened,
)
from models.event import Event
from policies.actor import Actor
from policies.errors import Refused, StepUpRequired
from procedures import export, instruction, own
from procedures.access import CodeExpired, CodeVoid, CodeWrong
from procedures.consent import consent
from procedures.errors import InstructionOver, NotFound
from procedures.instruction.errors import NothingToDeliver
from tests import ledger
from tests.clocks import ran_until
from tests.people import Office
from tests.procedures.papers import Desk, desk, later
from tests.procedures.taking import READ, Taken

ACCESS = InstructionKind.ACCESS


async def delivered(office: Office, **values: bool) -> tuple[Desk, Instruction]:
    """A copy that was asked for, approved and sent."""
    scene = await desk(office, **values)
    said = await scene.records(ACCESS)
    await scene.approves(said)
    assert await scene.makes() == 1
    return scene, await Instruction.get(id=said.id)


def stranger(office: Office) -> Actor:
    return Actor(clock=office.clock)


async def fetches(office: Office, token: str, code: str) -> Taken:
    got = await instruction.delivery.fetch(token, code, by=stranger(office))
    return Taken.of(b"".join([part async for part in got.parts]))


@pytest.mark.every_database
async def test_link_and_code_come_by_two_ways_and_open_the_archive(office: Office):
    scene, said = await delivered(office)
    token, code = await scene.sent()
    assert code is not None

    taken = await fetches(office, token, code)

    taken.verify()
    assert taken.data["identity"]["familyName"]
    said = await Instruction.get(id=said.id)
    assert (said.state, said.sent_at, said.fetched_at) == (
        InstructionState.CARRIED_OUT,
        office.now,
        office.now,
    )
    sent = await Message.filter(template__in=[Template.ARCHIVE_LINK, Template.ARCHIVE_CODE])
    assert {each.template: each.channel for each in sent} == {
        Template.ARCHIVE_LINK: "EMAIL", Template.ARCHIVE_CODE: "SMS",
    }  # fmt: skip
    assert await instruction.delivery.send(clock=office.clock) == 0
    steps = [
        Event.INSTRUCTION_RECORDED, Event.INSTRUCTION_APPROVED, Event.INSTRUCTION_DELIVERED, Event.INSTRUCTION_FETCHED,
    ]  # fmt: skip
    assert [each["event"] for each in await ledger.entries(*steps)] == [each.value for each in steps]
    assert token not in str(await ledger.entries())
    await ledger.sound()


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "0" * 75, "\0" * 40, "\ud800" * 40, "z" * 10_000])
async def test_a_wrong_token_opens_nothing(office: Office, token: str):
    scene, said = await delivered(office)
    _, code = await scene.sent()
    for wrong in (token, said.id.hex + token):
        with pytest.raises(NotFound):
            await instruction.delivery.fetch(wrong, code or "", by=stranger(office))


async def test_five_wrong_codes_void_the_right_one(office: Office):
    scene, said = await delivered(office)
    token, code = await scene.sent()
    assert code is not None
    for _ in range(4):
        with pytest.raises(CodeWrong):
            await instruction.delivery.fetch(token, "0", by=stranger(office))
    with pytest.raises(CodeVoid):
        await instruction.delivery.fetch(token, "0", by=stranger(office))
    with pytest.raises(CodeVoid):
        await instruction.delivery.fetch(token, code, by=stranger(office))
    assert len(await ledger.entries(Event.INSTRUCTION_CODE_REFUSED)) == 5
    assert not await ledger.entries(Event.INSTRUCTION_FETCHED)

    await instruction.deliver(said.id, by=await scene.confirmed(scene.officer))
    assert await scene.makes() == 1
    newer, code = await scene.sent()
    assert newer != token
    assert await fetches(office, newer, code or "")
    with pytest.raises(NotFound):
        await instruction.delivery.fetch(token, code or "", by=stranger(office))
    with pytest.raises(NothingToDeliver):
        await instruction.deliver(said.id, by=await scene.confirmed(scene.officer))


@pytest.mark.every_database
async def test_of_many_wrong_codes_at_once_five_are_tried(office: Office):
    scene, said = await delivered(office)
    token, _ = await scene.sent()
    outcomes = await asyncio.gather(
        *(instruction.delivery.fetch(token, str(each), by=stranger(office)) for each in range(30)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, CodeWrong) for each in outcomes) <= 4
    assert (await Instruction.get(id=said.id)).tries == 5


async def test_after_a_week_link_and_archive_are_gone(office: Office):
    scene, _ = await delivered(office)
    token, code = await scene.sent()
    later(office, 6.9)
    await ran_until(office.now)
    assert await export.expire(clock=office.clock) == 0
    assert await fetches(office, token, code or "")
    later(office, 0.2)
    with pytest.raises(NotFound):
        await instruction.delivery.fetch(token, code or "", by=stranger(office))
    await ran_until(office.now)
    assert await export.expire(clock=office.clock) == 1
    assert await scene.archives() == 0


async def test_with_one_way_only_a_second_person_hands_the_code_over(office: Office):
    scene, said = await delivered(office, telephone=False)
    token, code = await scene.sent()
    assert code is None
    with pytest.raises(CodeExpired):
        await instruction.delivery.fetch(token, "", by=stranger(office))
    with pytest.raises(Refused):
        await instruction.hand_over(said.id, by=await scene.confirmed(scene.agent))
    with pytest.raises(StepUpRequired):
        await instruction.hand_over(said.id, by=scene.manager.actor)

    first = await instruction.hand_over(said.id, by=await scene.confirmed(scene.manager))
    second = await instruction.hand_over(said.id, by=await scene.confirmed(scene.manager))

    with pytest.raises(CodeWrong):
        await instruction.delivery.fetch(token, first, by=stranger(office))
    assert await fetches(office, token, second)
    assert len(await ledger.entries(Event.INSTRUCTION_HANDED_OVER)) == 2


async def test_a_code_that_was_sent_is_handed_to_nobody(office: Office):
    scene, said = await delivered(office)
    with pytest.raises(NothingToDeliver):
        await instruction.hand_over(said.id, by=await scene.confirmed(scene.officer))


async def test_what_the_customer_contradicts_is_not_delivered(office: Office):
    scene, said = await delivered(office)
    token, code = await scene.sent()
    himself = await office.himself(scene.customer)

    await instruction.contradict(said.id, by=himself.actor)

    assert await scene.archives() == 0
    with pytest.raises(NotFound):
        await instruction.delivery.fetch(token, code or "", by=stranger(office))
    with pytest.raises(InstructionOver):
        await instruction.contradict(said.id, by=himself.actor)
    assert await instruction.delivery.send(clock=office.clock) == 0


async def test_what_is_erased_meanwhile_is_in_no_archive(office: Office):
    scene = await desk(office)
    himself = await office.himself(scene.customer)
    said = await scene.records(ACCESS)
    await scene.approves(said)
    await export.finish(READ, clock=office.clock)
    gone = await Consent.get(customer_id=scene.customer.id, category=Category.IDENTITY)
    await consent.withdraw(gone.id, by=himself.actor)
    assert await scene.archives() == 0

    # The first round finds none and has one made, the second sends it.
    assert await scene.makes() == 0
    assert await scene.makes() == 1
    token, code = await scene.sent()
    assert not (await fetches(office, token, code or "")).data["identity"]


async def test_what_is_erased_after_it_was_sent_closes_the_link(office: Office):
    scene, said = await delivered(office)
    token, code = await scene.sent()
    gone = await Consent.get(customer_id=scene.customer.id, category=Category.IDENTITY)
    await consent.withdraw(gone.id, by=(await office.himself(scene.customer)).actor)

    with pytest.raises(NotFound):
        await instruction.delivery.fetch(token, code or "", by=stranger(office))
    await instruction.deliver(said.id, by=await scene.confirmed(scene.officer))
    assert await scene.makes() == 1


async def test_an_address_that_was_changed_meanwhile_gets_nothing(office: Office):
    scene = await desk(office, telephone=False)
    himself = await office.himself(scene.customer)
    said = await scene.records(ACCESS)
    await scene.approves(said)
    (point,) = await ContactPoint.filter(customer_id=scene.customer.id)
    await own.change(
        ContactPoint, point.id, {"kind": point.kind, "value": "new@example.org"}, by=himself.actor
    )

    assert await scene.makes() == 0
    assert await scene.makes() == 0
    assert (await Instruction.get(id=said.id)).state is InstructionState.APPROVED
    assert not await Message.filter(template=Template.ARCHIVE_LINK).exists()
    # It waits for a person: it is among what is due, and can be refused.
    assert said.id in [each.id for each in await instruction.due.listed()]
    await instruction.refuse(said.id, by=scene.officer.actor, reason="Nothing of yours is verified.")
    assert await scene.archives() == 0


async def test_an_archive_of_the_customers_own_is_not_sent(office: Office):
    scene = await desk(office)
    himself = await office.session(await office.himself(scene.customer))
    await export.begin(scene.customer.id, by=himself.actor)
    said = await scene.records(ACCESS)
    await scene.approves(said)
    (made,) = await Export.filter(customer_id=scene.customer.id)
    assert made.begun_by_id is None
    assert await scene.makes() == 1
    begun = await export.begin(scene.customer.id, by=himself.actor)
    assert begun.export.id == made.id
    token, code = await scene.sent()
    assert await fetches(office, token, code or "")


async def test_a_customer_who_restricted_processing_is_answered(office: Office):
    scene = await desk(office)
    await scene.records(InstructionKind.RESTRICT)
    said = await scene.records(ACCESS)
    await scene.approves(said)
    assert await scene.makes() == 1
    token, code = await scene.sent()
    assert await fetches(office, token, code or "")


async def test_nothing_of_link_and_code_outlives_its_sending(office: Office):
    scene, said = await delivered(office)
    token, code = await scene.sent()
    later(office, 8)
    for each in await Message.filter(template__in=[Template.ARCHIVE_LINK, Template.ARCHIVE_CODE]):
        assert each.expires_at == said.link_ends_at
        assert each.state is MessageState.QUEUED
        assert (await opened(each)).address
    raw = str(await Instruction.filter(id=said.id).values())
    assert token not in raw
    assert (code or "") not in raw


async def test_who_delivers_again_makes_nobody_forgotten_who_took_part(office: Office):
    scene, said = await delivered(office)
    await ContactPoint.filter(customer_id=scene.customer.id, kind="PHONE").update(
        verified_by=scene.officer.actor.actor_id
    )
    other = await office.employee("privacy_officer")

    again = await instruction.deliver(said.id, by=await scene.confirmed(other))
    assert await scene.makes() == 1

    assert again.decided_by_id == scene.officer.actor.actor_id
    # The telephone is no way any more: somebody has to hand the code over.
    assert (await Instruction.get(id=said.id)).code_digest is None
    assert (await ContactPoint.get(id=again.link_point_id)).kind == "EMAIL"
    assert again.code_point_id is None
