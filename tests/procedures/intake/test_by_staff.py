"""Staff take in only whom they carry a task to verify, and whole or not at all."""

from dataclasses import replace

import pytest

from models import (
    Attestation,
    Category,
    Consent,
    ContactKind,
    Customer,
    Employee,
    Identity,
    Intake,
    Purpose,
    Role,
    Task,
    opened,
)
from policies.actor import Actor
from policies.errors import Refused
from procedures.consent import consents
from procedures.intake import intake
from tests.procedures import records
from tests.procedures.intakes import KEY, OTHER, error_of, given, names, personal_code, point, visitor
from tests.procedures.ways_in import Row

pytestmark = pytest.mark.usefixtures("database")


async def office() -> tuple[Actor, Actor, Task]:
    """A manager, an agent, and the task that the one opened for the other to take somebody in."""
    manager, signed = await records.manager(), await records.employee(Role.AGENT)
    _, task, _ = await intake.open((await Employee.get(actor_id=signed.id)).id, by=manager)
    return manager, records.staff(signed, Role.AGENT, purposes={Purpose.VERIFICATION}), task


@pytest.mark.every_database
async def test_staff_take_in_a_customer_who_is_there():
    manager, agent, task = await office()
    content = await given(rows=[point(ContactKind.PHONE, "+370 600 00000")], purpose=Purpose.VERIFICATION)

    customer = await intake.record(KEY, task.id, content, attested=True, by=agent)

    person = await Identity.get()
    assert (person.customer_id, person.source, person.collected_by) == (customer.id, "intake", agent.actor_id)
    assert {each.by_id for each in await Attestation.all()} == {agent.actor_id}
    assert {(await opened(each)).evidence for each in await Consent.all()} == {
        f"intake {(await Intake.get()).id}"
    }
    assert (await intake.record(KEY, task.id, content, attested=True, by=agent)).id == customer.id
    assert await error_of(intake.record(OTHER, task.id, content, attested=True, by=agent)) == "ALREADY_EXISTS"
    assert manager.actor_id != agent.actor_id


async def test_nobody_opens_an_intake_for_themselves_or_without_being_a_manager():
    manager, agent, _ = await office()
    own = await Employee.get(actor_id=manager.actor_id)
    assert await error_of(intake.open(own.id, by=manager)) == "SELF_ASSIGNMENT"
    for actor in (agent, visitor()):
        with pytest.raises(Refused):
            await intake.open(own.id, by=actor)
    assert await Customer.all().count() == 1


@pytest.mark.by_hand
async def test_only_who_carries_the_open_task_and_says_so_takes_in():
    manager, agent, task = await office()
    content = await given(purpose=Purpose.VERIFICATION)
    for actor in (manager, visitor(), replace(agent, purposes=frozenset()), replace(agent, purposes=frozenset({Purpose.SUPPORT}))):  # fmt: skip
        with pytest.raises(Refused):
            await intake.record(KEY, task.id, content, attested=True, by=actor)
    await Task.filter(id=task.id).update(status="CLOSED")
    with pytest.raises(Refused):
        await intake.record(KEY, task.id, content, attested=True, by=agent)
    assert (await Identity.all().count(), await Intake.all().count()) == (0, 0)


async def test_what_staff_enter_without_a_consent_is_refused_whole():
    _, agent, task = await office()
    content = await given(Category.IDENTITY, purpose=Purpose.VERIFICATION)

    assert await error_of(intake.record(KEY, task.id, content, attested=True, by=agent)) == "CONSENT_REQUIRED"
    assert (await Identity.all().count(), await Consent.all().count(), await Intake.all().count()) == (
        0,
        0,
        0,
    )


@pytest.mark.every_database
@pytest.mark.parametrize("by", ["email", "phone", "code"])
async def test_staff_take_in_nobody_who_is_here_already(by: str):
    """Else a manager and an agent would have a yes beside the no of somebody who said it under another number."""
    first, again = Row.of(1), Row.of(2)
    _, agent, task = await office()
    content = await given(rows=first.points, purpose=Purpose.VERIFICATION)
    known = await intake.record(KEY, task.id, content, attested=True, by=agent)
    herself = await records.confirmed(await records.person(known))
    await consents.withdraw(known.id, consents.ConsentFilter(Category.CONTACT_POINT), by=herself)
    _, agent, task = await office()
    content = await given(rows=first.found_by(by, 2).points, purpose=Purpose.VERIFICATION)

    assert await error_of(intake.record(OTHER, task.id, content, attested=True, by=agent)) == "CUSTOMER_KNOWN"

    content = await given(rows=again.points, purpose=Purpose.VERIFICATION)
    assert await intake.record(OTHER, task.id, content, attested=True, by=agent)


async def test_a_relative_with_the_same_telephone_is_somebody_else():
    _, agent, task = await office()
    content = await given(rows=Row.of(1).points, purpose=Purpose.VERIFICATION)
    await intake.record(KEY, task.id, content, attested=True, by=agent)
    _, agent, task = await office()
    rows = [
        names("Jonas", "Petraitis"),
        point(ContactKind.PHONE, Row.of(1).phone),
        personal_code("AB000009", "UA"),
    ]
    content = await given(rows=rows, purpose=Purpose.VERIFICATION)

    assert await intake.record(OTHER, task.id, content, attested=True, by=agent)


async def test_whoever_tries_who_is_a_customer_is_slowed_down():
    """Each try tells whether somebody here has an address, also one that ends with another refusal."""
    _, agent, task = await office()
    known = await given(rows=Row.of(1).points, purpose=Purpose.VERIFICATION)
    await intake.record(KEY, task.id, known, attested=True, by=agent)
    _, agent, task = await office()
    tried = [await given(rows=Row.of(number).points, purpose=Purpose.VERIFICATION) for number in (1, 2)]
    unfit = replace(tried[1], consents=tuple(replace(each, purpose=Purpose.SALES) for each in tried[1].consents))  # fmt: skip
    codes = [
        await error_of(intake.record(OTHER, task.id, content, attested=True, by=agent))
        for content in (tried[0], unfit) * 4
    ]

    assert codes[:4] == ["CUSTOMER_KNOWN", "NOTICE_MISMATCH"] * 2
    assert codes[-2:] == ["RATE_LIMITED"] * 2
