import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from models import (
    Account,
    AccountKind,
    Customer,
    CustomerStatus,
    Outcome,
    Partner,
    Purpose,
    Role,
    Task,
    TaskStatus,
)
from models.errors import Unfit
from policies.errors import Refused
from procedures.errors import AgreementRequired, AlreadyClosed, NotFound, SelfAssignment
from procedures.task import task as tasks
from tests.procedures import records
from tests.procedures.records import DAY, NOON, refusal


async def test_a_manager_opens_a_task_and_gives_it_to_an_agent(database):
    customer, agent, by = (
        await records.customer(),
        await records.employee(Role.AGENT),
        await records.manager(),
    )

    opened = await tasks.open(customer.id, Purpose.SUPPORT, by=by, assignee_id=agent.id, due_at=NOON + DAY)

    kept = await Task.get(id=opened.id)
    assert (kept.customer_id, kept.purpose, kept.assignee_id) == (customer.id, Purpose.SUPPORT, agent.id)
    assert (kept.status, kept.opened_by_id, kept.opened_at) == (TaskStatus.OPEN, by.actor_id, NOON)
    assert (kept.due_at, kept.agreement_id) == (NOON + DAY, None)


async def test_a_customer_opens_a_task_that_nobody_carries_yet(database):
    customer = await records.customer()

    opened = await tasks.open(customer.id, Purpose.SUPPORT, by=await records.person(customer))

    assert opened.assignee_id is None


async def test_a_customer_opens_no_task_for_another(database):
    customer, other = await records.customer(), await records.customer()

    with pytest.raises(Refused):
        await tasks.open(other.id, Purpose.SUPPORT, by=await records.person(customer))
    assert not await Task.exists()


async def test_who_may_open_but_not_assign_opens_nothing_for_an_assignee(database):
    customer, agent = await records.customer(), await records.employee(Role.AGENT)

    with pytest.raises(Refused):
        await tasks.open(
            customer.id, Purpose.SUPPORT, by=await records.person(customer), assignee_id=agent.id
        )
    assert not await Task.exists()


async def test_an_agent_opens_tasks_for_customers_of_theirs_alone(database):
    agent = await records.employee(Role.AGENT)
    theirs, other = await records.customer(), await records.customer()
    await records.task(theirs.id, assignee_id=agent.id)
    by = records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT})

    assert await tasks.open(theirs.id, Purpose.DELIVERY, by=by)
    with pytest.raises(Refused):
        await tasks.open(other.id, Purpose.DELIVERY, by=by)


async def test_a_task_for_nobody_is_refused_like_one_that_may_not_be_seen(database):
    with pytest.raises((NotFound, Refused)):
        await tasks.open(uuid4(), Purpose.SUPPORT, by=await records.manager())


async def test_no_task_is_opened_for_one_who_has_left(database):
    customer = await records.customer()
    await Customer.filter(id=customer.id).update(status=CustomerStatus.WITHDRAWN)

    with pytest.raises(Refused):
        await tasks.open(customer.id, Purpose.SUPPORT, by=await records.manager())


@pytest.mark.parametrize("due_at", [NOON, NOON - DAY, datetime(2030, 1, 1)])  # noqa: DTZ001 the point of the case
async def test_a_task_is_due_in_the_future_at_a_known_instant(database, due_at):
    customer = await records.customer()

    with pytest.raises(Unfit) as refused:
        await tasks.open(customer.id, Purpose.SUPPORT, by=await records.manager(), due_at=due_at)
    assert refused.value.field == "dueAt"


async def test_nobody_opens_a_task_for_themselves_to_carry(database):
    customer, by = await records.customer(), await records.manager()

    with pytest.raises(SelfAssignment):
        await tasks.open(customer.id, Purpose.SUPPORT, by=by, assignee_id=by.actor_id)
    assert not await Task.exists()


async def test_nobody_gives_a_task_to_themselves(database):
    task, boss = await records.task((await records.customer()).id), await records.employee(Role.MANAGER)

    with pytest.raises(SelfAssignment):
        await tasks.assign(task.id, boss.id, by=records.staff(boss, Role.MANAGER))
    assert (await Task.get(id=task.id)).assignee_id is None


async def test_an_agent_gives_tasks_to_nobody(database):
    agent, other = await records.employee(Role.AGENT), await records.employee(Role.AGENT)
    task = await records.task((await records.customer()).id, assignee_id=agent.id)

    with pytest.raises(Refused):
        await tasks.assign(task.id, other.id, by=records.staff(agent, Role.AGENT, purposes={Purpose.SUPPORT}))


async def test_a_partners_client_carries_a_task_under_the_agreement_that_binds_it(database):
    client = await records.client()
    await records.agreement(client.partner_id, Purpose.SUPPORT)
    binding = await records.agreement(client.partner_id, Purpose.DELIVERY, Purpose.BILLING)
    customer = await records.customer()

    task = await tasks.open(
        customer.id, Purpose.DELIVERY, by=await records.manager(), assignee_id=client.actor_id
    )

    assert (task.assignee_id, task.agreement_id) == (client.actor_id, binding.id)


@pytest.mark.every_database
async def test_of_several_agreements_the_one_that_lasts_longest_binds(database):
    client = await records.client()
    await records.agreement(client.partner_id, Purpose.DELIVERY)
    longest = await records.agreement(client.partner_id, Purpose.DELIVERY, until_at=NOON + 2 * DAY)
    task = await records.task((await records.customer()).id, Purpose.DELIVERY)

    given = await tasks.assign(task.id, client.actor_id, by=await records.manager())

    assert given.agreement_id == longest.id


