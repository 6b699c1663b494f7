"""What was closed since a backup was made is closed in it before anybody is served."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

import models
from models import (
    Account,
    BreakGlassState,
    Customer,
    Order,
    Outcome,
    Request,
    RequestState,
    Role,
    Session,
    Task,
    TaskStatus,
)
from models.database import kind
from models.event import Event
from policies.actor import utc_now
from procedures import difference, staff
from procedures.access import user
from procedures.current import Addresses
from procedures.own import restriction
from procedures.request import request
from procedures.staff import partner
from procedures.task import agreement, break_glass, task
from tests import ledger
from tests.procedures.installed import at_work
from tests.procedures.lost.backups import Backup
from tests.procedures.lost.scene import World, peopled

NOTHING: dict[str, Any] = {}


@pytest.fixture
async def backup(request: pytest.FixtureRequest, place: Addresses) -> AsyncIterator[Backup]:
    embedded = kind(place.database) == "sqlite"
    made = Backup(place, None if embedded else request.getfixturevalue("postgres_server"))
    yield made
    await made.remove()


#: Does something about a world, and says afterwards whether it is closed.
Check = Callable[[], Awaitable[bool]]
Act = Callable[[World], Awaitable[tuple[Callable[[], Awaitable[Any]], Check]]]


async def user_deactivated(of: World) -> Any:
    login = (await Account.get(id=of.colleague.actor.actor_id)).login
    closed = Account.filter(login=login, active=False)
    return (lambda: staff.deactivate_by_login(login)), closed.exists


async def password_changed(of: World) -> Any:
    account = await Account.get(id=of.agent.actor.actor_id)

    async def change() -> None:
        async with models.database.transaction():
            values = {"password_hash": "another"}
            await user.change(account.id, Event.USER_PASSWORD_CHANGED, utc_now(), values)

    return change, Account.filter(id=account.id, password_hash=None).exists


async def role_taken(of: World) -> Any:
    both = await of.office.employee("agent", "manager")
    login = (await Account.get(id=both.actor.actor_id)).login
    manager = models.EmployeeRole.filter(employee__actor_id=both.actor.actor_id, role=Role("manager"))
    return (lambda: staff.take_role_by_login(login, Role("manager"))), _gone(manager)


async def partner_deactivated(of: World) -> Any:
    theirs = await of.office.partner()
    return (lambda: partner.deactivate(theirs.name)), models.Partner.filter(id=theirs.id, active=False).exists


async def agreement_ended(of: World) -> Any:
    signed = await of.office.agreement(await of.office.partner(), "support", "contact_point.value")
    over = models.Agreement.filter(id=signed.id)

    async def ended() -> bool:
        return await over.filter(until_at__lte=utc_now()).exists()

    return (lambda: agreement.end(signed.id)), ended


async def task_closed(of: World) -> Any:
    open_ = await of.task()
    return (
        lambda: task.close(open_.id, Outcome.DONE, by=of.agent.actor),
        Task.filter(id=open_.id, status=TaskStatus.CLOSED).exists,
    )


async def task_assigned(of: World) -> Any:
    open_, manager, other = await of.task(), await of.office.employee("manager"), await of.office.agent()
    assert other.actor.actor_id is not None
    given_to = other.actor.actor_id
    return (
        lambda: task.assign(open_.id, given_to, by=manager.actor),
        Task.filter(id=open_.id, assignee_id=None).exists,
    )


async def break_glass_ended(of: World) -> Any:
    glass = await of.office.break_glass(
        of.agent, of.customer, "support", "contact_point", approver=of.officer
    )
    ended = models.BreakGlass.filter(id=glass.id, state=BreakGlassState.ENDED)
    return (lambda: break_glass.end(glass.id, by=of.agent.actor)), ended.exists


async def restricted(of: World) -> Any:
    closed = Customer.filter(id=of.customer.id, restricted=True)
    return (lambda: restriction.begin(of.customer.id, by=of.herself.actor)), closed.exists


async def field_closed(of: World) -> Any:
    seen = difference.Seen("Order.total", True, "0" * 16, of.customer.id, None)

    async def closed() -> bool:
        return "Order.total" in await difference.closed_fields()

    return (lambda: difference.record_found(seen)), closed


async def request_taken_back(of: World) -> Any:
    order = await Order.get(customer_id=of.customer.id)
    about = request.Rectification("total", "2", "A slip.")
    asked = await request.submit(Order, order.id, about, by=of.herself.actor)
    withdrawn = Request.filter(id=asked.id, state=RequestState.WITHDRAWN)
    return (lambda: request.withdraw(asked.id, by=of.herself.actor)), withdrawn.exists


def _gone(rows: Any) -> Check:
    async def gone() -> bool:
        return not await rows.exists()

    return gone


ACTS: dict[str, Any] = {
    act.__name__: act
    for act in (
        user_deactivated, password_changed, role_taken, partner_deactivated, agreement_ended, task_closed, task_assigned,
        break_glass_ended, restricted, field_closed, request_taken_back,
    )
}  # fmt: skip


@pytest.mark.every_database
async def test_what_was_closed_since_is_closed_before_anybody_is_served(place: Addresses, backup: Backup):
    async with at_work(place):
        of = await peopled()
        done = {name: await act(of) for name, act in ACTS.items()}
    await backup.make()
    async with at_work(place):
        for act, _ in done.values():
            await act()
    await backup.back()

    for _ in range(2):
        async with at_work(place):
            assert {name: await check() for name, (_, check) in done.items()} == dict.fromkeys(done, True)
            assert not await Session.filter(ended_at=None).exists()
            assert [entry["left"] for entry in await ledger.data(Event.WORD_REPLAYED)] == [0]
