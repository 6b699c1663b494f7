"""Breaking glass through the schema: who may ask, let pass, end and review, and what opens meanwhile."""

import asyncio
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

import models
from models import BreakGlass, BreakGlassState, Consent, Customer, EmployeeRole, Session
from models.ledger import Access, LedgerEntry
from procedures.reading import released
from procedures.session import authenticate
from schema.node import encode
from tests.people import Answer, Office, Someone

SEEN = "breakGlass { state reason categories asker { name } customer { number } } userErrors { code field }"
REQUEST = (
    f"mutation ($input: BreakGlassRequestInput!) {{ done: breakGlassRequest(input: $input) {{ {SEEN} }} }}"
)
APPROVE = (
    f"mutation ($input: BreakGlassApproveInput!) {{ done: breakGlassApprove(input: $input) {{ {SEEN} }} }}"
)
REFUSE = f"mutation ($input: BreakGlassRefuseInput!) {{ done: breakGlassRefuse(input: $input) {{ {SEEN} }} }}"
END = f"mutation ($input: BreakGlassEndInput!) {{ done: breakGlassEnd(input: $input) {{ {SEEN} }} }}"
REVIEW = f"mutation ($input: BreakGlassReviewInput!) {{ done: breakGlassReview(input: $input) {{ {SEEN} }} }}"
QUEUE = "query ($reviewed: Boolean) { breakGlasses(filter: {reviewed: $reviewed}) { nodes { id } } }"
WHY = "The customer rings from hospital and needs the order stopped."
EVERYTHING = [("identity", "support"), ("contact", "support"), ("order", "support")]
PEOPLE = ["asker", "colleague", "manager", "privacy officer", "administrator",
          "customer", "other customer", "partner", "stranger"]  # fmt: skip


