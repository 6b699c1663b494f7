"""Requests, refusals, objections and ends of consents through the schema: who may, and what they are told."""

import json
from typing import Any

import pytest

import models
from schema.reading import encode
from tests.people import Answer
from tests.schema.test_consent import PEOPLE, Scene, done, told, verdict

SEEN = "id category purpose state denied: state evidence collectionMethod withheld { field }"
MUTATIONS = {
    "consentRequest": f"consents {{ {SEEN} }}",
    "consentDefer": f"consent {{ {SEEN} }}",
    "consentRefuse": f"consent {{ {SEEN} }}",
    "consentRevoke": f"consent {{ {SEEN} }} instruction {{ kind }} erasedRows keptRows",
    "consentInvalidate": f"consent {{ {SEEN} }} instruction {{ kind }} erasedRows keptRows",
    "consentObject": f"consents {{ {SEEN} }} instruction {{ kind }} erasedRows keptRows",
}
ANSWERED = ["consentDefer", "consentRefuse"]
ENDED = ["consentRevoke", "consentInvalidate"]


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, at noon."""
    return await Scene().set_up()


async def does(scene: Scene, person: str, mutation: str, **input: Any) -> Answer:
    """Have somebody do something."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ done: {mutation}(input: $input) {{ {MUTATIONS[mutation]} userErrors {{ code field }} }} }}"
    return await scene.people[person].asks(query, input=input)


async def requested(scene: Scene, person: str, *categories: str, **more: Any) -> Answer:
    """Have somebody ask the customer for consents for support."""
    given = {
        "customerId": encode("Customer", scene.customer.id),
        "categories": list(categories or ("ORDER",)),
        "purpose": "SUPPORT",
        "noticeId": encode("Notice", (await scene.office.notice("support")).id),
    }
    return await does(scene, person, "consentRequest", **given | more)


async def open_request(scene: Scene) -> str:
    """A request that waits for the customer's answer."""
    (request,) = done(await requested(scene, "assignee"))["consents"]
    return str(request["id"])


@pytest.mark.parametrize("person", PEOPLE)
async def test_consent_is_asked_for_by_who_works_for_the_customer_or_the_privacy_officer(
    scene: Scene, person: str
) -> None:
    answer = await requested(scene, person, "INTERACTION", "ORDER")

    expected = verdict(person, "assignee", "privacy officer")
    assert told(answer) == expected
    asked = models.Consent.filter(customer_id=scene.customer.id, state="REQUESTED")
    assert await asked.count() == (0 if expected else 2)


@pytest.mark.parametrize("mutation", ANSWERED)
@pytest.mark.parametrize("person", PEOPLE)
async def test_a_request_is_answered_by_the_customer_or_who_works_for_it(
    scene: Scene, person: str, mutation: str
) -> None:
    answer = await does(scene, person, mutation, consentId=await open_request(scene))

    expected = verdict(person, "customer", "assignee")
    assert told(answer) == expected
    assert ((await scene.consent("order")).state == "REQUESTED") is bool(expected)


@pytest.mark.parametrize("mutation", ENDED)
@pytest.mark.parametrize("person", PEOPLE)
async def test_that_a_consent_ends_without_the_customer_is_the_privacy_officer_s_to_say(
    scene: Scene, person: str, mutation: str
) -> None:
    id = encode("Consent", (await scene.consent("contact_point")).id)
    answer = await does(scene, person, mutation, consentId=id, evidence="Case 7.")

    expected = verdict(person, "privacy officer")
    assert told(answer) == expected
    if not expected:
        kind = mutation.removeprefix("consent").upper()
        assert answer.data["done"]["instruction"] == {"kind": kind}
        assert (answer.data["done"]["erasedRows"], answer.data["done"]["keptRows"]) == (None, None)
    after = await scene.consent("contact_point")
    assert (after.permits, after.usable_at(scene.office.now)) == (True, bool(expected))
    assert await models.ContactPoint.filter(customer_id=scene.customer.id).count() == 1


@pytest.mark.parametrize("person", PEOPLE)
async def test_an_objection_is_the_customers_or_recorded_for_it(scene: Scene, person: str) -> None:
    id = encode("Customer", scene.customer.id)
    said = {} if person == "customer" else {"evidence": "She rang."}
    answer = await does(scene, person, "consentObject", customerId=id, purpose="SUPPORT", **said)

    expected = verdict(person, "customer", "assignee", "privacy officer")
    assert told(answer) == expected
    after = await scene.consent("contact_point")
    assert (after.permits, after.usable_at(scene.office.now)) == (person != "customer", bool(expected))


