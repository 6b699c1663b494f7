"""Somebody is taken in whole or not at all: data, consents, where they come from, and the word that they are right."""

import asyncio
import json
import re
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models import (
    PERSONAL,
    Actor,
    AddressContent,
    AddressKind,
    Attestation,
    Category,
    Consent,
    ContactKind,
    ContactPoint,
    Customer,
    Employee,
    Identity,
    Intake,
    IntakeAddress,
    IntakeConsent,
    IntakeContent,
    IntakePoint,
    LedgerEntry,
    Message,
    PersonalCode,
    PersonalCodeContent,
    Purpose,
    Role,
    Task,
    keyring,
    opened,
)
from policies.asker import Asker
from policies.errors import Refused
from procedures import intake, intake_expiry, place, session
from procedures.code import TRIES
from procedures.errors import ProcedureError
from procedures.message_delivery import deliver
from procedures.throttle import Allowance, Throttle
from tests.mailbox import Mailbox
from tests.procedures import records
from tests.procedures.ledgers import sql
from tests.procedures.outlets import way
from tests.procedures.records import NOON, Clock

KEY, OTHER = "k" * 22, "o" * 22
PASSWORD = "correct horse battery"
HERE = "192.0.2.1"
ALL = (Category.IDENTITY, Category.CONTACT, Category.ADDRESS, Category.PERSONAL_CODE)


@pytest.fixture(autouse=True)
def sending(inbox: Mailbox) -> None:
    """This installation sends by mail."""
    place.use(replace(place.current(), smtp=way(inbox.port).server))


async def given(*categories: Category, **values: Any) -> IntakeContent:
    """What somebody enters, with consents to some categories, by default to all of them."""
    notice = await records.notice(Purpose.SUPPORT)
    consents = tuple(IntakeConsent(each, Purpose.SUPPORT, str(notice.id)) for each in categories or ALL)
    fresh = {
        "given_name": " Ona ",
        "family_name": "Petraitė",
        "contact_points": (
            IntakePoint(ContactKind.EMAIL, "Ona@Example.org"),
            IntakePoint(ContactKind.PHONE, "+370 600 00000"),
        ),
        "postal_addresses": (
            IntakeAddress(AddressKind.HOME, AddressContent("Pilies g. 1", "Vilnius", None, "01123", "lt")),
        ),
        "personal_codes": (PersonalCodeContent("38703181745", "lt"),),
    }
    return IntakeContent(consents, **{**fresh, **values})


def visitor(clock: Clock | None = None) -> Asker:
    return Asker(clock=clock or Clock())


async def begun(
    content: IntakeContent | None = None, key: str = KEY, clock: Clock | None = None, **more: Any
) -> Intake:
    shared = {"by": visitor(clock), "address": HERE, "throttle": Throttle()}
    return await intake.begin(key, content or await given(), **{**shared, **more})


async def confirmed(code: str, key: str = KEY, clock: Clock | None = None, **more: Any) -> Customer:
    shared = {"attested": True, "by": visitor(clock), "address": HERE, "throttle": Throttle()}
    return await intake.confirm(key, code, PASSWORD, **{**shared, **more})


async def code() -> str:
    """The code of the latest message, which its reader would see."""
    latest = await Message.all().order_by("-queued_at").first()
    assert latest is not None
    found = re.search(r"\d{6}", (await opened(latest)).text)
    assert found
    return found[0]


async def error_of(work: Awaitable[object]) -> str:
    with pytest.raises(ProcedureError) as caught:
        await work
    return caught.value.code


async def kept() -> int:
    """How many rows of anybody's there are."""
    return sum([await model.all().count() for model in PERSONAL.values()], await Customer.all().count())


