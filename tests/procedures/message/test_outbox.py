"""The outbox: what is queued is sent once, to where it may go, and its text does not outlive it."""

import asyncio
import json
import socket
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models import (
    Consent,
    LedgerEntry,
    Message,
    MessageChannel,
    MessageState,
    Notice,
    Purpose,
    Template,
)
from models.database import transaction
from policies.actor import utc_now
from procedures import current
from procedures.consent import consent as consents
from procedures.message import delivery, outbox
from procedures.message.delivery import ATTEMPTS, FIRST, LONGEST, deliver
from procedures.worker import Job, working
from tests.procedures import records
from tests.procedures.channels import way, ways
from tests.procedures.ledgers import sql
from tests.procedures.outbox import queued, reachable
from tests.procedures.records import DAY, NOON, Clock

EMAIL = MessageChannel.EMAIL


async def entries() -> list[dict[str, Any]]:
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"].startswith("message.")]


async def test_a_message_goes_where_the_customer_is_reached_and_its_text_is_gone(inbox):
    customer, _ = await reachable()
    message = await queued(customer)

    assert await deliver(clock=Clock(), through=ways(inbox)) == 1

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


@pytest.mark.every_database
async def test_what_is_queued_in_a_transaction_that_fails_is_never_sent(inbox):
    customer, _ = await reachable()
    with suppress(ZeroDivisionError):
        async with transaction():
            await queued(customer)
            raise ZeroDivisionError

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0
    assert (await Message.all().count(), await entries()) == (0, [])


@pytest.mark.every_database
async def test_a_message_is_sent_once_whoever_delivers(inbox):
    for number in range(5):
        customer, _ = await reachable(f"somebody{number}@example.org")
        await queued(customer)

    sent = await asyncio.gather(*(deliver(clock=Clock(), through=ways(inbox)) for _ in range(6)))

    assert (sum(sent), len(inbox.mails)) == (5, 5)


