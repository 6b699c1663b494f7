"""Consent by double opt-in counts once a code comes back from where it was sent, and not a moment before."""

import asyncio
import json
import re
from datetime import timedelta

import pytest

from models import (
    Category,
    CollectionMethod,
    Consent,
    ConsentState,
    ContactKind,
    ContactPoint,
    Message,
    Notice,
    Purpose,
    Receipt,
    Role,
    opened,
)
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.errors import Refused
from procedures.access import TRIES, CodeExpired, CodeUsed, CodeVoid, CodeWrong
from procedures.consent import ConsentFilter
from procedures.consent import consent as consents
from procedures.consent import consents as bulk
from procedures.errors import AlreadyGiven, NoticeMismatch, RateLimited, SpecialCategory
from procedures.message.delivery import deliver
from procedures.own import contact_point, double_opt_in
from procedures.receipt import page
from tests import ledger
from tests.procedures import records
from tests.procedures.own.test_contact_point import code_of, confirmed, error_of, other, unconfirmed
from tests.procedures.receipt.test_receipt import CHECK
from tests.procedures.records import DAY, NOON

MARKETING = Purpose.MARKETING
GIVEN, REQUESTED = ConsentState.GIVEN, ConsentState.REQUESTED
WANTED = (Category.CONTACT_POINT, Category.PREFERENCE)

pytestmark = pytest.mark.usefixtures("sending")


async def begun(point: ContactPoint, by: Actor, *categories: Category, **more) -> list[Consent]:
    """Ask for consents to marketing by a code."""
    shown = more.pop("notice", None) or await records.notice(MARKETING)
    asked, _ = await double_opt_in.begin(point.id, categories or WANTED, MARKETING, shown.id, by=by, **more)
    return asked


async def states() -> set[ConsentState]:
    return {each.state for each in await Consent.filter(purpose=MARKETING)}


async def agent(point: ContactPoint, purpose: Purpose = Purpose.SUPPORT) -> Actor:
    """An agent with a task for the contact point's customer."""
    signed = await records.employee(Role.AGENT)
    await records.task(point.customer_id, purpose, assignee_id=signed.id)
    return records.staff(signed, Role.AGENT, purposes={purpose})


@pytest.mark.every_database
async def test_a_code_by_mail_gives_what_was_asked_for_and_confirms_the_address(inbox):
    by, point, clock = await unconfirmed()
    asked = await begun(point, by)
    assert {(each.state, each.permits) for each in asked} == {(REQUESTED, False)}
    assert await deliver(clock=clock) == 1
    (code,) = re.findall(r"\d{6}", inbox.mails[0].get_content())
    clock.pass_by(timedelta(hours=23))

    _, given = await confirmed(point, code, by)

    assert {each.id for each in given} == {each.id for each in asked}
    message = await Message.get()
    for each in await Consent.filter(purpose=MARKETING):
        assert (each.state, each.permits) == (GIVEN, True)
        assert each.collection_method is CollectionMethod.DOUBLE_OPT_IN
        assert (await opened(each)).evidence == f"message {message.id}"
        assert each.expires_at == NOON + consents.LIFETIME
    assert (await ContactPoint.get(id=point.id)).verification_method == "CODE_BY_EMAIL"


async def test_the_mail_says_what_the_code_means_in_the_customers_language(inbox):
    by, point, clock = await unconfirmed()
    shown = await Notice.create(
        purpose=Purpose.BILLING, language="lt", version="1", text="Kam", digest="0" * 64, created_at=NOON
    )
    latest = {"notice_id": shown.id, "created_at": NOON + DAY}
    await records.consent(point.customer_id, Purpose.BILLING, Category.ORDER, **latest)
    await begun(point, by)

    await deliver(clock=clock)

    assert inbox.mails[0]["Subject"] == "Ar sutinkate?"
    assert "kontaktai, pageidavimai. Tikslas: rinkodara." in inbox.mails[0].get_content()


