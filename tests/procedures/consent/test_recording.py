"""Nobody speaks for the customer: what others record of consents, whatever was said before, and what it opens to whom."""

import random
from collections.abc import Awaitable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from models import PERSONAL, Category, Consent, ConsentState, Message, Purpose, Template
from models.database import transaction
from models.errors import ProcedureError
from models.keys import keyring
from policies.errors import Refused
from policies.policy import in_force
from procedures.consent import consent as consents
from tests.campaigns import Campaign
from tests.people import Office, Someone

S = ConsentState
#: What was said before, and what staff are told who record a consent all the same; None where they may.
EARLIER = {
    None: None,
    S.REQUESTED: None,
    S.REQUEST_DEFERRED: None,
    S.UNKNOWN: None,
    S.GIVEN: "ALREADY_GIVEN",
    S.RENEWED_CONSENT_GIVEN: "ALREADY_GIVEN",
    S.EXPIRED: "STANDING_NO",
    S.REFUSED: "STANDING_NO",
    S.WITHDRAWN: "STANDING_NO",
    S.REVOKED: "STANDING_NO",
    S.INVALIDATED: "STANDING_NO",
}
DENYING = {S.REFUSED, S.WITHDRAWN, S.REVOKED, S.INVALIDATED}
WHO = ("agent", "manager", "officer", "customer")


@dataclass(frozen=True)
class Case:
    """Who records a consent, with a task for what, after what was said before."""

    task: Purpose
    purpose: Purpose
    category: Category
    earlier: ConsentState | None
    who: str

    @property
    def needed(self) -> bool:
        """Whether the consent is for the task's purpose, and to what that needs."""
        return self.task is self.purpose and (self.purpose.value, self.category.value) in in_force().needs

    @property
    def expected(self) -> str | None:
        """The code of the refusal; None where it is recorded."""
        if self.who == "customer":
            special = in_force().special.get(self.category, self.purpose)
            return None if special is self.purpose else "SPECIAL_CATEGORY"
        # A task makes a manager somebody who works for the customer; overseeing alone does not.
        return EARLIER[self.earlier] if self.who == "agent" and self.needed else "FORBIDDEN"


def cases(campaign: Campaign) -> list[Case]:
    """A sample of all cases in which every earlier state is met by an agent who may otherwise."""
    everything = [Case(*each) for each in product(Purpose, Purpose, Category, EARLIER, WHO)]
    chance = random.Random(44)  # noqa: S311 a fixed sample
    chance.shuffle(everything)
    fitting = [each for each in everything if each.needed and each.who == "agent"]
    firsts = [next(each for each in fitting if each.earlier is state) for state in EARLIER]
    return firsts + everything[: campaign.of(short=30, long=4000)]


async def said(office: Office, case: Case) -> tuple[Any, Any]:
    """A customer, signed in, and the consent that was recorded of them before, if there is one."""
    customer = await office.customer()
    himself = await office.himself(customer)
    if case.earlier is None:
        return himself, None
    made = await office.consent(customer, case.category, case.purpose, state=case.earlier)
    await Consent.filter(id=made.id).update(denies=case.earlier in DENYING)
    return himself, made


async def recorder(office: Office, case: Case, himself: Any) -> Any:
    """Whoever records it; managers and privacy officers without a task."""
    if case.who == "customer":
        return himself
    if case.who != "agent":
        role = {"manager": "manager", "officer": "privacy_officer"}[case.who]
        return await office.employee(role, purposes=[case.task.value])
    agent = await office.agent(case.task.value)
    await office.task(agent, himself.record, case.task.value)
    return agent


async def code_of(work: Awaitable[object]) -> str | None:
    """The code with which something is refused; None where it is done."""
    try:
        await work
    except (ProcedureError, Refused) as error:
        return error.code
    return None


async def giving(office: Office, case: Case, customer: Any, by: Someone) -> Consent:
    """Record the consent of a case."""
    notice = await office.notice(case.purpose.value)
    return await consents.give(
        customer.id, case.category, case.purpose, notice.id, by=by.actor, evidence="form 7"
    )


