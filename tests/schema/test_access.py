"""Who has looked at a customer's data: told to the customer and to privacy officers, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest

import models
from models import Access
from schema.reading import encode
from tests.contents import NOON
from tests.people import Answer, Office, Someone

LOG = """query ($of: ID!, $first: Int! = 50, $after: String) {
  accessLog(customerId: $of, first: $first, after: $after) {
    nodes { at actorKind actorRoles purposes fields taskIds withheld { field reason } }
    pageInfo { endCursor hasNextPage } } }"""
CONSENTS = [("identity", "support"), ("contact_point", "support"), ("postal_address", "delivery")]


async def log(reader: Someone, customer: models.Customer, **variables: Any) -> Answer:
    """A page of a customer's log."""
    return await reader.asks(LOG, of=encode("Customer", customer.id), **variables)


async def shown(reader: Someone, customer: models.Customer) -> list[dict[str, Any]]:
    """The readings that somebody is shown."""
    answer = await log(reader, customer)
    assert not answer.errors
    nodes: list[dict[str, Any]] = answer.data["accessLog"]["nodes"]
    return nodes


async def test_customers_see_role_task_purpose_and_fields(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer(CONSENTS)
    task = await office.task(ruta, customer, "support")
    await ruta.asks("{ customers { nodes { identity { familyName } postalAddresses { city } } } }")

    (reading,) = await shown(await office.himself(customer), customer)

    assert reading == {
        "at": "2026-06-01T12:00:00+00:00",
        "actorKind": "EMPLOYEE",
        "actorRoles": ["AGENT"],
        "purposes": ["SUPPORT"],
        "fields": ["Customer.identity", "Identity.familyName"],
        "taskIds": [encode("Task", task.id)],
        "withheld": [],
    }


async def test_customers_are_not_told_who_it_was(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer(CONSENTS)
    await office.task(ruta, customer, "support")
    await ruta.asks("{ customers { nodes { number } } me { ... on Employee { id name } } }")

    answer = await log(await office.himself(customer), customer)

    assert isinstance(ruta.record, models.Employee)
    hidden = [
        ruta.record.name,
        str(ruta.record.id),
        str(ruta.actor.actor_id),
        encode("Employee", ruta.record.id),
    ]
    assert answer.data["accessLog"]["nodes"]
    assert not [word for word in hidden if word in str(answer.data)]


async def test_a_task_that_opened_the_data_can_be_looked_up(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer(CONSENTS)
    await office.task(ruta, customer, "support")
    await ruta.asks("{ customers { nodes { number } } }")
    himself = await office.himself(customer)
    (reading,) = await shown(himself, customer)

    answer = await himself.asks("query ($id: ID!) { task(id: $id) { purpose } }", id=reading["taskIds"][0])

    assert answer.data == {"task": {"purpose": "SUPPORT"}}


async def test_a_subcontractor_is_told_as_such(office: Office) -> None:
    partner, customer = await office.partner(), await office.customer(CONSENTS)
    agreement = await office.agreement(partner, "delivery", "postal_address.city")
    van = await office.partner_client(partner, "delivery")
    await office.task(van, customer, "delivery", agreement=agreement)
    await van.reads(customer, "postalAddresses.city")

    (reading,) = await shown(await office.himself(customer), customer)

    assert (reading["actorKind"], reading["actorRoles"]) == ("PARTNER_CLIENT", [])
    assert reading["fields"] == ["Customer.postalAddresses", "PostalAddress.city"]


async def test_nobody_else_sees_a_log(office: Office) -> None:
    customer, other = await office.customer(CONSENTS), await office.customer(CONSENTS)
    himself, officer = await office.himself(customer), await office.employee("privacy_officer")
    ruta = await office.agent("support")
    await office.task(ruta, customer, "support")
    partner = await office.partner()
    await himself.asks("{ me { ... on Customer { number } } }")
    others = [
        ruta, await office.employee("manager", purposes=["support"]), await office.employee("administrator"),
        await office.himself(other), await office.partner_client(partner, "delivery"),
    ]  # fmt: skip

    (access,) = await Access.filter(customer_id=customer.id)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for reader in others:
        assert await shown(reader, customer) == []
        assert (await reader.asks(node, id=encode("Access", access.id))).data == {"node": None}
    assert (await log(office.stranger(), customer)).codes == ["UNAUTHENTICATED"]
    assert len(await shown(officer, customer)) == 1
    assert await shown(officer, other) == []


async def test_who_looks_at_the_log_is_in_it(office: Office) -> None:
    customer, officer = await office.customer(), await office.employee("privacy_officer")
    await officer.asks(
        "query ($id: ID!) { customer(id: $id) { number } }", id=encode("Customer", customer.id)
    )
    himself = await office.himself(customer)

    office.now = NOON + timedelta(minutes=1)
    await log(officer, customer)
    latest, first = await shown(himself, customer)

    assert first["fields"] == ["Customer.number"]
    assert (latest["actorRoles"], latest["at"]) == (["PRIVACY_OFFICER"], "2026-06-01T12:01:00+00:00")
    assert "Access.fields" in latest["fields"]


@pytest.mark.every_database
async def test_the_log_comes_page_by_page_the_latest_first(office: Office) -> None:
    customer, officer = await office.customer(), await office.employee("privacy_officer")
    for minute in range(7):
        # Two of them at the same instant: every reading comes once all the same.
        office.now = NOON + timedelta(minutes=minute // 2)
        await officer.asks(
            "query ($id: ID!) { customer(id: $id) { number } }", id=encode("Customer", customer.id)
        )
    office.now = NOON - timedelta(days=1)

    found: list[str] = []
    after, more = None, True
    while more:
        page = (await log(officer, customer, first=2, after=after)).data["accessLog"]
        found += [node["at"] for node in page["nodes"] if node["fields"] == ["Customer.number"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert found == sorted(found, reverse=True)
    assert len(found) == 7


async def test_what_was_withheld_from_somebody_is_not_in_the_log(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer(CONSENTS)
    await office.task(ruta, customer, "support")
    himself = await office.himself(customer)

    await ruta.asks("{ customers { nodes { postalAddresses { street } orders { total } } } }")

    (reading,) = await shown(himself, customer)
    assert reading["fields"] == ["Customer.id"]
