"""Tampering is found though nobody asks, and that it was looked for is itself on record."""

import logging

import pytest

import models
from models.database import transaction
from models.event import Event
from procedures.audit import daily
from procedures.audit.daily import MOST, LedgerTampered
from procedures.checkpoint import checkpoint
from tests.ledger import adopt, data
from tests.people import Office
from tests.procedures.ledgers import free


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "savas")
    return caplog


@pytest.fixture
async def customer(office: Office) -> models.Customer:
    """Somebody of whom the ledger was told, as of everybody."""
    customer = await office.customer([("contact_point", "support")])
    async with transaction():
        await adopt()
    return customer


async def test_what_is_in_order_is_recorded_as_such(
    customer: models.Customer, logged: pytest.LogCaptureFixture
):
    await checkpoint.keep()
    await daily.keep()
    await daily.keep()

    first, second = await data(Event.LEDGER_VERIFIED)
    assert (first["findings"], second["findings"]) == (0, 0)
    assert second["entries"] == first["entries"] + 1 > 1
    assert first["rows"] >= 1
    assert "LEDGER_FINDING" not in logged.text


@pytest.mark.by_hand
async def test_a_row_changed_past_the_program_is_logged_and_recorded(
    customer: models.Customer, logged: pytest.LogCaptureFixture
):
    await models.Customer.filter(id=customer.id).update(restricted=True)

    with pytest.raises(LedgerTampered) as caught:
        await daily.keep()
    assert caught.value.code == "LEDGER_TAMPERED"
    (entry,) = await data(Event.LEDGER_VERIFIED)
    assert entry["findings"] == 1
    (line,) = [each for each in logged.text.splitlines() if "LEDGER_FINDING" in each]
    assert f"AUTHORITY_DIFFERS  customers {customer.id}" in line


@pytest.mark.by_hand
async def test_an_entry_changed_past_the_program_is_logged_and_recorded(
    customer: models.Customer, logged: pytest.LogCaptureFixture
):
    await checkpoint.keep()
    await free("ledger_entries")
    entry = await models.LedgerEntry.get(number=0)
    await models.LedgerEntry.filter(number=0).update(entry=bytes(entry.entry).replace(b"2", b"3"))

    with pytest.raises(LedgerTampered):
        await daily.keep()
    assert "LEDGER_FINDING ENTRY_CHANGED  entry 0" in logged.text


@pytest.mark.by_hand
async def test_a_hundred_and_more_findings_do_not_fill_the_log(
    office: Office, logged: pytest.LogCaptureFixture
):
    await models.Customer.bulk_create([models.Customer(created_at=office.now) for _ in range(MOST + 50)])
    with pytest.raises(LedgerTampered):
        await daily.keep()

    (entry,) = await data(Event.LEDGER_VERIFIED)
    assert entry["findings"] >= MOST + 50
    assert logged.text.count("LEDGER_FINDING") == MOST