async def opens(office: Office, case: Case, customer: Any, someone: Someone) -> bool:
    """Whether somebody reads the way to the category, of which there is a row."""
    reading = await someone.reads(customer, f"{PERSONAL[case.category].declared.edge}.id")
    return reading.granted


async def test_what_others_record_is_within_their_task_over_no_no_and_opens_nothing_to_them(office, campaign):
    tried = cases(campaign)
    for case in tried:
        himself, earlier = await said(office, case)
        customer = himself.record
        before = await Consent.filter(customer_id=customer.id).order_by("id").values()
        by = await recorder(office, case, himself)

        assert await code_of(giving(office, case, customer, by)) == case.expected, case

        told = await Message.filter(customer_id=customer.id, template=Template.CONSENT_RECORDED).count()
        if case.expected is not None:
            assert await Consent.filter(customer_id=customer.id).order_by("id").values() == before, case
            assert told == 0, case
            continue
        given = await Consent.get(customer_id=customer.id, permits=True)
        by_staff = case.who == "agent"
        assert given.recorded_by_id == (by.actor.actor_id if by_staff else None), case
        assert told == by_staff, case
        assert earlier is None or (given.id == earlier.id) is (
            earlier.state in (S.REQUESTED, S.REQUEST_DEFERRED, S.GIVEN, S.RENEWED_CONSENT_GIVEN)
        )
        if by_staff:
            colleague = await recorder(office, case, himself)
            await office.row(customer, given, **_unlike_others(given))
            assert not await opens(office, case, customer, by), case
            assert await opens(office, case, customer, colleague), case
    campaign.tried(len(tried), "consents recorded by somebody")


def _unlike_others(given: Consent) -> dict[str, str]:
    """A personal code is of one customer only."""
    unlike = f"4900101{given.id.int % 10000:04d}"
    return (
        {"code_index": unlike, "country_digest": unlike} if given.category is Category.PERSONAL_CODE else {}
    )


async def test_while_a_customer_is_restricted_staff_record_nothing(office):
    case = Case(Purpose.SUPPORT, Purpose.SUPPORT, Category.CONTACT_POINT, S.REQUESTED, "agent")
    himself, asked = await said(office, case)
    agent = await recorder(office, case, himself)
    himself.record.restricted = True
    await himself.record.save()

    notice = await office.notice("support")
    again = consents.request(himself.record.id, [Category.ORDER], Purpose.SUPPORT, notice.id, by=agent.actor)
    for work in (
        giving(office, case, himself.record, agent),
        consents.defer(asked.id, by=agent.actor),
        consents.refuse(asked.id, by=agent.actor),
        again,
    ):
        assert await code_of(work) == "FORBIDDEN"
    assert await code_of(giving(office, case, himself.record, himself)) is None


@pytest.mark.parametrize("answer", [consents.defer, consents.refuse])
@pytest.mark.parametrize("purpose", [Purpose.SUPPORT, Purpose.BILLING])
async def test_staff_record_the_answer_to_what_their_task_needs(office, answer, purpose):
    case = Case(purpose, Purpose.SUPPORT, Category.CONTACT_POINT, S.REQUESTED, "agent")
    himself, asked = await said(office, case)
    agent = await recorder(office, case, himself)

    code = await code_of(answer(asked.id, by=agent.actor))

    assert code == (None if purpose is Purpose.SUPPORT else "FORBIDDEN")
    assert await Message.filter(template=Template.CONSENT_RECORDED).count() == (code is None)


