"""Requests through the schema: who may do what, who sees what, and whom else it is told."""

from typing import Any

import pytest

import models
from models import Request, opened
from schema.reading import encode
from tests import submissions
from tests.people import Answer, Office, Someone
from tests.procedures.asking import WANTED, WHY, Scene
from tests.schema.glass import DONE, NO, OUT, outcome

SEEN = "request { state wanted category } userErrors { code field }"
ALL = """id kind category recordId field wanted reason state receivedAt dueAt overdue extendedAt extensionReason decidedAt
decidedRoles decisionReason obligations { kind category recordId partner { name } acknowledgedAt }"""
LIST = "query ($filter: RequestFilter) { requests(filter: $filter) { nodes { wanted state dueAt } } }"

#: Who may do what to a request about an order: submits, takes back, puts off, grants, refuses; and sees that, and what.
TABLE = {
    "customer": (DONE, DONE, NO, NO, NO, True, True),
    "other customer": (NO, NO, NO, NO, NO, False, False),
    "clerk": (NO, NO, DONE, DONE, DONE, True, True),
    "clerk of no purpose": (NO, NO, NO, NO, NO, False, False),
    "clerk for delivery": (NO, NO, NO, NO, NO, False, False),
    "clerk without consent": (NO, NO, NO, NO, NO, True, False),
    "colleague": (NO, NO, NO, NO, NO, False, False),
    "manager": (NO, NO, NO, NO, NO, False, False),
    "privacy officer": (NO, NO, DONE, NO, DONE, True, False),
    "administrator": (NO, NO, NO, NO, NO, False, False),
    "partner": (NO, NO, NO, NO, NO, False, False),
    "stranger": (OUT, OUT, OUT, OUT, OUT, False, False),
}


@pytest.fixture
async def scene(office: Office) -> Scene:
    """Everybody who might want to."""
    made = await Scene.set_up(office)
    partner = await office.partner()
    van = await office.partner_client(partner, "billing")
    agreement = await office.agreement(partner, "billing", "order.number", "order.total")
    await office.task(van, made.customer, "billing", agreement=agreement)
    driver, helper = await office.agent("delivery"), await office.agent("support")
    await office.task(driver, made.customer, "delivery")
    await office.task(helper, made.customer, "support")
    made.people = {
        "customer": made.herself,
        "other customer": await office.himself(await office.customer()),
        "clerk": made.clerk,
        "clerk of no purpose": made.clerk.stating(),
        "clerk for delivery": driver,
        "clerk without consent": helper,
        "colleague": made.colleague,
        "manager": await office.employee("manager", purposes=["billing"]),
        "privacy officer": made.officer,
        "administrator": await office.employee("administrator", purposes=["billing"]),
        "partner": van,
        "stranger": office.stranger(),
    }
    return made


async def does(person: Someone, verb: str, **input: Any) -> Answer:
    """Somebody does something about a request."""
    kind = f"Request{verb}Input"
    return await person.asks(
        f"mutation ($input: {kind}!) {{ done: request{verb}(input: $input) {{ {SEEN} }} }}", input=input
    )


async def order(scene: Scene) -> str:
    """The order's identifier."""
    return encode("Order", (await models.Order.get(customer_id=scene.customer.id)).id)


@pytest.mark.parametrize("name", TABLE)
async def test_who_may_do_and_see_what(scene: Scene, name: str) -> None:
    person, found = scene.people[name], []
    asked = {"recordId": await order(scene), "field": "number", "wanted": WANTED, "reason": WHY}
    found.append(outcome(await does(person, "Submit", **asked)))
    await Request.all().delete()
    for verb, more in (
        ("Withdraw", {}),
        ("Extend", {"reason": WHY}),
        ("Grant", {}),
        ("Refuse", {"reason": WHY}),
    ):
        made = await scene.asks("total", f"{len(found)}.50")
        found.append(outcome(await does(person, verb, requestId=encode("Request", made.id), **more)))
        await Request.all().delete()
    await scene.asks()
    listed = await person.asks(LIST)
    nodes = listed.data["requests"]["nodes"] if not listed.codes else []
    assert (*found, bool(nodes), bool(nodes and nodes[0]["wanted"] == WANTED)) == TABLE[name]
    assert WANTED not in str(listed.data) or TABLE[name][-1]


async def test_customers_see_all_of_it_and_who_else_was_told(scene: Scene) -> None:
    made = await scene.asks()
    await does(scene.clerk, "Grant", requestId=encode("Request", made.id))
    answer = await scene.herself.asks(f"{{ me {{ ... on Customer {{ requests {{ {ALL} }} }} }} }}")

    (seen,) = answer.data["me"]["requests"]
    assert (seen["state"], seen["wanted"], seen["reason"], seen["decidedRoles"]) == (
        "GRANTED",
        WANTED,
        WHY,
        ["AGENT"],
    )
    partner = await models.Partner.get()
    owed = {"kind": "RECTIFY", "category": "ORDER", "recordId": await order(scene), "acknowledgedAt": None}
    assert seen["obligations"] == [owed | {"partner": {"name": partner.name}}]
    assert not (await scene.herself.asks("{ requests { nodes { decidedBy { name } } } }")).data["requests"][
        "nodes"
    ][0]["decidedBy"]


