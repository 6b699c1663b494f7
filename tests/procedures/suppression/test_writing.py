"""Nobody writes to an address whose owner left and wished to be left alone, and no stranger learns that they did."""

from dataclasses import replace
from pathlib import Path

import pytest

from models import (
    ContactPoint,
    Customer,
    Intake,
    Message,
    MessageChannel,
    MessageState,
    Template,
    opened,
)
from models.database import transaction
from models.errors import ProcedureError
from policies.actor import Actor
from procedures.current import installation
from procedures.intake import intake
from procedures.leaving import withdrawal
from procedures.message import delivery, outbox
from procedures.own import contact_point
from procedures.suppression import suppressed, suppression
from tests.procedures import records
from tests.procedures.importers import marked
from tests.procedures.intakes import PASSWORD, begun, error_of, given, visitor
from tests.procedures.ways_in import Row, Ways

pytestmark = pytest.mark.usefixtures("sending")


@pytest.fixture
def ways(tmp_path: Path) -> Ways:
    return Ways(tmp_path)


async def here(ways: Ways, row: Row) -> tuple[Customer, Actor]:
    """Somebody who came by a file, and is signed in."""
    assert await ways.file(row) is None
    customer = await Customer.get(id=await marked(row.key))
    return customer, await records.confirmed(await records.person(customer))


async def sharing(ways: Ways) -> tuple[tuple[Customer, Actor], tuple[Customer, Actor, ContactPoint]]:
    """Somebody, and a spouse, who share an address, and each proved it."""
    first, second = Row.of(1), replace(Row.of(2), email=Row.of(1).email, family="Kitaitė")
    spouse, gone = await here(ways, first)
    customer, person = await here(ways, second)
    points = {each.customer_id: each for each in await ContactPoint.filter(kind="EMAIL")}
    async with transaction():
        await contact_point.reached(points[spouse.id], gone, evidence="message 1")
        await contact_point.reached(points[customer.id], person, evidence="message 2")
    return (spouse, gone), (customer, person, points[customer.id])


async def couple(ways: Ways) -> tuple[Customer, Actor, ContactPoint]:
    """Somebody whose spouse leaves, and wishes that nobody writes to the address that they share."""
    (spouse, gone), (customer, person, point) = await sharing(ways)
    await withdrawal.begin(spouse.id, spouse.number, by=gone, suppress=True)
    return customer, person, point


@pytest.mark.every_database
async def test_no_message_goes_to_a_suppressed_address(ways: Ways):
    customer, person, point = await couple(ways)
    async with transaction():
        message = await outbox.queue(customer.id, Template.INTAKE_COMPLETED, number=customer.number)

    assert (message.channel, message.contact_point_id) == (MessageChannel.ACCOUNT, None)
    with pytest.raises(suppression.TraitUnusable):
        await contact_point.verify(point.id, by=person)
    where = outbox.Destination(MessageChannel.EMAIL, (await opened(point)).value.upper())
    async with transaction():
        with pytest.raises(suppression.Suppressed):
            await outbox.put(customer.id, Template.INTAKE_COMPLETED, where, "en", number=customer.number)


async def test_a_message_that_waited_when_its_address_was_suppressed_is_not_sent(ways: Ways):
    (spouse, gone), (customer, _, _) = await sharing(ways)
    async with transaction():
        await outbox.queue(customer.id, Template.INTAKE_COMPLETED, number=customer.number)
    await withdrawal.begin(spouse.id, spouse.number, by=gone, suppress=True)
    await delivery.deliver()

    message = await Message.get()
    assert (message.state, message.code) == (MessageState.FAILED, "ADDRESS_SUPPRESSED")


async def test_a_visitor_is_answered_alike_and_nothing_of_theirs_is_kept(ways: Ways):
    await couple(ways)
    row = Row.of(1)
    answers = [await begun(await given(rows=each.points), f"{each.key:0>22}") for each in (row, Row.of(7))]

    kept = [await Intake.get(id=each.id) for each in answers]
    assert [each.content is None for each in kept] == [True, False]
    assert answers[0].expires_at == answers[1].expires_at
    confirming = {"attested": True, "by": visitor(), "address": "192.0.2.1"}
    codes = [
        await error_of(intake.confirm(f"{each.key:0>22}", "000000", PASSWORD, **confirming))  # type: ignore[arg-type]  # as every test says it
        for each in (row, Row.of(7))
    ]
    assert codes == ["CODE_WRONG", "CODE_WRONG"]


async def test_as_much_is_computed_for_a_visitor_whoever_left(ways: Ways):
    await couple(ways)
    remembered = installation().instance(suppression.Remembered)
    counts = []
    for number in (1, 8):
        remembered.clear()
        await suppressed([("EMAIL", Row.of(number).email), ("PHONE", Row.of(number).phone)], constantly=True)
        counts.append(len(remembered))
    # What was computed before is computed again.
    right = dict(remembered)
    remembered.update(dict.fromkeys(right, b"another"))
    await suppressed([("EMAIL", Row.of(8).email), ("PHONE", Row.of(8).phone)], constantly=True)

    assert (counts, dict(remembered)) == ([3, 3], right)


async def test_nothing_is_computed_for_a_visitor_of_whom_only_imports_ask(ways: Ways):
    customer, person = await here(ways, Row.of(1))
    await withdrawal.begin(customer.id, customer.number, by=person)
    installation().instance(suppression.Remembered).clear()

    assert not await suppressed([("EMAIL", Row.of(1).email)])
    assert not installation().instance(suppression.Remembered)


async def test_a_visitor_has_no_more_looked_up_than_a_few(ways: Ways):
    rows = [point for number in range(3) for point in Row.of(number).points]
    assert await error_of(begun(await given(rows=rows))) == "BAD_USER_INPUT"


async def test_a_customer_who_tries_addresses_is_slowed_down(ways: Ways):
    customer, person, _ = await couple(ways)
    gone, codes = Row.of(1), []
    for _ in range(8):
        try:
            await ways.added(gone, person)
        except ProcedureError as error:
            codes.append(error.code)

    assert codes[:4] == ["CONTACT_UNUSABLE"] * 4
    assert codes[-1] == "RATE_LIMITED"
    assert customer.id
