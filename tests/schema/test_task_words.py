"""What is said of tasks, how urgent they are, and finding and sorting them by what one may see."""

from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

import models
from models.database import CONNECTION
from models.event import Event
from schema.reading import encode
from tests import ledger
from tests.people import Answer, Office, Someone

OPEN = """mutation ($input: TaskOpenInput!) { done: taskOpen(input: $input) {
    task { id subject text priority } userErrors { code field } } }"""
CHANGE = """mutation ($input: TaskChangeInput!) { done: taskChange(input: $input) {
    task { subject text priority } userErrors { code field } } }"""
ONE = "query ($id: ID!) { task(id: $id) { subject text priority withheld { field } } }"
LIST = """query ($filter: TaskFilter, $by: TaskSort!, $first: Int!, $after: String) {
    tasks(filter: $filter, orderBy: {by: $by}, first: $first, after: $after) {
        nodes { id } pageInfo { endCursor hasNextPage } } }"""
SAID = {"subject": "Call Ona back", "text": "She asked about the boiler.", "priority": "HIGH"}
NOTHING = {"subject": None, "text": None}


def id_of(someone: Someone) -> str:
    """The identifier by which an assignee is named."""
    assert someone.record is not None
    return encode(type(someone.record).__name__, someone.record.id)


async def opened(by: Someone, customer: models.Customer, **input: Any) -> models.Task:
    """A task that somebody opened."""
    given = {"customerId": encode("Customer", customer.id), "purpose": "SUPPORT"} | input
    answer = await by.asks(OPEN, input=given)
    assert answer.data["done"]["userErrors"] == [], answer
    return await models.Task.all().order_by("-opened_at", "id").first() or pytest.fail("no task")


async def sees(someone: Someone, task: models.Task) -> Any:
    """What of a task's words somebody sees; None where the task is not there."""
    found = (await someone.asks(ONE, id=encode("Task", task.id))).data["task"]
    return found and {"subject": found["subject"], "text": found["text"]}


async def changes(someone: Someone, task: models.Task, **input: Any) -> Answer:
    """Have somebody change what is said of a task."""
    return await someone.asks(CHANGE, input={"taskId": encode("Task", task.id)} | input)


async def lists(someone: Someone, by: str = "OPENED_AT", **filter: Any) -> list[str]:
    """The tasks that somebody finds, two a page."""
    found: list[str] = []
    after = None
    while True:
        answer = await someone.asks(LIST, filter=filter, by=by, first=2, after=after)
        assert not answer.errors, answer.errors
        found += [node["id"] for node in answer.data["tasks"]["nodes"]]
        if not answer.data["tasks"]["pageInfo"]["hasNextPage"]:
            return found
        after = answer.data["tasks"]["pageInfo"]["endCursor"]


async def test_what_is_said_of_a_task_is_for_who_carries_it_and_the_customer(office: Office) -> None:
    customer, manager = await office.customer(), await office.employee("manager", purposes=["support"])
    agent, colleague = await office.agent("support"), await office.agent("support")
    officer = await office.employee("privacy_officer", purposes=["support"])
    task = await opened(manager, customer, assigneeId=id_of(agent), **SAID)
    said = {"subject": SAID["subject"], "text": SAID["text"]}

    assert await sees(agent, task) == await sees(await office.himself(customer), task) == said
    assert await sees(manager, task) == await sees(officer, task) == NOTHING
    assert await sees(agent.stating(), task) == await sees(agent.stating("billing"), task) == NOTHING
    assert await sees(colleague, task) is None
    office.now += timedelta(days=31)
    assert await sees(agent, task) == NOTHING


@pytest.mark.by_hand
async def test_a_subcontractor_reads_the_subject_under_an_agreement_for_the_purpose(office: Office) -> None:
    customer, manager = await office.customer(), await office.employee("manager")
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", "identity.familyName")
    client = await office.partner_client(partner, "delivery")
    task = await opened(manager, customer, purpose="DELIVERY", assigneeId=id_of(client), **SAID)

    assert await sees(client, task) == {"subject": SAID["subject"], "text": None}
    await models.AgreementTerm.filter(agreement_id=agreement.id).update(purpose="support")
    assert await sees(client, task) == NOTHING


async def test_what_is_said_is_kept_sealed_and_gone_with_the_customer(office: Office) -> None:
    customer, manager = await office.customer(number="C-1"), await office.employee("manager")
    himself = await office.session(await office.himself(customer))
    task = await opened(manager, customer, **SAID)
    (stored,) = await get_connection(CONNECTION).execute_query_dict("SELECT content FROM tasks")
    assert b"boiler" not in bytes(stored["content"])

    await himself.asks(
        'mutation ($id: ID!) { withdrawalBegin(input: {customerId: $id, number: "C-1"}) { userErrors { code } } }',
        id=encode("Customer", customer.id),
    )

    assert await models.Task.filter(id=task.id).values_list("content", flat=True) == [None]


