"""Data that are restricted are kept and used by nobody, from the next statement on."""

import pytest

from models import Category, ContactPoint
from models.event import Event
from policies.errors import Refused
from procedures.consent import consent
from procedures.errors import NotFound
from procedures.instruction.errors import AlreadyRestricted, NotRestricted
from procedures.leaving import withdrawal
from procedures.own import restriction
from tests import ledger
from tests.people import Office

ALL = [(category, "support") for category in ("identity", "contact_point", "order")]


@pytest.mark.every_database
async def test_an_open_session_of_staff_sees_nothing_from_the_next_statement_on(office: Office):
    ruta = await office.agent("support")
    first, second = await office.customer(ALL), await office.customer(ALL)
    for customer in (first, second):
        await office.task(ruta, customer, "support")
    asked = (
        "{ customers { nodes { number contactPoints { value } orders { number } identity { familyName } } } }"
    )
    assert "jone@example.org" in str((await ruta.asks(asked)).data)

    for customer in (first, second):
        herself = await office.himself(customer)
        await restriction.begin(customer.id, by=herself.actor)

    nodes = (await ruta.asks(asked)).data["customers"]["nodes"]
    assert sorted(node["number"] for node in nodes) == sorted([first.number, second.number])
    assert {(str(node["contactPoints"]), str(node["orders"]), node["identity"]) for node in nodes} == {
        ("None", "None", None)
    }


async def test_customers_read_and_withdraw_as_ever(office: Office):
    customer = await office.customer(ALL)
    herself = await office.himself(customer)
    await restriction.begin(customer.id, by=herself.actor)

    assert (await herself.reads(customer, "contactPoints.value")).value == ["jone@example.org"]
    given = await customer.consents.filter(category=Category.CONTACT_POINT).get()  # type: ignore[attr-defined]  # the other way
    assert (await consent.withdraw(given.id, by=herself.actor)).erased_rows == 1
    confirmed = (await office.session(herself)).actor
    await withdrawal.begin(customer.id, customer.number, by=confirmed)
    assert not await ContactPoint.all().exists()


async def test_once_it_is_lifted_tasks_and_consents_open_again(office: Office):
    ruta, customer = await office.agent("support"), await office.customer(ALL)
    await office.task(ruta, customer, "support")
    herself = await office.himself(customer)
    await restriction.begin(customer.id, by=herself.actor)
    await restriction.end(customer.id, by=herself.actor)

    assert (await ruta.reads(customer, "contactPoints.value")).granted
    assert await ledger.data(Event.RESTRICTION_BEGUN) == [{"customer": str(customer.id)}]
    assert await ledger.data(Event.RESTRICTION_ENDED) == [{"customer": str(customer.id)}]


@pytest.mark.parametrize("role", ["agent", "manager", "administrator", "privacy_officer"])
async def test_nobody_else_restricts(office: Office, role: str):
    customer, someone = await office.customer(), await office.employee(role, purposes=["support"])
    await office.task(someone, customer, "support")
    other = await office.himself(await office.customer())
    for by in (someone, other):
        for change in (restriction.begin, restriction.end):
            with pytest.raises(Refused):
                await change(customer.id, by=by.actor)


async def test_what_is_so_already_is_said_and_not_recorded_again(office: Office):
    customer = await office.customer()
    herself = await office.himself(customer)
    with pytest.raises(NotRestricted):
        await restriction.end(customer.id, by=herself.actor)
    await restriction.begin(customer.id, by=herself.actor)
    with pytest.raises(AlreadyRestricted):
        await restriction.begin(customer.id, by=herself.actor)
    assert len(await ledger.data(Event.RESTRICTION_BEGUN)) == 1


async def test_who_has_left_is_not_restricted(office: Office):
    customer = await office.customer(status="WITHDRAWN")
    herself = await office.himself(customer)
    with pytest.raises(NotFound):
        await restriction.begin(customer.id, by=herself.actor)
