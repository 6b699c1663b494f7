"""Keys of clients: whatever makes a row takes one, and what is asked for again under it is done once."""

from hashlib import sha256
from uuid import uuid4

import pytest

import models
from models.event import Event
from schema.reading import encode
from tests import ledger
from tests.campaigns import Campaign
from tests.people import Answer, Office, Someone
from tests.schema.creating import WITHOUT, Trial, codes, counts, done_by, records, takes_key
from tests.schema.inputs import MUTATIONS
from tests.schema.verdicts import Desk
from tests.submissions import CARD, consenting, sealed

DONE_BY = done_by()
#: Mutations of which the table has none that is done, and what each makes that has no key.
UNTRIED = {
    "breakGlassReview": "nothing",
    "consentContradict": "nothing",
    "contactPointConfirm": "nothing; a code serves once",
    "differenceSettle": "nothing",
    "employeeRoleGive": "a role, which nobody has twice",
    **dict.fromkeys(
        ("employeeActivate", "employeeDeactivate", "employeeRename", "employeeRoleTake", "obligationConfirm"),
        "nothing",
    ),
    **dict.fromkeys(
        ("employeeSessionsEnd", "otherSessionsEnd", "sessionEnd", "suppressionLift"),
        "nothing",
    ),
    **dict.fromkeys(("partnerSecretRenew", "partnerSecretReplace"), "a secret, which is told once"),
    "instructionDeliver": "an archive, in the place of the one that there is",
    "instructionHandOver": "nothing but a code, which is told once",
    "passwordChange": "nothing",
    "scanAppend": "a part, of which there is one of each number",
    "sessionConfirm": "nothing",
    "signIn": "a session, of somebody who is not signed in yet",
    "signOut": "nothing",
    "passwordCodeRequest": "a code, which the answer does not tell of",
    "passwordCodeSend": "a code, of which the last one is as good as the first",
    "passwordCodeUse": "an account, at most; the code serves once",
    "totpConfirm": "recovery codes, which are told once",
    "totpEnrol": "a secret, which is told once, and replaces one that was not confirmed",
    "totpRemove": "nothing",
}
KEYED = [name for name in DONE_BY if takes_key(name)]


def _drawn(mutation: str) -> str:
    """A mutation is in the sample or not whatever others there are."""
    return sha256(mutation.encode()).hexdigest()


@pytest.mark.by_hand
async def test_whatever_makes_a_row_takes_a_key(office: Office) -> None:
    desk, makes = await Desk.set_up(office), set()
    for mutation, (person, state) in DONE_BY.items():
        trial = await Trial.set_up(desk, mutation, person, state)
        before = await counts()
        assert codes(await trial.asks()) == [], mutation
        if any(count > before[table] for table, count in (await counts()).items()):
            makes.add(mutation)

    assert {each for each in makes if not takes_key(each)} == WITHOUT.keys()


def test_what_is_tried_nowhere_takes_a_key_or_makes_nothing_that_a_repeat_could_show() -> None:
    assert {each for each in MUTATIONS if each not in DONE_BY and not takes_key(each)} == UNTRIED.keys()


@pytest.mark.by_hand
@pytest.mark.every_database
async def test_what_is_asked_for_again_under_a_key_is_done_once(office: Office, campaign: Campaign) -> None:
    desk = await Desk.set_up(office)
    tried = sorted(KEYED, key=_drawn)[: campaign.of(short=6, long=len(KEYED))]
    for mutation in tried:
        trial, key = await Trial.set_up(desk, mutation, *DONE_BY[mutation]), str(uuid4())
        first, second = await trial.at_once(key)
        after = await counts()
        changed, again = await trial.asks(key, **trial.changed()), await trial.asks(key)

        assert records(first) == records(second) == records(again) != {}, mutation
        assert codes(changed) == ["KEY_REUSED"], mutation
        assert await counts() == after, mutation
    campaign.tried(len(tried), "mutations repeated under a client's key")


OPEN = """mutation ($input: TaskOpenInput!) { done: taskOpen(input: $input) {
    task { id status purpose dueAt customer { number } withheld { field reason } }
    notShown { field id reason } userErrors { code field } } }"""
CARDS = """mutation ($input: SubmissionInput!, $key: String) { done: paymentCardSubmit(input: $input, key: $key) {
    paymentCard { id } notShown { field id reason } userErrors { code field } } }"""


async def opens(by: Someone, customer: models.Customer, key: str | None = None, **more: str) -> Answer:
    """Have somebody open a task under a key."""
    given = {"customerId": encode("Customer", customer.id), "purpose": "SUPPORT", "key": key}
    return await by.asks(OPEN, input=given | more)


async def test_a_key_is_its_accounts_own(office: Office) -> None:
    customer = await office.customer()
    manager, himself = await office.employee("manager"), await office.himself(customer)

    first, second = await opens(manager, customer, "1"), await opens(himself, customer, "1")

    assert records(first) != records(second)
    assert await models.Task.all().count() == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 65, "raktažodis"])
async def test_what_is_no_key_is_refused(office: Office, key: str) -> None:
    customer = await office.customer()

    answer = await opens(await office.himself(customer), customer, key)

    assert answer.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "key"}]
    assert not await models.Task.exists()


async def test_what_was_refused_is_done_when_it_is_asked_for_again(office: Office) -> None:
    customer, manager = await office.customer(), await office.employee("manager")
    early = {"dueAt": office.now.isoformat()}
    assert codes(await opens(manager, customer, "1", **early)) == ["BAD_USER_INPUT"]
    assert not await models.ClientKey.exists()

    assert codes(await opens(manager, customer, "1")) == []


@pytest.mark.by_hand
async def test_a_repeat_shows_what_may_be_seen_now_and_nothing_besides(office: Office) -> None:
    customer, agent = await office.customer(), await office.employee("manager", "agent")
    made = records(await opens(agent, customer, "1"))
    await models.Task.all().update(opened_by_id=None)
    former = Someone(agent.actor.__class__(**(vars(agent.actor) | {"roles": frozenset()})), agent.record)

    done = (await opens(former, customer, "1")).data["done"]

    assert (done["task"], done["userErrors"]) == (None, [])
    assert done["notShown"] == [{"field": "task", "id": made["task"]["id"], "reason": "NOT_AVAILABLE"}]


async def test_a_sealed_submission_is_taken_once_under_a_key_and_answered_twice(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)

    first, second = [await himself.asks(CARDS, input=sent, key="1") for _ in range(2)]
    another = await himself.asks(CARDS, input=sent, key="2")

    assert records(first) == records(second) != {}
    assert codes(another) == ["SUBMISSION_REPLAYED"]


async def test_a_refused_submission_is_recorded_under_a_key_as_well(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer, CARD | {"number": "1234"})

    answer = await himself.asks(CARDS, input=sent, key="1")

    assert codes(answer) == ["SUBMISSION_UNFIT"]
    assert [each["code"] for each in await ledger.data(Event.SUBMISSION_REFUSED)] == ["SUBMISSION_UNFIT"]


async def test_neither_a_key_nor_what_was_given_with_it_is_kept(office: Office) -> None:
    customer = await office.customer()
    await opens(await office.himself(customer), customer, "kept-nowhere")

    kept = (await models.ClientKey.all().values())[0]

    assert not any("kept-nowhere" in str(value) or str(customer.id) in str(value) for value in kept.values())
