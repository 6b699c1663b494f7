"""Leaving erases everything, once, whoever gets in between; and it is certified."""

import asyncio
import json
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

import models
from models import (
    PERSONAL,
    Access,
    Account,
    Category,
    Consent,
    ContactKind,
    Customer,
    CustomerStatus,
    FormerAddress,
    ImportedRow,
    Obligation,
    OutsideKey,
    Session,
    Suppression,
    Task,
    Withdrawal,
    WithdrawalStep,
)
from models.errors import Unfit
from models.event import Event
from models.keys import keyring
from policies.errors import Refused, StepUpRequired
from procedures.erasure import obligation
from procedures.leaving import withdrawal
from procedures.ledger import witness
from procedures.suppression import suppressed
from tests import ledger
from tests.campaigns import Campaign
from tests.installation import at_work, place
from tests.people import Office
from tests.procedures.leavers import ALL, hold, leaver
from tests.procedures.mined import kill


async def test_who_leaves_is_a_number_that_nobody_knows(office: Office):
    customer, herself = await leaver(office)
    task = await office.task(None, customer, "support")

    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    left = await Customer.get(id=customer.id)
    assert (left.status, left.number != customer.number) == (CustomerStatus.WITHDRAWN, True)
    for model in PERSONAL.values():
        assert not await model.filter(customer_id=customer.id).exists()
    for gone in (Access, FormerAddress, ImportedRow, OutsideKey, Session):
        assert not await gone.all().exists()
    assert {each.imports_only for each in await Suppression.all()} == {True}
    account = await Account.get(customer_id=customer.id)
    assert (account.active, account.password_hash, account.login.startswith("left-")) == (False, None, True)
    assert {each.state.value for each in await Consent.all()} == {"WITHDRAWN"}
    assert {(each.content, each.code) for each in await Consent.all()} == {(None, None)}
    assert (await Task.get(id=task.id)).status == "CLOSED"
    assert await keyring.rings([customer.id]) == {}


async def test_leaving_concerns_nobody_else(office: Office):
    other, _ = await leaver(office)
    customer = await office.customer(consents=ALL)
    await withdrawal.begin(
        customer.id, customer.number, by=(await office.session(await office.himself(customer))).actor
    )

    for model in PERSONAL.values():
        assert await model.filter(customer_id=other.id).count() == 1
    assert (await Customer.get(id=other.id)).number == other.number
    assert await Access.all().count() == 1


async def test_the_ledger_certifies_what_was_erased(office: Office):
    customer, herself = await leaver(office)
    left = await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    (told,) = await ledger.data(Event.WITHDRAWAL_COMPLETED)
    erased = {each["table"]: each["rows"] for each in told["erased"] if each["rows"]}
    assert told["withdrawal"] == str(left.withdrawal.id)
    assert (told["keys"], told["held"], told["partners"]) == ("destroyed", [], 0)
    once = {"accesses": 1, "imported_rows": 1, "outside_keys": 1, "sessions": 1, "receipts": len(ALL)}
    assert erased == {model._meta.db_table: 1 for model in PERSONAL.values()} | once
    assert left.withdrawal.step is WithdrawalStep.COMPLETED
    assert left.withdrawal.entry == await ledger.sound() - 1


async def test_a_preview_counts_and_changes_nothing(office: Office):
    customer, herself = await leaver(office)
    await hold(office, customer, Category.ORDER)
    erased, held = await withdrawal.preview(customer.id, by=herself.actor)

    assert (held, sum(erased.values())) == ({"orders": 1}, len(PERSONAL) - 1)
    assert (await Customer.get(id=customer.id)).status == CustomerStatus.ACTIVE


@pytest.mark.parametrize("number", ["", "C-0000-0000", "x" * 10_000, "\0"])
async def test_nobody_leaves_by_a_slip(office: Office, number: str):
    customer, herself = await leaver(office)
    with pytest.raises(Unfit):
        await withdrawal.begin(customer.id, number, by=herself.actor)

    assert await models.Identity.filter(customer_id=customer.id).exists()


async def test_nobody_makes_somebody_else_leave(office: Office):
    customer, _ = await leaver(office)
    other = await office.himself(await office.customer())
    officer, manager = await office.employee("privacy_officer"), await office.employee("manager")
    for by in (other, officer, manager, await office.agent("support")):
        with pytest.raises(Refused):
            await withdrawal.begin(customer.id, customer.number, by=(await office.session(by)).actor)


@pytest.mark.every_database
async def test_of_two_withdrawals_at_once_one_happens(office: Office):
    customer, herself = await leaver(office)
    leave = [withdrawal.begin(customer.id, customer.number, by=herself.actor) for _ in range(4)]
    came = await asyncio.gather(*leave, return_exceptions=True)

    # Who is late finds the customer gone, or the session that was confirmed.
    late = {type(each) for each in came if isinstance(each, BaseException)}
    assert late <= {withdrawal.AlreadyLeft, StepUpRequired}
    assert sum(isinstance(each, withdrawal.Begun) for each in came) == 1
    assert len(await ledger.entries(Event.WITHDRAWAL_COMPLETED)) == 1


