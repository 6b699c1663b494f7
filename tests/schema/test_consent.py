"""Consent through the schema: who gives and withdraws it, and what becomes of the data."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import models
from schema.reading import encode
from tests.people import Answer, Office, Someone

SEEN = "consent { id category purpose state evidence customer { number } withheld { field } }"
GIVE = f"""mutation ($input: ConsentGiveInput!) {{
  done: consentGive(input: $input) {{ {SEEN} userErrors {{ code field }} }} }}"""
WITHDRAW = f"""mutation ($input: ConsentWithdrawInput!) {{
  done: consentWithdraw(input: $input) {{ {SEEN} instruction {{ id state }} erasedRows keptRows userErrors {{ code field }} }} }}"""
PEOPLE = ["assignee", "colleague", "manager", "privacy officer", "administrator",
          "customer", "other customer", "partner", "stranger"]  # fmt: skip
NOWHERE = UUID(int=7)


class Scene:
    """A customer who gave three consents, and everybody who might meddle."""

    office: Office
    customer: models.Customer
    people: dict[str, Someone]

    async def set_up(self) -> "Scene":
        """Bring everybody in."""
        office = self.office = Office()
        consents = [("identity", "support"), ("identity", "delivery"), ("contact_point", "support")]
        self.customer = await office.customer(consents, number="C-1")
        partner = await office.partner()
        agreement = await office.agreement(partner, "delivery", "identity.familyName")
        self.people = {
            "assignee": await office.agent("support"),
            "colleague": await office.agent("support"),
            "manager": await office.employee("manager", purposes=["support"]),
            "privacy officer": await office.session(
                await office.employee("privacy_officer", purposes=["support"])
            ),
            "administrator": await office.employee("administrator", purposes=["support"]),
            "customer": await office.himself(self.customer),
            "other customer": await office.himself(await office.customer(consents)),
            "partner": await office.partner_client(partner, "delivery"),
            "stranger": office.stranger(),
        }
        await office.task(self.people["assignee"], self.customer, "support")
        await office.task(self.people["partner"], self.customer, "delivery", agreement=agreement)
        return self

    async def consent(self, category: str, purpose: str = "support") -> models.Consent:
        """The customer's consent."""
        return await models.Consent.get(customer_id=self.customer.id, category=category, purpose=purpose)

    async def gives(self, person: str, **input: Any) -> Answer:
        """Have somebody record a consent of the customer's to keeping its orders for support."""
        given = {
            "customerId": encode("Customer", self.customer.id),
            "category": "ORDER",
            "purpose": "SUPPORT",
            "noticeId": encode("Notice", (await self.office.notice("support")).id),
            "evidence": "form 8",
        }
        return await self.people[person].asks(GIVE, input=given | input)

    async def withdraws(
        self, person: str, category: str = "contact_point", purpose: str = "support"
    ) -> Answer:
        """Have somebody withdraw a consent of the customer's."""
        id = encode("Consent", (await self.consent(category, purpose)).id)
        said = {} if person == "customer" else {"evidence": "She rang."}
        return await self.people[person].asks(WITHDRAW, input={"consentId": id, **said})


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, at noon."""
    return await Scene().set_up()


def told(answer: Answer) -> list[str]:
    """What the answer refuses with, as an error of the request or of the user."""
    return answer.codes or [error["code"] for error in answer.data["done"]["userErrors"]]


def done(answer: Answer) -> Any:
    """What was answered, after a mutation that happened."""
    assert told(answer) == []
    return answer.data["done"]


def verdict(person: str, *allowed: str) -> list[str]:
    """What a person is told when these people may."""
    if person in allowed:
        return []
    return ["UNAUTHENTICATED"] if person == "stranger" else ["FORBIDDEN"]


@pytest.mark.parametrize("person", PEOPLE)
async def test_consent_is_given_by_the_customer_or_recorded_by_who_works_for_it(
    scene: Scene, person: str
) -> None:
    answer = await scene.gives(person)

    expected = verdict(person, "customer", "assignee")
    assert told(answer) == expected
    assert await models.Consent.filter(category="order").exists() is not bool(expected)


@pytest.mark.parametrize("person", PEOPLE)
async def test_consent_is_withdrawn_by_the_customer_and_suspended_by_whoever_may_record_that(
    scene: Scene, person: str
) -> None:
    answer = await scene.withdraws(person)

    expected = verdict(person, "customer", "assignee", "privacy officer")
    assert told(answer) == expected
    after = await scene.consent("contact_point")
    assert (after.permits, after.usable_at(scene.office.now)) == (person != "customer", bool(expected))
    rows = models.ContactPoint.filter(customer_id=scene.customer.id)
    assert await rows.count() == (0 if person == "customer" else 1)


async def test_the_last_consent_to_a_category_takes_its_rows_with_it(scene: Scene) -> None:
    contact = await scene.consent("contact_point")
    await scene.office.row(scene.customer, contact, value_index="second@example.org")

    answer = done(await scene.withdraws("customer"))

    assert (answer["erasedRows"], answer["keptRows"]) == (2, 0)
    assert answer["consent"]["state"] == "WITHDRAWN"
    assert (await scene.people["customer"].reads(scene.customer, "contactPoints.value")).value == []


async def test_rows_stay_while_another_consent_to_the_category_stands(scene: Scene) -> None:
    first = done(await scene.withdraws("customer", "identity", "support"))
    assert (first["erasedRows"], first["keptRows"]) == (0, 1)
    assert (await scene.people["customer"].reads(scene.customer, "identity.familyName")).granted

    last = done(await scene.withdraws("customer", "identity", "delivery"))
    assert (last["erasedRows"], last["keptRows"]) == (1, 0)


async def test_withdrawing_without_rows_erases_nothing(scene: Scene) -> None:
    done(await scene.gives("customer"))

    answer = done(await scene.withdraws("customer", "order"))

    assert (answer["erasedRows"], answer["keptRows"]) == (0, 0)


async def test_a_refused_withdrawal_counts_no_rows(scene: Scene) -> None:
    done(await scene.withdraws("customer"))

    assert (await scene.withdraws("customer")).data["done"] == {
        "consent": None,
        "erasedRows": None,
        "keptRows": None,
        "instruction": None,
        "userErrors": [{"code": "ALREADY_WITHDRAWN", "field": None}],
    }


async def test_who_asks_for_nothing_of_the_recorded_consent_is_answered_all_the_same(scene: Scene) -> None:
    given = {
        "customerId": encode("Customer", scene.customer.id),
        "category": "ORDER",
        "purpose": "SUPPORT",
        "noticeId": encode("Notice", (await scene.office.notice("support")).id),
        "evidence": "form 8",
    }
    text = "mutation ($input: ConsentGiveInput!) { consentGive(input: $input) { userErrors { code } } }"

    answer = await scene.people["assignee"].asks(text, input=given)

    assert (answer.errors, answer.data) == ([], {"consentGive": {"userErrors": []}})


async def test_whoever_works_for_a_customer_does_not_see_how_consent_is_demonstrated(scene: Scene) -> None:
    consent = done(await scene.gives("assignee", category="ORDER"))["consent"]

    assert (consent["state"], consent["evidence"]) == ("GIVEN", None)
    assert consent["withheld"] == [{"field": "evidence"}]
    assert consent["customer"] == {"number": "C-1"}


@pytest.mark.parametrize("person", ["customer", "privacy officer"])
async def test_customers_and_privacy_officers_see_the_whole_consent(scene: Scene, person: str) -> None:
    consent = done(await scene.withdraws(person))["consent"]

    state = "WITHDRAWN" if person == "customer" else "GIVEN"
    assert (consent["state"], consent["evidence"], consent["withheld"]) == (state, "form 7", [])
    assert consent["customer"] == {"number": "C-1"}


async def test_consent_given_again_by_the_customer_is_renewed(scene: Scene) -> None:
    first = done(await scene.gives("customer"))["consent"]
    assert told(await scene.gives("assignee", evidence="form 9")) == ["ALREADY_GIVEN"]
    again = done(await scene.gives("customer", evidence="form 9"))["consent"]

    assert (first["state"], again["state"]) == ("GIVEN", "RENEWED_CONSENT_GIVEN")
    assert again["id"] == first["id"]
    assert (await models.opened(await scene.consent("order"))).evidence == "form 9"


async def test_consent_given_after_it_was_withdrawn_is_another(scene: Scene) -> None:
    gone = done(await scene.withdraws("customer"))["consent"]
    given = done(await scene.gives("customer", category="CONTACT_POINT"))["consent"]

    assert given["state"] == "GIVEN"
    assert given["id"] != gone["id"]


async def test_consent_withdrawn_closes_the_category_to_whoever_worked_with_it(scene: Scene) -> None:
    path, assignee = "contactPoints.value", scene.people["assignee"]
    assert (await assignee.reads(scene.customer, path)).granted

    done(await scene.withdraws("privacy officer"))

    assert (await assignee.reads(scene.customer, path)).reason == "NO_CONSENT"


async def test_the_notice_speaks_of_the_purpose(scene: Scene) -> None:
    answer = await scene.gives("customer", purpose="BILLING")

    assert answer.data["done"] == {
        "consent": None,
        "userErrors": [{"code": "NOTICE_MISMATCH", "field": "noticeId"}],
    }


@pytest.mark.parametrize(
    ("input", "code"),
    [
        ({"customerId": "42"}, "ID_MALFORMED"),
        ({"customerId": encode("Notice", NOWHERE)}, "ID_OF_ANOTHER_TYPE"),
        ({"customerId": encode("Customer", NOWHERE)}, "FORBIDDEN"),
        ({"noticeId": "42"}, "ID_MALFORMED"),
        ({"noticeId": encode("Customer", NOWHERE)}, "ID_OF_ANOTHER_TYPE"),
        ({"noticeId": encode("Notice", NOWHERE)}, "NOT_FOUND"),
        ({"evidence": " "}, "BAD_USER_INPUT"),
        ({"evidence": "two\nlines"}, "BAD_USER_INPUT"),
    ],
)
async def test_consent_that_cannot_be_recorded_is_not(scene: Scene, input: dict[str, str], code: str) -> None:
    assert told(await scene.gives("customer", **input)) == [code]
    assert not await models.Consent.exists(category="order")


async def test_consent_runs_out_in_the_future(scene: Scene) -> None:
    past, future = (scene.office.now + timedelta(days=days) for days in (-1, 1))

    assert told(await scene.gives("customer", expiresAt=past.isoformat())) == ["BAD_USER_INPUT"]
    assert told(await scene.gives("customer", expiresAt=future.isoformat())) == []
    assert (await scene.consent("order")).expires_at == future


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("42", "ID_MALFORMED"),
        (encode("Customer", NOWHERE), "ID_OF_ANOTHER_TYPE"),
        (encode("Consent", NOWHERE), "FORBIDDEN"),
    ],
)
async def test_only_a_consent_is_withdrawn(scene: Scene, id: str, code: str) -> None:
    answer = await scene.people["privacy officer"].asks(WITHDRAW, input={"consentId": id})

    assert told(answer) == [code]
