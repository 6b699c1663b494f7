"""No text that anybody gives in lies anywhere in plain: by a mutation, by a file of customers, or by a command."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

import models
from models.keys import keyring
from policies.actor import Actor, utc_now
from procedures.installation import opened
from procedures.leaving import withdrawal
from tests import canary_files, canary_house, canary_inputs
from tests.campaigns import Campaign
from tests.canaries import Search, among, files
from tests.canary_house import House
from tests.canary_inputs import FORMED, UNDONE
from tests.installation import CONTROLLER
from tests.people import Office, Someone
from tests.procedures.ledgers import sql
from tests.schema.verdicts import APART


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An empty installation, everything it writes below one directory or in a server of its own kind."""
    for house in canary_house.empty(request, tmp_path, monkeypatch):
        house.addresses = replace(house.addresses, controller=CONTROLLER)
        yield house


def named_by(found: dict[str, set[str]], house: House, texts: dict[str, str]) -> dict[str, str]:
    """Where what was said in which mutation lies in plain; what is found otherwise is named by its forms."""
    named: dict[str, str] = {}
    for path in files([house.directory, *house.written]):
        data = path.read_bytes()
        named |= {f"{path.name}: {text}": said for text, said in texts.items() if text.encode() in data}
    return named or {name: ", ".join(sorted(forms)) for name, forms in found.items()}


async def everybody_leaves(office: Office, customers: Sequence[tuple[UUID, str]]) -> None:
    """Some customers leave, as they are then called."""
    for id, number in customers:
        if await models.Customer.exists(id=id, status="ACTIVE"):
            account = await models.Account.get_or_none(customer_id=id)
            actor = account and Actor("Customer", account.id, customer_id=id, clock=office.clock)
            person = Someone(actor) if actor else await office.himself(await models.Customer.get(id=id))
            await withdrawal.begin(id, number, by=(await office.session(person)).actor)


async def test_what_anybody_writes_anywhere_is_sealed_and_goes_with_the_customer(
    house: House, caplog: pytest.LogCaptureFixture, campaign: Campaign
) -> None:
    """Every mutation that takes a text, by everybody who may: a new one is tried by itself."""
    caplog.set_level(logging.DEBUG)
    await canary_house.speak_up(house)
    async with opened(house.addresses):
        office = Office(now=utc_now())
        speaker = await canary_inputs.Speaker.at(office, house.canaries)
        mutations = canary_inputs.taking_texts()
        for mutation in mutations:
            if mutation not in APART:
                await speaker.says(mutation)
        tried = speaker.tried
        undone = {name: tried.codes.get(name) for name in mutations if name not in tried.done | UNDONE.keys()}
        assert undone == {}, "how to fill it is said in tests/canary_inputs.py"
        assert tried.formed - FORMED.keys() == set()
        if house.written:
            await sql("CHECKPOINT")
        assert named_by(house.finds(), house, tried.texts) == {}
        assert among([*tried.answers, caplog.text], Search(house.canaries)) == set()
        leaving = tried.customers[:: campaign.of(short=8, long=1)]
        await everybody_leaves(office, leaving)
    async with opened(house.addresses):
        assert named_by(house.finds(), house, tried.texts) == {}
        gone = [id for id, _ in leaving]
        kept = await models.Customer.filter(id__in=gone, status="WITHDRAWN").values_list("id", flat=True)
        holding = await models.LegalHold.filter(ended_at=None).values_list("customer_id", flat=True)
        assert (await keyring.rings(set(kept) - set(holding))) == {}
    campaign.tried(len(tried.texts), "texts in inputs of mutations")


async def test_what_a_file_brings_is_sealed_and_goes_with_the_customer(
    house: House, campaign: Campaign
) -> None:
    """Every column that a file of customers and orders may have."""
    desk, canary = house.directory / "desk", house.canaries
    async with opened(house.addresses):
        brought = canary_files.Files(desk, canary)
        reports = await brought.imported()
        assert [(report.created, dict(report.faults)) for report in reports] == [(1, {})] * len(reports)
        assert {each.key[0] for each in await models.ImportedRow.all()} == {"#"}
        if house.written:
            await sql("CHECKPOINT")
        assert house.finds() == {}
        customer = await models.Customer.get()
        assert (await models.opened(await models.OutsideKey.get())).key in canary.values
        await everybody_leaves(Office(now=utc_now()), [(customer.id, customer.number)])
    async with opened(house.addresses):
        assert house.finds() == {}
        assert not await models.OutsideKey.exists()
    campaign.tried(len(canary.values), "canaries in columns of imports")


async def test_what_a_command_is_given_lies_nowhere(
    house: House, caplog: pytest.LogCaptureFixture, campaign: Campaign
) -> None:
    """Every argument and option that takes a text; what an operator says of the company itself is listed."""
    caplog.set_level(logging.DEBUG)
    await house.fill()
    given = canary_files.given_to_commands()
    every = max(1, len(given) // campaign.of(short=6, long=len(given)))
    tried = given[::every]
    for command, parameter in tried:
        words = canary_files.words(house, command, parameter)
        house.says(*words)
    assert among([caplog.text], Search(house.canaries)) == set()
    assert house.finds() == {}
    campaign.tried(len(tried), "texts given to commands")
