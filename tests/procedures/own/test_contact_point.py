"""A contact point is known to reach its owner when a code that was sent there comes back, once and in time."""

import asyncio
import json
import re
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from models import (
    Consent,
    ContactCode,
    ContactKind,
    ContactPoint,
    LedgerEntry,
    Message,
    MessageState,
    Outcome,
    Purpose,
    Role,
    Task,
    opened,
)
from models.errors import ProcedureError, Unfit
from policies.actor import Actor
from policies.errors import Refused
from procedures import current
from procedures.access import TRIES, VALID, Allowance, CodeExpired, CodeUsed, CodeVoid, CodeWrong, Throttle
from procedures.errors import RateLimited
from procedures.message.delivery import deliver
from procedures.own import contact_point
from procedures.sending import Gateway
from procedures.task import task as tasks
from tests.mailbox import Mailbox
from tests.procedures import records
from tests.procedures.channels import gateway, way
from tests.procedures.outbox import reachable
from tests.procedures.records import DAY, NOON, Clock

HERE = "192.0.2.1"


@pytest.fixture(autouse=True)
def sending(inbox: Mailbox) -> None:
    """This installation sends by mail."""
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)


async def unconfirmed(**values) -> tuple[Actor, ContactPoint, Clock]:
    customer, point = await reachable(verified_at=None, **values)
    await Consent.all().update(expires_at=NOON + 999 * DAY)
    clock = Clock()
    return replace(await records.person(customer), clock=clock), point, clock


async def code_of(point: ContactPoint) -> str:
    """The code of the latest message to a contact point, which its reader would see."""
    latest = await Message.filter(contact_point_id=point.id).order_by("-queued_at").first()
    assert latest is not None
    found = re.search(r"\d{6}", (await opened(latest)).text)
    assert found
    return found[0]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def confirmed(point: ContactPoint, code: str, by: Actor, **more) -> tuple[ContactPoint, list[Consent]]:
    return await contact_point.confirm(
        point.id, code, by=by, address=HERE, **{"throttle": Throttle(), **more}
    )


async def error_of(work: Awaitable[object]) -> str:
    with pytest.raises(ProcedureError) as caught:
        await work
    return caught.value.code


async def test_a_code_that_comes_back_in_time_confirms_and_says_how(inbox):
    by, point, clock = await unconfirmed()
    _, until = await contact_point.verify(point.id, by=by)
    assert (await deliver(clock=clock), until) == (1, NOON + timedelta(hours=24))
    (code,) = re.findall(r"\d{6}", inbox.mails[0].get_content())
    clock.pass_by(timedelta(hours=23))

    await confirmed(point, f" {code[:3]} {code[3:]} ", by)

    kept = await ContactPoint.get(id=point.id)
    assert (kept.verification_method, kept.verified_at) == ("CODE_BY_EMAIL", clock.now)
    assert kept.verification_expires_at == clock.now + contact_point.VERIFIED_FOR
    assert kept.verification_evidence == f"message {(await Message.get()).id}"
    assert kept.revision == point.revision


async def test_the_ledger_tells_each_step_and_neither_code_nor_address(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)
    assert await error_of(confirmed(point, other(code), by)) == "CODE_WRONG"
    await confirmed(point, code, by)

    told = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    steps = [each["event"] for each in told if each["event"].startswith("verification")]
    assert steps == ["verification.begun", "verification.refused", "verification.completed"]
    assert code not in json.dumps(told)
    assert "ona@example.org" not in json.dumps(told)
    assert code.encode() not in b"".join([bytes((await ContactCode.get()).digest)])


@pytest.mark.every_database
@pytest.mark.parametrize(("kind", "value"), [(ContactKind.EMAIL, "ona@example.org"), (ContactKind.PHONE, "+37060000000")])  # fmt: skip
async def test_a_code_is_good_until_its_time_is_over_and_not_at_that_instant(inbox, tmp_path, kind, value):
    current.installation().addresses = replace(
        current.addresses(), sms=Gateway("https://sms.example/", tmp_path / "none")
    )
    by, point, clock = await unconfirmed(address=value, kind=kind)
    await contact_point.verify(point.id, by=by)
    clock.pass_by(VALID[kind])

    assert await error_of(confirmed(point, await code_of(point), by)) == CodeExpired().code
    assert (await ContactPoint.get(id=point.id)).verified_at is None


async def test_a_code_by_telephone_is_sent_through_the_gateway(inbox, tmp_path):
    secret = tmp_path / "sms"
    secret.write_text("hush")
    secret.chmod(0o600)
    with gateway([200]) as (url, heard):
        current.installation().addresses = replace(current.addresses(), sms=Gateway(url, secret))
        by, point, clock = await unconfirmed(address="+370 600 00000", kind=ContactKind.PHONE)
        await contact_point.verify(point.id, by=by)
        code = await code_of(point)
        assert await deliver(clock=clock) == 1
    assert heard[0].body["to"] == "+37060000000"
    assert code in heard[0].body["text"]


async def test_a_code_serves_once(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)
    await confirmed(point, code, by)

    assert await error_of(confirmed(point, code, by)) == CodeUsed().code
    assert await error_of(confirmed(point, other(code), by)) == CodeUsed().code


