"""No text that anybody gives in lies anywhere in plain: by a mutation, by a file of customers, or by a command."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import starmap
from pathlib import Path
from uuid import UUID

import pytest

import models
from models.keys import keyring
from policies.actor import Actor, utc_now
from procedures.installation import opened
from procedures.leaving import withdrawal
from procedures.message import delivery
from tests import canary_commands, canary_files, canary_house, canary_inputs, canary_ways
from tests.campaigns import Campaign
from tests.canaries import Search, among, files
from tests.canary_house import House
from tests.canary_inputs import FORMED, UNDONE, named
from tests.installation import CONTROLLER
from tests.mailbox import mailbox
from tests.people import Office, Someone
from tests.procedures.arriving import Desk, Parcel, totals
from tests.procedures.taking import Taken

#: What is written, and where, is another on each kind of database; what is tried on them takes turns in the short run.
every_database = pytest.mark.every_database


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An empty installation, everything it writes below one directory or in a server of its own kind."""
    for house in canary_house.empty(request, tmp_path, monkeypatch):
        house.addresses = replace(house.addresses, controller=CONTROLLER)
        yield house


def turn(house: House, campaign: Campaign) -> slice:
    """Which of what there is to try is tried on this kind of database: every second, and all in the long run."""
    return slice(bool(house.written), None, 2) if campaign.of(short=1, long=0) else slice(None)


def named_by(found: dict[str, set[str]], house: House, texts: dict[str, str]) -> dict[str, str]:
    """Where what was said in which mutation lies in plain; what is found otherwise is named by its forms."""
    if not found:
        return {}
    said_in: dict[str, str] = {}
    for path in files([house.directory, *house.written]):
        data = path.read_bytes()
        said_in |= {f"{path.name}: {text}": said for text, said in texts.items() if text.encode() in data}
    return said_in or {name: ", ".join(sorted(forms)) for name, forms in found.items()}


async def everybody_leaves(office: Office, customers: Sequence[tuple[UUID, str]]) -> None:
    """Some customers leave, as they are then called."""
    for id, number in customers:
        if await models.Customer.exists(id=id, status="ACTIVE"):
            account = await models.Account.get_or_none(customer_id=id)
            actor = account and Actor("Customer", account.id, customer_id=id, clock=office.clock)
            person = Someone(actor) if actor else await office.himself(await models.Customer.get(id=id))
            await withdrawal.begin(id, number, by=(await office.session(person)).actor)


@every_database
async def test_what_anybody_writes_anywhere_is_sealed_and_goes_with_the_customer(
    house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], campaign: Campaign
) -> None:
    """Every mutation that takes a text, by everybody who may: a new one is tried by itself."""
    # The mail server of the tests tells whom mails are to. Said first, for what is said last holds of all that is caught.
    caplog.set_level(logging.CRITICAL, "mail.log")
    caplog.set_level(logging.DEBUG)
    await canary_house.speak_up(house)
    async with mailbox() as box, opened(house.sending(box.port)):
        office = Office(now=utc_now())
        speaker = await canary_inputs.Speaker.at(office, house.canaries)
        ways = canary_ways.ways()[turn(house, campaign)]
        for mutation, said in ways:
            await speaker.says(mutation, said)
        tried = speaker.tried
        undone = {
            name: tried.codes.get(name)
            for name in starmap(named, ways)
            if name not in tried.done | UNDONE.keys()
        }
        assert undone == {}, "how to fill it is said in tests/canary_inputs.py"
        assert tried.formed - FORMED.keys() == set()
        await delivery.deliver()
        assert box.mails != []
        mails = [f"{each['Subject']} {each.get_content()}" for each in box.mails]
    for words in canary_commands.alone()[turn(house, campaign)]:
        house.says(*words)
    if house.written:
        canary_house.backs_up(house, house.addresses.database)
    await canary_house.settle(house)
    assert named_by(house.finds(), house, tried.texts) == {}
    leaving = tried.customers[:: campaign.of(short=16, long=1)]
    async with opened(house.addresses):
        await everybody_leaves(office, leaving)
    async with opened(house.addresses):
        gone = [id for id, _ in leaving]
        kept = await models.Customer.filter(id__in=gone, status="WITHDRAWN").values_list("id", flat=True)
        holding = await models.LegalHold.filter(ended_at=None).values_list("customer_id", flat=True)
        assert (await keyring.rings(set(kept) - set(holding))) == {}
    await canary_house.settle(house)
    assert named_by(house.finds(), house, tried.texts) == {}
    told = capsys.readouterr()
    assert among([*mails, *tried.answers, caplog.text, told.out, told.err], Search(house.canaries)) == set()
    assert "INTERNAL" not in told.err
    campaign.tried(len(tried.texts), "texts in inputs of mutations")


