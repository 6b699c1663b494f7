"""Reviews of tasks through the schema: who sees that a task is reviewed, who decides, and what becomes of the task."""

from datetime import timedelta
from typing import Any

import pytest

import models
from schema.reading import encode
from tests.people import Answer, Office, Someone
from tests.schema.glass import DONE, NO, OUT, outcome

REASON = "id reason givenAt verdict reviewedAt task { id }"
NAMES = "givenBy { name } givenTo { name } givenToClient { name } note reviewedBy { name }"
SEEN = f"taskReview {{ {REASON} {NAMES} }} userErrors {{ code field }}"
DECIDE = f"mutation ($input: TaskReviewDecideInput!) {{ done: taskReviewDecide(input: $input) {{ {SEEN} }} }}"
QUEUE = f"query ($reviewed: Boolean) {{ taskReviews(filter: {{reviewed: $reviewed}}) {{ nodes {{ {REASON} {NAMES} }} }} }}"
ASSIGN = "mutation ($task: ID!, $to: ID!) { done: taskAssign(input: {taskId: $task, assigneeId: $to}) { userErrors { code } } }"
EXTEND = """mutation ($task: ID!, $until: DateTime!) {
  done: taskExtend(input: {taskId: $task, dueAt: $until}) { task { dueAt extendedAt } userErrors { code field } } }"""
OWN = "{ me { ... on Customer { tasks { dueAt extendedAt occasion reviews { reason givenAt verdict givenBy { name } } } } } }"
#: Who sees the review of a task that a manager gave an agent, and the names in it; and who may decide it.
TABLE = {
    "assignee": (True, True, NO),
    "colleague": (False, False, NO),
    "manager": (True, True, NO),
    "other manager": (False, False, NO),
    "privacy officer": (True, True, DONE),
    "administrator": (False, False, NO),
    "customer": (True, False, NO),
    "other customer": (False, False, NO),
    "partner": (False, False, NO),
    "stranger": (False, False, OUT),
}


class Scene:
    """A customer who asked for nothing, whose task a manager gives to an agent."""

    office: Office
    customer: models.Customer
    task: models.Task
    people: dict[str, Someone]

    async def set_up(self) -> "Scene":
        """Bring everybody in, and give the task."""
        office = self.office = Office()
        self.customer = await office.customer([("identity", "support")], number="C-1")
        self.people = {
            "assignee": await office.agent("support"),
            "colleague": await office.agent("support"),
            "manager": await office.employee("manager"),
            "other manager": await office.employee("manager"),
            "privacy officer": await office.employee("privacy_officer"),
            "administrator": await office.employee("administrator"),
            "customer": await office.himself(self.customer),
            "other customer": await office.himself(await office.customer()),
            "partner": await office.partner_client(await office.partner(), "support"),
            "stranger": office.stranger(),
        }
        self.task = await office.task(None, self.customer, "support")
        manager = self.people["manager"].actor.actor_id
        await models.Task.filter(id=self.task.id).update(opened_by_id=manager)
        assert outcome(await self.assigns("assignee")) == DONE
        return self

    async def assigns(self, to: str) -> Answer:
        """Have the manager give the task to somebody."""
        record = self.people[to].record
        assert record is not None
        return await self.people["manager"].asks(
            ASSIGN, task=encode("Task", self.task.id), to=encode("Employee", record.id)
        )

    async def decides(
        self, person: str, verdict: str = "JUSTIFIED", note: str = "A call is on record."
    ) -> Answer:
        """Have somebody decide the review."""
        review = await models.TaskReview.get()
        given = {"taskReviewId": encode("TaskReview", review.id), "verdict": verdict, "note": note}
        return await self.people[person].asks(DECIDE, input=given)

    async def sees(self, person: str, *, reviewed: bool | None = None) -> list[dict[str, Any]]:
        """The reviews that somebody sees."""
        answer = await self.people[person].asks(QUEUE, reviewed=reviewed)
        nodes: list[dict[str, Any]] = answer.data["taskReviews"]["nodes"] if not answer.codes else []
        return nodes


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, and the task given."""
    return await Scene().set_up()


@pytest.mark.parametrize("person", TABLE)
async def test_who_sees_a_review_and_who_decides_it(scene: Scene, person: str) -> None:
    seen = await scene.sees(person)
    names = bool(seen and seen[0]["givenBy"] and seen[0]["givenTo"])

    assert (bool(seen), names, outcome(await scene.decides(person))) == TABLE[person]


@pytest.mark.every_database
async def test_the_queue_has_what_waits_and_a_verdict_takes_it_out(scene: Scene) -> None:
    officer = "privacy officer"
    (waiting,) = await scene.sees(officer, reviewed=False)
    assert (waiting["reason"], waiting["verdict"], waiting["givenTo"]) == (
        "NO_OCCASION", None, {"name": "Colleague 1"},
    )  # fmt: skip
    assert await scene.sees(officer, reviewed=True) == []

    answer = await scene.decides(officer)

    assert answer.data["done"]["taskReview"]["note"] == "A call is on record."
    assert await scene.sees(officer, reviewed=False) == []
    assert [each["verdict"] for each in await scene.sees(officer, reviewed=True)] == ["JUSTIFIED"]


async def test_a_verdict_is_given_once(scene: Scene) -> None:
    assert outcome(await scene.decides("privacy officer", note="")) == "BAD_USER_INPUT"
    await scene.decides("privacy officer")

    assert outcome(await scene.decides("privacy officer", "UNJUSTIFIED")) == "ALREADY_REVIEWED"


async def test_what_was_not_justified_opens_nothing_any_more(scene: Scene) -> None:
    path, assignee = "identity.familyName", scene.people["assignee"]
    assert (await assignee.reads(scene.customer, path)).granted

    await scene.decides("privacy officer", "UNJUSTIFIED")

    assert (await assignee.reads(scene.customer, path)).absent


async def test_customers_see_the_review_beside_their_task_with_its_verdict_and_no_name(scene: Scene) -> None:
    await scene.decides("privacy officer")

    (task,) = (await scene.people["customer"].asks(OWN)).data["me"]["tasks"]

    (review,) = task["reviews"]
    assert (task["occasion"], review["reason"], review["verdict"]) == (None, "NO_OCCASION", "JUSTIFIED")
    assert review["givenBy"] is None


async def test_a_day_that_is_put_off_lets_the_assignee_read_again_and_is_seen_by_the_customer(
    scene: Scene,
) -> None:
    path, assignee = "identity.familyName", scene.people["assignee"]
    until = scene.office.now + timedelta(days=60)
    scene.office.now += timedelta(days=30)
    assert (await assignee.reads(scene.customer, path)).absent

    extend = {"task": encode("Task", scene.task.id), "until": until.isoformat()}
    assert outcome(await assignee.asks(EXTEND, **extend)) == NO
    assert outcome(await scene.people["manager"].asks(EXTEND, **extend)) == DONE

    assert (await assignee.reads(scene.customer, path)).granted
    (task,) = (await scene.people["customer"].asks(OWN)).data["me"]["tasks"]
    assert (task["dueAt"], task["extendedAt"]) == (until.isoformat(), scene.office.now.isoformat())
    assert len(task["reviews"]) == 2
