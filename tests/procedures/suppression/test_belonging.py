"""Whoever leaves and wishes to be left alone silences nobody else: not who proved the address, nor whose it was before."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models import (
    Category,
    ContactKind,
    ContactPoint,
    Customer,
    Identity,
    MessageChannel,
    PersonalCode,
    Purpose,
    Suppression,
    Template,
)
from models.database import transaction
from policies.actor import Actor
from procedures import consent as consents
from procedures.consent import give
from procedures.leaving import withdrawal
from procedures.message import outbox
from procedures.own import add, contact_point, remove
from procedures.suppression import standing, suppressed
from tests.procedures import records
from tests.procedures.importers import NOW, marked
from tests.procedures.records import Clock
from tests.procedures.ways_in import Row, Ways

pytestmark = pytest.mark.usefixtures("sending")

OWN, ANOTHERS = Row.of(1), replace(Row.of(2), family="Kitaitė")
#: When people sign in, after they came by a file.
LATER = NOW + timedelta(hours=1)
MAIL, CODE = ("EMAIL", ANOTHERS.email), ("PERSONAL_CODE UA", ANOTHERS.code)


@pytest.fixture
def ways(tmp_path: Path) -> Ways:
    return Ways(tmp_path)


async def here(ways: Ways, row: Row, *, proved: bool = False) -> tuple[Customer, Actor]:
    """Somebody who came by a file, is signed in, and may have proved the e-mail address by a code."""
    ways.importer.now += timedelta(minutes=1)
    assert await ways.file(row) is None
    customer = await Customer.get(id=await marked(row.key))
    person = await records.confirmed(replace(await records.person(customer), clock=Clock(LATER)))
    if proved:
        await prove(customer, person)
    return customer, person


async def prove(customer: Customer, person: Actor) -> None:
    async with transaction():
        point = await ContactPoint.get(customer_id=customer.id, kind="EMAIL")
        await contact_point.reached(point, person, evidence="message 1")


async def claim(person: Actor, row: Row = ANOTHERS) -> ContactPoint:
    """Add somebody's address to one's own data, without proof."""
    assert person.customer_id
    notice = await records.notice(Purpose.SUPPORT)
    await give(
        person.customer_id, Category.CONTACT_POINT, Purpose.SUPPORT, notice.id, by=person, evidence="form"
    )
    values = {"kind": ContactKind.EMAIL, "value": row.email.upper()}
    return await add(ContactPoint, person.customer_id, values, by=person)  # type: ignore[return-value]  # as the model says


async def leave(customer: Customer, person: Actor) -> None:
    await withdrawal.begin(customer.id, customer.number, by=person, suppress=True)


async def hears(customer: Customer) -> bool:
    """Whether a message to a customer leaves the account."""
    async with transaction():
        message = await outbox.queue(customer.id, Template.INTAKE_COMPLETED, number=customer.number)
    return message.channel is MessageChannel.EMAIL


@pytest.mark.every_database
async def test_whoever_claims_an_address_and_leaves_silences_nobody_who_proved_it(ways: Ways):
    gone, liar = await here(ways, OWN)
    customer, person = await here(ways, ANOTHERS, proved=True)
    await claim(liar)
    await leave(gone, liar)

    assert await hears(customer)
    assert await claim(person, ANOTHERS)
    assert await ways.file(ANOTHERS, update=True) is None
    assert await standing([MAIL]) == {MAIL: False}
    assert await suppressed([("EMAIL", OWN.email)])


async def test_nor_whose_it_was_before(ways: Ways):
    customer, person = await here(ways, ANOTHERS)
    gone, liar = await here(ways, OWN)
    await claim(liar)
    await leave(gone, liar)

    point = await ContactPoint.get(customer_id=customer.id, kind="EMAIL")
    await contact_point.verify(point.id, by=person)
    assert not await suppressed([MAIL])


async def test_nor_by_an_address_that_was_removed_before(ways: Ways):
    customer, _ = await here(ways, ANOTHERS, proved=True)
    gone, liar = await here(ways, OWN)
    await remove(ContactPoint, (await claim(liar)).id, by=liar)
    await leave(gone, liar)

    assert await hears(customer)


async def test_nor_by_one_that_went_with_its_category(ways: Ways):
    customer, _ = await here(ways, ANOTHERS, proved=True)
    gone, liar = await here(ways, OWN)
    await claim(liar)
    await consents.consents.withdraw(gone.id, consents.ConsentFilter(Category.CONTACT_POINT), by=liar)
    await leave(gone, liar)

    assert await hears(customer)
    assert await suppressed([("EMAIL", OWN.email)])


async def test_nor_who_proved_it_after_it_had_been_given_up(ways: Ways):
    gone, liar = await here(ways, OWN)
    await remove(ContactPoint, (await claim(liar)).id, by=liar)
    customer, _ = await here(ways, ANOTHERS, proved=True)
    await leave(gone, liar)

    assert await hears(customer)


async def test_a_personal_code_that_was_only_said_silences_nobody_whose_identity_was_verified(ways: Ways):
    gone, liar = await here(ways, replace(OWN, code=ANOTHERS.code))
    customer, _ = await here(ways, replace(ANOTHERS, code=Row.of(3).code))
    code = await PersonalCode.get(customer_id=customer.id)
    code.fill(PersonalCode.Content(code=ANOTHERS.code, country="UA"))
    await code.save()
    await Identity.filter(customer_id=customer.id).update(verified_at=NOW)
    await leave(gone, liar)

    assert await standing([CODE]) == {CODE: False}


async def test_the_same_digits_of_another_country_are_another_code(ways: Ways):
    gone, person = await here(ways, OWN)
    customer, _ = await here(ways, ANOTHERS)
    code = await PersonalCode.get(customer_id=customer.id)
    code.fill(PersonalCode.Content(code=OWN.code, country="LV"))
    code.country_digest = "LV"
    await code.save()
    await Identity.filter(customer_id=customer.id).update(verified_at=NOW)
    await leave(gone, person)

    assert await suppressed([("PERSONAL_CODE UA", OWN.code)])


async def test_whoever_proved_it_silences_it_for_all_who_share_it(ways: Ways):
    gone, person = await here(ways, ANOTHERS, proved=True)
    customer, other = await here(ways, OWN)
    await claim(other)
    await leave(gone, person)

    assert await suppressed([MAIL])
    point = await ContactPoint.filter(customer_id=customer.id, kind="EMAIL").order_by("-collected_at").first()
    assert point
    with pytest.raises(Exception, match="cannot be used here"):
        await contact_point.verify(point.id, by=other)


async def test_what_nobody_else_has_is_suppressed_although_it_was_never_proved(ways: Ways):
    gone, person = await here(ways, OWN)
    await claim(person)
    await leave(gone, person)

    assert await suppressed([MAIL])
    assert await Suppression.filter(imports_only=False).count() == 4