async def test_a_task_is_changed_by_a_manager_or_who_carries_it_and_what_is_left_out_stays(
    office: Office,
) -> None:
    customer, manager = await office.customer(), await office.employee("manager")
    agent, colleague = await office.agent("support"), await office.agent("support")
    task = await opened(manager, customer, assigneeId=id_of(agent), **SAID)

    assert (await changes(manager, task, priority="LOW")).data["done"]["task"]["priority"] == "LOW"
    done = (await changes(agent, task, text="")).data["done"]
    assert done == {"task": {"subject": SAID["subject"], "text": None, "priority": "LOW"}, "userErrors": []}
    assert (await changes(colleague, task, priority="HIGH")).codes == ["FORBIDDEN"]
    assert len(await ledger.data(Event.TASK_CHANGED)) == 2


async def test_of_a_closed_task_nothing_is_changed(office: Office) -> None:
    customer, manager = await office.customer(), await office.employee("manager")
    task = await opened(manager, customer)
    await manager.asks(
        "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { userErrors { code } } }",
        id=encode("Task", task.id),
    )

    answer = await changes(manager, task, priority="HIGH")

    assert answer.data["done"]["userErrors"] == [{"code": "ALREADY_CLOSED", "field": None}]


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "x" * 121, "two\nlines"])
async def test_a_subject_is_a_line_without_the_number_of_a_card(office: Office, text: str) -> None:
    customer, manager = await office.customer(), await office.employee("manager")

    answer = await manager.asks(
        OPEN,
        input={"customerId": encode("Customer", customer.id), "purpose": "SUPPORT", "subject": text},
    )

    assert [each["field"] for each in answer.data["done"]["userErrors"]] == ["subject"]
    assert not await models.Task.exists()


class Queue:
    """Tasks of a customer: by name, urgent, due and somebody's."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ids: dict[str, str] = {}

    async def set_up(self) -> "Queue":
        """Open them, an hour apart."""
        self.manager = await self.office.employee("manager")
        self.agent = await self.office.agent("support")
        self.customer = await self.office.customer()
        for name, days, more in (
            ("low", 9, {"priority": "LOW"}),
            ("hers", 3, {"assigneeId": id_of(self.agent)}),
            ("urgent", 6, {"priority": "HIGH"}),
            ("soon", 1, {}),
        ):
            self.office.now += timedelta(hours=1)
            due = (self.office.now + timedelta(days=days)).isoformat()
            task = await opened(self.manager, self.customer, dueAt=due, **more)
            self.ids[name] = encode("Task", task.id)
        return self

    async def finds(self, someone: Someone | None = None, by: str = "OPENED_AT", **filter: Any) -> str:
        """The names of the tasks that somebody finds."""
        names = {id: name for name, id in self.ids.items()}
        return " ".join(names[id] for id in await lists(someone or self.manager, by, **filter))


@pytest.mark.every_database
async def test_a_manager_sorts_and_finds_what_waits(office: Office) -> None:
    queue = await Queue(office).set_up()
    soon = (office.now + timedelta(days=4)).isoformat()

    assert await queue.finds() == "low hers urgent soon"
    assert await queue.finds(by="DUE_AT") == "soon hers urgent low"
    assert (await queue.finds(by="PRIORITY")).split()[0::3] == ["urgent", "low"]
    assert await queue.finds(priority="HIGH") == "urgent"
    assert await queue.finds(assigned=False) == "low urgent soon"
    assert await queue.finds(assigned=True) == "hers"
    assert await queue.finds(assigneeId=id_of(queue.agent)) == "hers"
    assert await queue.finds(assigneeId=encode("Employee", queue.customer.id)) == ""
    assert await queue.finds(dueBefore=soon) == "hers soon"
    office.now += timedelta(days=2)
    assert await queue.finds(overdue=True) == "soon"
    assert await queue.finds(overdue=False) == "low hers urgent"


async def test_who_has_a_task_is_found_by_nobody_who_may_not_see_it(office: Office) -> None:
    queue = await Queue(office).set_up()
    himself = await office.himself(queue.customer)

    assert await queue.finds(himself) == "low hers urgent soon"
    assert await queue.finds(himself, assigned=True) == await queue.finds(himself, assigned=False) == ""
    assert await queue.finds(himself, assigneeId=id_of(queue.agent)) == ""


NOBODY = """query ($without: Boolean!) {
    customers(first: 50, filter: {withoutTask: $without}) { nodes { id number identity { familyName } } } }"""


async def test_a_manager_finds_customers_whom_nobody_has_by_number_alone(office: Office) -> None:
    manager, agent = await office.employee("manager", purposes=["support"]), await office.agent("support")
    had, waiting, over, alone = [await office.customer([("identity", "support")]) for _ in range(4)]
    await office.task(agent, had, "support")
    await office.task(None, waiting, "support")
    await office.task(agent, over, "support", days=0)

    async def found(someone: Someone, *, without: bool) -> dict[str, Any]:
        nodes = (await someone.asks(NOBODY, without=without)).data["customers"]["nodes"]
        return {node["id"]: node["identity"] for node in nodes}

    nobody = {encode("Customer", each.id): None for each in (waiting, over, alone)}
    assert await found(manager, without=True) == nobody
    assert await found(manager, without=False) == {encode("Customer", had.id): None}
    assert await found(await office.himself(had), without=False) == {}
