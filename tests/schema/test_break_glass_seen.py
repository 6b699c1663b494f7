"""Broken glass is seen: by the customer, in the ledger, and by who reviews it; a request that waits tells nothing."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import models
from models import BreakGlass, Customer, Session
from models.ledger import Access
from schema.reading import encode
from tests.schema.glass import (
    APPROVE,
    DONE,
    END,
    NO,
    QUEUE,
    REFUSE,
    REVIEW,
    SEEN,
    WHY,
    Scene,
    entries,
    outcome,
)


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, and no glass broken."""
    return await Scene().set_up()


async def answers(scene: Scene) -> list[Any]:
    """Everything that the actor is told of a request and of the customer while it waits."""
    asked = await scene.asks()
    listed = await scene.people["actor"].asks(
        "{ breakGlasses { nodes { state purpose categories openedAt customer { number } withheld { field reason } } }"
        " customers { nodes { number } } }"
    )
    reading = await scene.people["actor"].reads(scene.customer, "contactPoints.value")
    return [asked.data, asked.extensions, listed.data, listed.extensions, reading]


@pytest.mark.by_hand
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
        "{ me { ... on Customer { breakGlasses { state purpose categories reason openedAt endsAt requestedBy { name }"
        " withheld { field reason } } } } }"
    )

    (glass,) = answer.data["me"]["breakGlasses"]
    assert glass["reason"] == "The house is on fire, and she is in it."
    assert (glass["state"], glass["categories"], glass["requestedBy"]) == (
        "APPROVED",
        ["CONTACT_POINT"],
        None,
    )
    assert glass["withheld"] == [{"field": "requestedBy", "reason": "NOT_PERMITTED"}]


async def test_nobody_else_sees_the_request_or_its_reason(scene: Scene) -> None:
    glass = await scene.broken("contact_point", "personal_code")
    query = "query ($id: ID!) { breakGlass(id: $id) { reason } breakGlasses { nodes { id } } }"

    for person, sees in {
        "actor": True, "privacy officer": True, "customer": True, "manager": False, "colleague": False,
        "administrator": False, "other customer": False, "partner": False,
    }.items():  # fmt: skip
        answer = await scene.people[person].asks(query, id=encode("BreakGlass", glass.id))
        assert bool(answer.data["breakGlass"]) == bool(answer.data["breakGlasses"]["nodes"]) == sees, person


@pytest.mark.by_hand
async def test_the_reason_is_sealed_where_it_is_kept(scene: Scene) -> None:
    await scene.asks()

    glass = await BreakGlass.get()

    assert b"hospital" not in glass.content.raw
    assert (await models.opened(glass)).reason == WHY
    await BreakGlass.filter(id=glass.id).update(customer_id=scene.other.id)
    read = await scene.people["actor"].asks("{ breakGlasses { nodes { reason withheld { reason } } } }")
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

    await scene.does("actor", END, glass)
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
    await scene.does("actor", END, glass)
    await scene.does("privacy officer", REVIEW, glass, verdict="JUSTIFIED", note="It was.")
    refused = await scene.waiting()
    await scene.does("manager", REFUSE, refused)

    told = {"breakGlass": str(glass.id), "customer": str(scene.customer.id)}
    for event, data in {
        "requested": told | {"purpose": "support", "categories": ["contact_point"]},
        "approved": told,
        "ended": told,
        "reviewed": told | {"verdict": "JUSTIFIED"},
        "refused": told | {"breakGlass": str(refused.id)},
    }.items():
        assert [entry["data"] for entry in await entries(f"break_glass.{event}")] == [data]


@pytest.mark.every_database
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


MEANWHILE = f"""mutation ($asked: BreakGlassRequestInput!, $ended: BreakGlassEndInput!) {{
  breakGlassRequest(input: $asked) {{ breakGlass {{ customer {{ contactPoints {{ value }} }} }} }}
  breakGlassEnd(input: $ended) {{ {SEEN} }} }}"""


@pytest.mark.every_database
async def test_what_ends_while_it_is_read_is_marked_all_the_same(scene: Scene) -> None:
    glass = await scene.broken()
    asked = {"customerNumber": "C-1", "categories": ["ORDER"], "purpose": "SUPPORT", "reason": WHY}
    ended = {"breakGlassId": encode("BreakGlass", glass.id)}

    answer = await scene.people["actor"].asks(MEANWHILE, asked=asked, ended=ended)

    assert answer.data["breakGlassRequest"]["breakGlass"]["customer"]["contactPoints"][0]["value"]
    assert answer.data["breakGlassEnd"]["breakGlass"]["customer"] is None
    (entry,) = await entries("reading.released")
    assert [group["breakGlasses"] for group in entry["data"]["groups"]] == [[str(glass.id)]]


async def test_what_was_over_before_or_never_opened_marks_nothing(scene: Scene) -> None:
    await scene.broken(ends_at=scene.office.now - timedelta(microseconds=1))
    await scene.waiting()
    await scene.office.task(scene.people["actor"], scene.customer, "support")

    assert await scene.sees()

    (entry,) = await entries("reading.released")
    assert ["breakGlasses" in group for group in entry["data"]["groups"]] == [False]


@pytest.mark.every_database
async def test_of_two_who_let_it_pass_at_once_one_does(scene: Scene) -> None:
    glass = await scene.waiting()

    found = await asyncio.gather(
        scene.does("manager", APPROVE, glass), scene.does("privacy officer", APPROVE, glass)
    )

    assert sorted(map(outcome, found)) == ["BREAK_GLASS_OVER", DONE]
    assert len(await entries("break_glass.approved")) == 1


@pytest.mark.every_database
async def test_of_two_who_ask_for_one_reason_at_once_one_does(scene: Scene) -> None:
    found = await asyncio.gather(scene.asks(), scene.asks())

    assert sorted(map(outcome, found)) == ["REASON_COPIED", DONE]


@pytest.mark.parametrize(("mutation", "needs"), [(APPROVE, True), (REFUSE, False), (END, False)])
async def test_letting_pass_needs_a_confirmed_session_and_stopping_does_not(
    scene: Scene, mutation: str, needs: bool
) -> None:
    officer = scene.people["privacy officer"]
    await Session.filter(id=officer.actor.session_id).update(confirmed_until=scene.office.now)

    found = outcome(await scene.does("privacy officer", mutation, await scene.waiting()))

    assert found == ("STEP_UP_REQUIRED" if needs else DONE)


async def test_asking_needs_a_confirmed_session_and_tells_nothing_before(scene: Scene) -> None:
    await Session.all().update(confirmed_until=None)

    assert (
        outcome(await scene.asks()) == outcome(await scene.asks(customerNumber="C-3")) == "STEP_UP_REQUIRED"
    )
    assert not await BreakGlass.exists()
