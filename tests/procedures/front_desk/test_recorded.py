"""The front desk records what people want on paper of whom it has just found; it decides nothing, and learns nothing."""

from datetime import timedelta
from typing import Any

import pytest

import models
from models import ContactPoint, Instruction, Request, opened
from policies.errors import Refused
from procedures.request import request
from schema.reading import encode
from tests import ledger
from tests.people import Answer, Office, Someone
from tests.procedures.front_desk.test_desk_lookup import WAYS, jone, looked_up

RECORD = """mutation ($i: InstructionRecordInput!) {
  instructionRecord(input: $i) { instruction { id kind state } userErrors { code } } }"""
CORRECT = """mutation ($i: RequestRecordInput!) {
  requestRecord(input: $i) { request { id state recordId wanted } userErrors { code field } } }"""
PROVE = """mutation ($id: ID!) { instructionProve(input: {instructionId: $id, proof: IAL3, evidence: "passport"}) {
  instruction { proof } userErrors { code } } }"""
DECIDE = "mutation ($id: ID!) { %s(input: {instructionId: $id%s}) { userErrors { code } } }"
#: What people exercise: the kind, and what else is said of it.
RIGHTS: list[dict[str, Any]] = [
    {"kind": "ACCESS"},
    {"kind": "EXPORT"},
    {"kind": "RESTRICT"},
    {"kind": "LEAVE"},
    {"kind": "WITHDRAW", "purpose": "MARKETING"},
    {"kind": "WITHDRAW", "category": "HEALTH_RECORD"},
    {"kind": "OBJECT", "purpose": "MARKETING"},
]
WRONG = {
    "category": "CONTACT_POINT",
    "field": "value",
    "wanted": "new@example.org",
    "reason": "The first one.",
}


def came(office: Office, customer: models.Customer, **values: Any) -> dict[str, Any]:
    """What came today, in person, by somebody who showed a passport."""
    how = {
        "medium": "IN_PERSON",
        "receivedOn": f"{office.now:%Y-%m-%d}",
        "evidence": "counter, 10:20",
        "proof": "IAL3",
    }
    return {"customerId": encode("Customer", customer.id), **how, **values}


async def finding(office: Office) -> tuple[Someone, models.Customer]:
    """Somebody at the desk who has just found a customer."""
    ruta, customer = await office.employee("front_desk"), await jone(office)
    await looked_up(ruta, WAYS[0][0])
    return ruta, customer


def said(answer: Answer, mutation: str) -> Any:
    """What a mutation answers, without an error."""
    assert not answer.errors, answer.codes
    assert answer.data[mutation]["userErrors"] == []
    return answer.data[mutation]


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: "-".join(right.values()).lower())
async def test_a_right_is_recorded_by_whoever_found_them_and_decided_by_somebody_else(
    office: Office, right: dict[str, Any]
) -> None:
    ruta, customer = await finding(office)

    made = said(await ruta.asks(RECORD, i=came(office, customer, **right)), "instructionRecord")[
        "instruction"
    ]

    assert (made["kind"], made["state"]) == (right["kind"], "WAITING")
    assert said(await ruta.asks(PROVE, id=made["id"]), "instructionProve")["instruction"] == {"proof": "IAL3"}
    for mutation, more in (("instructionApprove", ""), ("instructionRefuse", ', reason: "No."')):
        assert (await ruta.asks(DECIDE % (mutation, more), id=made["id"])).codes == ["FORBIDDEN"]
    query = "{ me { ... on Customer { instructions { kind medium evidence } } } }"
    seen = (await (await office.himself(customer)).asks(query)).data["me"]["instructions"]
    assert seen == [{"kind": right["kind"], "medium": "IN_PERSON", "evidence": "counter, 10:20"}]
    await ledger.sound()


async def test_whether_a_consent_stands_is_not_told(office: Office) -> None:
    ruta, customer = await finding(office)
    answers = [
        said(
            await ruta.asks(RECORD, i=came(office, customer, kind="WITHDRAW", purpose=purpose)),
            "instructionRecord",
        )
        for purpose in ("VERIFICATION", "CARE")
    ]
    there, missing = ({**each["instruction"], "id": None} for each in answers)
    assert there == missing
    assert await models.Consent.filter(suspended_by_id__isnull=False).count() == 4


@pytest.mark.parametrize("mutation", ["instructionRecord", "requestRecord"])
async def test_nothing_is_recorded_of_whom_nobody_found_or_somebody_else_or_long_ago(
    office: Office, mutation: str
) -> None:
    text, right = {"instructionRecord": (RECORD, RIGHTS[0]), "requestRecord": (CORRECT, WRONG)}[mutation]
    ruta, customer = await finding(office)
    other = await office.employee("front_desk")
    asked = came(office, customer, **right)

    assert (await other.asks(text, i=asked)).codes == ["FORBIDDEN"]
    assert (await ruta.asks(text, i=came(office, await office.customer(), **right))).codes == ["FORBIDDEN"]
    office.now += timedelta(hours=1)
    assert (await ruta.asks(text, i=asked)).codes == ["FORBIDDEN"]
    assert not await Instruction.exists()
    assert not await Request.exists()


