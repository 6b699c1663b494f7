"""Somebody is taken in whole or not at all: data, consents, where they come from, and the word that they are right."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from models import (
    PERSONAL,
    Account,
    Attestation,
    CollectionMethod,
    Consent,
    ContactKind,
    ContactPoint,
    Customer,
    Identity,
    Intake,
    LedgerEntry,
    Message,
    PersonalCode,
    opened,
)
from models.keys import keyring
from procedures import current
from procedures.access import TRIES, Throttle, session
from procedures.audit import authority
from procedures.intake import expiry
from procedures.message.delivery import deliver
from tests.clocks import ran_until
from tests.mailbox import Mailbox
from tests.procedures.channels import way
from tests.procedures.intakes import (
    HERE,
    OTHER,
    PASSWORD,
    begun,
    code,
    confirmed,
    error_of,
    events,
    given,
    kept,
    point,
)
from tests.procedures.ledgers import sql
from tests.procedures.records import NOON, Clock


@pytest.fixture(autouse=True)
def sending(inbox: Mailbox) -> None:
    """This installation sends by mail."""
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)


@pytest.mark.every_database
async def test_a_visitor_becomes_a_customer_who_signs_in(inbox):
    clock = Clock()
    await begun(clock=clock)
    assert await kept() == 0
    assert await deliver(clock=clock) == 1
    assert inbox.mails[0]["To"] == "Ona@example.org"
    (sent,) = re.findall(r"\d{6}", inbox.mails[0].get_content())

    customer = await confirmed(sent, clock=clock)

    person = await Identity.get(customer_id=customer.id, family_name_index="petraitė", given_name_index="ona")
    assert (await opened(person)).given_name == "Ona"
    assert (person.source, person.collected_at) == ("registration", NOON)
    assert person.collected_by == (await Account.get()).id
    assert (await opened(await PersonalCode.get(code_index="38703181745"))).country == "LT"
    assert (await authority.verify()).findings == ()
    assert await deliver(clock=clock) == 1
    assert customer.number in inbox.mails[1].get_content()
    signed = await session.sign_in(customer.number, PASSWORD, address=HERE, clock=clock, throttle=Throttle())
    assert signed.actor_id == person.collected_by


async def test_the_address_that_the_code_went_to_is_confirmed_and_the_telephone_is_not(inbox):
    await begun()
    await confirmed(await code())

    points = {point.kind: point for point in await ContactPoint.all()}
    assert points[ContactKind.EMAIL].verification_method == "CODE_BY_EMAIL"
    assert points[ContactKind.PHONE].verified_at is None
    assert (await opened(points[ContactKind.PHONE])).value == "+37060000000"


async def test_the_code_confirms_the_consents_too(inbox):
    waiting = await begun()
    await confirmed(await code())

    said = {(each.collection_method, (await opened(each)).evidence) for each in await Consent.all()}
    assert said == {(CollectionMethod.DOUBLE_OPT_IN, f"intake {waiting.id}")}


async def test_every_row_is_attested_as_it_stood(inbox):
    await begun()
    customer = await confirmed(await code())

    told = {each.row_id: each for each in await Attestation.filter(customer_id=customer.id)}
    rows = [row for model in PERSONAL.values() for row in await model.all()]
    assert told.keys() == {row.id for row in rows}
    assert all((told[row.id].category, told[row.id].revision) == (row.category, row.revision) for row in rows)


async def test_each_step_is_recorded_and_no_value(inbox):
    await begun()
    await confirmed(await code())

    aside = ("message", "receipt")
    assert [each for each in await events() if not each.startswith(aside)] == [
        "intake.begun", "customer.added", "user.added", *["consent.given"] * 4, "accuracy.attested",
        "verification.completed", "intake.completed",
    ]  # fmt: skip
    everything = b"".join([bytes(each.entry) for each in await LedgerEntry.all()])
    for text in ("Petrait", "example.org", "37060000000", "38703181745", "Pilies"):
        assert text.encode() not in everything


async def test_what_waits_is_sealed_under_a_key_of_its_own(inbox):
    waiting = await begun()
    (row,) = await sql("SELECT * FROM intakes")

    assert not any(text in str(row) for text in ("Petrait", "xample.org", "38703181745"))
    assert list(await keyring.rings([waiting.id])) == [str(waiting.id)]
    assert "Petraitė" in json.dumps(
        [row.values for row in (await opened(await Intake.get())).rows], ensure_ascii=False
    )


async def test_once_there_is_a_customer_what_waited_is_gone_with_its_key(inbox):
    waiting = await begun()
    await confirmed(await code())

    assert (await Intake.get()).content is None
    assert await keyring.rings([waiting.id]) == {}


@pytest.mark.every_database
async def test_after_a_day_what_was_not_confirmed_is_destroyed_and_its_key_first(inbox):
    clock = Clock()
    waiting, sent = await begun(clock=clock), await code()
    (row,) = await sql("SELECT content FROM intakes")
    await ran_until(clock())
    assert await expiry.expire(clock=clock) == 0
    clock.pass_by(timedelta(hours=24))
    assert await error_of(confirmed(sent, clock=clock)) == "CODE_EXPIRED"

    await ran_until(clock())
    assert await expiry.expire(clock=clock) == 1

    assert (await Intake.all().count(), await keyring.rings([waiting.id])) == (0, {})
    assert (await Message.get()).content is None
    assert (await events())[-1] == "intake.expired"
    assert bytes(row["content"])[:1] == b"\x01"


@pytest.mark.every_database
async def test_an_expiry_that_was_cut_off_behind_the_key_is_finished_by_the_next(inbox):
    clock = Clock()
    waiting = await begun(clock=clock)
    clock.pass_by(timedelta(hours=24))
    await keyring.destroy(waiting.id)

    await ran_until(clock())
    assert await expiry.expire(clock=clock) == 1
    assert await Intake.all().count() == 0


async def test_the_same_key_begins_once_and_becomes_one_customer(inbox):
    first = await begun()
    again = await begun()
    sent = await code()
    customer = await confirmed(sent)

    assert (first.id, await Intake.all().count()) == (again.id, 1)
    assert (await confirmed(sent)).id == customer.id
    assert (await Customer.all().count(), await Message.all().count()) == (1, 2)


@pytest.mark.every_database
async def test_of_ten_who_begin_and_confirm_at_once_there_is_one(inbox):
    content = await given()
    assert len({each.id for each in await asyncio.gather(*(begun(content) for _ in range(10)))}) == 1
    sent = await code()
    customers = await asyncio.gather(*(confirmed(sent) for _ in range(6)))

    assert len({each.id for each in customers}) == 1
    assert await Customer.all().count() == 1


async def test_wrong_codes_are_counted_and_void_the_intake(inbox):
    await begun()
    sent = await code()
    wrong = f"{(int(sent) + 1) % 10**6:06d}"
    said = [await error_of(confirmed(wrong)) for _ in range(TRIES)]

    assert said == ["CODE_WRONG"] * (TRIES - 1) + ["CODE_VOID"]
    assert await error_of(confirmed(sent)) == "CODE_VOID"
    assert await kept() == 0


async def test_a_code_is_worth_nothing_without_the_key_it_belongs_to(inbox):
    await begun()
    first = await code()
    await begun(key=OTHER, content=await given(rows=[point(ContactKind.EMAIL, "eve@example.org")]))

    assert await error_of(confirmed(first, key="x" * 22)) == "CODE_EXPIRED"
    if first != await code():
        assert await error_of(confirmed(first, key=OTHER)) == "CODE_WRONG"
