"""Tasks for which nothing of the customer's own asks, and those among managers: reviewed, and the customer is told."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import (
    Category,
    Consent,
    Customer,
    Interaction,
    InteractionChannel,
    Message,
    Occasion,
    Outcome,
    Purpose,
    ReviewReason,
    Role,
    Task,
    TaskReview,
    TaskStatus,
    Template,
    Verdict,
    opened,
)
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.errors import Refused
from procedures.errors import AlreadyReviewed
from procedures.task import task as tasks
from procedures.task import task_review
from tests import ledger
from tests.procedures import records
from tests.procedures.records import DAY, NOON

RECENTLY, LONG_AGO = NOON - 89 * DAY, NOON - 91 * DAY


async def customer() -> Customer:
    """A customer of whom something is kept, who asked for nothing."""
    found = await records.customer()
    await records.consent(found.id)
    return found


async def given(of: Customer, *roles: Role, by: Actor | None = None, **values: Any) -> Task:
    """A task that a manager opened and gives to an employee with these roles, an agent unless told otherwise."""
    giver = by or await records.manager()
    carrier = await records.employee(*(roles or (Role.AGENT,)))
    task = await records.task(of.id, **{"opened_by_id": giver.actor_id, **values})
    return await tasks.assign(task.id, carrier.id, by=giver)


async def officer() -> Actor:
    return records.staff(await records.employee(Role.PRIVACY_OFFICER), Role.PRIVACY_OFFICER)


async def requested(of: Customer, _: object) -> None:
    rests_on = await records.consent(of.id, Purpose.SUPPORT, Category.ORDER)
    await records.request(await records.order(rests_on))


async def own_task(of: Customer, at: Any) -> None:
    await records.task(of.id, opened_by_id=(await records.person(of)).actor_id, opened_at=at)


async def interacted(of: Customer, at: Any) -> None:
    rests_on = await records.consent(of.id, Purpose.SUPPORT, Category.INTERACTION)
    await Interaction.create(
        customer_id=of.id, consent_id=rests_on.id, source="test", collected_at=NOON, occurred_at=at,
        channel=InteractionChannel.CALL, content=Interaction.Content("Hello", "A call."),
    )  # fmt: skip


async def ordered(of: Customer, at: Any) -> None:
    order = await records.order(await records.consent(of.id, Purpose.SUPPORT, Category.ORDER))
    await type(order).filter(id=order.id).update(placed_at=at)


OCCASIONS: dict[Occasion, Callable[[Customer, Any], Awaitable[None]]] = {
    Occasion.OWN_TASK: own_task,
    Occasion.INTERACTION: interacted,
    Occasion.ORDER: ordered,
}


@pytest.mark.every_database
@pytest.mark.parametrize("occasion", OCCASIONS)
async def test_what_the_customer_did_within_ninety_days_asks_for_a_task(
    database: str, occasion: Occasion
) -> None:
    lately, once = await customer(), await customer()
    await OCCASIONS[occasion](lately, RECENTLY)
    await OCCASIONS[occasion](once, LONG_AGO)

    asked, unasked = await given(lately), await given(once)

    assert (asked.occasion, unasked.occasion) == (occasion, None)
    assert [each.task_id for each in await TaskReview.all()] == [unasked.id]


async def test_a_request_that_waits_asks_for_a_task(database: str) -> None:
    found = await customer()
    await requested(found, NOON)

    assert (await given(found)).occasion is Occasion.REQUEST
    assert not await TaskReview.exists()


async def test_a_customer_of_whom_nothing_is_kept_is_taken_in_without_a_review(database: str) -> None:
    found = await customer()
    await Consent.filter(customer_id=found.id).update(permits=False, state="WITHDRAWN")

    assert (await given(found)).occasion is Occasion.INTAKE
    assert not await TaskReview.exists()


async def test_what_is_due_by_itself_asks_for_a_task_as_long_as_it_is_new(database: str) -> None:
    found = await customer()

    assert (await given(found, opened_by_id=None)).occasion is Occasion.DUE
    assert (await given(found, opened_by_id=None, opened_at=LONG_AGO)).occasion is None


async def test_a_task_without_an_occasion_is_reviewed_and_the_customer_told(database: str) -> None:
    found, by = await customer(), await records.manager()

    task = await given(found, by=by)

    review = await TaskReview.get()
    assert (review.task_id, review.customer_id, review.reason) == (
        task.id,
        found.id,
        ReviewReason.NO_OCCASION,
    )
    assert (review.given_by_id, review.given_to_id, review.given_at) == (by.actor_id, task.assignee_id, NOON)
    assert [each.template for each in await Message.filter(customer_id=found.id)] == [
        Template.TASK_REVIEW_BEGUN
    ]
    assert await ledger.data(Event.TASK_REVIEW_BEGUN) == [
        {"review": str(review.id), "task": str(task.id), "customer": str(found.id), "reason": "NO_OCCASION"}
    ]
    assert [each.id for each in await task_review.listed()] == [review.id]


async def test_what_a_manager_gives_a_manager_is_reviewed_whatever_asks_for_it(database: str) -> None:
    found = await customer()
    await ordered(found, RECENTLY)

    await given(found, Role.AGENT, Role.MANAGER)

    assert [each.reason for each in await TaskReview.all()] == [ReviewReason.AMONG_MANAGERS]


async def test_a_task_that_is_put_off_is_reviewed_as_if_it_were_given_anew(database: str) -> None:
    found, by = await customer(), await records.manager()
    await ordered(found, RECENTLY)
    task = await given(found, by=by)
    assert not await TaskReview.exists()
    later = records.Clock(NOON + 20 * DAY)
    manager = Actor("Employee", by.actor_id, by.roles, clock=later)

    await tasks.extend(task.id, later.now + DAY, by=manager)

    review = await TaskReview.get()
    assert (review.given_to_id, review.given_at) == (task.assignee_id, later.now)
    assert (await Task.get(id=task.id)).occasion is None


async def test_a_task_of_nobody_s_is_put_off_without_a_review(database: str) -> None:
    found, by = await customer(), await records.manager()
    task = await records.task(found.id, opened_by_id=by.actor_id)

    await tasks.extend(task.id, NOON + DAY, by=by)

    assert not await TaskReview.exists()


@pytest.mark.parametrize("verdict", Verdict)
async def test_a_verdict_is_recorded_with_its_note_and_closes_what_was_not_justified(
    database: str, verdict: Verdict
) -> None:
    task, by = await given(await customer()), await officer()
    review = await TaskReview.get()

    await task_review.decide(review.id, verdict, "The call is on record.", by=by)

    kept = await TaskReview.get()
    assert (kept.verdict, kept.reviewed_by_id, kept.reviewed_at) == (verdict, by.actor_id, NOON)
    assert (await opened(kept)).note == "The call is on record."
    assert [data["verdict"] for data in await ledger.data(Event.TASK_REVIEW_DECIDED)] == [verdict]
    status = TaskStatus.CLOSED if verdict is Verdict.UNJUSTIFIED else TaskStatus.OPEN
    assert (await Task.get(id=task.id)).status is status
    assert await task_review.listed() == []
    assert [each.id for each in await task_review.listed(everything=True)] == [review.id]


async def test_the_first_verdict_stands_and_has_a_note(database: str) -> None:
    await given(await customer())
    review, by = await TaskReview.get(), await officer()
    with pytest.raises(Unfit):
        await task_review.decide(review.id, Verdict.JUSTIFIED, " ", by=by)
    await task_review.decide(review.id, Verdict.JUSTIFIED, "It was.", by=by)

    with pytest.raises(AlreadyReviewed):
        await task_review.decide(review.id, Verdict.UNJUSTIFIED, "It was not.", by=await officer())
    assert (await TaskReview.get()).verdict is Verdict.JUSTIFIED


@pytest.mark.parametrize("party", ["given_by_id", "given_to_id", "opened_by_id"])
async def test_no_party_reviews_its_own_task(database: str, party: str) -> None:
    task, by = await given(await customer()), await officer()
    review = await TaskReview.get()
    row: Any = await Task.get(id=task.id) if party == "opened_by_id" else review
    before = getattr(row, party)
    await type(row).filter(id=row.id).update(**{party: by.actor_id})

    with pytest.raises(Refused):
        await task_review.decide(review.id, Verdict.JUSTIFIED, "It was mine.", by=by)
    await type(row).filter(id=row.id).update(**{party: before})


@pytest.mark.every_database
@pytest.mark.parametrize("party", ["given_by_id", "given_to_id"])
async def test_the_database_itself_refuses_who_reviews_their_own(database: str, party: str) -> None:
    await given(await customer())
    review = await TaskReview.get()

    with pytest.raises(Exception, match="task_reviews_hands"):
        await TaskReview.filter(id=review.id).update(
            verdict=Verdict.JUSTIFIED, reviewed_at=NOON, reviewed_by_id=getattr(review, party)
        )


async def test_a_task_closed_before_its_verdict_stays_as_it_was_closed(database: str) -> None:
    by = await records.manager()
    task = await given(await customer(), by=by)
    await tasks.close(task.id, Outcome.DONE, by=by)

    await task_review.decide((await TaskReview.get()).id, Verdict.UNJUSTIFIED, "No.", by=await officer())

    kept = await Task.get(id=task.id)
    assert (kept.outcome, kept.closed_at) == (Outcome.DONE, NOON)