@every_database
async def test_what_a_file_brings_is_sealed_and_goes_with_the_customer(
    house: House, capsys: pytest.CaptureFixture[str], campaign: Campaign
) -> None:
    """Every column that a file of customers and orders may have, its name, the file's, and a row that is refused."""
    desk, canary = house.directory / "desk", house.canaries
    brought = canary_files.Files(desk, canary)
    async with opened(house.addresses):
        reports = await brought.imported()
        assert [(report.created, report.errors) for report in reports] == [(1, 1)] * len(reports)
        assert {each.key[0] for each in await models.ImportedRow.all()} == {"#"}
    for command in (
        ["import", "customers", str(brought.headless())],
        ["import", "orders", str(brought.headless())],
    ):
        house.says(*command, "--map", str(desk / "shop.toml"), "--consent-notice", str(desk / "shop.toml"))
    told = capsys.readouterr()
    assert "HEADER_TWICE" in told.err
    assert among([*(str(report) for report in reports), told.out, told.err], Search(canary)) == set()
    await canary_house.settle(house)
    assert house.finds() == {}
    async with opened(house.addresses):
        customer = await models.Customer.get()
        assert (await models.opened(await models.OutsideKey.get())).key in canary.values
        await everybody_leaves(Office(now=utc_now()), [(customer.id, customer.number)])
        assert not await models.OutsideKey.exists()
    await canary_house.settle(house)
    assert house.finds() == {}
    campaign.tried(len(canary.values), "canaries in columns of imports")


async def test_what_an_archive_brings_is_sealed_and_goes_with_the_customer(
    parcel: Parcel, house: House, campaign: Campaign
) -> None:
    """Every field of an archive that takes a text; what the customer takes along from here has it again, opened."""
    canary, office = house.canaries, Office(now=utc_now())
    async with opened(house.addresses):
        reports = await Desk(house.directory / "desk").takes(canary_files.parcel(parcel, canary))
        assert totals(reports)[2] == {}
        customer = await models.Customer.get()
        taken = await Taken.by(await office.session(await office.himself(customer)), customer)
        held = "".join(
            each.decode() for name, each in taken.files.items() if name.endswith((".json", ".csv"))
        )
        assert [value for value in canary.values if value not in held] == []
    await canary_house.settle(house)
    assert house.finds() == {}
    async with opened(house.addresses):
        await everybody_leaves(office, [(customer.id, customer.number)])
    await canary_house.settle(house)
    assert house.finds() == {}
    campaign.tried(len(canary.values), "canaries in fields of an archive")


@every_database
async def test_what_a_command_is_given_or_asks_for_lies_nowhere_and_is_not_told(
    house: House,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    campaign: Campaign,
) -> None:
    """Every argument and option that takes a text; what an operator says of the company itself is listed."""
    caplog.set_level(logging.DEBUG)
    await canary_house.speak_up(house)
    await house.fill()
    tried = canary_commands.given()[turn(house, campaign)]
    for command, parameter in tried:
        canary_commands.asked(house, monkeypatch)
        house.says(*canary_commands.words(house, command, parameter))
    told = capsys.readouterr()
    assert among([caplog.text, told.out, told.err], Search(house.canaries)) == set()
    assert "INTERNAL" not in told.err
    await canary_house.settle(house)
    assert house.finds() == {}
    campaign.tried(len(tried), "texts given to commands")
