"""Tasks through the schema: who may open, give and close them, and what they are told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import models
from schema.reading import encode
from tests.people import Answer, Office, Someone

SEEN = "task { status outcome assignee { name } client { name } customer { number identity { familyName } } }"
OPEN = f"mutation ($input: TaskOpenInput!) {{ done: taskOpen(input: $input) {{ {SEEN} userErrors {{ code field }} }} }}"
ASSIGN = f"mutation ($input: TaskAssignInput!) {{ done: taskAssign(input: $input) {{ {SEEN} userErrors {{ code field }} }} }}"
CLOSE = f"mutation ($input: TaskCloseInput!) {{ done: taskClose(input: $input) {{ {SEEN} userErrors {{ code field }} }} }}"
PEOPLE = ["assignee", "colleague", "manager", "privacy officer", "administrator",
          "customer", "other customer", "partner", "other partner", "stranger"]  # fmt: skip
NOWHERE = UUID(int=7)
EVERYTHING = [("identity", "support"), ("identity", "delivery"), ("contact_point", "support")]


class Scene:
    """A customer with a task of an agent's and a task of a partner's, and everybody who might meddle."""

    office: Office
    customer: models.Customer
    task: models.Task
    delivery: models.Task
    people: dict[str, Someone]

    async def set_up(self) -> "Scene":
        """Bring everybody in."""
        office = self.office = Office()
        self.customer = await office.customer(EVERYTHING, number="C-1")
        partner, rival = await office.partner(), await office.partner()
        agreement = await office.agreement(partner, "delivery", "identity.familyName")
        self.people = {
            "assignee": await office.agent("support"),
            "colleague": await office.agent("support"),
            "manager": await office.employee("manager", purposes=["support"]),
            "privacy officer": await office.employee("privacy_officer", purposes=["support"]),
            "administrator": await office.employee("administrator", purposes=["support"]),
            "customer": await office.himself(self.customer),
            "other customer": await office.himself(await office.customer(EVERYTHING)),
            "partner": await office.partner_client(partner, "delivery"),
            "other partner": await office.partner_client(rival, "delivery"),
            "stranger": office.stranger(),
        }
        self.task = await office.task(self.people["assignee"], self.customer, "support")
        self.delivery = await office.task(
            self.people["partner"], self.customer, "delivery", agreement=agreement
        )
        return self

    def id(self, person: str) -> str:
        """The identifier by which a assignee is named."""
        record = self.people[person].record
        assert record is not None
        return encode(type(record).__name__, record.id)

    async def opens(self, person: str, **input: Any) -> Answer:
        """Have somebody open a task for the customer."""
        given = {"customerId": encode("Customer", self.customer.id), "purpose": "SUPPORT"} | input
        return await self.people[person].asks(OPEN, input=given)

    async def assigns(self, person: str, to: str, task: models.Task | None = None) -> Answer:
        """Have somebody give the task to somebody."""
        id = encode("Task", (task or self.task).id)
        return await self.people[person].asks(ASSIGN, input={"taskId": id, "assigneeId": self.id(to)})

    async def closes(self, person: str, task: models.Task | None = None, **input: Any) -> Answer:
        """Have somebody close the task."""
        given = {"taskId": encode("Task", (task or self.task).id)} | input
        return await self.people[person].asks(CLOSE, input=given)


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, at noon."""
    return await Scene().set_up()


def told(answer: Answer) -> list[str]:
    """What the answer refuses with, as an error of the request or of the user."""
    return answer.codes or [error["code"] for error in answer.data["done"]["userErrors"]]


def done(answer: Answer) -> Any:
    """The task as it was answered, after a mutation that happened."""
    assert told(answer) == []
    return answer.data["done"]["task"]


def verdict(person: str, allowed: str) -> list[str]:
    """What a person is told when these people may."""
    if person in allowed.split(", "):
        return []
    return ["UNAUTHENTICATED"] if person == "stranger" else ["FORBIDDEN"]


