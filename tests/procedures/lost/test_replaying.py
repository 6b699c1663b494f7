"""After a backup was restored: the latest word counts, and what is lost is listed."""

from typing import Any

import models
from models import (
    Account,
    Consent,
    Customer,
    Instruction,
    InstructionState,
    Order,
)
from models.event import Event
from procedures import instruction, lost
from procedures.consent import consent
from procedures.export import export
from procedures.installation import opened
from procedures.ledger import words
from procedures.own import own_change, restriction
from procedures.request import request
from tests.procedures.installed import at_work, reason
from tests.procedures.lost.backups import backed
from tests.procedures.lost.scene import peopled
from tests.procedures.lost.test_closing import user_deactivated

NOTHING: dict[str, Any] = {}


async def test_what_closes_is_closed_although_the_vault_is_sealed(sqlite_url: str):
    place, backup = backed(sqlite_url)
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


async def test_the_latest_word_about_a_restriction_counts(sqlite_url: str):
    place, backup = backed(sqlite_url)
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


async def test_a_line_that_the_vault_did_not_write_opens_and_erases_nothing(sqlite_url: str):
    place, backup = backed(sqlite_url)
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


async def test_an_instruction_waits_again_and_suspends_again(sqlite_url: str):
    place, backup = backed(sqlite_url)
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


async def test_what_the_customer_contradicted_is_not_decided(sqlite_url: str):
    place, backup = backed(sqlite_url)
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


async def test_a_row_that_was_removed_is_erased_again(sqlite_url: str):
    place, backup = backed(sqlite_url)
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
    sqlite_url: str,
):
    place, backup = backed(sqlite_url)
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
    sqlite_url: str,
):
    place, backup = backed(sqlite_url)
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


async def test_what_a_killed_process_did_not_list_is_listed_by_the_next(sqlite_url: str):
    place, _ = backed(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await restriction.begin(of.customer.id, by=of.herself.actor)
    (place.witness / words.LIST).unlink()

    async with at_work(place):
        assert [word.event for word in await words.read()] == [Event.RESTRICTION_BEGUN]


async def test_a_damaged_list_keeps_the_vault_sealed(sqlite_url: str):
    place, _ = backed(sqlite_url)
    async with at_work(place):
        of = await peopled()
        await restriction.begin(of.customer.id, by=of.herself.actor)
    with (place.witness / words.LIST).open("a", encoding="utf-8") as file:
        file.write('{"word":"{","mark":""}\n')

    assert await reason(place) == "WORDS_DAMAGED"