async def test_neither_the_ledger_nor_the_row_tells_address_or_code(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    (row,) = await sql("SELECT * FROM messages")
    await deliver(clock=Clock(), through=ways(inbox))

    told = await entries()
    assert [each["event"] for each in told] == ["message.queued", "message.sent"]
    assert told[0]["data"] == {
        "message": str(message.id), "customer": str(customer.id), "template": "contact_code", "channel": "EMAIL",
    }  # fmt: skip
    for text in ("ona@example.org", "314159"):
        assert text not in str(row) + json.dumps(told)


async def test_the_language_is_that_of_the_notice_that_the_customer_was_shown(inbox):
    customer, _ = await reachable()
    shown = await Notice.create(
        purpose=Purpose.SUPPORT, language="lt", version="9", text="Kodėl.", digest="0" * 64, created_at=NOON
    )
    await Consent.filter(customer_id=customer.id).update(notice_id=shown.id)
    await queued(customer)

    await deliver(clock=Clock(), through=ways(inbox))

    assert inbox.mails[0]["Subject"] == "Jūsų kodas"


async def test_a_server_that_is_busy_is_asked_again_at_growing_intervals(inbox):
    customer, _ = await reachable()
    message, clock = await queued(customer), Clock()
    inbox.answers["RCPT"] = "450 greylisted"
    for attempt in range(1, 4):
        assert await deliver(clock=clock, through=ways(inbox)) == 0
        assert await deliver(clock=clock, through=ways(inbox)) == 0
        kept = await Message.get(id=message.id)
        wait = FIRST * 2 ** (attempt - 1)
        assert (kept.attempts, kept.next_at, kept.state) == (attempt, clock.now + wait, MessageState.QUEUED)
        clock.pass_by(wait)
    inbox.answers.clear()

    assert await deliver(clock=clock, through=ways(inbox)) == 1


async def test_what_never_gets_out_is_given_up_with_a_code_and_its_text_deleted(inbox):
    customer, _ = await reachable()
    await Consent.all().update(expires_at=NOON + 9 * DAY)
    message, clock = await queued(customer), Clock()
    inbox.answers["DATA"] = "451 try later"
    for _ in range(ATTEMPTS + 3):
        await deliver(clock=clock, through=ways(inbox))
        clock.pass_by(LONGEST)

    kept = await Message.get(id=message.id)
    assert (kept.state, kept.code, kept.content) == (MessageState.FAILED, "MAIL_DELAYED", None)
    assert kept.attempts == ATTEMPTS
    assert (await entries())[-1]["data"]["code"] == "MAIL_DELAYED"


async def test_a_refused_address_is_given_up_at_once(inbox):
    customer, _ = await reachable("nobody@example.org")
    message = await queued(customer)
    inbox.answers["RCPT"] = "550 no such user"

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0

    kept = await Message.get(id=message.id)
    assert (kept.state, kept.code, kept.content) == (MessageState.FAILED, "MAIL_REFUSED", None)


async def test_one_that_cannot_be_sent_keeps_no_other_back(inbox):
    refused, _ = await reachable("not an address")
    welcome, _ = await reachable("ona@example.org")
    first = await queued(refused)
    await queued(welcome)

    assert await deliver(clock=Clock(), through=ways(inbox)) == 1

    assert (await Message.get(id=first.id)).code == "MAIL_MALFORMED"
    assert [mail["To"] for mail in inbox.mails] == ["ona@example.org"]


async def test_a_server_that_is_gone_loses_no_message(inbox):
    customer, _ = await reachable()
    message, clock = await queued(customer), Clock()
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = free.getsockname()[1]

    assert await deliver(clock=clock, through={EMAIL: way(gone)}) == 0
    clock.pass_by(FIRST)

    assert (await Message.get(id=message.id)).state is MessageState.QUEUED
    assert await deliver(clock=clock, through=ways(inbox)) == 1


@pytest.mark.every_database
async def test_a_carrier_that_was_killed_leaves_the_message_to_the_next(inbox):
    customer, _ = await reachable()
    message, clock = await queued(customer), Clock()
    assert await delivery._claim(await Message.get(id=message.id), clock())

    assert await deliver(clock=clock, through=ways(inbox)) == 0
    clock.pass_by(FIRST)
    assert await deliver(clock=clock, through=ways(inbox)) == 1


@pytest.mark.every_database
async def test_a_carrier_killed_at_the_last_try_leaves_nothing_to_try(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await Message.filter(id=message.id).update(attempts=ATTEMPTS)

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0

    assert (await Message.get(id=message.id)).code == "GIVEN_UP"
    assert inbox.mails == []


async def test_a_code_that_has_run_out_is_not_sent(inbox):
    customer, _ = await reachable()
    message = await queued(customer, expires_at=NOON + timedelta(minutes=1))

    assert await deliver(clock=Clock(NOON + timedelta(minutes=1)), through=ways(inbox)) == 0

    assert (await Message.get(id=message.id)).code == "MESSAGE_EXPIRED"


async def test_after_the_consent_is_withdrawn_nothing_more_is_sent_and_no_text_stays(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await consents.withdraw((await Consent.get()).id, by=await records.person(customer))

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0

    kept = await Message.get(id=message.id)
    assert (kept.state, kept.code, kept.content, inbox.mails) == (MessageState.FAILED, "ERASED", None, [])


async def test_a_text_sealed_under_a_destroyed_key_cannot_be_brought_back(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    (row,) = await sql("SELECT content FROM messages")
    await consents.withdraw((await Consent.get()).id, by=await records.person(customer))
    await sql("UPDATE messages SET content = ?, state = 'QUEUED'", row["content"])

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0
    assert inbox.mails == []
    assert (await Message.get(id=message.id)).code in ("UNREADABLE", "CONSENT_WITHDRAWN")


async def test_a_consent_that_ran_out_meanwhile_keeps_the_message_back(inbox):
    customer, _ = await reachable()
    message = await queued(customer)

    assert await deliver(clock=Clock(NOON + DAY), through=ways(inbox)) == 0

    assert (await Message.get(id=message.id)).code == "CONSENT_WITHDRAWN"


async def test_a_sealed_vault_sends_nothing_and_loses_nothing(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    keeper = current.installation().keeper
    held, keeper.vault = keeper.vault, None
    assert await deliver(clock=Clock(), through=ways(inbox)) == 0
    keeper.vault = held

    assert (await Message.get(id=message.id)).attempts == 0
    assert await deliver(clock=Clock(), through=ways(inbox)) == 1


async def test_a_ledger_that_cannot_be_written_leaves_the_message_to_be_told_of_later(inbox):
    customer, _ = await reachable()
    message = await queued(customer)
    await sql("ALTER TABLE ledger_entries RENAME TO elsewhere")
    assert await deliver(clock=Clock(), through=ways(inbox)) == 0
    await sql("ALTER TABLE elsewhere RENAME TO ledger_entries")

    assert (await Message.get(id=message.id)).state is MessageState.QUEUED


async def test_what_is_queued_here_leaves_at_once_by_the_ways_that_the_operator_named(inbox):
    customer, _ = await reachable()
    await Consent.all().update(expires_at=utc_now() + DAY)
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)
    jobs = [Job("messages", DAY, delivery.deliver, shared=True)]
    async with working(jobs):
        async with transaction():
            await outbox.queue(customer.id, Template.CONTACT_CODE, code="314159", until="noon")
        async with asyncio.timeout(300):
            await inbox.arrived.wait()

    assert inbox.mails[0]["To"] == "ona@example.org"


async def test_without_a_way_out_everything_waits(inbox):
    customer, _ = await reachable()
    message = await queued(customer)

    assert (delivery.channels(), await deliver(clock=Clock())) == ({}, 0)
    assert [each.id for each in await outbox.listed()] == [message.id]