async def test_the_receipt_says_it_and_fits_the_schema(inbox):
    by, point, _ = await unconfirmed()
    await begun(point, by, Category.CONTACT_POINT)
    await confirmed(point, await code_of(point), by)

    asked, given = [(await Receipt.get(state=state)).document for state in (REQUESTED, GIVEN)]
    CHECK.validate(json.loads(given))
    assert json.loads(given)["events"][0]["indication_method"].startswith("double opt-in")
    assert "double opt-in" in page(given)
    assert "indication_method" not in json.loads(asked)["events"][0]
    assert str((await Message.get()).id) not in given


async def test_the_ledger_tells_each_step_and_neither_code_nor_address(inbox):
    by, point, _ = await unconfirmed()
    await begun(point, by, Category.CONTACT_POINT)
    code = await code_of(point)
    await confirmed(point, code, by)

    told = await ledger.entries()
    steps = ("verification", "message", "consent")
    assert [each["event"] for each in told if each["event"].startswith(steps)] == [
        Event.VERIFICATION_BEGUN, Event.MESSAGE_QUEUED, Event.CONSENT_REQUESTED,
        Event.VERIFICATION_COMPLETED, Event.CONSENT_GIVEN,
    ]  # fmt: skip
    assert code not in json.dumps(told)
    assert "ona@example.org" not in json.dumps(told)


async def test_a_wrong_code_a_late_one_and_a_used_one_give_nothing(inbox):
    by, point, clock = await unconfirmed()
    await begun(point, by)
    code = await code_of(point)
    assert await error_of(confirmed(point, other(code), by)) == CodeWrong().code
    clock.pass_by(timedelta(hours=24))
    assert await error_of(confirmed(point, code, by)) == CodeExpired().code
    assert await states() == {REQUESTED}

    await begun(point, by)
    await confirmed(point, await code_of(point), by)
    assert await error_of(confirmed(point, await code_of(point), by)) == CodeUsed().code


async def test_after_some_wrong_ones_the_right_one_gives_nothing(inbox):
    by, point, _ = await unconfirmed()
    await begun(point, by)
    code = await code_of(point)
    for _ in range(TRIES):
        await error_of(confirmed(point, other(code), by))

    assert await error_of(confirmed(point, code, by)) == CodeVoid().code
    assert await states() == {REQUESTED}


@pytest.mark.every_database
async def test_of_twenty_who_bring_the_code_at_once_one_gives(inbox):
    by, point, _ = await unconfirmed()
    await begun(point, by, Category.CONTACT_POINT)
    code = await code_of(point)

    await asyncio.gather(*(confirmed(point, code, by) for _ in range(20)), return_exceptions=True)

    assert len(await ledger.data(Event.CONSENT_GIVEN)) == 1


async def test_codes_to_consent_by_are_counted_with_the_others(inbox):
    by, point, clock = await unconfirmed()
    await contact_point.verify(point.id, by=by)
    with pytest.raises(RateLimited):
        await begun(point, by)
    assert await states() == set()
    for _ in range(contact_point.A_DAY_TO_ONE - 1):
        clock.pass_by(timedelta(minutes=1))
        await begun(point, by)
    clock.pass_by(timedelta(minutes=1))

    with pytest.raises(RateLimited):
        await contact_point.verify(point.id, by=by)


async def test_a_code_that_only_confirms_the_address_gives_nothing(inbox):
    by, point, clock = await unconfirmed()
    await begun(point, by)
    old = await code_of(point)
    clock.pass_by(timedelta(minutes=1))
    await contact_point.verify(point.id, by=by)
    new = await code_of(point)

    if old != new:
        assert await error_of(confirmed(point, old, by)) == CodeWrong().code
    assert (await confirmed(point, new, by))[1] == []
    assert await states() == {REQUESTED}


async def test_who_begins_again_is_asked_once_by_the_newer_code_and_notice(inbox):
    by, point, clock = await unconfirmed()
    first = await begun(point, by)
    clock.pass_by(timedelta(minutes=1))
    shown = await records.notice(MARKETING)

    again = await begun(point, by, notice=shown)

    assert {each.id for each in again} == {each.id for each in first}
    await confirmed(point, await code_of(point), by)
    assert {each.notice_id for each in await Consent.filter(purpose=MARKETING)} == {shown.id}
    told = [entry["consent"] for entry in await ledger.data(Event.CONSENT_REQUESTED)]
    assert sorted(told) == sorted(2 * [str(each.id) for each in first])


