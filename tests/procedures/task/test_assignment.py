"""To whom a task is given is decided by the policies: with other rules, others may have it, and nothing else stands in the way."""

import pytest

from models import Account, Employee, Purpose, Role, Task
from models.event import Event
from policies import decide
from procedures.errors import AgreementRequired, NotFound
from procedures.task import task as tasks
from tests import ledger
from tests.policies.compiled import changed
from tests.procedures import records

FILE = "procedures.polar"


@pytest.fixture
async def task(database: str) -> Task:
    return await records.task((await records.customer()).id)


def rule(monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """Put policies in force in which a piece of the rules on procedures is another."""
    policy = changed(FILE, before, after)
    monkeypatch.setattr(decide, "in_force", lambda: policy)


async def test_where_no_rule_minds_a_manager_gives_a_task_to_themselves(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = await records.employee(Role.MANAGER)
    rule(monkeypatch, "    task.assigneeId != actor.id and\n", "")

    given = await tasks.assign(task.id, boss.id, by=records.staff(boss, Role.MANAGER))

    assert given.assignee_id == boss.id


async def test_a_rule_may_leave_to_managers_those_who_report_to_them(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, other, boss = [await records.employee(Role.AGENT) for _ in range(3)]
    manager = await Employee.get(actor_id=boss.id)
    await Employee.filter(actor_id=report.id).update(manager_id=manager.id)
    by = records.staff(boss, Role.MANAGER)
    rule(
        monkeypatch,
        "can_carry(_, task) if\n",
        """can_carry(actor, task) if
    given in task.assignees and
    employee in given.employees and
    manager in employee.managers and
    manager.actorId = actor.id and
""",
    )

    assert (await tasks.assign(task.id, report.id, by=by)).assignee_id == report.id
    with pytest.raises(NotFound) as refused:
        await tasks.assign(task.id, other.id, by=by)
    assert refused.value.field == "assigneeId"
    assert (await Task.get(id=task.id)).assignee_id == report.id


async def test_what_the_rule_refuses_changes_nothing_and_is_not_recorded(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agreement that is found is only written to the task if it binds by the rules."""
    client = await records.client()
    await records.agreement(client.partner_id, Purpose.SUPPORT)
    rule(
        monkeypatch,
        "    client in account.partnerClients and\n",
        "    client in account.partnerClients and false and\n",
    )

    with pytest.raises(NotFound):
        await tasks.assign(task.id, client.actor_id, by=await records.manager())

    kept = await Task.get(id=task.id)
    assert (kept.assignee_id, kept.agreement_id) == (None, None)
    assert await ledger.entries(Event.TASK_ASSIGNED) == []


async def test_an_agreement_that_does_not_cover_the_purpose_is_named_as_what_is_missing(task: Task) -> None:
    client = await records.client()
    await records.agreement(client.partner_id, Purpose.DELIVERY)

    with pytest.raises(AgreementRequired):
        await tasks.assign(task.id, client.actor_id, by=await records.manager())
    assert await Account.exists(id=client.actor_id)