async def events() -> list[str]:
    """What was recorded since the database was made."""
    told = [json.loads(bytes(each.entry))["event"] for each in await LedgerEntry.all().order_by("number")]
    return told[told.index("database.migrated") + 1 :]


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
    assert person.collected_by == (await Actor.get()).id
    assert (await opened(await PersonalCode.get(code_index="38703181745"))).country == "LT"
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

    assert [each for each in await events() if not each.startswith("message")] == [
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
    assert (await opened(await Intake.get())).family_name == "Petraitė"


async def test_once_there_is_a_customer_what_waited_is_gone_with_its_key(inbox):
    waiting = await begun()
    await confirmed(await code())

    assert (await Intake.get()).content is None
    assert await keyring.rings([waiting.id]) == {}


async def test_after_a_day_what_was_not_confirmed_is_destroyed_and_its_key_first(inbox):
    clock = Clock()
    waiting, sent = await begun(clock=clock), await code()
    (row,) = await sql("SELECT content FROM intakes")
    assert await intake_expiry.expire(clock=clock) == 0
    clock.pass_by(timedelta(hours=24))
    assert await error_of(confirmed(sent, clock=clock)) == "CODE_EXPIRED"

    assert await intake_expiry.expire(clock=clock) == 1

    assert (await Intake.all().count(), await keyring.rings([waiting.id])) == (0, {})
    assert (await Message.get()).content is None
    assert (await events())[-1] == "intake.expired"
    assert bytes(row["content"])[:1] == b"\x01"


async def test_an_expiry_that_was_cut_off_behind_the_key_is_finished_by_the_next(inbox):
    clock = Clock()
    waiting = await begun(clock=clock)
    clock.pass_by(timedelta(hours=24))
    await keyring.destroy(waiting.id)

    assert await intake_expiry.expire(clock=clock) == 1
    assert await Intake.all().count() == 0


async def test_the_same_key_begins_once_and_becomes_one_customer(inbox):
    first = await begun()
    again = await begun()
    sent = await code()
    customer = await confirmed(sent)

    assert (first.id, await Intake.all().count()) == (again.id, 1)
    assert (await confirmed(sent)).id == customer.id
    assert (await Customer.all().count(), await Message.all().count()) == (1, 2)


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
    await begun(
        key=OTHER, content=await given(contact_points=(IntakePoint(ContactKind.EMAIL, "eve@example.org"),))
    )

    assert await error_of(confirmed(first, key="x" * 22)) == "CODE_EXPIRED"
    if first != await code():
        assert await error_of(confirmed(first, key=OTHER)) == "CODE_WRONG"


@pytest.mark.parametrize("lacking", ALL)
async def test_data_without_their_consent_are_refused_and_not_kept(inbox, lacking):
    content = await given(*(each for each in ALL if each is not lacking))

    assert await error_of(begun(content)) == "CONSENT_REQUIRED"
    assert (await kept(), await Intake.all().count(), await Message.all().count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"given_name": "O\u202ena"}, "NAME_INVALID"),
        ({"contact_points": (IntakePoint(ContactKind.EMAIL, "ona"),)}, "EMAIL_INVALID"),
        ({"contact_points": (IntakePoint(ContactKind.PHONE, "+37060000000"),)}, "EMAIL_REQUIRED"),
        ({"contact_points": (IntakePoint(ContactKind.PHONE, "8600"),)}, "PHONE_INVALID"),
        ({"personal_codes": (PersonalCodeContent("38703181746", "LT"),)}, "PERSONAL_CODE_INVALID"),
        ({"personal_codes": (PersonalCodeContent("38703181745", "LT"),) * 2}, "BAD_USER_INPUT"),
        (
            {"postal_addresses": (IntakeAddress(AddressKind.HOME, AddressContent(country="LT")),)},
            "BAD_USER_INPUT",
        ),
        (
            {"postal_addresses": (IntakeAddress(AddressKind.HOME, AddressContent("a", country="XX")),)},
            "COUNTRY_INVALID",
        ),
        ({"contact_points": (IntakePoint(ContactKind.EMAIL, "ona@example.org"),) * 21}, "BAD_USER_INPUT"),
    ],
)
async def test_what_is_unfit_is_refused_before_anything_is_kept(inbox, change, error):
    assert await error_of(begun(await given(**change))) == error
    assert (await Intake.all().count(), await events()) == (0, [])


@pytest.mark.parametrize("key", ["", "short", "k" * 201, "ž" * 22, "k" * 21 + "\n"])
async def test_a_key_that_could_be_guessed_is_refused(inbox, key):
    assert await error_of(begun(key=key)) == "KEY_UNFIT"


async def test_a_notice_of_another_purpose_is_refused_at_once(inbox):
    content = await given()
    moved = tuple(replace(each, purpose=Purpose.SALES) for each in content.consents)

    assert await error_of(begun(replace(content, consents=moved))) == "NOTICE_MISMATCH"


@pytest.mark.parametrize(("change", "error"), [({"attested": False}, "ATTESTATION_REQUIRED")])
async def test_without_the_word_that_it_is_right_there_is_no_customer(inbox, change, error):
    await begun()
    assert await error_of(confirmed(await code(), **change)) == error
    assert await kept() == 0