async def test_partners_who_had_it_are_told_and_say_that_they_did_it(scene: Scene) -> None:
    former = await scene.office.partner_client(await scene.office.partner(), "billing")
    other = await scene.office.agreement(
        await models.Partner.get(id=former.actor.partner_id), "billing", "postal_address.city"
    )
    await scene.office.task(former, scene.customer, "billing", agreement=other)
    made = await scene.asks()
    await does(scene.clerk, "Grant", requestId=encode("Request", made.id))

    owed = "{ obligations { nodes { id kind category recordId customerId } } }"
    assert (await former.asks(owed)).data["obligations"]["nodes"] == []
    (node,) = (await scene.people["partner"].asks(owed)).data["obligations"]["nodes"]
    assert (node["kind"], node["category"], node["recordId"]) == ("RECTIFY", "ORDER", await order(scene))
    done = await scene.people["partner"].asks(
        "mutation ($id: ID!) { done: obligationAcknowledge(input: {obligationId: $id}) { userErrors { code } } }",
        id=node["id"],
    )
    assert outcome(done) == DONE


async def test_who_decided_sees_that_it_is_decided_and_no_more(scene: Scene) -> None:
    made = await scene.asks()
    await models.Task.filter(id=made.task_id).update(assignee_id=scene.colleague.actor.actor_id)
    done = await does(scene.colleague, "Grant", requestId=encode("Request", made.id))
    assert outcome(done) == DONE
    assert done.data["done"]["request"] == {"state": "GRANTED", "wanted": None, "category": "ORDER"}


@pytest.mark.every_database
async def test_a_reading_of_what_is_asked_is_seen_by_the_customer(scene: Scene) -> None:
    await scene.asks()
    answer = await scene.clerk.asks("{ requests { nodes { wanted reason } } }")
    assert answer.data["requests"]["nodes"] == [{"wanted": WANTED, "reason": WHY}]


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({}, 2), ({"open": True}, 1), ({"open": False}, 1), ({"state": "GRANTED"}, 1), ({"state": "REFUSED"}, 0),
        ({"dueBefore": "2026-06-02T00:00:00Z"}, 0), ({"dueBefore": "2026-08-01T00:00:00Z", "open": True}, 1),
    ],
)  # fmt: skip
async def test_the_list_is_of_what_was_asked_for(scene: Scene, filter: Any, count: int) -> None:
    made = await scene.asks("total", "7")
    await does(scene.clerk, "Grant", requestId=encode("Request", made.id))
    await scene.asks()
    answer = await scene.officer.asks(LIST, filter=filter)
    assert len(answer.data["requests"]["nodes"]) == count
    assert {node["wanted"] for node in answer.data["requests"]["nodes"]} <= {None}


async def test_a_content_moved_to_another_request_does_not_open(scene: Scene) -> None:
    first, second = await scene.asks(), await scene.asks("total", "7")
    await Request.filter(id=second.id).update(content=(await Request.get(id=first.id)).content)
    answer = await scene.herself.asks("{ requests { nodes { id wanted withheld { reason } } } }")
    seen = {node["id"]: node for node in answer.data["requests"]["nodes"]}
    assert seen[encode("Request", second.id)]["wanted"] is None
    assert seen[encode("Request", second.id)]["withheld"] == [{"reason": "UNREADABLE"}]
    assert (await opened(await Request.get(id=first.id))).wanted == WANTED


async def sealed(scene: Scene, **values: str) -> Answer:
    """The customer asks about the health record, sealed."""
    row = await models.HealthRecord.get(customer_id=scene.customer.id)
    sent = await submissions.sealed(scene.herself, scene.customer, values, "health_record")
    return await does(scene.herself, "SubmitSealed", recordId=encode("HealthRecord", row.id), submission=sent)


async def test_what_is_said_of_health_comes_sealed_or_not_at_all(scene: Scene) -> None:
    row = await models.HealthRecord.get(customer_id=scene.customer.id)
    plain = {"recordId": encode("HealthRecord", row.id), "field": "abatedOn", "reason": WHY}
    assert outcome(await does(scene.herself, "Submit", **plain)) == "SEALED_ONLY"
    answer = await sealed(scene, field="description", wanted="Pollen allergy", reason=WHY)

    assert outcome(answer) == DONE
    assert answer.data["done"]["request"]["wanted"] == "Pollen allergy"
    vera = await scene.office.agent("care")
    await scene.office.task(vera, scene.customer, "care")
    made = await Request.get()
    assert outcome(await does(vera, "Grant", requestId=encode("Request", made.id))) == DONE
    assert (await opened(await models.HealthRecord.get(id=row.id))).description == "Pollen allergy"


async def test_sealing_is_no_way_around_anything(scene: Scene) -> None:
    other = await scene.office.customer([("health_record", "care")])
    row = await models.HealthRecord.get(customer_id=other.id)
    values = {"field": "description", "wanted": "Asthma", "reason": WHY}
    sent = await submissions.sealed(scene.herself, scene.customer, values, "health_record")
    foreign = {"recordId": encode("HealthRecord", row.id), "submission": sent}
    assert outcome(await does(scene.herself, "SubmitSealed", **foreign)) == "NOT_FOUND"
    assert outcome(await does(scene.clerk, "SubmitSealed", **foreign)) == NO
    assert outcome(await sealed(scene, field="description", reason=WHY)) == "BAD_USER_INPUT"
    assert outcome(await sealed(scene, field="description", wanted="Asthma", reason="")) == "BAD_USER_INPUT"
    assert outcome(await sealed(scene, field="token", wanted="Asthma", reason=WHY)) == "BAD_USER_INPUT"
    assert not await Request.all().exists()
