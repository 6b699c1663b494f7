"""After a backup was restored: what was closed stays closed, what was said counts, what is lost is listed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

import models
from models import (
    Account,
    BreakGlassState,
    Consent,
    Customer,
    Instruction,
    InstructionState,
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
from procedures import difference, instruction, lost, staff
from procedures.access import user
from procedures.consent import consent
from procedures.current import Addresses
from procedures.export import export
from procedures.installation import opened
from procedures.ledger import words
from procedures.own import own_change, restriction
from procedures.request import request
from procedures.staff import partner
from procedures.task import agreement, break_glass, task
from tests import installation, ledger
from tests.people import Office, Someone
from tests.procedures.installed import at_work, reason
from tests.procedures.lost.backups import Backup

NOTHING: dict[str, Any] = {}


@pytest.fixture
async def backup(request: pytest.FixtureRequest, place: Addresses) -> AsyncIterator[Backup]:
    embedded = kind(place.database) == "sqlite"
    made = Backup(place, None if embedded else request.getfixturevalue("postgres_server"))
    yield made
    await made.remove()


@pytest.fixture
def place_of() -> Callable[[str], tuple[Addresses, Backup]]:
    def made(url: str) -> tuple[Addresses, Backup]:
        place = installation.place(url)
        return place, Backup(place, None)

    return made


@dataclass
class World:
    """Somebody of each kind, before the backup."""

    office: Office
    customer: Customer
    herself: Someone
    agent: Someone
    colleague: Someone
    officer: Someone

    async def task(self) -> Task:
        return await self.office.task(self.agent, self.customer, "support")


async def peopled() -> World:
    office = Office(now=utc_now())
    customer = await office.customer([("contact_point", "support"), ("order", "support")])
    herself = await office.session(await office.himself(customer))
    agent, colleague = await office.agent("support"), await office.agent("support")
    officer = await office.session(await office.employee("privacy_officer"))
    await Account.all().update(password_hash="a hash of before")
    return World(office, customer, herself, agent, colleague, officer)


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
    return (
        lambda: task.assign(open_.id, other.actor.actor_id, by=manager.actor),
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


async def test_what_closes_is_closed_although_the_vault_is_sealed(sqlite_url: str, place_of: Any):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        act, check = await user_deactivated(of)
    await backup.make()
    async with at_work(place):
        await act()
        given = await Consent.get(customer_id=of.customer.id, category="order")
        await consent.withdraw(given.id, by=of.herself.actor)
        await restriction.begin(of.customer.id, by=of.herself.actor)
        await restriction.end(of.customer.id, by=of.herself.actor)
    await backup.back()

    assert await reason(place) == "RESTORED"
    async with opened(place):
        assert await check()
        assert not await Customer.filter(restricted=True).exists()


async def test_the_latest_word_about_a_restriction_counts(sqlite_url: str, place_of: Any):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await restriction.begin(of.customer.id, by=of.herself.actor)
    await backup.make()
    async with at_work(place):
        await restriction.end(of.customer.id, by=of.herself.actor)
    await backup.back()
    async with at_work(place):
        assert not await Customer.filter(restricted=True).exists()
        assert await lost.listed() == []
        await restriction.begin(of.customer.id, by=of.herself.actor)
    await backup.back()
    async with at_work(place):
        assert await Customer.filter(id=of.customer.id, restricted=True).exists()


async def test_a_line_that_the_vault_did_not_write_opens_and_erases_nothing(sqlite_url: str, place_of: Any):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await restriction.begin(of.customer.id, by=of.herself.actor)
    await backup.make()
    async with at_work(place):
        await restriction.end(of.customer.id, by=of.herself.actor)
    await backup.back()
    file = place.witness / words.LIST
    file.write_text(file.read_text("utf-8").replace('"mark":"', '"mark":"0'), "utf-8")

    async with at_work(place):
        assert await Customer.filter(id=of.customer.id, restricted=True).exists()
        assert [each.event for each in await lost.listed()] == [Event.RESTRICTION_ENDED]


async def test_an_instruction_waits_again_and_suspends_again(sqlite_url: str, place_of: Any):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await of.task()
        given = await Consent.get(customer_id=of.customer.id, category="contact_point")
    await backup.make()
    async with at_work(place):
        said = (await consent.withdraw(given.id, by=of.agent.actor, evidence="She rang.")).instruction
        assert said is not None
    await backup.back()

    async with at_work(place):
        again = await Instruction.get(id=said.id)
        assert (again.state, again.due_at, again.recorded_by_id) == (
            InstructionState.WAITING, said.due_at, of.agent.actor.actor_id,
        )  # fmt: skip
        assert (await Consent.get(id=given.id)).suspended_by_id == said.id
        assert await lost.listed() == []


async def test_what_the_customer_contradicted_is_not_decided(sqlite_url: str, place_of: Any):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await of.task()
        given = await Consent.get(customer_id=of.customer.id, category="contact_point")
        said = (await consent.withdraw(given.id, by=of.agent.actor, evidence="She rang.")).instruction
        assert said is not None
    await backup.make()
    async with at_work(place):
        await instruction.contradict(said.id, by=of.herself.actor)
    await backup.back()

    async with at_work(place):
        assert (await Instruction.get(id=said.id)).state is InstructionState.CONTRADICTED
        assert (await Consent.get(id=given.id)).suspended_by_id is None


async def test_a_row_that_was_removed_is_erased_again(sqlite_url: str, place_of: Any):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        row = await models.ContactPoint.get(customer_id=of.customer.id)
    await backup.make()
    async with at_work(place):
        await own_change.remove(models.ContactPoint, row.id, by=of.herself.actor)
    await backup.back()

    async with at_work(place):
        assert not await models.ContactPoint.exists(id=row.id)


async def test_a_lost_request_is_listed_with_its_day_until_somebody_has_seen_to_it(
    sqlite_url: str, place_of: Any
):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        order = await Order.get(customer_id=of.customer.id)
    await backup.make()
    async with at_work(place):
        about = request.Rectification("total", "2", "A slip.")
        asked = await request.submit(Order, order.id, about, by=of.herself.actor)
    await backup.back()

    async with at_work(place):
        (word,) = await lost.listed()
        assert (word.event, word.number, word.due_at) == (
            Event.REQUEST_SUBMITTED, of.customer.number, asked.due_at,
        )  # fmt: skip
        login = (await Account.get(id=of.officer.actor.actor_id)).login
        await lost.settle(word.subject, login)
        assert await lost.listed() == []
    await backup.back()
    async with at_work(place):
        assert await lost.listed() == []


async def test_archives_of_a_restored_backup_are_made_again_and_later_ones_are_listed(
    sqlite_url: str, place_of: Any
):
    place, backup = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        begun = (await export.begin(of.customer.id, by=of.herself.actor)).export
        await models.Export.filter(id=begun.id).update(state=models.ExportState.READY, size=1)
        other = await of.office.customer([("order", "support")])
        himself = await of.office.session(await of.office.himself(other))
    await backup.make()
    async with at_work(place):
        await export.begin(other.id, by=himself.actor)
    await backup.back()

    async with at_work(place):
        assert (await models.Export.get(id=begun.id)).state is models.ExportState.PENDING
        assert [(each.event, each.number) for each in await lost.listed()] == [
            (Event.EXPORT_BEGUN, other.number)
        ]


async def test_what_a_killed_process_did_not_list_is_listed_by_the_next(sqlite_url: str, place_of: Any):
    place, _ = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await restriction.begin(of.customer.id, by=of.herself.actor)
    (place.witness / words.LIST).unlink()

    async with at_work(place):
        assert [word.event for word in await words.read()] == [Event.RESTRICTION_BEGUN]


async def test_a_damaged_list_keeps_the_vault_sealed(sqlite_url: str, place_of: Any):
    place, _ = place_of(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await restriction.begin(of.customer.id, by=of.herself.actor)
    with (place.witness / words.LIST).open("a", encoding="utf-8") as file:
        file.write('{"word":"{","mark":""}\n')

    assert await reason(place) == "WORDS_DAMAGED"