@pytest.mark.parametrize("person", PEOPLE)
async def test_who_may_open_a_task(scene: Scene, person: str) -> None:
    answer = await scene.opens(person)

    expected = verdict(person, "assignee, manager, customer")
    assert told(answer) == expected
    assert await models.Task.all().count() == 2 + (not expected)


@pytest.mark.parametrize("person", PEOPLE)
async def test_only_a_manager_gives_a_task_to_somebody(scene: Scene, person: str) -> None:
    answer = await scene.assigns(person, "colleague")

    expected = verdict(person, "manager")
    assert told(answer) == expected
    assignee = scene.people["assignee" if expected else "colleague"]
    assert (await models.Task.get(id=scene.task.id)).assignee_id == assignee.actor.actor_id


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_task_is_closed_by_its_carrier_or_a_manager(scene: Scene, person: str) -> None:
    answer = await scene.closes(person)

    expected = verdict(person, "assignee, manager")
    assert told(answer) == expected
    assert (await models.Task.get(id=scene.task.id)).status == ("OPEN" if expected else "CLOSED")


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_subcontractors_task_is_closed_by_it_or_a_manager(scene: Scene, person: str) -> None:
    assert told(await scene.closes(person, scene.delivery)) == verdict(person, "partner, manager")


@pytest.mark.parametrize("person", ["assignee", "customer"])
async def test_naming_a_carrier_when_opening_takes_a_manager(scene: Scene, person: str) -> None:
    answer = await scene.opens(person, assigneeId=scene.id("colleague"))

    assert told(answer) == ["FORBIDDEN"]
    assert await models.Task.all().count() == 2


async def test_an_agreement_that_ended_lets_no_task_be_closed(scene: Scene) -> None:
    scene.office.now += timedelta(days=30)

    assert told(await scene.closes("partner", scene.delivery)) == ["FORBIDDEN"]


async def test_a_manager_sees_the_task_without_the_person(scene: Scene) -> None:
    answer = await scene.opens("manager", assigneeId=scene.id("colleague"))

    assert done(answer) == {
        "status": "OPEN",
        "outcome": None,
        "assignee": {"name": "Colleague 4"},
        "client": None,
        "customer": {"number": "C-1", "identity": None},
    }
    assert answer.extensions["withheld"] == [{"field": "Customer.identity", "reason": "NO_TASK", "count": 1}]


async def test_whoever_closed_a_task_sees_it_and_not_its_customer(scene: Scene) -> None:
    task = done(await scene.closes("assignee", outcome="CANCELLED"))

    assert (task["status"], task["outcome"], task["customer"]) == ("CLOSED", "CANCELLED", None)


async def test_whoever_opened_a_task_for_nobody_sees_that_it_is_open_and_not_whose_it_is(
    scene: Scene,
) -> None:
    task = done(await scene.opens("assignee"))

    assert (task["status"], task["customer"]) == ("OPEN", None)


async def test_customers_see_the_task_they_opened_and_not_its_carrier(scene: Scene) -> None:
    task = done(await scene.opens("customer"))

    assert (task["status"], task["assignee"]) == ("OPEN", None)
    assert task["customer"] == {"number": "C-1", "identity": {"familyName": "Kazlauskaitė"}}


async def test_a_subcontractor_that_closed_its_task_sees_it_and_not_its_customer(scene: Scene) -> None:
    task = done(await scene.closes("partner", scene.delivery))

    assert (task["status"], task["customer"]) == ("CLOSED", None)


async def test_a_task_given_away_opens_to_the_new_carrier_alone(scene: Scene) -> None:
    done(await scene.assigns("manager", "colleague"))

    path = "identity.familyName"
    assert (await scene.people["assignee"].reads(scene.customer, path)).absent
    assert (await scene.people["colleague"].reads(scene.customer, path)).granted


async def test_a_subcontractor_is_given_a_task_its_agreement_covers(scene: Scene) -> None:
    answer = await scene.opens("manager", purpose="DELIVERY", assigneeId=scene.id("partner"))

    assert done(answer)["client"] == {"name": "Van"}


