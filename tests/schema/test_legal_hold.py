"""What the law holds back of a customer who stays reaches nobody, and changes nothing that can be asked but its count."""

import json
from random import Random

from models import PERSONAL, Category, HeldRow, Purpose
from procedures.consent import consent
from schema.reading import encode
from tests.campaigns import Campaign
from tests.people import Office, Someone
from tests.procedures.holds import VALUE, kept
from tests.procedures.leavers import ALL, hold
from tests.schema.missing import unbounded
from tests.schema.operations import Known, Operation, operations

WITHDRAW = """mutation ($id: ID!) {
  consentWithdraw(input: {consentId: $id}) { erasedRows keptRows heldRows userErrors { code } } }"""
SEEN = """query ($id: ID!) {
  withdrawalPreview(customerId: $id) { held { of rows } }
  me { ... on Customer { contactPoints { id } legalHolds { category reason basis endedAt erasedAt } } } }"""


async def asked(actor: Someone, operation: Operation) -> str:
    """What is answered, codes of errors with it."""
    variables = {
        name: value if isinstance(value, str | int | bool | list | dict) else None
        for name, value in operation.variables.items()
    }
    answer = await actor.asks(operation.text, **variables)
    return json.dumps([answer.data, answer.codes], default=str, ensure_ascii=False)


async def test_a_held_row_changes_no_answer_to_anybody(office: Office, campaign: Campaign):
    """The same operations, by everybody there is, before and after the held rows are gone."""
    customer = await office.customer(consents=ALL)
    officer = await office.employee("privacy_officer", "manager")
    agent = await office.agent(*Purpose)
    partner = await office.partner()
    agreement = await office.agreement(partner, "support", "identity.familyName", "contact_point.value")
    van = await office.partner_client(partner, "support")
    await office.task(agent, customer, "support")
    await office.task(van, customer, "support", agreement=agreement)
    for category in Category:
        await hold(office, customer, category)
    rows = [(model.__name__, (await model.get(customer_id=customer.id)).id) for model in PERSONAL.values()]
    herself = await office.himself(customer)
    ends = (await consent.object(customer.id, Purpose.SUPPORT, by=herself.actor)).ends
    assert sum(each.held_rows for each in ends) == await HeldRow.all().count() == len(PERSONAL)

    known = Known(
        [("Customer", customer.id), *rows, *(("HeldRow", row.id) for row in await HeldRow.all())],
        ["Kazlauskaitė", VALUE, customer.number],
    )
    drawn = operations(Random(5), known, campaign.of(short=40, long=150))  # noqa: S311 chance here keeps no secret
    # How much is held back is told to the customer alone.
    asking = [each for each in drawn if "withdrawalPreview" not in each.text]
    people = (officer, agent, van, herself, office.stranger())
    unbounded()
    before = [await asked(someone, each) for someone in people for each in asking]
    await HeldRow.all().delete()
    after = [await asked(someone, each) for someone in people for each in asking]
    campaign.tried(len(after), "operations before and after held rows are gone")

    assert before == after
    data = [json.loads(text)[0] for text in before]
    assert [each for each in data if VALUE in json.dumps(each)] == []
    assert sum(each is not None for each in data) > len(data) / 4


async def test_the_customer_is_told_that_it_is_held_and_why(office: Office):
    who = await kept(office)
    given = await who.consent()
    answer = await who.himself.asks(WITHDRAW, id=encode("Consent", given.id))
    told = answer.data["consentWithdraw"]
    assert told == {"erasedRows": 0, "keptRows": 0, "heldRows": 1, "userErrors": []}

    seen = await who.himself.asks(SEEN, id=encode("Customer", who.customer.id))
    assert seen.data["withdrawalPreview"]["held"] == [{"of": "contact_points", "rows": 1}]
    why = {"category": "CONTACT_POINT", "reason": "LEGAL_OBLIGATION", "basis": "VAT act, section 79"}
    assert seen.data["me"] == {"contactPoints": [], "legalHolds": [why | {"endedAt": None, "erasedAt": None}]}


async def test_whoever_removes_a_row_is_told_that_it_is_held(office: Office):
    who = await kept(office)
    asked = "{ me { ... on Customer { contactPoints { id } } } }"
    (row,) = (await who.himself.asks(asked)).data["me"]["contactPoints"]
    answer = await who.himself.asks(
        "mutation ($id: ID!) { contactPointRemove(input: {contactPointId: $id}) { removedId heldRows userErrors { code } } }",
        id=row["id"],
    )
    told = answer.data["contactPointRemove"]
    assert told == {"removedId": row["id"], "heldRows": 1, "userErrors": []}
    assert (await who.himself.asks(asked)).data["me"]["contactPoints"] == []