async def test_only_what_one_recorded_oneself_is_seen_and_proved(office: Office) -> None:
    ruta, customer = await finding(office)
    other = await office.employee("front_desk")
    await looked_up(other, WAYS[0][0])
    made = said(await ruta.asks(RECORD, i=came(office, customer, **RIGHTS[0])), "instructionRecord")

    assert (await other.asks(PROVE, id=made["instruction"]["id"])).codes == ["FORBIDDEN"]
    listed = "{ instructions(first: 5) { nodes { state } } requests(first: 5) { nodes { state } } }"
    nothing: dict[str, Any] = {"nodes": []}
    assert (await other.asks(listed)).data == {"instructions": nothing, "requests": nothing}
    assert (await ruta.asks(listed)).data == {
        "instructions": {"nodes": [{"state": "WAITING"}]},
        "requests": nothing,
    }


@pytest.mark.every_database
async def test_what_is_wrong_is_recorded_without_a_row_and_whoever_grants_it_names_one(
    office: Office,
) -> None:
    ruta, customer = await finding(office)
    made = said(await ruta.asks(CORRECT, i=came(office, customer, **WRONG)), "requestRecord")["request"]
    assert (made["state"], made["recordId"], made["wanted"]) == ("RECEIVED", None, None)
    await office.consent(customer, "contact_point", "support")
    ona = await office.agent("support")
    await office.task(ona, customer, "support")
    kept = await Request.get()
    point = await ContactPoint.get(customer_id=customer.id, kind="EMAIL")
    grant = """mutation ($i: RequestGrantInput!) {
      requestGrant(input: $i) { request { state recordId } userErrors { code field } } }"""

    async def grants(**values: Any) -> Any:
        answer = await ona.asks(grant, i={"requestId": encode("Request", kept.id), **values})
        payload = answer.data["requestGrant"]
        return [each["code"] for each in payload["userErrors"]] or payload["request"]

    own, foreign = encode("ContactPoint", point.id), encode("ContactPoint", (await elsewhere(office)).id)
    assert await grants() == ["ROW_NEEDED"]
    assert await grants(recordId=own) == ["ROW_NEEDED"]
    assert await grants(recordId=foreign, revision=1) == ["NOT_FOUND"]
    assert await grants(recordId=own, revision=point.revision + 1) == ["CHANGED_MEANWHILE"]
    assert await grants(recordId=own, revision=point.revision) == {"state": "GRANTED", "recordId": own}
    assert (await opened(await ContactPoint.get(id=point.id))).value == WRONG["wanted"]
    with pytest.raises(Refused):
        await request.grant(kept.id, by=ruta.actor)


async def elsewhere(office: Office) -> ContactPoint:
    """A contact point of another customer."""
    other = await office.customer([("contact_point", "support")])
    return await ContactPoint.get(customer_id=other.id)


async def test_of_some_row_nothing_is_told_not_even_whether_there_is_one(office: Office) -> None:
    ruta, customer = await finding(office)
    order = {"category": "ORDER", "field": "number", "wanted": "NR-2", "reason": "The last one."}

    there = said(await ruta.asks(CORRECT, i=came(office, customer, **WRONG)), "requestRecord")
    missing = said(await ruta.asks(CORRECT, i=came(office, customer, **order)), "requestRecord")

    assert there["request"].keys() == missing["request"].keys()
    again = await ruta.asks(CORRECT, i=came(office, customer, **order))
    assert again.data["requestRecord"]["userErrors"] == [{"code": "ALREADY_ASKED", "field": "field"}]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"category": None}, "ROW_OR_CATEGORY"),
        ({"customerId": None}, "ROW_OR_CATEGORY"),
        ({"category": "HEALTH_RECORD"}, "SEALED_ONLY"),
        ({"field": "verifiedAt"}, "BAD_USER_INPUT"),
        ({"field": "value", "wanted": None}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_meant_is_refused(office: Office, values: dict[str, Any], code: str) -> None:
    ruta, customer = await finding(office)
    answer = await ruta.asks(CORRECT, i=came(office, customer, **{**WRONG, **values}))
    (error,) = answer.data["requestRecord"]["userErrors"]
    assert error["code"] == code


async def test_a_row_is_named_by_nobody_who_sees_none(office: Office) -> None:
    ruta, customer = await finding(office)
    point = await ContactPoint.get(customer_id=customer.id, kind="EMAIL")
    row = came(office, customer, **{**WRONG, "category": None}, recordId=encode("ContactPoint", point.id))
    del row["customerId"]
    assert (await ruta.asks(CORRECT, i=row)).codes == ["FORBIDDEN"]
