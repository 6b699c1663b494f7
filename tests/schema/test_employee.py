"""Who works here, and by which programs partners do: listed for those who look after people and work, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest

import models
from schema.reading import encode
from tests.people import Office, Someone

EMPLOYEES = """query ($filter: EmployeeFilter, $first: Int! = 50, $after: String) {
    employees(filter: $filter, first: $first, after: $after) {
        nodes { id name roles active openTasks overdueTasks withheld { field } } pageInfo { hasNextPage endCursor } } }"""
CLIENTS = """query ($filter: PartnerClientFilter) { partnerClients(filter: $filter) {
    nodes { id name active openTasks partner { name } } } }"""


async def employees(someone: Someone, **asked: Any) -> list[Any]:
    """The employees whom somebody lists."""
    answer = await someone.asks(EMPLOYEES, **asked)
    assert not answer.errors, answer.errors
    return list(answer.data["employees"]["nodes"])


async def clients(someone: Someone, **filter: Any) -> set[str]:
    """The clients of partners whom somebody lists."""
    answer = await someone.asks(CLIENTS, filter=filter)
    assert not answer.errors, answer.errors
    return {each["id"] for each in answer.data["partnerClients"]["nodes"]}


def id(someone: Someone) -> str:
    """The identifier of an employee or of a partner's client."""
    assert someone.record is not None
    return encode(type(someone.record).__name__, someone.record.id)


async def test_a_manager_sees_who_works_and_how_much_each_has_to_do(office: Office) -> None:
    manager, agent = await office.employee("manager"), await office.agent()
    customer = await office.customer()
    for days in (0, 30):
        await office.task(agent, customer, "support", days=days)
    await office.task(agent, customer, "support", status="CLOSED")

    boss, busy = await employees(manager)

    assert (boss["id"], boss["openTasks"], boss["overdueTasks"]) == (id(manager), 0, 0)
    assert (busy["id"], busy["roles"], busy["active"]) == (id(agent), ["AGENT"], True)
    assert (busy["openTasks"], busy["overdueTasks"]) == (2, 1)


async def test_an_administrator_sees_people_and_roles_and_not_what_they_have_to_do(office: Office) -> None:
    (seen,) = await employees(await office.employee("administrator"))

    assert (seen["roles"], seen["active"], seen["openTasks"]) == (["ADMINISTRATOR"], True, None)
    assert {each["field"] for each in seen["withheld"]} == {"openTasks", "overdueTasks"}


@pytest.mark.parametrize("role", ["agent", "front_desk"])
async def test_whoever_looks_after_nobody_lists_nobody(office: Office, role: str) -> None:
    await office.partner_client(await office.partner())
    someone = await office.employee(role)

    assert (await employees(someone), await clients(someone)) == ([], set())


async def test_neither_customers_nor_partners_list_who_works_here(office: Office) -> None:
    himself = await office.himself(await office.customer())
    client = await office.partner_client(await office.partner())

    assert [await employees(each) for each in (himself, client)] == [[], []]
    assert (await office.stranger().asks(EMPLOYEES)).codes == ["UNAUTHENTICATED"]


@pytest.mark.every_database
async def test_employees_are_found_by_role_and_by_whether_they_are_active(office: Office) -> None:
    officer, agent, left = (
        await office.employee("privacy_officer"),
        await office.agent(),
        await office.agent(),
    )
    await models.Account.filter(id=left.actor.actor_id).update(active=False)

    found = [
        {each["id"] for each in await employees(officer, filter=filter)}
        for filter in (
            {"active": True},
            {"active": False},
            {"role": "AGENT"},
            {"role": "AGENT", "active": True},
        )
    ]

    assert found == [{id(officer), id(agent)}, {id(left)}, {id(agent), id(left)}, {id(agent)}]
    (gone,) = await employees(officer, filter={"active": False})
    assert gone["active"] is False


async def test_employees_come_by_name_a_page_at_a_time(office: Office) -> None:
    manager = await office.employee("manager")
    for name in ("Zita", "Aldona"):
        await models.Employee.filter(id=(await office.agent()).record.id).update(name=name)  # type: ignore[union-attr]  # an employee has one

    first = (await manager.asks(EMPLOYEES, first=2)).data["employees"]
    rest = await employees(manager, first=2, after=first["pageInfo"]["endCursor"])

    assert [each["name"] for each in first["nodes"]] == ["Aldona", "Colleague 1"]
    assert [each["name"] for each in rest] == ["Zita"]


@pytest.mark.every_database
async def test_clients_of_partners_are_found_by_partner_and_by_what_they_are_bound_for(
    office: Office,
) -> None:
    bound, other = await office.partner(), await office.partner()
    await office.agreement(bound, "delivery", "identity.familyName")
    await office.agreement(other, "delivery", "identity.familyName", signed=False)
    van, bike = await office.partner_client(bound), await office.partner_client(other)
    manager = await office.employee("manager")

    assert await clients(manager) == {id(van), id(bike)}
    assert await clients(manager, partnerId=encode("Partner", other.id)) == {id(bike)}
    assert await clients(manager, purpose="DELIVERY") == {id(van)}
    assert await clients(manager, purpose="SUPPORT") == set()
    office.now += timedelta(days=60)
    assert await clients(manager, purpose="DELIVERY") == set()
