"""Several consents withdrawn at once through the schema: who may, what they are told, and how little it takes."""

from typing import Any

import pytest

import models
from schema.reading import encode
from tests.people import Answer
from tests.schema.test_consent import NOWHERE, PEOPLE, Scene, done, told, verdict

ROWS = "erased { category rows } kept { category rows }"
WITHDRAW = f"""mutation ($input: ConsentsWithdrawInput!) {{ done: consentsWithdraw(input: $input) {{
  consents {{ category purpose state receipts {{ state }} }} {ROWS} instruction {{ consentCategory consentPurpose }}
  userErrors {{ code field }} }} }}"""
PREVIEW = f"""query ($id: ID!, $category: Category, $purpose: Purpose) {{
  done: consentsWithdrawalPreview(customerId: $id, category: $category, purpose: $purpose) {{ consents {ROWS} }} }}"""


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, at noon."""
    return await Scene().set_up()


async def withdraws(scene: Scene, person: str, **which: Any) -> Answer:
    """Have somebody withdraw the customer's consents."""
    input = {"customerId": encode("Customer", scene.customer.id), **which}
    return await scene.people[person].asks(WITHDRAW, input=input)


async def previews(scene: Scene, person: str, **which: Any) -> Answer:
    """Have somebody count what would go."""
    id = encode("Customer", scene.customer.id)
    return await scene.people[person].asks(PREVIEW, id=id, **which)


@pytest.mark.parametrize("person", PEOPLE)
async def test_consents_are_withdrawn_by_the_customer_and_suspended_by_the_privacy_officer(
    scene: Scene, person: str
) -> None:
    said = {} if person == "customer" else {"evidence": "She rang."}
    answer = await withdraws(scene, person, category="IDENTITY", **said)

    # A category is wider than the purpose of a task.
    expected = verdict(person, "customer", "privacy officer")
    assert told(answer) == expected
    left = models.Consent.filter(customer_id=scene.customer.id, category="identity", permits=True)
    assert await left.count() == (0 if person == "customer" else 2)
    assert await left.filter(suspended_by_id=None).count() == (2 if expected else 0)


@pytest.mark.parametrize("person", PEOPLE)
async def test_what_would_go_is_counted_for_the_customer_alone(scene: Scene, person: str) -> None:
    answer = await previews(scene, person, category="IDENTITY")

    if person == "customer":
        row = {"category": "IDENTITY", "rows": 1}
        assert answer.data["done"] == {"consents": 2, "erased": [row], "kept": []}
    else:
        assert answer.codes == verdict(person)
    assert await models.Consent.filter(customer_id=scene.customer.id, permits=True).count() == 3


async def test_the_answer_has_each_consent_its_receipt_and_the_rows(scene: Scene) -> None:
    answer = done(await withdraws(scene, "customer", purpose="SUPPORT"))

    assert sorted((each["category"], each["state"]) for each in answer["consents"]) == [
        ("CONTACT_POINT", "WITHDRAWN"), ("IDENTITY", "WITHDRAWN"),
    ]  # fmt: skip
    assert all({"state": "WITHDRAWN"} in each["receipts"] for each in answer["consents"])
    assert answer["erased"] == [{"category": "CONTACT_POINT", "rows": 1}]
    assert answer["kept"] == [{"category": "IDENTITY", "rows": 1}]
    assert (await scene.people["customer"].reads(scene.customer, "identity.familyName")).granted


async def test_who_records_it_sees_neither_consents_nor_counts(scene: Scene) -> None:
    answer = done(await withdraws(scene, "assignee", purpose="SUPPORT", evidence="She rang."))

    instruction = {"consentCategory": None, "consentPurpose": "SUPPORT"}
    assert answer == {
        "consents": None, "erased": None, "kept": None, "instruction": instruction, "userErrors": [],
    }  # fmt: skip


@pytest.mark.every_database
async def test_the_next_statement_knows(scene: Scene) -> None:
    assignee = scene.people["assignee"]
    assert (await assignee.reads(scene.customer, "identity.familyName")).granted

    done(await withdraws(scene, "customer", category="IDENTITY"))

    assert (await assignee.reads(scene.customer, "identity.familyName")).reason == "NO_CONSENT"


async def test_nothing_there_is_nothing_done(scene: Scene) -> None:
    for which in ({"category": "HEALTH_RECORD"}, {"purpose": "CARE"}):
        answer = done(await withdraws(scene, "customer", **which))
        assert answer == {"consents": [], "erased": [], "kept": [], "instruction": None, "userErrors": []}


@pytest.mark.parametrize("which", [{}, {"category": "CONTACT_POINT", "purpose": "SUPPORT"}])
async def test_one_of_the_two_is_named(scene: Scene, which: dict[str, str]) -> None:
    answer = await withdraws(scene, "customer", **which)
    assert answer.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "category"}]
    assert (await previews(scene, "customer", **which)).codes == ["BAD_USER_INPUT"]
    assert await models.Consent.filter(customer_id=scene.customer.id, permits=True).count() == 3


async def test_of_a_stranger_and_of_nobody_the_same_is_told(scene: Scene) -> None:
    other = await models.Customer.exclude(id=scene.customer.id).first()
    assert other is not None
    for id in (encode("Customer", other.id), encode("Customer", NOWHERE)):
        assert told(await withdraws(scene, "customer", customerId=id, category="CONTACT_POINT")) == [
            "FORBIDDEN"
        ]
