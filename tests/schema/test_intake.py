"""Taking somebody in, confirming and proving, as a client does it: through the schema alone."""

import re
from dataclasses import replace
from typing import Any

import pytest

import models
from models import Message, opened
from procedures import current
from procedures.sending import SMTP
from schema.reading import encode
from tests.people import Office, Someone

KEY = "a key made up by chance"
BEGIN = "mutation ($data: IntakeDataInput!, $key: String!) { intakeBegin(input: {key: $key, data: $data}) { expiresAt userErrors { code field } } }"
CONFIRM = """mutation ($key: String!, $code: String!) {
  intakeConfirm(input: {key: $key, code: $code, password: "correct horse battery", attested: true}) {
    customerNumber userErrors { code field }
  }
}"""
RECORD = """mutation ($key: String!, $task: ID!, $data: IntakeDataInput!) {
  intakeRecord(input: {key: $key, taskId: $task, data: $data, attested: true}) {
    customer { number identity { givenName } } userErrors { code field }
  }
}"""
VERIFY = "mutation ($point: ID!) { contactPointVerify(input: {contactPointId: $point}) { contactPoint { verifiedAt } expiresAt userErrors { code } } }"
TAKE = "mutation ($point: ID!, $code: String!) { contactPointConfirm(input: {contactPointId: $point, code: $code}) { contactPoint { verifiedAt } userErrors { code } } }"
MINE = "{ me { ... on Customer { messages { channel state subject text } attestations { category revision } } } }"


@pytest.fixture
def office(database: str) -> Office:
    """An office that sends mails, where nobody has tried anything yet."""
    smtp = SMTP.parse("smtp://127.0.0.1:1?from=crm@savas.example")
    current.installation().addresses = replace(current.addresses(), smtp=smtp)
    return Office()


async def data(office: Office, purpose: str = "support", **more: Any) -> dict[str, Any]:
    notice = encode("Notice", (await office.notice(purpose)).id)
    consents = [
        {"category": category, "purpose": purpose.upper(), "noticeId": notice}
        for category in ("IDENTITY", "CONTACT_POINT")
    ]
    points = [{"kind": "EMAIL", "value": "ona@example.org"}]
    return {"givenName": "Ona", "contactPoints": points, "consents": consents, **more}


async def code() -> str:
    latest = await Message.filter(channel="EMAIL").order_by("-queued_at").first()
    assert latest is not None
    (found,) = re.findall(r"\d{6}", (await opened(latest)).text)
    return str(found)


async def herself() -> Someone:
    account = await models.Account.get(kind="CUSTOMER")
    return Someone(
        replace(
            Office().stranger().actor, kind="Customer", actor_id=account.id, customer_id=account.customer_id
        )
    )


async def test_a_visitor_registers_and_sees_what_was_kept_and_attested(office: Office) -> None:
    visitor = office.stranger()
    begun = await visitor.asks(BEGIN, key=KEY, data=await data(office))
    assert begun.data["intakeBegin"]["userErrors"] == []
    done = (await visitor.asks(CONFIRM, key=KEY, code=await code())).data["intakeConfirm"]

    assert (done["customerNumber"], done["userErrors"]) == ((await models.Customer.get()).number, [])
    seen = (await (await herself()).asks(MINE)).data["me"]
    assert {each["category"] for each in seen["attestations"]} == {"IDENTITY", "CONTACT_POINT"}


async def test_what_is_wrong_is_told_by_code_and_field_and_never_by_value(office: Office) -> None:
    bad = await data(office, contactPoints=[{"kind": "EMAIL", "value": "ona-at-home"}])
    answer = await office.stranger().asks(BEGIN, key=KEY, data=bad)

    assert answer.data["intakeBegin"]["userErrors"] == [
        {"code": "EMAIL_INVALID", "field": "contactPoints.value"}
    ]
    assert "ona-at-home" not in str(answer)


async def test_all_that_is_wrong_is_told_at_once_by_its_place(office: Office) -> None:
    points = [{"kind": "EMAIL", "value": text} for text in ("ona@example.org", "ona", "jonas")]
    asked = BEGIN.replace("field }", "field path }")

    answer = await office.stranger().asks(asked, key=KEY, data=await data(office, contactPoints=points))

    told = [(each["field"], each["path"]) for each in answer.data["intakeBegin"]["userErrors"]]
    assert told == [
        ("contactPoints.value", ["data", "contactPoints", place, "value"]) for place in ("1", "2")
    ]


async def test_an_agent_takes_in_the_customer_of_the_task(office: Office) -> None:
    ruta = await office.agent("verification")
    task = await office.task(ruta, await office.customer(), "verification")
    given = {"key": KEY, "task": encode("Task", task.id), "data": await data(office, "verification")}

    done = (await ruta.asks(RECORD, **given)).data["intakeRecord"]

    # What one recorded on the customer's word opens to a second person first.
    assert (done["customer"]["identity"], done["userErrors"]) == (None, [])
    customer, colleague = await models.Customer.get(), await office.agent("verification")
    await office.task(colleague, customer, "verification")
    assert (await colleague.reads(customer, "identity.givenName")).value == "Ona"
    assert (await ruta.reads(customer, "identity.givenName")).reason == "NO_CONSENT"
    assert (await (await office.agent("verification")).asks(RECORD, **given)).codes == ["FORBIDDEN"]
    assert (await office.stranger().asks(RECORD, **given)).codes == ["UNAUTHENTICATED"]


async def test_a_customer_confirms_a_contact_point_and_cannot_read_the_code_here(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    me, point = await office.himself(customer), encode("ContactPoint", (await models.ContactPoint.get()).id)
    assert (await me.asks(VERIFY, point=point)).data["contactPointVerify"]["userErrors"] == []

    (message,) = (await me.asks(MINE)).data["me"]["messages"]
    assert message == {"channel": "EMAIL", "state": "QUEUED", "subject": None, "text": None}

    done = (await me.asks(TAKE, point=point, code=await code())).data["contactPointConfirm"]
    assert done["contactPoint"]["verifiedAt"] == office.now.isoformat()


async def test_a_message_without_a_way_out_is_read_here_by_its_customer_alone(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    me, ruta = await office.himself(customer), await office.agent("support")
    await office.task(ruta, customer, "support")
    content = models.MessageContent(None, "Hello", "Read me.")
    shared: dict[str, Any] = {"customer_id": customer.id, "template": "contact_code", "content": content}
    await Message.create(channel="ACCOUNT", state="KEPT", queued_at=office.now, next_at=office.now, **shared)

    (message,) = (await me.asks(MINE)).data["me"]["messages"]
    assert (message["subject"], message["text"]) == ("Hello", "Read me.")
    assert (await ruta.reads(customer, "messages.text")).reason == "NOT_PERMITTED"
    other = await office.himself(await office.customer([("contact_point", "support")]))
    assert (await other.asks(MINE)).data["me"]["messages"] == []
