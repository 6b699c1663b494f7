"""The outbox: what is queued is sent once, to where it may go, and its text does not outlive it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from models import (
    Category,
    Consent,
    ContactContent,
    ContactKind,
    ContactPoint,
    Customer,
    LedgerEntry,
    Message,
    MessageChannel,
    MessageState,
    Purpose,
    Template,
    opened,
)
from models.database import transaction
from policies.asker import Asker, utc_now
from procedures import consent as consents
from procedures import messages
from procedures.errors import NotFound
from procedures.message_text import HERE, languages, written
from procedures.messages import ATTEMPTS, FIRST, LONGEST, deliver
from tests.procedures import records
from tests.procedures.ledgers import sql
from tests.procedures.outlets import Inbox, mail_server, mailbox
from tests.procedures.records import DAY, NOON, Clock
from vault import vault

CODE = {"code": "314159", "until": "noon"}
EMAIL, SMS, ACCOUNT = MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.ACCOUNT


async def reachable(
    address: str = "ona@example.org", *, kind: ContactKind = ContactKind.EMAIL, **values: Any
) -> tuple[Customer, ContactPoint]:
    """A customer with one contact point, confirmed unless told otherwise."""
    customer = await records.customer()
    return customer, await point(customer, address, kind=kind, **values)


async def point(
    customer: Customer, address: str, *, kind: ContactKind = ContactKind.EMAIL, **values: Any
) -> ContactPoint:
    consent = await Consent.get_or_none(customer_id=customer.id) or await records.consent(customer.id)
    shared = {"customer_id": customer.id, "consent_id": consent.id, "source": "test", "collected_at": NOON}
    shared |= {"verified_at": NOON, "kind": kind, "content": ContactContent(address)}
    return await ContactPoint.create(**shared | values)


async def queued(customer: Customer, template: Template = Template.CONTACT_CODE, **more: Any) -> Message:
    async with transaction():
        by = Asker("Customer", customer_id=customer.id, clock=Clock())
        return await messages.queue(customer.id, template, by=by, **{**CODE, **more})


async def entries() -> list[dict[str, Any]]:
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"].startswith("message.")]


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[Inbox]:
    """What a mail server takes; `inbox.way` leads to it."""
    taken = Inbox()
    async with mail_server(taken) as way:
        taken.way = {EMAIL: way}
        yield taken


async def test_a_message_goes_where_the_customer_is_reached_and_its_text_is_gone(inbox):
    customer, _ = await reachable()
    message = await queued(customer)

    assert await deliver(clock=Clock(), through=inbox.way) == 1

    (mail,) = inbox.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "ona@example.org",
        "crm@savas.example",
        "Your code",
    )
    assert mail["Message-ID"] == f"<{message.id}@savas.example>"
    assert "314159" in mail.get_content()
    kept = await Message.get(id=message.id)
    assert (kept.state, kept.content, kept.finished_at) == (MessageState.SENT, None, NOON)


async def test_what_is_queued_in_a_transaction_that_fails_is_never_sent(inbox):
    customer, _ = await reachable()
    with suppress(ZeroDivisionError):
        async with transaction():
            await queued(customer)
            raise ZeroDivisionError

    assert await deliver(clock=Clock(), through=inbox.way) == 0
    assert (await Message.all().count(), await entries()) == (0, [])


async def test_a_message_is_sent_once_whoever_delivers(inbox):
    for number in range(5):
        customer, _ = await reachable(f"somebody{number}@example.org")
        await queued(customer)

    sent = await asyncio.gather(*(deliver(clock=Clock(), through=inbox.way) for _ in range(6)))

    assert (sum(sent), len(inbox.mails)) == (5, 5)


async def test_neither_the_ledger_nor_the_row_tells_address_or_code(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    (row,) = await sql("SELECT * FROM messages")
    await deliver(clock=Clock(), through=inbox.way)

    told = await entries()
    assert [each["event"] for each in told] == ["message.queued", "message.sent"]
    assert told[0]["data"] == {
        "message": str(message.id), "customer": str(customer.id), "template": "contact_code", "channel": "EMAIL",
    }  # fmt: skip
    for text in ("ona@example.org", "314159"):
        assert text not in str(row) + json.dumps(told)


async def test_the_language_is_that_of_the_notice_that_the_customer_was_shown(inbox):
    customer, _ = await reachable()
    await sql("UPDATE notices SET language = 'lt'")
    await queued(customer)

    await deliver(clock=Clock(), through=inbox.way)

    assert inbox.mails[0]["Subject"] == "Jūsų kodas"


async def test_a_server_that_is_busy_is_asked_again_at_growing_intervals(inbox):
    customer, _ = await reachable()
    message, clock = await queued(customer), Clock()
    inbox.answer = lambda _: "450 greylisted"
    for attempt in range(1, 4):
        assert await deliver(clock=clock, through=inbox.way) == 0
        assert await deliver(clock=clock, through=inbox.way) == 0
        kept = await Message.get(id=message.id)
        wait = FIRST * 2 ** (attempt - 1)
        assert (kept.attempts, kept.next_at, kept.state) == (attempt, clock.now + wait, MessageState.QUEUED)
        clock.pass_by(wait)
    inbox.answer = lambda _: "250 OK"

    assert await deliver(clock=clock, through=inbox.way) == 1


async def test_what_never_gets_out_is_given_up_with_a_code_and_its_text_deleted(inbox):
    customer, _ = await reachable()
    await Consent.all().update(expires_at=NOON + 9 * DAY)
    message, clock = await queued(customer), Clock()
    inbox.data = "451 try later"
    for _ in range(ATTEMPTS + 3):
        await deliver(clock=clock, through=inbox.way)
        clock.pass_by(LONGEST)

    kept = await Message.get(id=message.id)
    assert (kept.state, kept.code, kept.content) == (MessageState.FAILED, "MAIL_DELAYED", None)
    assert kept.attempts == ATTEMPTS
    assert (await entries())[-1]["data"]["code"] == "MAIL_DELAYED"


async def test_a_refused_address_is_given_up_at_once_and_others_get_theirs(inbox):
    refused, _ = await reachable("nobody@example.org")
    welcome, _ = await reachable("ona@example.org")
    first = await queued(refused)
    await queued(welcome)
    inbox.answer = lambda address: "550 no such user" if "nobody" in address else "250 OK"

    assert await deliver(clock=Clock(), through=inbox.way) == 1

    assert (await Message.get(id=first.id)).code == "MAIL_REFUSED"
    assert [mail["To"] for mail in inbox.mails] == ["ona@example.org"]


async def test_a_server_that_is_gone_loses_no_message(inbox):
    customer, _ = await reachable()
    message, clock = await queued(customer), Clock()
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = free.getsockname()[1]

    assert await deliver(clock=clock, through={EMAIL: mailbox(gone)}) == 0
    clock.pass_by(FIRST)

    assert (await Message.get(id=message.id)).state is MessageState.QUEUED
    assert await deliver(clock=clock, through=inbox.way) == 1


async def test_a_carrier_that_was_killed_leaves_the_message_to_the_next(inbox):
    customer, _ = await reachable()
    message, clock = await queued(customer), Clock()
    assert await messages._claimed(await Message.get(id=message.id), clock())

    assert await deliver(clock=clock, through=inbox.way) == 0
    clock.pass_by(FIRST)
    assert await deliver(clock=clock, through=inbox.way) == 1


async def test_a_carrier_killed_at_the_last_try_leaves_nothing_to_try(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await Message.filter(id=message.id).update(attempts=ATTEMPTS)

    assert await deliver(clock=Clock(), through=inbox.way) == 0

    assert (await Message.get(id=message.id)).code == "GIVEN_UP"
    assert inbox.mails == []


async def test_a_code_that_has_run_out_is_not_sent(inbox):
    customer, _ = await reachable()
    message = await queued(customer, expires_at=NOON + timedelta(minutes=1))

    assert await deliver(clock=Clock(NOON + timedelta(minutes=1)), through=inbox.way) == 0

    assert (await Message.get(id=message.id)).code == "MESSAGE_EXPIRED"


async def test_after_the_consent_is_withdrawn_nothing_more_is_sent_and_no_text_stays(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await consents.withdraw((await Consent.get()).id, by=await records.person(customer))

    assert await deliver(clock=Clock(), through=inbox.way) == 0

    kept = await Message.get(id=message.id)
    assert (kept.state, kept.code, kept.content, inbox.mails) == (MessageState.FAILED, "ERASED", None, [])


async def test_a_text_sealed_under_a_destroyed_key_cannot_be_brought_back(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    (row,) = await sql("SELECT content FROM messages")
    await consents.withdraw((await Consent.get()).id, by=await records.person(customer))
    await sql("UPDATE messages SET content = ?, state = 'QUEUED'", row["content"])

    assert await deliver(clock=Clock(), through=inbox.way) == 0
    assert inbox.mails == []
    assert (await Message.get(id=message.id)).code in ("UNREADABLE", "CONSENT_WITHDRAWN")


async def test_a_consent_that_ran_out_meanwhile_keeps_the_message_back(inbox):
    customer, _ = await reachable()
    message = await queued(customer)

    assert await deliver(clock=Clock(NOON + DAY), through=inbox.way) == 0

    assert (await Message.get(id=message.id)).code == "CONSENT_WITHDRAWN"


async def test_without_a_confirmed_contact_point_it_is_kept_to_be_read_here(inbox):
    customer, _ = await reachable(verified_at=None)
    message = await queued(customer)

    assert await deliver(clock=Clock(), through=inbox.way) == 0

    kept = await Message.get(id=message.id)
    assert (kept.channel, kept.state) == (ACCOUNT, MessageState.KEPT)
    assert (await opened(kept)).address is None


async def test_an_address_whose_confirmation_has_run_out_is_not_used(inbox):
    customer, _ = await reachable(verification_expires_at=NOON)

    assert (await queued(customer)).channel is ACCOUNT


async def test_a_code_goes_to_the_contact_point_that_is_to_be_confirmed(inbox):
    customer, _ = await reachable("old@example.org")
    fresh = await point(customer, "new@example.org", verified_at=None)
    await queued(customer, contact_point_id=fresh.id)

    await deliver(clock=Clock(), through=inbox.way)

    assert [mail["To"] for mail in inbox.mails] == ["new@example.org"]


async def test_somebody_elses_contact_point_is_not_written_to(inbox):
    customer, _ = await reachable()
    _, others = await reachable("jonas@example.org")

    with pytest.raises(NotFound):
        await queued(customer, contact_point_id=others.id)
    assert await Message.all().count() == 0


async def test_an_email_address_is_preferred_to_a_telephone(inbox):
    customer, _ = await reachable("+37060000000", kind=ContactKind.PHONE)
    assert (await queued(customer)).channel is SMS
    await point(customer, "ona@example.org")

    assert (await queued(customer)).channel is EMAIL


async def test_a_message_for_a_purpose_needs_the_consent_for_it_also_when_it_leaves(inbox):
    customer, _ = await reachable()
    assert (await queued(customer, purpose=Purpose.MARKETING)).channel is ACCOUNT
    await records.consent(customer.id, Purpose.MARKETING)
    message = await queued(customer, purpose=Purpose.MARKETING)
    assert message.channel is EMAIL
    await Customer.filter(id=customer.id).update(restricted=True)

    assert await deliver(clock=Clock(), through=inbox.way) == 0
    assert (await Message.get(id=message.id)).code == "CONSENT_WITHDRAWN"


async def test_a_sealed_vault_sends_nothing_and_loses_nothing(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    held = vault._Holder.vault
    vault._Holder.vault = None
    assert await deliver(clock=Clock(), through=inbox.way) == 0
    vault._Holder.vault = held

    assert (await Message.get(id=message.id)).attempts == 0
    assert await deliver(clock=Clock(), through=inbox.way) == 1


async def test_a_ledger_that_cannot_be_written_leaves_the_message_to_be_told_of_later(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await sql("ALTER TABLE ledger_entries RENAME TO elsewhere")
    assert await deliver(clock=Clock(), through=inbox.way) == 0
    await sql("ALTER TABLE elsewhere RENAME TO ledger_entries")

    assert (await Message.get(id=message.id)).state is MessageState.QUEUED


async def test_a_knock_is_heard_at_once(inbox, monkeypatch):
    customer, _ = await reachable()
    monkeypatch.setattr(messages, "INTERVAL", 600.0)
    monkeypatch.setattr(messages.outlets, "current", lambda: inbox.way)
    carrying = asyncio.create_task(messages.carry())
    await asyncio.sleep(0)
    await Consent.all().update(expires_at=utc_now() + DAY)
    async with transaction():
        await messages.queue(customer.id, Template.CONTACT_CODE, **CODE)
    async with asyncio.timeout(60):
        await inbox.arrived.wait()
    carrying.cancel()
    await asyncio.gather(carrying, return_exceptions=True)


@pytest.mark.parametrize("template", Template)
def test_every_text_is_there_in_every_language_and_asks_for_the_same(template):
    assert languages() == ["en", "lt"]
    details = {"code": "1", "until": "2", "number": "3"}
    asked = [
        {name for name in details if f"${{{name}}}" in (HERE / each / f"{template}.txt").read_text("utf-8")}
        for each in languages()
    ]
    assert asked[0] == asked[1]
    for language in languages():
        subject, text = written(template, language, {name: details[name] for name in asked[0]})
        assert subject
        assert "\n" not in subject
        assert "$" not in subject + text


def test_a_language_without_texts_is_english_and_no_path():
    assert written(Template.CONTACT_CODE, "lt-LT", CODE)[0] == "Jūsų kodas"
    for strange in ("fr", "../lt", "", "lt/../../..", "EN"):
        assert written(Template.CONTACT_CODE, strange, CODE)[0] == "Your code"


@pytest.mark.parametrize("details", [{}, {"code": "1"}, {**CODE, "name": "Ona"}])
def test_a_text_with_a_gap_is_never_written(details):
    with pytest.raises(KeyError):
        written(Template.CONTACT_CODE, "en", details)


def test_what_a_detail_holds_is_not_read_as_a_gap():
    assert "${until}" in written(Template.CONTACT_CODE, "en", {**CODE, "code": "${until}"})[1]


def test_a_category_is_the_key_it_lies_under():
    assert Message.category == Category.CONTACT