class Scene:
    """A customer whom no task is about, and everybody who might want to look, each in a confirmed session."""

    office: Office
    customer: Customer
    other: Customer
    people: dict[str, Someone]

    async def set_up(self) -> "Scene":
        """Bring everybody in."""
        office = self.office = Office()
        self.customer = await office.customer(EVERYTHING, number="C-1")
        self.other = await office.customer(EVERYTHING, number="C-2")
        people = {
            "asker": await office.agent("support"),
            "colleague": await office.agent("support"),
            "manager": await office.employee("manager", purposes=["support"]),
            "privacy officer": await office.employee("privacy_officer", purposes=["support"]),
            "administrator": await office.employee("administrator", purposes=["support"]),
            "customer": await office.himself(self.customer),
            "other customer": await office.himself(self.other),
            "partner": await office.partner_client(await office.partner(), "support"),
        }
        self.people = {name: await office.session(person) for name, person in people.items()}
        self.people["stranger"] = office.stranger()
        return self

    async def asks(self, person: str = "asker", **changes: Any) -> Answer:
        """Somebody asks to break glass."""
        fresh = {"customerNumber": "C-1", "categories": ["CONTACT"], "purpose": "SUPPORT", "reason": WHY}
        return await self.people[person].asks(REQUEST, input=fresh | changes)

    async def does(self, person: str, mutation: str, glass: BreakGlass, **more: Any) -> Answer:
        """Somebody does something to a request."""
        return await self.people[person].asks(
            mutation, input={"breakGlassId": encode("BreakGlass", glass.id), **more}
        )

    async def broken(self, *categories: str, approver: str = "manager", **values: Any) -> BreakGlass:
        """A request of the asker's, approved."""
        return await self.office.break_glass(
            self.people["asker"],
            self.customer,
            "support",
            *(categories or ("contact",)),
            approver=self.people[approver],
            **values,
        )

    async def waiting(self, *categories: str, **values: Any) -> BreakGlass:
        """A request of the asker's that nobody has decided about."""
        return await self.office.break_glass(
            self.people["asker"], self.customer, "support", *(categories or ("contact",)), **values
        )

    async def sees(self, path: str = "contactPoints.value", customer: Customer | None = None) -> bool:
        """Whether the asker reads a field."""
        return (await self.people["asker"].reads(customer or self.customer, path)).granted


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, and no glass broken."""
    return await Scene().set_up()


def outcome(answer: Answer) -> str:
    """What came of a mutation, in one word."""
    if answer.errors:
        return answer.codes[0]
    codes = [error["code"] for error in answer.data["done"]["userErrors"]]
    return codes[0] if codes else "done"


DONE, NO, OUT = "done", "FORBIDDEN", "UNAUTHENTICATED"
#: Who may do what to a request of the asker's: asks, approves, refuses, ends while it waits, reviews.
TABLE = {
    "asker": (DONE, NO, NO, DONE, NO),
    "colleague": (DONE, NO, NO, NO, NO),
    "manager": (DONE, DONE, DONE, NO, NO),
    "privacy officer": (DONE, DONE, DONE, DONE, DONE),
    "administrator": (DONE, NO, NO, NO, NO),
    "customer": (NO, NO, NO, NO, NO),
    "other customer": (NO, NO, NO, NO, NO),
    "partner": (NO, NO, NO, NO, NO),
    "stranger": (OUT, OUT, OUT, OUT, OUT),
}


@pytest.mark.parametrize("person", PEOPLE)
async def test_who_may_do_what(scene: Scene, person: str) -> None:
    over = scene.office.now - timedelta(minutes=1)
    found = [
        outcome(await scene.asks(person)),
        outcome(await scene.does(person, APPROVE, await scene.waiting())),
        outcome(await scene.does(person, REFUSE, await scene.waiting())),
        outcome(await scene.does(person, END, await scene.waiting())),
        outcome(
            await scene.does(
                person, REVIEW, await scene.broken(ends_at=over), verdict="JUSTIFIED", note="It was."
            )
        ),
    ]
    assert tuple(found) == TABLE[person]


async def test_a_request_approved_opens_what_it_names_and_nothing_else(scene: Scene) -> None:
    assert not await scene.sees()
    assert outcome(await scene.asks()) == DONE
    glass = await BreakGlass.get()
    assert outcome(await scene.does("manager", APPROVE, glass)) == DONE

    assert await scene.sees()
    assert not await scene.sees("orders.total")
    assert not await scene.sees(customer=scene.other)
    assert not (await scene.people["colleague"].reads(scene.customer, "contactPoints.value")).there


async def test_the_purpose_has_to_be_stated_all_the_same(scene: Scene) -> None:
    await scene.broken()

    assert not (await scene.people["asker"].stating().reads(scene.customer, "contactPoints.value")).there
    assert not (
        await scene.people["asker"].stating("delivery").reads(scene.customer, "contactPoints.value")
    ).there


async def test_glass_stands_for_the_task_and_never_for_the_consent(scene: Scene) -> None:
    await scene.broken()
    await models.ContactPoint.filter(customer_id=scene.customer.id).delete()
    await Consent.filter(customer_id=scene.customer.id, category="contact").update(
        state="WITHDRAWN", permits=False
    )

    reading = await scene.people["asker"].reads(scene.customer, "contactPoints.value")

    assert (reading.there, reading.granted, reading.reason) == (True, False, "NO_CONSENT")


async def test_a_consent_that_has_run_out_meanwhile_closes_it(scene: Scene) -> None:
    await scene.broken()
    await Consent.filter(customer_id=scene.customer.id).update(expires_at=scene.office.now)

    assert not await scene.sees()


async def test_a_restriction_holds(scene: Scene) -> None:
    await scene.broken()
    await Customer.filter(id=scene.customer.id).update(restricted=True)

    reading = await scene.people["asker"].reads(scene.customer, "contactPoints.value")

    assert (reading.granted, reading.reason) == (False, "RESTRICTED")


async def test_it_ends_by_itself_to_the_microsecond(scene: Scene) -> None:
    glass = await scene.broken()

    scene.office.now = glass.ends_at - timedelta(microseconds=1)
    assert await scene.sees()
    scene.office.now = glass.ends_at
    assert not await scene.sees()


async def test_it_opens_for_at_most_a_quarter_of_an_hour(scene: Scene) -> None:
    glass = await scene.waiting()
    for minutes in (0, -1, 16, 10**9):
        answer = await scene.does("manager", APPROVE, glass, minutes=minutes)
        assert outcome(answer) == "BAD_USER_INPUT"

    await scene.does("manager", APPROVE, glass, minutes=2)

    assert (await BreakGlass.get(id=glass.id)).ends_at == scene.office.now + timedelta(minutes=2)


async def test_half_an_hour_after_asking_nobody_lets_it_pass(scene: Scene) -> None:
    glass = await scene.waiting(ends_at=scene.office.now)

    assert outcome(await scene.does("manager", APPROVE, glass)) == "BREAK_GLASS_OVER"
    assert not await scene.sees()


@pytest.mark.parametrize("person", ["asker", "manager", "privacy officer"])
async def test_a_party_and_the_privacy_officer_end_it_early(scene: Scene, person: str) -> None:
    glass = await scene.broken()

    assert outcome(await scene.does(person, END, glass)) == DONE

    assert not await scene.sees()
    assert outcome(await scene.does(person, END, glass)) == "BREAK_GLASS_OVER"


async def test_another_manager_does_not_end_it(scene: Scene) -> None:
    scene.people["another"] = await scene.office.session(await scene.office.employee("manager"))

    assert outcome(await scene.does("another", END, await scene.broken())) == NO
    assert await scene.sees()


@pytest.mark.parametrize("role", ["manager", "privacy officer"])
async def test_nobody_lets_themselves_pass(scene: Scene, role: str) -> None:
    scene.people["asker"] = scene.people[role]
    glass = await scene.waiting()

    assert outcome(await scene.does("asker", APPROVE, glass)) == NO
    assert (await BreakGlass.get(id=glass.id)).state is BreakGlassState.REQUESTED


async def test_the_database_itself_refuses_who_lets_themselves_pass(scene: Scene) -> None:
    glass = await scene.waiting()

    with pytest.raises(Exception, match="break_glasses_hands"):
        await BreakGlass.filter(id=glass.id).update(decided_by_id=glass.asker_id)
    with pytest.raises(Exception, match="break_glasses_hands"):
        await BreakGlass.filter(id=glass.id).update(state=BreakGlassState.APPROVED)


async def test_of_a_special_category_only_the_privacy_officer_decides(scene: Scene) -> None:
    answer = await scene.asks(categories=["PERSONAL_CODE", "CONTACT"], purpose="VERIFICATION")
    assert outcome(answer) == DONE
    glass = await BreakGlass.get()
    assert glass.special

    assert outcome(await scene.does("manager", APPROVE, glass)) == NO
    assert outcome(await scene.does("manager", REFUSE, glass)) == NO
    assert outcome(await scene.does("privacy officer", APPROVE, glass)) == DONE


async def test_who_lost_the_role_since_lets_nothing_pass(scene: Scene) -> None:
    manager, glass = scene.people["manager"], await scene.waiting()
    token = "a token that nobody guesses"
    await Session.filter(id=manager.asker.session_id).update(token_hash=sha256(token.encode()).digest())
    assert manager.record is not None
    await EmployeeRole.filter(employee_id=manager.record.id).delete()
    asker = await authenticate(token, frozenset(), clock=scene.office.clock)
    scene.people["manager"] = Someone(asker)

    assert outcome(await scene.does("manager", APPROVE, glass)) == NO


@pytest.mark.parametrize("reason", ["", "   ", "Because.", " " * 40, "\u200b" * 40, "a" + " " * 30 + "b"])
async def test_a_reason_is_given(scene: Scene, reason: str) -> None:
    answer = await scene.asks(reason=reason)

    assert answer.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "reason"}]
    assert not await BreakGlass.exists()


@pytest.mark.parametrize("again", [WHY, f"  {WHY} ", WHY.upper(), WHY.replace(" ", "   ")])
async def test_a_reason_serves_once(scene: Scene, again: str) -> None:
    await scene.asks()

    answer = await scene.asks(reason=again, customerNumber="C-2")

    assert answer.data["done"]["userErrors"] == [{"code": "REASON_COPIED", "field": "reason"}]
    assert await BreakGlass.all().count() == 1


async def test_two_people_may_have_the_same_reason(scene: Scene) -> None:
    assert outcome(await scene.asks()) == outcome(await scene.asks("colleague")) == DONE


async def test_glass_does_not_make_a_purpose_need_more(scene: Scene) -> None:
    assert outcome(await scene.asks(categories=["CONTACT", "ADDRESS"])) == "NOT_NEEDED_FOR_PURPOSE"
    assert outcome(await scene.asks(categories=[])) == "BAD_USER_INPUT"

    await scene.broken("address")
    assert not await scene.sees("postalAddresses.city")


async def test_a_number_that_nobody_has_is_refused_and_recorded(scene: Scene) -> None:
    assert outcome(await scene.asks(customerNumber="C-3")) == NO

    assert not await BreakGlass.exists()
    assert [entry["data"]["action"] for entry in await entries("action.refused")] == ["request_break_glass"]


async def entries(event: str) -> list[dict[str, Any]]:
    """The entries of one kind."""
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"] == event]


async def answers(scene: Scene) -> list[Any]:
    """Everything that the asker is told of a request and of the customer while it waits."""
    asked = await scene.asks()
    listed = await scene.people["asker"].asks(
        "{ breakGlasses { nodes { state purpose categories openedAt customer { number } withheld { field reason } } }"
        " customers { nodes { number } } }"
    )
    reading = await scene.people["asker"].reads(scene.customer, "contactPoints.value")
    return [asked.data, asked.extensions, listed.data, listed.extensions, reading]


async def test_a_request_that_waits_tells_nothing_of_the_customer(scene: Scene) -> None:
    told = await answers(scene)
    bare = await scene.office.customer([], number="C-9")
    await models.BreakGlassCategory.all().delete()
    await BreakGlass.all().delete()
    await Customer.filter(number="C-1").update(number="C-8")
    await Customer.filter(id=bare.id).update(number="C-1", restricted=True)
    scene.customer = bare

    assert await answers(scene) == told
    assert told[2]["breakGlasses"]["nodes"][0]["customer"] is None


async def test_the_customer_sees_who_wanted_what_and_why_but_no_name(scene: Scene) -> None:
    await scene.broken()

    answer = await scene.people["customer"].asks(
        "{ me { ... on Customer { breakGlasses { state purpose categories reason openedAt endsAt asker { name }"
        " withheld { field reason } } } } }"
    )

    (glass,) = answer.data["me"]["breakGlasses"]
    assert glass["reason"] == "The house is on fire, and she is in it."
    assert (glass["state"], glass["categories"], glass["asker"]) == ("APPROVED", ["CONTACT"], None)
    assert glass["withheld"] == [{"field": "asker", "reason": "NOT_PERMITTED"}]


async def test_nobody_else_sees_the_request_or_its_reason(scene: Scene) -> None:
    glass = await scene.broken("contact", "personal_code")
    query = "query ($id: ID!) { breakGlass(id: $id) { reason } breakGlasses { nodes { id } } }"

    for person, sees in {
        "asker": True, "privacy officer": True, "customer": True, "manager": False, "colleague": False,
        "administrator": False, "other customer": False, "partner": False,
    }.items():  # fmt: skip
        answer = await scene.people[person].asks(query, id=encode("BreakGlass", glass.id))
        assert bool(answer.data["breakGlass"]) == bool(answer.data["breakGlasses"]["nodes"]) == sees, person


async def test_the_reason_is_sealed_where_it_is_kept(scene: Scene) -> None:
    await scene.asks()

    glass = await BreakGlass.get()

    assert b"hospital" not in glass.content.raw
    assert (await models.opened(glass)).reason == WHY
    await BreakGlass.filter(id=glass.id).update(customer_id=scene.other.id)
    read = await scene.people["asker"].asks("{ breakGlasses { nodes { reason withheld { reason } } } }")
    assert read.data["breakGlasses"]["nodes"] == [{"reason": None, "withheld": [{"reason": "UNREADABLE"}]}]


async def queue(scene: Scene, reviewed: bool = False) -> list[str]:
    answer = await scene.people["privacy officer"].asks(QUEUE, reviewed=reviewed)
    return [node["id"] for node in answer.data["breakGlasses"]["nodes"]]


async def test_what_was_opened_is_reviewed_once_it_is_over(scene: Scene) -> None:
    glass = await scene.broken()
    await scene.waiting()
    said = {"verdict": "UNJUSTIFIED", "note": "A task would have done."}
    assert await queue(scene) == [encode("BreakGlass", glass.id)]
    assert outcome(await scene.does("privacy officer", REVIEW, glass, **said)) == "NOT_TO_REVIEW"

    await scene.does("asker", END, glass)
    assert outcome(await scene.does("privacy officer", REVIEW, glass, **said)) == DONE

    assert (await queue(scene), await queue(scene, True)) == ([], [encode("BreakGlass", glass.id)])
    assert outcome(await scene.does("privacy officer", REVIEW, glass, **said)) == "ALREADY_REVIEWED"
    words = await models.opened(await BreakGlass.get(id=glass.id))
    assert (words.reason, words.note) == (
        "The house is on fire, and she is in it.",
        "A task would have done.",
    )


async def test_what_never_opened_is_not_reviewed(scene: Scene) -> None:
    glass = await scene.waiting(ends_at=scene.office.now)

    answer = await scene.does("privacy officer", REVIEW, glass, verdict="JUSTIFIED", note="It was.")

    assert outcome(answer) == "NOT_TO_REVIEW"


async def test_no_party_reviews(scene: Scene) -> None:
    over = scene.office.now - timedelta(minutes=1)
    glass = await scene.broken(approver="privacy officer", ends_at=over)
    said = {"verdict": "JUSTIFIED", "note": "It was."}
    scene.people["second"] = await scene.office.session(await scene.office.employee("privacy_officer"))

    assert outcome(await scene.does("privacy officer", REVIEW, glass, **said)) == NO
    assert outcome(await scene.does("second", REVIEW, glass, **said)) == DONE


async def test_a_request_of_nowhere_is_not_told_apart(scene: Scene) -> None:
    nowhere = BreakGlass(id=UUID(int=7))

    for mutation in (APPROVE, REFUSE, END):
        assert outcome(await scene.does("privacy officer", mutation, nowhere)) == NO


async def test_every_step_is_recorded_by_ids_alone(scene: Scene) -> None:
    await scene.asks()
    glass = await BreakGlass.get()
    await scene.does("manager", APPROVE, glass)
    await scene.does("asker", END, glass)
    await scene.does("privacy officer", REVIEW, glass, verdict="JUSTIFIED", note="It was.")
    refused = await scene.waiting()
    await scene.does("manager", REFUSE, refused)

    told = {"breakGlass": str(glass.id), "customer": str(scene.customer.id)}
    for event, data in {
        "requested": told | {"purpose": "support", "categories": ["contact"]},
        "approved": told,
        "ended": told,
        "reviewed": told | {"verdict": "JUSTIFIED"},
        "refused": told | {"breakGlass": str(refused.id)},
    }.items():
        assert [entry["data"] for entry in await entries(f"break_glass.{event}")] == [data]


async def test_what_is_read_under_it_says_so_in_the_ledger_and_to_the_customer(scene: Scene) -> None:
    glass = await scene.broken()
    await scene.office.task(scene.people["colleague"], scene.customer, "support")

    await scene.sees()
    await scene.people["colleague"].reads(scene.customer, "contactPoints.value")

    (broken,), (carried,) = [entry["data"]["groups"] for entry in await entries("reading.released")]
    assert (broken["breakGlasses"], broken["tasks"]) == ([str(glass.id)], [])
    assert "breakGlasses" not in carried
    accesses = [access.break_glass_ids for access in await Access.all().order_by("entry")]
    assert accesses == [str(glass.id), None]
    log = await scene.people["customer"].asks(
        "query ($id: ID!) { accessLog(customerId: $id) { nodes { taskIds breakGlassIds } } }",
        id=encode("Customer", scene.customer.id),
    )
    marks = [node["breakGlassIds"] for node in log.data["accessLog"]["nodes"]]
    assert sorted(marks) == [[], [encode("BreakGlass", glass.id)]]


async def test_what_ends_while_it_is_read_is_marked_all_the_same(scene: Scene) -> None:
    glass = await scene.broken()
    reader = scene.people["asker"]
    since = scene.office.now

    await BreakGlass.filter(id=glass.id).update(state=BreakGlassState.ENDED, ends_at=since)
    await released(
        reader.asker, {scene.customer.id: {("ContactPoint", frozenset({"value"}))}}, {}, "", since=since
    )

    (entry,) = await entries("reading.released")
    assert entry["data"]["groups"][0]["breakGlasses"] == [str(glass.id)]


async def test_what_was_over_before_or_never_opened_marks_nothing(scene: Scene) -> None:
    since = scene.office.now
    await scene.broken(ends_at=since - timedelta(microseconds=1))
    await scene.waiting()

    reads = {scene.customer.id: {("ContactPoint", frozenset({"value"}))}}
    await released(scene.people["asker"].asker, reads, {}, "", since=since)

    (entry,) = await entries("reading.released")
    assert "breakGlasses" not in entry["data"]["groups"][0]


async def test_of_two_who_let_it_pass_at_once_one_does(scene: Scene) -> None:
    glass = await scene.waiting()

    found = await asyncio.gather(
        scene.does("manager", APPROVE, glass), scene.does("privacy officer", APPROVE, glass)
    )

    assert sorted(map(outcome, found)) == ["BREAK_GLASS_OVER", DONE]
    assert len(await entries("break_glass.approved")) == 1


async def test_of_two_who_ask_for_one_reason_at_once_one_does(scene: Scene) -> None:
    found = await asyncio.gather(scene.asks(), scene.asks())

    assert sorted(map(outcome, found)) == ["REASON_COPIED", DONE]


@pytest.mark.parametrize(("mutation", "needs"), [(APPROVE, True), (REFUSE, False), (END, False)])
async def test_letting_pass_needs_a_confirmed_session_and_stopping_does_not(
    scene: Scene, mutation: str, needs: bool
) -> None:
    officer = scene.people["privacy officer"]
    await Session.filter(id=officer.asker.session_id).update(confirmed_until=scene.office.now)

    found = outcome(await scene.does("privacy officer", mutation, await scene.waiting()))

    assert found == ("STEP_UP_REQUIRED" if needs else DONE)


async def test_asking_needs_a_confirmed_session_and_tells_nothing_before(scene: Scene) -> None:
    await Session.all().update(confirmed_until=None)

    assert (
        outcome(await scene.asks()) == outcome(await scene.asks(customerNumber="C-3")) == "STEP_UP_REQUIRED"
    )
    assert not await BreakGlass.exists()