async def test_an_objection_closes_the_purpose_and_leaves_the_others(scene: Scene) -> None:
    id = encode("Customer", scene.customer.id)
    answer = done(await does(scene, "customer", "consentObject", customerId=id, purpose="SUPPORT"))

    assert len(answer["consents"]) == len(models.Category)
    # The identity stays under the consent for delivery; how to reach the customer goes.
    assert (answer["erasedRows"], answer["keptRows"]) == (1, 1)
    assert (await scene.consent("identity", "delivery")).permits
    assignee = scene.people["assignee"]
    assert (await assignee.reads(scene.customer, "identity.familyName")).reason == "NO_CONSENT"


async def test_a_request_is_settled_by_giving(scene: Scene) -> None:
    request = await open_request(scene)

    given = done(await scene.gives("customer", category="ORDER"))["consent"]

    assert (given["id"], given["state"]) == (request, "GIVEN")


async def test_how_a_word_reached_us_is_told_to_the_customer_and_not_to_the_carrier(scene: Scene) -> None:
    refused = done(await does(scene, "customer", "consentRefuse", consentId=await open_request(scene)))

    assert refused["consent"]["collectionMethod"] == "ACCOUNT"
    assert refused["consent"]["withheld"] == []
    again = done(await requested(scene, "assignee"))["consents"]
    assert [each["field"] for each in again[0]["withheld"]] == ["collectionMethod", "evidence"]


async def test_what_cannot_be_said_is_told_by_code(scene: Scene) -> None:
    request = await open_request(scene)
    contact = encode("Consent", (await scene.consent("contact_point")).id)

    assert told(await requested(scene, "assignee")) == ["ALREADY_REQUESTED"]
    assert told(await requested(scene, "assignee", "CONTACT_POINT")) == ["ALREADY_GIVEN"]
    assert told(await does(scene, "customer", "consentRefuse", consentId=contact)) == ["NOT_REQUESTED"]
    invalidating = await does(
        scene, "privacy officer", "consentInvalidate", consentId=request, evidence="Case 7."
    )
    assert told(invalidating) == ["NOT_GIVEN"]
    done(await does(scene, "customer", "consentRefuse", consentId=request))
    assert told(await does(scene, "customer", "consentRefuse", consentId=request)) == ["ALREADY_REFUSED"]


async def test_an_empty_list_asks_for_nothing(scene: Scene) -> None:
    answer = await requested(scene, "assignee", categories=[])

    assert answer.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "categories"}]


async def test_withdrawing_asks_for_less_than_giving() -> None:
    from graphql import GraphQLInputObjectType, is_required_input_field

    from tests.people import BUILT

    def required(name: str) -> set[str]:
        kind = BUILT._schema.type_map[name]
        assert isinstance(kind, GraphQLInputObjectType)
        return {field for field, item in kind.fields.items() if is_required_input_field(item)}

    assert required("ConsentWithdrawInput") == required("ConsentRefuseInput") == {"consentId"}
    assert len(required("ConsentWithdrawInput")) < len(required("ConsentGiveInput"))


RECEIPTS = "query ($id: ID!) { node(id: $id) { ... on Consent { receipts { state digest json html } withheld { reason } } } }"


async def receipts(scene: Scene, person: str) -> Any:
    """The receipts of the customer's consent to its orders, as somebody sees them."""
    id = encode("Consent", (await scene.consent("order")).id)
    answer = await scene.people[person].asks(RECEIPTS, id=id)
    assert not answer.errors
    return answer.data["node"] and answer.data["node"]["receipts"]


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_receipt_is_read_by_the_customer_and_the_privacy_officer(scene: Scene, person: str) -> None:
    done(await scene.gives("customer"))

    found = await receipts(scene, person)

    if person in ("customer", "privacy officer"):
        assert [each["state"] for each in found] == ["GIVEN"]
        assert json.loads(found[0]["json"])["pii_principal_id"] == "C-1"
        assert found[0]["html"].startswith("<!doctype html>")
    else:
        assert not found


async def test_a_receipt_is_read_after_everything_else_is_gone(scene: Scene) -> None:
    done(await scene.gives("customer"))
    for category, purpose in (
        ("order", "support"),
        ("contact_point", "support"),
        ("identity", "support"),
        ("identity", "delivery"),
    ):
        done(await scene.withdraws("customer", category, purpose))

    found = await receipts(scene, "customer")

    assert {each["state"] for each in found} == {"GIVEN", "WITHDRAWN"}
    assert not await models.Identity.filter(customer_id=scene.customer.id).exists()