@pytest.mark.every_database
async def test_a_consent_cannot_stand_again_once_its_customer_has_left(office: Office):
    customer, herself = await leaver(office)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    with pytest.raises((IntegrityError, OperationalError)):
        await office.consent(customer, "contact_point", "support")
    consent = await Consent.filter(customer_id=customer.id).first()
    assert consent is not None
    with pytest.raises((IntegrityError, OperationalError)):
        await Consent.filter(id=consent.id).update(state="GIVEN", permits=True)


@pytest.mark.every_database
async def test_a_row_written_meanwhile_is_erased_or_refused(office: Office):
    customer, herself = await leaver(office)
    consent = await Consent.get(customer_id=customer.id, category=Category.INTERACTION)
    writing = [office.row(customer, consent) for _ in range(5)]
    leaving = withdrawal.begin(customer.id, customer.number, by=herself.actor)
    came = await asyncio.gather(*writing, leaving, *[office.row(customer, consent) for _ in range(5)],
                                return_exceptions=True)  # fmt: skip

    assert not isinstance(came[5], BaseException)
    assert not await models.Interaction.filter(customer_id=customer.id).exists()


async def test_a_wish_to_be_left_alone_is_a_hash_that_finds_the_address(office: Office):
    customer, herself = await leaver(office)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=True)

    assert await suppressed([(ContactKind.EMAIL, "JONE@example.org")])
    assert not await suppressed([(ContactKind.EMAIL, "ona@example.org")])
    assert (await ledger.data(Event.WITHDRAWAL_COMPLETED))[0]["suppressed"] == 2
    kept = await Suppression.all()
    assert {(len(bytes(each.digest)), each.imports_only) for each in kept} == {(32, False)}


async def test_an_address_that_is_there_twice_is_kept_once(office: Office):
    customer, herself = await leaver(office)
    await office.row(customer, await Consent.get(customer_id=customer.id, category=Category.CONTACT_POINT))
    await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=True)

    # The address, and the personal code.
    assert await Suppression.all().count() == 2


async def test_partners_that_carried_a_task_are_obliged(office: Office):
    customer, herself = await leaver(office)
    partner, other = await office.partner(), await office.partner()
    van, _ = await office.partner_client(partner, "delivery"), await office.partner_client(other, "delivery")
    agreement = await office.agreement(partner, "delivery", "postal_address.street")
    await office.task(van, customer, "delivery", agreement=agreement)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    owed = await Obligation.get()
    assert (owed.partner_id, owed.customer_id, owed.acknowledged_at) == (partner.id, customer.id, None)
    done = await obligation.acknowledge(owed.id, by=van.actor)
    assert (done.acknowledged_at, done.acknowledged_by_id) == (office.now, van.actor.actor_id)
    with pytest.raises(obligation.AlreadyAcknowledged):
        await obligation.acknowledge(owed.id, by=van.actor)


async def test_another_partner_acknowledges_nothing(office: Office):
    customer, herself = await leaver(office)
    partner = await office.partner()
    van = await office.partner_client(partner, "delivery")
    stranger = await office.partner_client(await office.partner(), "delivery")
    await office.task(van, customer, "delivery")
    await withdrawal.begin(customer.id, customer.number, by=herself.actor)

    with pytest.raises(Refused):
        await obligation.acknowledge((await Obligation.get()).id, by=stranger.actor)


async def test_a_restored_backup_forgets_nobody_who_left(office: Office):
    """The list outside of the databases knows; what it names is erased again, but for the certificate."""
    customer, _ = await leaver(office)
    line = withdrawal.Line(customer.id, customer.id, office.now)
    witness.append_line(_witness(), withdrawal.Line.LIST, line.encode())
    assert [each.customer_id for each in await withdrawal.missing()] == [customer.id]

    assert await withdrawal.replay() == 1

    assert await withdrawal.missing() == []
    assert (await Customer.get(id=customer.id)).status == CustomerStatus.WITHDRAWN
    assert not await models.Identity.filter(customer_id=customer.id).exists()
    assert await keyring.rings([customer.id]) == {}


def _witness() -> Path:
    from procedures.current import addresses

    return addresses().witness


#: Before what a process is killed in which somebody leaves.
STEPS = (
    "procedures.ledger.witness.append_line", "models.keys.keyring.destroy", "models.keys.keybook.mark_erased",
    "procedures.leaving.withdrawal._complete",
)  # fmt: skip


@pytest.mark.every_database
async def test_whoever_is_killed_while_erasing_is_finished_by_the_next(database_url: str, campaign: Campaign):
    where, office = place(database_url), Office()
    campaign.tried(len(STEPS), "processes killed at a step")
    for number, step in enumerate(STEPS, 1):
        async with at_work(database_url):
            customer, herself = await leaver(office)
        actor = herself.actor
        kill(
            where,
            "leave",
            step,
            1,
            str(customer.id),
            customer.number,
            str(actor.actor_id),
            str(actor.session_id),
        )

        async with at_work(database_url):
            assert (await Withdrawal.get(customer_id=customer.id)).step is WithdrawalStep.COMPLETED
            assert await keyring.rings([customer.id]) == {}
            assert len(await ledger.entries(Event.WITHDRAWAL_COMPLETED)) == number
            listed = witness.lines(where.witness, withdrawal.Line.LIST)
            assert [json.loads(line)["customer"] for line in listed][-1] == str(customer.id)
            await ledger.sound()