@pytest.mark.parametrize(
    "lacking",
    [
        {"signed": False, "signed_at": None},
        {"until_at": NOON},
        {"until_at": NOON - timedelta(seconds=1)},
        {"from_at": NOON + timedelta(seconds=1)},
    ],
)
async def test_a_partner_that_is_not_bound_now_carries_nothing(database, lacking):
    client = await records.client()
    await records.agreement(client.partner_id, Purpose.DELIVERY, **lacking)
    task = await records.task((await records.customer()).id, Purpose.DELIVERY)

    with pytest.raises(AgreementRequired):
        await tasks.assign(task.id, client.actor_id, by=await records.manager())
    assert (await Task.get(id=task.id)).assignee_id is None


async def test_an_agreement_for_another_purpose_or_of_another_partner_binds_nobody(database):
    client, other = await records.client(), await records.client()
    await records.agreement(client.partner_id, Purpose.SUPPORT)
    await records.agreement(other.partner_id, Purpose.DELIVERY)
    task = await records.task((await records.customer()).id, Purpose.DELIVERY)

    with pytest.raises(AgreementRequired):
        await tasks.assign(task.id, client.actor_id, by=await records.manager())


async def test_a_task_taken_back_from_a_partner_names_no_agreement(database):
    client, agent = await records.client(), await records.employee(Role.AGENT)
    binding = await records.agreement(client.partner_id, Purpose.DELIVERY)
    task = await records.task(
        (await records.customer()).id, Purpose.DELIVERY, assignee_id=client.actor_id, agreement_id=binding.id
    )

    given = await tasks.assign(task.id, agent.id, by=await records.manager())

    assert (given.assignee_id, given.agreement_id) == (agent.id, None)


async def unknown() -> Account:
    return Account(id=uuid4())


async def sent_away() -> Account:
    return await records.employee(Role.AGENT, active=False)


async def a_customer() -> Account:
    return await records.account(AccountKind.CUSTOMER, customer_id=(await records.customer()).id)


async def of_a_partner_sent_away() -> Account:
    client = await records.client()
    await records.agreement(client.partner_id, Purpose.SUPPORT)
    await Partner.filter(id=client.partner_id).update(active=False)
    return await Account.get(id=client.actor_id)


@pytest.mark.parametrize("whom", [unknown, sent_away, a_customer, of_a_partner_sent_away])
async def test_who_cannot_carry_a_task_is_not_found(database, whom):
    task, assignee = await records.task((await records.customer()).id), await whom()

    with pytest.raises(NotFound) as refused:
        await tasks.assign(task.id, assignee.id, by=await records.manager())
    assert refused.value.field == "assigneeId"


async def test_who_carries_a_task_closes_it(database):
    agent = await records.employee(Role.AGENT)
    task = await records.task((await records.customer()).id, assignee_id=agent.id)

    closed = await tasks.close(task.id, Outcome.DONE, by=records.staff(agent, Role.AGENT))

    assert (closed.status, closed.outcome, closed.closed_at) == (TaskStatus.CLOSED, Outcome.DONE, NOON)


async def test_a_colleague_closes_nothing(database):
    agent, other = await records.employee(Role.AGENT), await records.employee(Role.AGENT)
    task = await records.task((await records.customer()).id, assignee_id=agent.id)

    with pytest.raises(Refused):
        await tasks.close(task.id, Outcome.DONE, by=records.staff(other, Role.AGENT))
    assert (await Task.get(id=task.id)).status is TaskStatus.OPEN


async def test_a_closed_task_is_neither_closed_again_nor_given_away(database):
    agent, by = await records.employee(Role.AGENT), await records.manager()
    task = await records.task((await records.customer()).id)
    await tasks.close(task.id, Outcome.DONE, by=by)

    with pytest.raises(AlreadyClosed):
        await tasks.close(task.id, Outcome.CANCELLED, by=by)
    with pytest.raises(AlreadyClosed):
        await tasks.assign(task.id, agent.id, by=by)
    kept = await Task.get(id=task.id)
    assert (kept.outcome, kept.assignee_id) == (Outcome.DONE, None)


@pytest.mark.parametrize("roles", [[Role.MANAGER], [Role.AGENT]])
async def test_an_unknown_task_is_refused_like_one_that_may_not_be_seen(database, roles):
    by = records.staff(await records.employee(*roles), *roles)
    hidden = await records.task((await records.customer()).id)
    refusals = set()
    for task_id in (uuid4(), hidden.id) if Role.AGENT in roles else (uuid4(), uuid4()):
        refusals.add(await refusal(tasks.close(task_id, Outcome.DONE, by=by)))

    assert len(refusals) == 1


@pytest.mark.every_database
async def test_of_two_who_close_at_once_one_is_told_it_was_closed(database):
    by, task = await records.manager(), await records.task((await records.customer()).id)

    ends = await asyncio.gather(
        *(tasks.close(task.id, outcome, by=by) for outcome in Outcome), return_exceptions=True
    )

    (done,) = [end for end in ends if isinstance(end, Task)]
    assert [type(end) for end in ends if isinstance(end, Exception)] == [AlreadyClosed]
    assert (await Task.get(id=task.id)).outcome is done.outcome


@pytest.mark.every_database
async def test_whoever_closes_while_another_assigns_leaves_a_closed_task(database):
    by, agent = await records.manager(), await records.employee(Role.AGENT)
    for _ in range(5):
        task = await records.task((await records.customer()).id)

        assigned, closed = await asyncio.gather(
            tasks.assign(task.id, agent.id, by=by),
            tasks.close(task.id, Outcome.DONE, by=by),
            return_exceptions=True,
        )

        kept = await Task.get(id=task.id)
        assert isinstance(closed, Task)
        assert kept.status is TaskStatus.CLOSED
        assert (kept.assignee_id == agent.id) is isinstance(assigned, Task)
        assert isinstance(assigned, Task | AlreadyClosed)