@pytest.mark.parametrize(
    ("who", "category", "purpose", "code"),
    [
        ("agent", Category.ORDER, Purpose.SUPPORT, None),
        ("agent", Category.PAYMENT_CARD, Purpose.SUPPORT, "FORBIDDEN"),
        ("agent", Category.HEALTH_RECORD, Purpose.CARE, "FORBIDDEN"),
        ("agent", Category.CONTACT_POINT, Purpose.MARKETING, "FORBIDDEN"),
        ("manager", Category.ORDER, Purpose.SUPPORT, "FORBIDDEN"),
        ("officer", Category.HEALTH_RECORD, Purpose.CARE, None),
        ("officer", Category.HEALTH_RECORD, Purpose.SUPPORT, "SPECIAL_CATEGORY"),
        ("officer", Category.PAYMENT_CARD, Purpose.MARKETING, None),
    ],
)
async def test_staff_ask_for_what_their_task_needs_and_officers_for_anything(
    office, who, category, purpose, code
):
    case = Case(Purpose.SUPPORT, purpose, category, None, who)
    himself, _ = await said(office, case)
    by, notice = await recorder(office, case, himself), await office.notice(purpose.value)

    asking = consents.request(himself.record.id, [category], purpose, notice.id, by=by.actor)

    assert await code_of(asking) == code
    assert await Consent.all().count() == (code is None)


async def test_a_consent_that_has_run_out_and_was_not_ended_yet_is_a_no_to_staff(office):
    case = Case(Purpose.SUPPORT, Purpose.SUPPORT, Category.CONTACT_POINT, S.GIVEN, "agent")
    himself, earlier = await said(office, case)
    office.now = earlier.expires_at
    agent = await recorder(office, case, himself)

    assert await code_of(giving(office, case, himself.record, agent)) == "STANDING_NO"
    assert await code_of(giving(office, case, himself.record, himself)) is None


async def test_a_no_after_a_consent_that_ran_out_is_the_newest_word(office):
    """And the customer's yes after it: each takes the place of what was before."""
    case = Case(Purpose.SUPPORT, Purpose.SUPPORT, Category.CONTACT_POINT, S.EXPIRED, "agent")
    himself, _ = await said(office, case)
    agent = await recorder(office, case, himself)
    await consents.object(himself.record.id, Purpose.SUPPORT, by=himself.actor)
    assert await code_of(giving(office, case, himself.record, agent)) == "STANDING_NO"

    await giving(office, case, himself.record, himself)
    assert await code_of(giving(office, case, himself.record, agent)) == "ALREADY_GIVEN"


async def test_an_answer_is_to_the_request_also_where_a_no_stands(office):
    case = Case(Purpose.SUPPORT, Purpose.SUPPORT, Category.CONTACT_POINT, S.REFUSED, "customer")
    himself, refused = await said(office, case)
    officer, notice = await office.employee("privacy_officer"), await office.notice("support")
    wanted = (himself.record.id, [case.category], case.purpose, notice.id)
    (asked,) = await consents.request(*wanted, by=officer.actor)
    assert await code_of(consents.request(*wanted, by=officer.actor)) == "ALREADY_REQUESTED"

    assert (await giving(office, case, himself.record, himself)).id == asked.id
    assert not (await Consent.get(id=refused.id)).denies


async def test_whoever_may_not_record_a_consent_learns_nothing_of_an_earlier_one(office):
    case = Case(Purpose.SUPPORT, Purpose.CARE, Category.HEALTH_RECORD, S.REFUSED, "agent")
    himself, _ = await said(office, case)
    agent = await recorder(office, case, himself)

    assert await code_of(giving(office, case, himself.record, agent)) == "FORBIDDEN"


async def test_of_several_at_once_the_customer_is_told_once(office):
    customer = await office.customer()
    agent, notice = await office.agent("support"), await office.notice("support")
    await office.task(agent, customer, "support")
    async with transaction():
        for category in (Category.IDENTITY, Category.ORDER, Category.INTERACTION):
            await consents.give(
                customer.id, category, Purpose.SUPPORT, notice.id, by=agent.actor, evidence="form 7"
            )

    assert await Message.filter(customer_id=customer.id, template=Template.CONSENT_RECORDED).count() == 1
    assert await keyring.rings([customer.id])
