"""Submissions as a client makes them: sealed by the example of the documentation, sent through the real schema."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import models
from docs.seal_submission import seal
from schema.reading import encode
from tests.people import Answer, Office, Someone
from vault import vault

#: Cards that were never issued: the numbers that the schemes give out for testing.
NUMBER = "4111 1111 1111 1111"
DIGITS = NUMBER.replace(" ", "")
CARD = {"number": NUMBER, "expiry": "2029-07", "holder": "Jonė Kazlauskaitė"}
ALLERGY = {
    "kind": "ALLERGY",
    "description": "Latex allergy",
    "codeSystem": "http://snomed.info/sct",
    "code": "300916003",
    "onsetOn": "1982-10-25",
}
MUTATIONS = {"payment_card": "paymentCardSubmit", "health_record": "healthRecordSubmit"}
SHOWN = {
    "payment_card": "paymentCard { id brand lastFour expiry holder provenance { source } }",
    "health_record": "healthRecord { id kind description codeSystem code onsetOn abatedOn }",
}
AGREED = [("payment_card", "billing"), ("health_record", "care")]


def signer() -> bytes:
    """What a client knows of the server beforehand."""
    return vault.current().provider.public("signing-1")


async def key(someone: Someone) -> dict[str, str]:
    """The published key, as the server answers it."""
    answer = await someone.asks("{ submissionKey { id suite publicKey expiresAt signature } }")
    assert not answer.errors, answer.errors
    found: dict[str, str] = answer.data["submissionKey"]
    return found


async def sealed(
    someone: Someone,
    customer: models.Customer,
    values: Mapping[str, str] = CARD,
    category: str = "payment_card",
) -> dict[str, str]:
    """The input of a mutation."""
    published, id = await key(someone), encode("Customer", customer.id)
    return {
        "customerId": id,
        "keyId": published["id"],
        "sealed": seal(published, signer(), id, category, values),
    }


async def sends(someone: Someone, sent: Mapping[str, str], category: str = "payment_card") -> Answer:
    """Send it."""
    mutation = MUTATIONS[category]
    return await someone.asks(
        f"mutation ($input: SubmissionInput!) {{ done: {mutation}(input: $input)"
        f" {{ {SHOWN[category]} userErrors {{ code field }} }} }}",
        input=sent,
    )


async def submits(
    someone: Someone,
    customer: models.Customer,
    values: Mapping[str, str] = CARD,
    category: str = "payment_card",
) -> Answer:
    """Seal and send."""
    return await sends(someone, await sealed(someone, customer, values, category), category)


def refusal(answer: Answer) -> Any:
    """Why it was not taken: the code of the only error."""
    assert not answer.errors, answer.errors
    (error,) = answer.data["done"]["userErrors"]
    return error["code"]


def taken(answer: Answer) -> Any:
    """What was taken, as the sender sees it."""
    assert not answer.errors, answer.errors
    assert answer.data["done"]["userErrors"] == []
    return next(value for name, value in answer.data["done"].items() if name != "userErrors")


async def consenting(office: Office, **values: Any) -> tuple[models.Customer, Someone]:
    """A customer who consents to both, of whom nothing of it is kept yet, signed in."""
    customer = await office.customer(AGREED, rows=False, **values)
    return customer, await office.himself(customer)


def later(office: Office, **time: float) -> None:
    """Let time pass."""
    office.now += timedelta(**time)