@pytest.mark.every_database
async def test_of_twenty_who_bring_the_code_at_once_one_is_taken(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)

    came = await asyncio.gather(*(confirmed(point, code, by) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(each, tuple) for each in came) == 1
    assert {type(each) for each in came} == {tuple, CodeUsed}


async def test_after_some_wrong_ones_the_right_one_is_void_too(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)
    said = [await error_of(confirmed(point, other(code), by)) for _ in range(TRIES)]

    assert said == ["CODE_WRONG"] * (TRIES - 1) + ["CODE_VOID"]
    assert await error_of(confirmed(point, code, by)) == CodeVoid().code
    assert (await ContactPoint.get(id=point.id)).verified_at is None


@pytest.mark.every_database
async def test_guesses_made_at_once_are_all_counted(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    wrong = other(await code_of(point))

    await asyncio.gather(*(confirmed(point, wrong, by) for _ in range(30)), return_exceptions=True)

    assert (await ContactCode.get()).tries == TRIES


async def test_a_new_code_voids_the_older_one(inbox):
    by, point, clock = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    old = await code_of(point)
    clock.pass_by(timedelta(minutes=1))
    await contact_point.verify(point.id, by=by)
    new = await code_of(point)

    if old != new:
        assert await error_of(confirmed(point, old, by)) == CodeWrong().code
    await confirmed(point, new, by)


async def test_a_code_proves_nothing_of_a_value_that_was_changed_since(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)
    changed = await ContactPoint.get(id=point.id)
    changed.content = ContactPoint.Content("other@example.org")
    await changed.save()

    assert await error_of(confirmed(point, code, by)) == "CODE_EXPIRED"


async def test_a_code_of_one_contact_point_is_none_of_another(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)
    others, strange, _ = await unconfirmed(address="jonas@example.org")

    assert await error_of(confirmed(strange, code, others)) == "CODE_EXPIRED"
    with pytest.raises(Refused):
        await confirmed(point, code, others)


async def test_codes_are_not_sent_without_end_and_the_owner_is_let_in_again(inbox):
    by, point, clock = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    with pytest.raises(RateLimited):
        await contact_point.verify(point.id, by=by)
    for _ in range(contact_point.A_DAY_TO_ONE - 1):
        clock.pass_by(timedelta(minutes=1))
        await contact_point.verify(point.id, by=by)
    clock.pass_by(timedelta(minutes=1))
    with pytest.raises(RateLimited) as limited:
        await contact_point.verify(point.id, by=by)
    clock.pass_by(timedelta(seconds=limited.value.retry_after))

    await contact_point.verify(point.id, by=by)


async def test_guessing_from_one_place_does_not_lock_out_another(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code, throttle = (
        await code_of(point),
        Throttle(of_login=Allowance(free=2), of_address=Allowance(free=100)),
    )
    await error_of(confirmed(point, other(code), by, throttle=throttle))
    await error_of(confirmed(point, other(code), by, throttle=throttle))
    assert await error_of(confirmed(point, code, by, throttle=throttle)) == "RATE_LIMITED"

    await contact_point.confirm(point.id, code, by=by, address="198.51.100.7", throttle=throttle)


async def test_a_fax_brings_no_code_and_a_missing_gateway_is_said(inbox):
    by, point, _ = await unconfirmed(kind=ContactKind.FAX, address="+37060000000")
    with pytest.raises(Unfit):
        await contact_point.verify(point.id, by=by)
    by, point, _ = await unconfirmed(kind=ContactKind.PHONE, address="+37060000000")
    assert await error_of(contact_point.verify(point.id, by=by)) == "CHANNEL_UNAVAILABLE"
    assert await Message.all().count() == 0


async def agent(point: ContactPoint, purpose: Purpose = Purpose.VERIFICATION) -> Actor:
    """An agent with a task for the contact point's customer."""
    signed = await records.employee(Role.AGENT)
    await records.task(point.customer_id, purpose, assignee_id=signed.id)
    return records.staff(signed, Role.AGENT, purposes={purpose})


async def test_an_agent_with_a_task_to_verify_takes_the_code_that_the_customer_reads_out(inbox):
    _, point, _ = await unconfirmed()
    await records.consent(point.customer_id, Purpose.VERIFICATION)
    ruta = await agent(point)
    await contact_point.verify(point.id, by=ruta)

    await confirmed(point, await code_of(point), ruta)

    assert (await ContactPoint.get(id=point.id)).verified_at == NOON


@pytest.mark.parametrize("lacking", ["task", "consent", "purpose", "open task", "role"])
async def test_nobody_else_sends_or_takes_a_code(inbox, lacking):
    by, point, _ = await unconfirmed()
    if lacking != "consent":
        await records.consent(point.customer_id, Purpose.VERIFICATION)
    actor = await agent(point, Purpose.SUPPORT if lacking == "purpose" else Purpose.VERIFICATION)
    if lacking == "task":
        actor = replace(actor, actor_id=uuid4())
    if lacking == "open task":
        task = await Task.get()
        await tasks.close(task.id, Outcome.DONE, by=await records.manager())
    if lacking == "role":
        actor = Actor(clock=Clock())
    await contact_point.verify(point.id, by=by)

    with pytest.raises(Refused):
        await contact_point.verify(point.id, by=actor)
    with pytest.raises(Refused):
        await confirmed(point, await code_of(point), actor)
    assert (await ContactCode.get()).tries == 0


async def test_what_is_erased_cannot_be_confirmed(inbox):
    by, point, _ = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    code = await code_of(point)
    await ContactPoint.filter(id=point.id).delete()

    with pytest.raises(Refused):
        await confirmed(point, code, by)
    assert (await Message.get()).state is MessageState.QUEUED
