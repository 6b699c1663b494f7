"""What a customer who leaves is told, and what nobody can reach any more."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import models
from models import PERSONAL, Category
from schema.reading import encode
from tests.campaigns import Campaign
from tests.contents import CONTENTS
from tests.models.keys.test_sealed_rings import put_ring
from tests.people import Office, Someone
from tests.schema.missing import unbounded
from tests.schema.operations import Known, operations
from vault import vault

LEAVE = """mutation ($id: ID!, $number: String!, $suppress: Boolean! = false) {
  withdrawalBegin(input: {customerId: $id, number: $number, suppress: $suppress}) { certificateToken userErrors { code field } }
}"""
CERTIFICATE = "query ($token: String!) { withdrawalCertificate(token: $token) { json html } }"
VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_ledger.py"
UUIDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALL = [(category.value, "support") for category in Category]


async def leave(office: Office, herself: Someone, customer: models.Customer, **more: object) -> str:
    """Leave; gives the certificate's token."""
    confirmed = await office.session(herself)
    answer = await confirmed.asks(LEAVE, id=encode("Customer", customer.id), number=customer.number, **more)
    assert answer.data["withdrawalBegin"]["userErrors"] == []
    return str(answer.data["withdrawalBegin"]["certificateToken"])


async def test_an_address_that_cannot_be_suppressed_is_a_clear_no_with_a_way_out(office: Office):
    customer = await office.customer(consents=ALL)
    herself = await office.session(await office.himself(customer))
    await put_ring(customer, b"damaged")
    vault.current().forget()
    wanted = {"id": encode("Customer", customer.id), "number": customer.number}

    refused = (await herself.asks(LEAVE, **wanted, suppress=True)).data["withdrawalBegin"]
    assert refused["userErrors"] == [{"code": "ADDRESS_UNREADABLE", "field": "suppress"}]
    assert await models.ContactPoint.exists()
    left = (await herself.asks(LEAVE, **wanted)).data["withdrawalBegin"]
    assert (left["userErrors"], bool(left["certificateToken"])) == ([], True)
    assert not await models.ContactPoint.exists()


async def test_the_certificate_is_checked_by_a_stranger(office: Office, tmp_path: Path):
    customer = await office.customer(consents=ALL)
    token = await leave(office, await office.himself(customer), customer)

    shown = (await office.stranger().asks(CERTIFICATE, token=token)).data["withdrawalCertificate"]
    file = tmp_path / "certificate.json"
    file.write_text(shown["json"])
    checked = await asyncio.to_thread(
        subprocess.check_output, [sys.executable, str(VERIFIER), "proof", str(file)], text=True
    )
    assert checked.startswith("It agrees")
    told = json.loads(json.loads(shown["json"])["entry"])["data"]
    assert told["customer"] == str(customer.id)
    assert customer.number not in shown["json"] + shown["html"]
    assert str(customer.id) in shown["html"]


async def test_a_certificate_is_the_same_whenever_it_is_asked_for(office: Office):
    customer = await office.customer(consents=ALL)
    token = await leave(office, await office.himself(customer), customer)
    first = await office.stranger().asks(CERTIFICATE, token=token)
    await leave(office, await office.himself(other := await office.customer()), other)

    assert (await office.stranger().asks(CERTIFICATE, token=token)).data == first.data


@pytest.mark.parametrize("token", ["", "x", "ą" * 50, "\0", "a" * 43])
async def test_a_token_that_is_none_shows_nothing(office: Office, token: str):
    answer = await office.stranger().asks(CERTIFICATE, token=token)
    assert (answer.data, answer.errors) == ({"withdrawalCertificate": None}, [])


async def test_a_wrong_number_is_told_by_its_field(office: Office):
    customer = await office.customer(consents=ALL)
    herself = await office.session(await office.himself(customer))
    answer = await herself.asks(LEAVE, id=encode("Customer", customer.id), number="C-0000-0000")

    told = answer.data["withdrawalBegin"]
    assert (told["certificateToken"], told["userErrors"]) == (
        None,
        [{"code": "BAD_USER_INPUT", "field": "number"}],
    )


async def test_nobody_is_told_whether_somebody_else_could_leave(office: Office):
    customer = await office.customer(consents=ALL)
    other = await office.himself(await office.customer())
    for by in (other, await office.employee("privacy_officer")):
        refused = await (await office.session(by)).asks(
            LEAVE, id=encode("Customer", customer.id), number=customer.number
        )
        assert refused.codes == ["FORBIDDEN"]


@pytest.mark.every_database
async def test_nothing_of_whoever_left_is_reached_by_any_query(office: Office, campaign: Campaign):
    """Any operations, by everybody there is: the answers hold no value that the customer had."""
    customer, other = await office.customer(consents=ALL), await office.customer(consents=[])
    officer = await office.employee("privacy_officer", "manager")
    agent = await office.agent("support", "sales", "billing", "delivery", "verification", "marketing")
    partner = await office.partner()
    agreement = await office.agreement(partner, "support", "identity.familyName", "contact_point.value")
    van = await office.partner_client(partner, "support")
    tasks = [
        await office.task(agent, customer, "support"),
        await office.task(van, customer, "support", agreement=agreement),
    ]
    rows = [(model.__name__, (await model.get(customer_id=customer.id)).id) for model in PERSONAL.values()]
    herself = await office.himself(customer)
    await leave(office, herself, customer)

    known = Known(
        [("Customer", customer.id), ("Customer", other.id), *rows, *(("Task", task.id) for task in tasks)],
        ["Kazlauskaitė", "jone@example.org", customer.number],
    )
    unbounded()
    found = tried = 0
    for seed, actor in enumerate((officer, agent, van, herself, office.stranger())):
        for operation in operations(Random(seed), known, campaign.of(short=40, long=450)):  # noqa: S311 chance here keeps no secret
            variables = {
                name: value if isinstance(value, str | int | bool | list | dict) else None
                for name, value in operation.variables.items()
            }
            answer = await actor.asks(operation.text, **variables)
            # Four digits stand in identifiers by chance.
            text = UUIDS.sub("", json.dumps(answer.data, default=str, ensure_ascii=False))
            assert not [value for value in VALUES if value in text]
            found += all(len(error.path or ()) > 1 for error in answer.errors)
            tried += 1
    assert found > tried / 3
    campaign.tried(tried, "operations after a customer has left")


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    fields = getattr(value, "__dataclass_fields__", {})
    return [text for name in fields for text in _texts(getattr(value, name))]


#: What would give the customer away; words such as EUR or LT stand elsewhere too.
VALUES = [
    text
    for _, values in CONTENTS.values()
    for text in _texts(values["content"])
    if len(text) > 3 and text != "books"
]
