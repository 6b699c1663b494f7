"""What customers ask to be put right: once, by a day, decided by who may see it, told, and gone with what it was about."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import models
from models import (
    Attestation,
    Category,
    IdentityEvidence,
    LedgerEntry,
    Message,
    Order,
    Outcome,
    Request,
    RequestState,
    Task,
    TaskStatus,
    Template,
    opened,
)
from models.errors import ProcedureError, Unfit
from models.event import Event
from models.keys import keyring
from policies.errors import Refused
from procedures import current
from procedures.consent import consent, replay
from procedures.erasure import erasure
from procedures.evidence import verification
from procedures.leaving import withdrawal
from procedures.ledger import witness
from procedures.notice import controller
from procedures.own import ChangedMeanwhile, restriction
from procedures.request import Rectification, asking, request
from procedures.request.errors import AlreadyAsked, ExtensionTooLate, RequestOver
from procedures.request.states import Action
from procedures.work import months_after
from tests import ledger
from tests.people import Office
from tests.procedures.asking import VALUES, WANTED, WHY, Scene
from tests.procedures.request.test_states import TABLE
from vault.errors import SealBroken
from vault.seal import Sealed

TURNED = [event for event in Event if event.value.startswith("request.")]


@pytest.fixture
async def scene(office: Office) -> Scene:
    """Everybody, and nothing asked."""
    return await Scene.set_up(office)


async def test_a_request_is_answered_within_a_month_and_somebody_has_it_to_do(scene: Scene):
    made = await scene.asks()
    task = await Task.get(id=made.task_id)

    assert (made.state, made.due_at) == (RequestState.RECEIVED, months_after(scene.office.now, 1))
    assert (task.purpose, task.status, task.assignee_id) == ("billing", TaskStatus.OPEN, None)
    assert task.due_at is not None
    assert task.due_at < made.due_at
    content = await opened(made)
    assert (content.field, content.wanted, content.reason) == ("number", WANTED, WHY)
    assert WANTED.encode() not in (await Request.get()).content.raw
    assert (await Message.get()).template is Template.REQUEST_RECEIVED
    told = {"kind": "RECTIFICATION", "category": "order", "record": str(made.record_id)}
    (entry,) = await ledger.data(Event.REQUEST_SUBMITTED)
    assert entry == {"request": str(made.id), "customer": str(scene.customer.id), **told}


async def test_asking_twice_is_asking_once(scene: Scene):
    assert len({(await scene.asks()).id for _ in range(3)}) == 1
    with pytest.raises(AlreadyAsked):
        await scene.asks(wanted="N-3")
    assert await Request.all().count() == await Task.filter(assignee_id=None).count() == 1


async def test_no_more_wait_at_once_than_somebody_can_mean(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "MOST", 2)
    await scene.asks()
    await scene.asks("total", "10")
    with pytest.raises(Unfit) as refused:
        await scene.asks("currency", "USD")
    assert refused.value.code == "TOO_MANY"


@pytest.mark.parametrize(
    ("field", "wanted", "code"),
    [
        ("lines", "none", "BAD_USER_INPUT"), ("total", "a lot", "AMOUNT_INVALID"), ("total", None, "BAD_USER_INPUT"),
        ("currency", "EURO", "CURRENCY_INVALID"), ("number", "N-1", "NOTHING_TO_CHANGE"),
        ("billingAddress", "4111 1111 1111 1111", "CARD_NUMBER_REFUSED"),
    ],
)  # fmt: skip
async def test_what_could_not_be_granted_is_not_taken(scene: Scene, field: str, wanted: Any, code: str):
    with pytest.raises(ProcedureError) as refused:
        await scene.asks(field, wanted)
    assert refused.value.code == code
    assert not await Request.all().exists()


async def test_what_customers_change_themselves_is_no_request(scene: Scene):
    point = await models.ContactPoint.get()
    with pytest.raises(Unfit) as refused:
        await request.submit(
            models.ContactPoint, point.id, Rectification("value", "a@b.lt", WHY), by=scene.herself.actor
        )
    assert refused.value.code == "CHANGE_IT_YOURSELF"


@pytest.mark.parametrize("state", list(RequestState))
async def test_every_turn_is_as_the_table_says_and_leaves_one_entry(scene: Scene, state: RequestState):
    for action, outcome, field in zip(Action, TABLE[state], VALUES, strict=True):
        made = await scene.in_state(state, field)
        before = len(await ledger.data(*TURNED))
        if isinstance(outcome, str):
            assert (await scene.does(action, made.id)).state is RequestState(outcome)
            assert len(await ledger.data(*TURNED)) == before + 1
        else:
            with pytest.raises(outcome):
                await scene.does(action, made.id)
            assert len(await ledger.data(*TURNED)) == before


@pytest.mark.every_database
async def test_what_is_granted_is_sealed_anew_and_verified_no_more(scene: Scene):
    await Order.all().update(verification_method="INVOICE", verified_at=scene.office.now)
    made = await scene.asks()
    await request.grant(made.id, by=scene.clerk.actor)

    row = await Order.get()
    assert (await opened(row)).number == WANTED
    assert (row.revision, row.source, row.collected_by) == (2, "customer", scene.clerk.actor.actor_id)
    assert (row.verification_method, row.verified_at) == (None, None)
    assert [each.revision for each in await Attestation.filter(row_id=row.id)] == [2]
    (entry,) = await ledger.data(Event.REQUEST_GRANTED)
    assert (entry["fields"], entry["partners"]) == (["Order.number"], 0)


async def test_once_decided_its_task_is_closed_and_it_is_told_by_role(scene: Scene):
    made = await scene.in_state(RequestState.GRANTED)
    task = await Task.get(id=made.task_id)
    assert (task.status, task.outcome) == (TaskStatus.CLOSED, Outcome.DONE)
    assert (made.decided_by_id, made.decided_roles) == (scene.clerk.actor.actor_id, "agent")
    assert {each.template for each in await Message.all()} == {
        Template.REQUEST_RECEIVED,
        Template.REQUEST_GRANTED,
    }


async def test_no_message_and_no_entry_holds_what_is_asked(scene: Scene):
    for field in VALUES:
        await scene.in_state(RequestState.EXTENDED, field)
    for each in await Request.all():
        await request.refuse(each.id, "WHY-NOT-7731", by=scene.clerk.actor)
    said = [await opened(each) for each in await Message.all()]
    entries = json.dumps([bytes(each.entry).decode() for each in await LedgerEntry.all()])
    text = json.dumps([[each.subject, each.text] for each in said]) + entries
    assert not [word for word in ("NR-WANTED", "Pilies", "77.31", "USD", "WHY-NOT", WHY) if word in text]


async def test_a_refusal_names_the_authority_and_no_refusal_is_without_a_reason(scene: Scene):
    made = await scene.asks()
    for nothing in ("", "  ", "\n"):
        with pytest.raises(Unfit):
            await request.refuse(made.id, nothing, by=scene.clerk.actor)
    assert (await Request.get()).state is RequestState.RECEIVED

    await request.refuse(made.id, "The invoice says so.", by=scene.clerk.actor)
    message = await Message.get(template=Template.REQUEST_REFUSED)
    authority = controller.current()
    assert authority is not None
    assert authority.authority.name in (await opened(message)).text
    assert (await opened(await Request.get())).decision_reason == "The invoice says so."


async def test_nobody_is_refused_where_nothing_says_with_whom_to_complain(scene: Scene):
    made = await scene.asks()
    current.installation().addresses = replace(current.addresses(), controller=None)
    with pytest.raises(controller.AuthorityUnknown):
        await request.refuse(made.id, WHY, by=scene.clerk.actor)
    assert (await Request.get()).state is RequestState.RECEIVED


async def test_an_answer_is_put_off_once_within_the_first_month_and_counted_from_the_first_day(scene: Scene):
    made = await scene.asks()
    begun = scene.office.now
    for months in (0, 3, -1):
        with pytest.raises(Unfit):
            await request.extend(made.id, WHY, by=scene.clerk.actor, months=months)
    scene.office.now = made.due_at - timedelta(seconds=1)
    await request.extend(made.id, WHY, by=scene.officer.actor)

    after = await Request.get()
    assert (after.state, after.due_at) == (RequestState.EXTENDED, months_after(begun, 3))
    assert (await opened(after)).extension_reason == WHY
    assert await Task.filter(id=after.task_id, due_at__gt=made.due_at).exists()
    assert await Message.filter(template=Template.REQUEST_EXTENDED).count() == 1


async def test_after_the_first_month_nothing_is_put_off_any_more(scene: Scene):
    made = await scene.asks()
    scene.office.now = made.due_at
    with pytest.raises(ExtensionTooLate):
        await request.extend(made.id, WHY, by=scene.officer.actor)
    assert (await Request.get()).due_at == made.due_at


async def test_a_row_that_changed_meanwhile_is_read_again_before_it_is_decided(scene: Scene):
    first, second = await scene.asks(), await scene.asks("total", "77.31")
    await request.grant(first.id, by=scene.clerk.actor)
    with pytest.raises(ChangedMeanwhile):
        await request.grant(second.id, by=scene.clerk.actor)
    with pytest.raises(ChangedMeanwhile):
        await request.grant(second.id, by=scene.clerk.actor, revision=1)
    assert (await opened(await Order.get())).total == "12.50"

    await request.grant(second.id, by=scene.clerk.actor, revision=2)
    content = await opened(await Order.get())
    assert (content.number, content.total) == (WANTED, "77.31")


@pytest.mark.every_database
async def test_of_two_decisions_at_once_one_happens(scene: Scene):
    made = await scene.asks()
    other = await scene.office.agent("billing")
    await scene.office.task(other, scene.customer, "billing")
    done = await asyncio.gather(
        request.grant(made.id, by=scene.clerk.actor),
        request.refuse(made.id, WHY, by=other.actor),
        request.withdraw(made.id, by=scene.herself.actor),
        return_exceptions=True,
    )
    assert [type(each) for each in done if isinstance(each, BaseException)] == [RequestOver] * 2
    assert len(await ledger.data(*TURNED)) == 2
    granted = (await Request.get()).state is RequestState.GRANTED
    assert ((await opened(await Order.get())).number == WANTED) == granted


@pytest.mark.every_database
async def test_who_asks_twice_at_once_has_asked_once(scene: Scene):
    done = await asyncio.gather(*(scene.asks() for _ in range(4)))
    assert len({each.id for each in done}) == await Request.all().count() == 1


async def test_what_is_taken_back_says_nothing_any_more_and_is_nobodys_task(scene: Scene):
    made = await scene.in_state(RequestState.WITHDRAWN)
    assert made.content is None
    assert (await Task.get(id=made.task_id)).outcome is Outcome.CANCELLED


@pytest.mark.parametrize("leaves", [False, True])
async def test_after_a_withdrawal_nothing_of_it_is_left(scene: Scene, leaves: bool):
    made = await scene.asks()
    copy = (await Request.get()).content
    if leaves:
        confirmed = (await scene.office.session(scene.herself)).actor
        await withdrawal.begin(scene.customer.id, scene.customer.number, by=confirmed)
    else:
        given = await models.Consent.get(category=Category.ORDER)
        await consent.withdraw(given.id, by=scene.herself.actor)

    assert not await Request.all().exists()
    assert (await Task.get(id=made.task_id)).status is TaskStatus.CLOSED
    # A copy of the database from before does not tell it, either: the key is gone.
    rings = await keyring.rings([scene.customer.id])
    with pytest.raises(SealBroken):
        sealed_as(Request, made, rings.get(str(scene.customer.id)), copy)


def sealed_as(model: Any, row: Request, ring: Any, raw: Sealed) -> Any:
    """A content as a copy of the database holds it, opened with the keys there are."""
    return model._meta.fields_map["content"].open(ring, row.id, row.revision, raw, row.category)


@pytest.mark.every_database
async def test_a_backup_that_is_restored_forgets_it_again(scene: Scene):
    made = await scene.asks()
    given = await models.Consent.get(category=Category.ORDER)
    line = erasure.Line(
        given.id,
        scene.customer.id,
        scene.office.now,
        Category.ORDER,
        {given.id: models.ConsentState.WITHDRAWN},
        bytes(32),
    )
    witness.append_line(current.addresses().witness, erasure.Line.LIST, line.encode())
    await replay()

    assert not await Request.all().exists()
    assert (await Task.get(id=made.task_id)).status is TaskStatus.CLOSED


async def test_another_categorys_withdrawal_leaves_it(scene: Scene):
    made = await scene.asks()
    await consent.withdraw(
        (await models.Consent.get(category=Category.HEALTH_RECORD)).id, by=scene.herself.actor
    )
    assert (await opened(await Request.get(id=made.id))).wanted == WANTED


async def test_while_the_data_are_restricted_nobody_grants(scene: Scene):
    made = await scene.asks()
    await restriction.begin(scene.customer.id, by=scene.herself.actor)
    with pytest.raises(Refused):
        await request.grant(made.id, by=scene.clerk.actor)
    await restriction.end(scene.customer.id, by=scene.herself.actor)
    assert (await request.grant(made.id, by=scene.clerk.actor)).state is RequestState.GRANTED


async def test_a_document_put_right_is_shown_again(scene: Scene):
    shown = await IdentityEvidence.get()
    until = scene.office.now + timedelta(days=400)
    await models.Identity.all().update(verification_method="DOCUMENTS", verification_expires_at=until)
    asked = Rectification("numberTail", "77-31", WHY)
    made = await request.submit(IdentityEvidence, shown.id, asked, by=scene.herself.actor)
    vera = await scene.office.agent("verification")
    await scene.office.task(vera, scene.customer, "verification")
    await request.grant(made.id, by=vera.actor)

    assert (await opened(await IdentityEvidence.get())).number_tail == "7731"
    assert (await models.Identity.get()).verification_expires_at == scene.office.now
    await Task.all().update(status=TaskStatus.CLOSED)
    assert [each.record for each in await verification.due(clock=scene.office.clock)] == ["Identity"]


async def test_an_expired_consent_is_no_ground(scene: Scene):
    made = await scene.asks()
    await models.Consent.filter(category=Category.ORDER).update(expires_at=scene.office.now)
    with pytest.raises(Refused):
        await request.grant(made.id, by=scene.clerk.actor)