async def test_a_password_that_is_too_short_costs_no_try(inbox):
    await begun()
    with pytest.raises(ProcedureError) as caught:
        await intake.confirm(
            KEY, await code(), "short", attested=True, by=visitor(), address=HERE, throttle=Throttle()
        )
    assert (caught.value.code, (await Intake.get()).tries) == ("PASSWORD_UNFIT", 0)


async def test_beginning_without_end_is_slowed_down_from_there_and_not_from_elsewhere(inbox):
    throttle = Throttle(of_login=Allowance(free=2), of_address=Allowance(free=100))
    for number in range(2):
        await begun(key=f"{number}" * 22, throttle=throttle)
    assert await error_of(begun(key="x" * 22, throttle=throttle)) == "RATE_LIMITED"

    await begun(key="y" * 22, throttle=throttle, address="198.51.100.7")


async def test_who_is_somebody_already_does_not_register(inbox):
    by = await records.manager()
    with pytest.raises(Refused):
        await begun(by=by)
    assert await Intake.all().count() == 0


async def test_an_installation_that_sends_no_mails_says_so(inbox):
    place.use(replace(place.current(), smtp=None))

    assert await error_of(begun()) == "CHANNEL_UNAVAILABLE"


async def test_a_fault_in_the_middle_leaves_nothing_behind(inbox):
    await begun()
    sent = await code()
    await sql("ALTER TABLE attestations RENAME TO elsewhere")
    with pytest.raises(Exception, match="attestations"):
        await confirmed(sent)
    await sql("ALTER TABLE elsewhere RENAME TO attestations")

    assert (await kept(), await Actor.all().count(), await Consent.all().count()) == (0, 0, 0)
    assert (await confirmed(sent)).number


async def office() -> tuple[Asker, Asker, Task]:
    """A manager, an agent, and the task that the one opened for the other to take somebody in."""
    manager, signed = await records.manager(), await records.employee(Role.AGENT)
    _, task = await intake.open((await Employee.get(actor_id=signed.id)).id, by=manager)
    return manager, records.staff(signed, Role.AGENT, purposes={Purpose.VERIFICATION}), task


async def test_staff_take_in_a_customer_who_is_there(inbox):
    manager, agent, task = await office()
    content = await given(contact_points=(IntakePoint(ContactKind.PHONE, "+370 600 00000"),))

    customer = await intake.record(KEY, task.id, content, attested=True, by=agent)

    person = await Identity.get()
    assert (person.customer_id, person.source, person.collected_by) == (customer.id, "intake", agent.actor_id)
    assert {each.by_id for each in await Attestation.all()} == {agent.actor_id}
    assert {each.evidence for each in await Consent.all()} == {f"intake {(await Intake.get()).id}"}
    assert (await intake.record(KEY, task.id, content, attested=True, by=agent)).id == customer.id
    assert await error_of(intake.record(OTHER, task.id, content, attested=True, by=agent)) == "ALREADY_EXISTS"
    assert manager.actor_id != agent.actor_id


async def test_nobody_opens_an_intake_for_themselves_or_without_being_a_manager(inbox):
    manager, agent, _ = await office()
    own = await Employee.get(actor_id=manager.actor_id)
    assert await error_of(intake.open(own.id, by=manager)) == "SELF_ASSIGNMENT"
    for asker in (agent, visitor()):
        with pytest.raises(Refused):
            await intake.open(own.id, by=asker)
    assert await Customer.all().count() == 1


async def test_only_who_carries_the_open_task_and_says_so_takes_in(inbox):
    manager, agent, task = await office()
    content = await given()
    for asker in (manager, visitor(), replace(agent, purposes=frozenset()), replace(agent, purposes=frozenset({Purpose.SUPPORT}))):  # fmt: skip
        with pytest.raises(Refused):
            await intake.record(KEY, task.id, content, attested=True, by=asker)
    await Task.filter(id=task.id).update(status="CLOSED")
    with pytest.raises(Refused):
        await intake.record(KEY, task.id, content, attested=True, by=agent)
    assert (await Identity.all().count(), await Intake.all().count()) == (0, 0)


async def test_what_staff_enter_without_a_consent_is_refused_whole(inbox):
    _, agent, task = await office()
    content = await given(Category.IDENTITY)

    assert await error_of(intake.record(KEY, task.id, content, attested=True, by=agent)) == "CONSENT_REQUIRED"
    assert (await Identity.all().count(), await Consent.all().count(), await Intake.all().count()) == (
        0,
        0,
        0,
    )
