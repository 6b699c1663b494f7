"""Who was deactivated while a request of theirs is under way reads nothing from the next statement on: the policies ask."""

from collections.abc import Awaitable, Callable

import pytest

import models
from schema.reading import encode
from tests.people import Office, Someone

ABOUT_ITSELF = """{ me { ... on PartnerClient { name partner { name } } }
    tasks { nodes { purpose } } obligations { nodes { dueAt } } }"""
CLOSE = "mutation ($id: ID!) { taskClose(input: {taskId: $id, outcome: DONE}) { userErrors { code } } }"

Deactivating = Callable[[Someone], Awaitable[object]]


@pytest.fixture
def office(database: str) -> Office:
    return Office()


async def its_account(someone: Someone) -> None:
    await models.Account.filter(id=someone.actor.actor_id).update(active=False)


async def its_company(someone: Someone) -> None:
    await models.Partner.filter(id=someone.actor.partner_id).update(active=False)


@pytest.mark.every_database
@pytest.mark.parametrize("deactivate", [its_account, its_company])
async def test_a_deactivated_partner_reads_and_does_nothing_by_its_task(
    office: Office, deactivate: Deactivating
) -> None:
    customer, partner = await office.customer([("postal_address", "delivery")]), await office.partner()
    agreement = await office.agreement(partner, "delivery", "postal_address.street")
    van = await office.partner_client(partner, "delivery")
    task = await office.task(van, customer, "delivery", agreement=agreement)
    assert (await van.reads(customer, "postalAddresses.street")).granted

    await deactivate(van)

    assert (await van.reads(customer, "postalAddresses.street")).absent
    assert (await van.reads(customer, "number")).absent
    assert (await van.asks("{ tasks { nodes { purpose } } }")).data == {"tasks": {"nodes": []}}
    assert (await van.asks(CLOSE, id=encode("Task", task.id))).codes == ["FORBIDDEN"]
    assert (await models.Task.get(id=task.id)).status is models.TaskStatus.OPEN


async def test_a_partner_that_is_deactivated_sees_not_even_itself_and_what_it_owes(office: Office) -> None:
    customer, partner = await office.customer(), await office.partner()
    van = await office.partner_client(partner)
    obligation = await models.Obligation.create(
        partner_id=partner.id, customer_id=customer.id, created_at=office.now, due_at=office.now
    )
    before = (await van.asks(ABOUT_ITSELF)).data
    assert before["me"] == {"name": "Van", "partner": {"name": partner.name}}
    assert len(before["obligations"]["nodes"]) == 1

    await its_company(van)

    assert (await van.asks(ABOUT_ITSELF)).data == {
        "me": None, "tasks": {"nodes": []}, "obligations": {"nodes": []},
    }  # fmt: skip
    assert (await models.Obligation.get(id=obligation.id)).acknowledged_at is None


async def test_a_deactivated_employee_reads_and_does_nothing_by_a_task(office: Office) -> None:
    customer, ruta = await office.customer([("identity", "support")]), await office.agent("support")
    task = await office.task(ruta, customer, "support")
    assert (await ruta.reads(customer, "identity.familyName")).granted

    await its_account(ruta)

    assert (await ruta.reads(customer, "identity.familyName")).absent
    assert (await ruta.asks(CLOSE, id=encode("Task", task.id))).codes == ["FORBIDDEN"]


async def test_break_glass_access_ends_with_the_account_of_whoever_asked_for_it(office: Office) -> None:
    customer, ruta = await office.customer([("identity", "support")]), await office.agent("support")
    await office.break_glass(ruta, customer, "support", "identity", approver=await office.employee("manager"))
    assert (await ruta.reads(customer, "identity.familyName")).granted

    await its_account(ruta)

    assert (await ruta.reads(customer, "identity.familyName")).absent
