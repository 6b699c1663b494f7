"""An import is about whom its addresses find: a no holds for the person, under whatever key a file names them."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from models import Category, Consent, ContactPoint, Customer, Identity, PersonalCode, Purpose, Role
from models.database import transaction
from policies.actor import Actor
from procedures import consent as consents
from procedures.consent import expiry
from procedures.own import add, contact_point, remove
from tests.campaigns import Campaign
from tests.clocks import at, ran_until
from tests.procedures import records
from tests.procedures.importers import NOW, marked
from tests.procedures.instructing import SAID, approved
from tests.procedures.ways_in import BY, HEADER, Row, Ways

pytestmark = pytest.mark.usefixtures("database")

CATEGORIES = (Category.IDENTITY, Category.CONTACT_POINT, Category.PERSONAL_CODE)


@pytest.fixture
def ways(tmp_path: Path) -> Ways:
    return Ways(tmp_path)


async def officer() -> Actor:
    signed = await records.employee(Role("privacy_officer"))
    return await records.confirmed(records.staff(signed, Role("privacy_officer")))


async def withdrawn(customer: Customer, person: Actor) -> None:
    for category in CATEGORIES:
        await consents.consents.withdraw(customer.id, consents.ConsentFilter(category), by=person)


async def revoked(customer: Customer, person: Actor) -> None:
    by = await officer()
    for each in await Consent.filter(customer_id=customer.id):
        await approved((await consents.revoke(each.id, by=by, evidence=SAID)).instruction)


async def invalidated(customer: Customer, person: Actor) -> None:
    by = await officer()
    for each in await Consent.filter(customer_id=customer.id):
        await approved((await consents.invalidate(each.id, by=by, evidence=SAID)).instruction)


async def expired(customer: Customer, person: Actor) -> None:
    await Consent.filter(customer_id=customer.id).update(expires_at=NOW)
    await ran_until(NOW)
    await expiry.expire(clock=at(NOW))


async def refused(customer: Customer, person: Actor) -> None:
    shown = await records.notice(Purpose.SALES)
    asked = await consents.request(customer.id, CATEGORIES, Purpose.SALES, shown.id, by=await officer())
    for each in asked:
        await consents.refuse(each.id, by=person)


async def objected(customer: Customer, person: Actor) -> None:
    await records.notice(Purpose.SALES)
    await consents.object(customer.id, Purpose.SALES, by=person)


#: Each kind of no, and the purpose for which a file brings a yes: where a whole category ended, another one.
NOS: dict[str, tuple[Callable[[Customer, Actor], Awaitable[None]], Purpose]] = {
    "withdrawn": (withdrawn, Purpose.DELIVERY),
    "revoked": (revoked, Purpose.DELIVERY),
    "invalidated": (invalidated, Purpose.DELIVERY),
    "expired": (expired, Purpose.DELIVERY),
    "refused": (refused, Purpose.SALES),
    "objected": (objected, Purpose.SALES),
}
#: By the key of another source nobody is found.
CASES = [
    (no, way, by)
    for no, way, by in product(NOS, ("file", "update", "archive"), BY)
    if (way, by) != ("archive", "key")
]


async def here(ways: Ways, row: Row) -> tuple[Customer, Actor]:
    """Somebody who came by a file for support, and who is signed in."""
    ways.importer.purposes = (Purpose.SUPPORT,)
    assert await ways.file(row) is None
    customer = await Customer.get(id=await marked(row.key))
    return customer, await records.confirmed(await records.person(customer))


async def permitted() -> set[tuple[object, ...]]:
    found = await Consent.filter(permits=True).values("customer_id", "category", "purpose")
    return {tuple(each.values()) for each in found}


@pytest.mark.every_database
async def test_a_no_is_never_answered_by_an_import(ways: Ways, campaign: Campaign):
    chance = random.Random(47)  # noqa: S311 a test's chance, to be repeated
    cases = chance.sample(CASES, campaign.of(short=9, long=len(CASES)))
    campaign.tried(len(cases), "kinds of no by imports")
    for number, (no, way, by) in enumerate(cases):
        row = Row.of(2 * number)
        customer, person = await here(ways, row)
        say, ways.importer.purposes = NOS[no][0], (NOS[no][1],)
        await say(customer, person)
        before, again = await permitted(), row.found_by(by, 2 * number + 1)

        if way == "archive":
            assert await ways.archive(again) == "CUSTOMER_KNOWN"
            code = await ways.archive(again, customer.number)
        else:
            code = await (ways.file if way == "file" else ways.update)(again)

        # A changed row of a known key is left alone, unless it is to be taken over.
        assert code == (None if (way, by) == ("file", "key") else "CONSENT_REQUIRED"), (no, way, by)
        assert await permitted() == before, (no, way, by)


@pytest.mark.every_database
async def test_one_person_under_several_keys_is_one_customer(ways: Ways):
    first = Row.of(1)
    rows = [first, first.found_by("email", 2), first.found_by("phone", 3)]
    whole = await ways.report(*[Row(each.key, each.email, each.phone, first.code) for each in rows])

    assert (whole.created, whole.recognised, whole.recognised_lines) == (1, 2, [3, 4])
    assert await Customer.all().count() == 1
    assert await ContactPoint.all().count() == 4
    assert (
        await ways.report(*[Row(each.key, each.email, each.phone, first.code) for each in rows])
    ).unchanged == 3


async def test_a_dry_run_says_who_would_be_recognised(ways: Ways):
    await here(ways, Row.of(1))
    report = await ways.report(Row("n77", Row.of(1).email, Row.of(2).phone, Row.of(1).code), dry_run=True)

    assert (report.recognised, report.recognised_lines, await ContactPoint.all().count()) == (1, [2], 2)


async def test_a_row_of_several_customers_is_of_none(ways: Ways):
    one, other = Row.of(1), Row.of(2)
    await ways.file(one, other)

    assert await ways.file(Row("n77", one.email, other.phone, Row.of(3).code)) == "CUSTOMER_AMBIGUOUS"
    assert await ways.update(Row(one.key, other.email, one.phone, one.code)) == "CUSTOMER_DIFFERS"


async def test_whoever_shares_an_address_is_somebody_else_for_whom_the_no_holds(ways: Ways):
    customer, person = await here(ways, Row.of(1))
    relative = Row("n77", Row.of(1).email, Row.of(2).phone, Row.of(2).code, family="Jonaitė")
    await objected(customer, person)
    ways.importer.purposes = (Purpose.SUPPORT, Purpose.SALES)
    assert await ways.file(relative) is None
    await withdrawn(customer, person)
    another = Row("n78", Row.of(1).email, Row.of(3).phone, Row.of(3).code, family="Kitaitė")

    assert await ways.file(another) == "CONSENT_REQUIRED"
    assert await Customer.all().count() == 2
    assert not await Consent.filter(permits=True, purpose=Purpose.SALES).exists()


async def test_an_address_that_was_removed_here_does_not_come_back_until_its_owner_says_so(ways: Ways):
    row = Row.of(1)
    customer, person = await here(ways, row)
    point = await ContactPoint.get(customer_id=customer.id, kind="EMAIL")
    await remove(ContactPoint, point.id, by=person)
    again = Row("n77", row.email, row.phone, row.code)

    assert await ways.file(again) == "CHANGED_HERE"
    assert await ways.update(Row(row.key, row.email, Row.of(2).phone, row.code)) == "CHANGED_HERE"
    await add(ContactPoint, customer.id, {"kind": "EMAIL", "value": row.email}, by=person)
    assert await ways.file(again) is None


async def test_a_row_that_is_refused_leaves_nothing_behind_for_the_next(ways: Ways):
    row = Row.of(1)
    customer, person = await here(ways, row)
    await consents.consents.withdraw(customer.id, consents.ConsentFilter(Category.PERSONAL_CODE), by=person)
    ways.importer.purposes = (Purpose.DELIVERY,)
    whole = Row("n77", row.email, Row.of(2).phone, row.code)
    without_code = f"n78,Ona,Petraitė,{row.email},{Row.of(3).phone},,"
    lines = ["id,given,family,email,phone,code,country", whole.line, without_code]
    report = await ways.importer.customers(file=ways.importer.file(*lines))

    assert (dict(report.faults), report.recognised) == ({"CONSENT_REQUIRED": 1}, 1)
    assert await ContactPoint.filter(customer_id=customer.id).count() == 3


async def claimed(person: Actor, row: Row) -> None:
    """Somebody adds an address of another's to their own data, and proves nothing."""
    assert person.customer_id
    await add(ContactPoint, person.customer_id, {"kind": "EMAIL", "value": row.email.upper()}, by=person)


