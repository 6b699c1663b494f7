"""Breaking glass through the schema: who may ask, approve and end, and what opens meanwhile."""

from datetime import timedelta
from hashlib import sha256

import pytest

import models
from models import BreakGlass, BreakGlassState, Consent, Customer, EmployeeRole, Session
from procedures.access import authenticate
from tests.people import Someone
from tests.schema.glass import (
    APPROVE,
    DONE,
    END,
    NO,
    OUT,
    PEOPLE,
    REFUSE,
    REVIEW,
    WHY,
    Scene,
    entries,
    outcome,
)


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, and no glass broken."""
    return await Scene().set_up()


#: Who may do what to a request of the actor's: asks, approves, refuses, ends while it waits, reviews.
TABLE = {
    "actor": (DONE, NO, NO, DONE, NO),
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

    assert not (await scene.people["actor"].stating().reads(scene.customer, "contactPoints.value")).there
    assert not (
        await scene.people["actor"].stating("delivery").reads(scene.customer, "contactPoints.value")
    ).there


async def test_glass_stands_for_the_task_and_never_for_the_consent(scene: Scene) -> None:
    await scene.broken()
    await models.ContactPoint.filter(customer_id=scene.customer.id).delete()
    await Consent.filter(customer_id=scene.customer.id, category="contact_point").update(
        state="WITHDRAWN", permits=False
    )

    reading = await scene.people["actor"].reads(scene.customer, "contactPoints.value")

    assert (reading.there, reading.granted, reading.reason) == (True, False, "NO_CONSENT")


async def test_a_consent_that_has_run_out_meanwhile_closes_it(scene: Scene) -> None:
    await scene.broken()
    await Consent.filter(customer_id=scene.customer.id).update(expires_at=scene.office.now)

    assert not await scene.sees()


async def test_a_restriction_holds(scene: Scene) -> None:
    await scene.broken()
    await Customer.filter(id=scene.customer.id).update(restricted=True)

    reading = await scene.people["actor"].reads(scene.customer, "contactPoints.value")

    assert (reading.granted, reading.reason) == (False, "RESTRICTED")


@pytest.mark.every_database
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


@pytest.mark.parametrize("person", ["actor", "manager", "privacy officer"])
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
    scene.people["actor"] = scene.people[role]
    glass = await scene.waiting()

    assert outcome(await scene.does("actor", APPROVE, glass)) == NO
    assert (await BreakGlass.get(id=glass.id)).state is BreakGlassState.REQUESTED


@pytest.mark.every_database
async def test_the_database_itself_refuses_who_lets_themselves_pass(scene: Scene) -> None:
    glass = await scene.waiting()

    with pytest.raises(Exception, match="break_glasses_hands"):
        await BreakGlass.filter(id=glass.id).update(decided_by_id=glass.requested_by_id)
    with pytest.raises(Exception, match="break_glasses_hands"):
        await BreakGlass.filter(id=glass.id).update(state=BreakGlassState.APPROVED)


async def test_of_a_special_category_only_the_privacy_officer_decides(scene: Scene) -> None:
    answer = await scene.asks(categories=["PERSONAL_CODE", "CONTACT_POINT"], purpose="VERIFICATION")
    assert outcome(answer) == DONE
    glass = await BreakGlass.get()
    assert glass.special

    assert outcome(await scene.does("manager", APPROVE, glass)) == NO
    assert outcome(await scene.does("manager", REFUSE, glass)) == NO
    assert outcome(await scene.does("privacy officer", APPROVE, glass)) == DONE


async def test_who_lost_the_role_since_lets_nothing_pass(scene: Scene) -> None:
    manager, glass = scene.people["manager"], await scene.waiting()
    token = "a token that nobody guesses"
    await Session.filter(id=manager.actor.session_id).update(token_hash=sha256(token.encode()).digest())
    assert manager.record is not None
    await EmployeeRole.filter(employee_id=manager.record.id).delete()
    actor = await authenticate(token, frozenset(), clock=scene.office.clock)
    scene.people["manager"] = Someone(actor)

    assert outcome(await scene.does("manager", APPROVE, glass)) == NO


@pytest.mark.parametrize("reason", ["", "   ", "Because.", " " * 40, "\u200b" * 40, "a" + " " * 30 + "b"])
async def test_a_reason_is_given(scene: Scene, reason: str) -> None:
    answer = await scene.asks(reason=reason)

    assert answer.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "reason"}]
    assert not await BreakGlass.exists()


@pytest.mark.every_database
@pytest.mark.parametrize("again", [WHY, f"  {WHY} ", WHY.upper(), WHY.replace(" ", "   ")])
async def test_a_reason_serves_once(scene: Scene, again: str) -> None:
    await scene.asks()

    answer = await scene.asks(reason=again, customerNumber="C-2")

    assert answer.data["done"]["userErrors"] == [{"code": "REASON_COPIED", "field": "reason"}]
    assert await BreakGlass.all().count() == 1


async def test_two_people_may_have_the_same_reason(scene: Scene) -> None:
    assert outcome(await scene.asks()) == outcome(await scene.asks("colleague")) == DONE


async def test_glass_does_not_make_a_purpose_need_more(scene: Scene) -> None:
    assert (
        outcome(await scene.asks(categories=["CONTACT_POINT", "POSTAL_ADDRESS"])) == "NOT_NEEDED_FOR_PURPOSE"
    )
    assert outcome(await scene.asks(categories=[])) == "BAD_USER_INPUT"

    await scene.broken("postal_address")
    assert not await scene.sees("postalAddresses.city")


async def test_a_number_that_nobody_has_is_refused_and_recorded(scene: Scene) -> None:
    assert outcome(await scene.asks(customerNumber="C-3")) == NO

    assert not await BreakGlass.exists()
    assert [entry["data"]["action"] for entry in await entries("action.refused")] == ["request_break_glass"]