async def test_what_staff_asked_before_is_answered_by_the_code_too(inbox):
    by, point, _ = await unconfirmed()
    ruta, shown = await agent(point, MARKETING), await records.notice(MARKETING)
    (asked,) = await consents.request(
        point.customer_id, [Category.CONTACT_POINT], MARKETING, shown.id, by=ruta
    )

    await begun(point, by, Category.CONTACT_POINT)
    _, given = await confirmed(point, await code_of(point), by)

    assert [each.id for each in given] == [asked.id]


async def test_what_was_asked_for_without_a_code_is_not_given_by_one(inbox):
    by, point, _ = await unconfirmed()
    shown = await records.notice(MARKETING)
    ruta = await agent(point, MARKETING)
    await consents.request(point.customer_id, [Category.PREFERENCE], MARKETING, shown.id, by=ruta)
    await begun(point, by, Category.CONTACT_POINT)
    await confirmed(point, await code_of(point), by)

    assert (await Consent.get(category=Category.PREFERENCE)).state is REQUESTED


@pytest.mark.parametrize("end", ["refused", "objected", "run out"])
async def test_whoever_says_no_meanwhile_has_said_no(inbox, end):
    by, point, clock = await unconfirmed()
    (asked,) = await begun(point, by, Category.ORDER, expires_at=NOON + timedelta(hours=1))
    if end == "refused":
        await consents.refuse(asked.id, by=by)
    elif end == "objected":
        await consents.object(point.customer_id, MARKETING, by=by)
    else:
        clock.pass_by(timedelta(hours=2))

    assert (await confirmed(point, await code_of(point), by))[1] == []
    assert not (await Consent.get(id=asked.id)).permits


async def test_a_no_that_stands_gives_way_when_the_code_comes_and_not_before(inbox):
    by, point, _ = await unconfirmed()
    shown = await records.notice(MARKETING)
    await consents.object(point.customer_id, MARKETING, by=by)
    await begun(point, by, Category.ORDER, notice=shown)
    order = Consent.filter(category=Category.ORDER, purpose=MARKETING)
    assert await order.filter(denies=True).exists()

    await confirmed(point, await code_of(point), by)

    assert await order.filter(permits=True).exists()
    assert not await order.filter(denies=True).exists()


async def test_once_the_address_is_erased_its_code_gives_nothing(inbox):
    by, point, _ = await unconfirmed()
    await begun(point, by)
    code = await code_of(point)
    await bulk.withdraw(point.customer_id, ConsentFilter(Category.CONTACT_POINT), by=by)

    with pytest.raises(Refused):
        await confirmed(point, code, by)
    assert (await Message.get()).content is None
    assert await states() == {REQUESTED}


async def test_nothing_is_asked_where_it_cannot_be(inbox):
    by, point, _ = await unconfirmed()
    with pytest.raises(Unfit):
        await double_opt_in.begin(point.id, [], MARKETING, (await records.notice(MARKETING)).id, by=by)
    with pytest.raises(NoticeMismatch):
        await begun(point, by, notice=await records.notice(Purpose.SUPPORT))
    with pytest.raises(SpecialCategory):
        await begun(point, by, Category.HEALTH_RECORD)
    await records.consent(point.customer_id, MARKETING, expires_at=NOON + DAY)
    with pytest.raises(AlreadyGiven):
        await begun(point, by, Category.PREFERENCE, Category.CONTACT_POINT)

    assert not await Message.exists()
    assert await states() == {GIVEN}


async def test_no_code_goes_to_a_fax_or_where_nothing_is_sent(inbox):
    by, point, _ = await unconfirmed(kind=ContactKind.FAX, address="+37060000000")
    assert await error_of(begun(point, by)) == "NOT_REACHABLE"
    by, point, _ = await unconfirmed(kind=ContactKind.PHONE, address="+37060000000")
    assert await error_of(begun(point, by)) == "CHANNEL_UNAVAILABLE"
    assert await states() == set()


async def test_the_message_is_sealed_until_it_is_sent_and_gone_after(inbox):
    by, point, clock = await unconfirmed()
    await begun(point, by)
    assert (await opened(await Message.get())).address == "ona@example.org"

    await deliver(clock=clock)

    assert (await Message.get()).content is None