async def test_what_a_customer_only_says_of_themselves_brings_them_nobody_elses_data(ways: Ways):
    """Else whoever knows an address, and the name with it, would be given what a file tells of its owner."""
    liar, person = await here(ways, Row.of(1))
    await claimed(person, Row.of(2))
    nameless = f"k3,,,{Row.of(2).email},{Row.of(3).phone},,"

    assert await ways.file(Row.of(2)) == "CUSTOMER_UNPROVED"
    report = await ways.importer.customers(file=ways.importer.file(HEADER, nameless))
    assert dict(report.faults) == {"CUSTOMER_UNPROVED": 1}
    assert await Customer.all().count() == 1
    assert await ContactPoint.filter(customer_id=liar.id).count() == 3


async def test_once_it_is_proved_they_are_recognised_by_it(ways: Ways):
    _, person = await here(ways, Row.of(1))
    await claimed(person, Row.of(2))
    async with transaction():
        point = await ContactPoint.filter(collected_by=person.actor_id).get()
        await contact_point.reached(point, person, evidence="message 1")

    assert await ways.file(replace(Row.of(2), code=Row.of(1).code)) is None
    assert await Customer.all().count() == 1


async def test_a_personal_code_that_was_only_said_is_proved_by_documents(ways: Ways):
    customer, person = await here(ways, Row.of(1))
    await PersonalCode.filter(customer_id=customer.id).update(collected_by=person.actor_id)
    by_code = replace(Row.of(2), code=Row.of(1).code, family="Ištekėjusi")

    assert await ways.file(by_code) == "CUSTOMER_UNPROVED"
    await Identity.filter(customer_id=customer.id).update(verified_at=NOW)
    assert await ways.file(by_code) == "CUSTOMER_DIFFERS"


async def test_what_somebody_only_says_keeps_nobody_elses_file_out(ways: Ways):
    first, second = Row.of(1), Row.of(2)
    await here(ways, second)
    _, liar = await here(ways, first)
    await claimed(liar, second)

    assert await ways.update(replace(second, phone=Row.of(4).phone)) is None
    report = await ways.report(replace(second, key="k9"))
    assert (dict(report.faults), report.recognised) == ({}, 1)


async def test_but_what_they_refused_holds_for_the_row(ways: Ways):
    second = Row.of(2)
    await here(ways, second)
    customer, liar = await here(ways, Row.of(1))
    await claimed(liar, second)
    await objected(customer, liar)
    ways.importer.purposes = (Purpose.SALES,)

    await ways.file(replace(second, key="k9", phone=Row.of(4).phone))
    assert not await Consent.filter(permits=True, purpose=Purpose.SALES).exists()
