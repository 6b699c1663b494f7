"""Double opt-in through the schema: who may ask by a code, and what they are told of it."""

import re
from dataclasses import replace
from typing import Any

import pytest

import models
from procedures import current
from procedures.sending import SMTP
from schema.reading import encode
from tests.people import Answer
from tests.schema.test_consent import PEOPLE, Scene, done, told, verdict

BEGIN = """mutation ($input: DoubleOptInBeginInput!) { done: doubleOptInBegin(input: $input) {
  consents { category purpose state } expiresAt userErrors { code field } } }"""
CONFIRM = """mutation ($input: ContactPointConfirmInput!) { done: contactPointConfirm(input: $input) {
  contactPoint { verifiedAt } consents { category state collectionMethod receipts { state } } userErrors { code } } }"""


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, at noon; this installation sends mails, though nobody listens there."""
    sending = SMTP.parse("smtp://127.0.0.1:1?from=crm@savas.example")
    current.installation().addresses = replace(current.addresses(), smtp=sending)
    return await Scene().set_up()


async def begins(scene: Scene, person: str, **input: Any) -> Answer:
    """Have somebody ask the customer to consent to marketing by a code."""
    point = await models.ContactPoint.get(customer_id=scene.customer.id)
    given = {
        "contactPointId": encode("ContactPoint", point.id),
        "categories": ["CONTACT_POINT", "PREFERENCE"],
        "purpose": "MARKETING",
        "noticeId": encode("Notice", (await scene.office.notice("marketing")).id),
    }
    return await scene.people[person].asks(BEGIN, input=given | input)


async def for_support(scene: Scene) -> dict[str, Any]:
    """What an agent with a task for support may ask for."""
    notice = encode("Notice", (await scene.office.notice("support")).id)
    return {"categories": ["INTERACTION", "ORDER"], "purpose": "SUPPORT", "noticeId": notice}


async def confirms(scene: Scene, person: str, code: str) -> Answer:
    """Have somebody bring a code."""
    point = await models.ContactPoint.get(customer_id=scene.customer.id)
    input = {"contactPointId": encode("ContactPoint", point.id), "code": code}
    return await scene.people[person].asks(CONFIRM, input=input)


async def sent() -> str:
    """The code of the message, which its reader would see."""
    found = re.search(r"\d{6}", (await models.opened(await models.Message.get())).text)
    assert found
    return found[0]


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_code_to_consent_by_is_asked_for_by_the_owner_or_who_may_reach_them(
    scene: Scene, person: str
) -> None:
    answer = await begins(scene, person, **await for_support(scene))

    expected = verdict(person, "customer", "assignee")
    assert told(answer) == expected
    asked = models.Consent.filter(customer_id=scene.customer.id, state="REQUESTED")
    assert await asked.count() == (0 if expected else 2)
    assert await models.Message.all().count() == (0 if expected else 1)


async def test_the_code_gives_both_consents_and_each_has_its_receipt(scene: Scene) -> None:
    asked = done(await begins(scene, "customer"))
    assert {each["state"] for each in asked["consents"]} == {"REQUESTED"}
    assert asked["expiresAt"]

    answer = done(await confirms(scene, "customer", await sent()))

    assert answer["contactPoint"]["verifiedAt"]
    assert {each["category"] for each in answer["consents"]} == {"CONTACT_POINT", "PREFERENCE"}
    assert {(each["state"], each["collectionMethod"]) for each in answer["consents"]} == {
        ("GIVEN", "DOUBLE_OPT_IN")
    }
    assert all({"state": "GIVEN"} in each["receipts"] for each in answer["consents"])


async def test_who_asked_for_the_code_does_not_bring_it_instead_of_the_customer(scene: Scene) -> None:
    done(await begins(scene, "assignee", **await for_support(scene)))

    assert told(await confirms(scene, "assignee", await sent())) == ["FORBIDDEN"]
    assert not await models.Consent.filter(category="order", permits=True).exists()


async def test_staff_ask_by_a_code_for_what_their_task_needs_and_nothing_else(scene: Scene) -> None:
    assert told(await begins(scene, "assignee")) == ["FORBIDDEN"]
    wanted = await for_support(scene) | {"categories": ["ORDER", "PAYMENT_CARD"]}
    assert told(await begins(scene, "assignee", **wanted)) == ["FORBIDDEN"]
    assert not await models.Message.exists()


async def test_what_cannot_be_is_told_by_code(scene: Scene) -> None:
    support = encode("Notice", (await scene.office.notice("support")).id)
    assert told(await begins(scene, "customer", noticeId=support)) == ["NOTICE_MISMATCH"]
    assert told(await begins(scene, "customer", categories=[])) == ["BAD_USER_INPUT"]
    assert told(await begins(scene, "customer", categories=["HEALTH_RECORD"])) == ["SPECIAL_CATEGORY"]
    assert told(await begins(scene, "customer", purpose="SUPPORT", noticeId=support)) == ["ALREADY_GIVEN"]
    current.installation().addresses = replace(current.addresses(), smtp=None)
    assert told(await begins(scene, "customer")) == ["CHANNEL_UNAVAILABLE"]
    assert not await models.Message.exists()


async def test_a_wrong_code_gives_nothing(scene: Scene) -> None:
    done(await begins(scene, "customer"))
    wrong = f"{(int(await sent()) + 1) % 10**6:06d}"

    assert told(await confirms(scene, "customer", wrong)) == ["CODE_WRONG"]
    assert await models.Consent.filter(purpose="marketing", permits=True).count() == 0