@pytest.mark.parametrize("to", ["partner", "other partner"])
async def test_a_subcontractor_not_bound_for_the_purpose_gets_no_task(scene: Scene, to: str) -> None:
    answer = await scene.assigns("manager", to)

    assert answer.data["done"] == {
        "task": None,
        "userErrors": [{"code": "AGREEMENT_REQUIRED", "field": "assigneeId"}],
    }


async def test_nobody_gives_a_task_to_themselves(scene: Scene) -> None:
    assert told(await scene.assigns("manager", "manager")) == ["SELF_ASSIGNMENT"]
    assert told(await scene.opens("manager", assigneeId=scene.id("manager"))) == ["SELF_ASSIGNMENT"]
    assert await models.Task.all().count() == 2


async def test_a_closed_task_is_not_closed_or_given_away_again(scene: Scene) -> None:
    done(await scene.closes("manager"))

    assert told(await scene.closes("manager")) == ["ALREADY_CLOSED"]
    assert told(await scene.closes("assignee")) == ["ALREADY_CLOSED"]
    assert told(await scene.assigns("manager", "colleague")) == ["ALREADY_CLOSED"]


@pytest.mark.parametrize(
    ("id", "code"),
    [
        (encode("Employee", NOWHERE), "NOT_FOUND"),
        (encode("Customer", NOWHERE), "NOT_FOUND"),
        ("42", "ID_MALFORMED"),
    ],
)
async def test_a_task_is_given_to_somebody_there(scene: Scene, id: str, code: str) -> None:
    assert told(await scene.opens("manager", assigneeId=id)) == [code]


async def test_somebody_inactive_is_given_nothing(scene: Scene) -> None:
    await models.Account.filter(id=scene.people["colleague"].actor.actor_id).update(active=False)

    assert told(await scene.assigns("manager", "colleague")) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("42", "ID_MALFORMED"),
        (encode("Customer", NOWHERE), "ID_OF_ANOTHER_TYPE"),
        (encode("Task", NOWHERE), "FORBIDDEN"),
    ],
)
async def test_only_a_task_is_closed(scene: Scene, id: str, code: str) -> None:
    assert told(await scene.closes("manager", taskId=id)) == [code]


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("42", "ID_MALFORMED"),
        (encode("Task", NOWHERE), "ID_OF_ANOTHER_TYPE"),
        (encode("Customer", NOWHERE), "FORBIDDEN"),
    ],
)
async def test_a_task_is_opened_for_a_customer(scene: Scene, id: str, code: str) -> None:
    assert told(await scene.opens("manager", customerId=id)) == [code]


async def test_a_task_is_due_in_the_future(scene: Scene) -> None:
    past, future = (scene.office.now + timedelta(days=days) for days in (-1, 1))

    assert told(await scene.opens("manager", dueAt=past.isoformat())) == ["BAD_USER_INPUT"]
    assert told(await scene.opens("manager", dueAt=future.isoformat())) == []


@pytest.mark.every_database
@pytest.mark.parametrize(
    ("person", "open_", "all_"), [("assignee", 1, 1), ("manager", 2, 3), ("customer", 2, 3)]
)
async def test_tasks_are_filtered_by_status_purpose_and_customer(
    scene: Scene, person: str, open_: int, all_: int
) -> None:
    await scene.office.task(None, scene.customer, "sales", status="CLOSED")
    query = "query ($filter: TaskFilter) { tasks(filter: $filter) { nodes { purpose } } }"
    mine = {"customerId": encode("Customer", scene.customer.id)}
    filters: list[tuple[dict[str, Any], int]] = [
        (mine, all_),
        ({**mine, "status": "OPEN"}, open_),
        ({"purpose": "SUPPORT"}, 1),
        ({"purpose": "SUPPORT", "status": "CLOSED"}, 0),
        ({"customerId": encode("Customer", NOWHERE)}, 0),
    ]

    for filter, count in filters:
        answer = await scene.people[person].asks(query, filter=filter)
        assert len(answer.data["tasks"]["nodes"]) == count, filter
