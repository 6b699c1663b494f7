"""Agreements open what they name, from their signature to their end."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from commands.agreement import app
from models import Agreement, Purpose
from models.errors import Unfit
from procedures.access import user
from procedures.errors import NotFound
from procedures.installation import opened_sealed
from procedures.task import agreement
from tests import installation
from tests.people import Office


@pytest.fixture
def office(database: str) -> Office:
    return Office()


@pytest.mark.every_database
async def test_a_signed_agreement_opens_the_fields_it_names_until_it_is_ended(office: Office):
    partner = await office.partner()
    van = await office.partner_client(partner, "delivery")
    customer = await office.customer([("postal_address", "delivery")])
    made = await agreement.add(
        partner.name, [Purpose.DELIVERY], ["postal_address.city"],
        until_at=office.now + timedelta(days=9), clock=office.clock,
    )  # fmt: skip
    await office.task(van, customer, "delivery", agreement=made)
    assert (await van.reads(customer, "postalAddresses.city")).absent

    await agreement.sign(made.id, office.now, clock=office.clock)
    assert (await van.reads(customer, "postalAddresses.city")).value == ["Vilnius"]
    assert (await van.reads(customer, "postalAddresses.street")).value == [None]

    await agreement.end(made.id, clock=office.clock)
    assert (await van.reads(customer, "postalAddresses.city")).absent


async def test_a_category_stands_for_all_of_its_fields(office: Office):
    partner = await office.partner()
    await agreement.add(
        partner.name, [Purpose.DELIVERY], ["contact_point", "contact_point.value"], until_at=office.now + timedelta(days=1), clock=office.clock
    )  # fmt: skip

    (found,) = await agreement.listed(clock=office.clock)
    assert found.terms == tuple(
        f"delivery: contact_point.{name}" for name in ("kind", "provenance", "value", "verifiedAt")
    )
    assert not found.in_force


@pytest.mark.parametrize(
    ("field", "days"), [("shoes", 1), ("address.shoes", 1), ("postal_address", 0), ("", 1)]
)
async def test_what_cannot_be_agreed_is_refused_and_nothing_is_kept(office: Office, field: str, days: int):
    partner = await office.partner()

    with pytest.raises(Unfit):
        await agreement.add(
            partner.name, [Purpose.DELIVERY], [field], until_at=office.now + timedelta(days=days), clock=office.clock
        )  # fmt: skip
    assert not await Agreement.exists()


async def test_an_agreement_that_has_not_begun_can_be_ended_and_only_once(office: Office):
    partner = await office.partner()
    made = await agreement.add(
        partner.name, [Purpose.DELIVERY], ["postal_address"], signed_at=office.now, clock=office.clock,
        from_at=office.now + timedelta(days=5), until_at=office.now + timedelta(days=9),
    )  # fmt: skip

    await agreement.end(made.id, clock=office.clock)

    with pytest.raises(NotFound):
        await agreement.end(made.id, clock=office.clock)
    with pytest.raises(NotFound):
        await agreement.sign(made.id, office.now, clock=office.clock)


async def test_nothing_is_signed_in_the_future_nor_with_a_stranger(office: Office):
    partner = await office.partner()
    later = office.now + timedelta(days=1)

    with pytest.raises(Unfit):
        await agreement.add(
            partner.name,
            [Purpose.DELIVERY],
            ["postal_address"],
            until_at=later,
            signed_at=later,
            clock=office.clock,
        )
    with pytest.raises(NotFound):
        await agreement.add(
            "Nobody", [Purpose.DELIVERY], ["postal_address"], until_at=later, clock=office.clock
        )


def test_the_command_records_and_lists(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    import asyncio

    async def partner() -> None:
        async with opened_sealed(installation.place(sqlite_url)):
            await user.add_partner("Fast Lane")

    asyncio.run(partner())
    monkeypatch.setenv("SAVAS_DATABASE", sqlite_url)
    terms = [
        "--purpose",
        "delivery",
        "--field",
        "postal_address",
        "--until",
        "2999-01-01",
        "--signed-on",
        "2026-01-01",
    ]

    assert CliRunner().invoke(app, ["add", "Fast Lane", *terms]).exit_code == 0
    told = CliRunner().invoke(app, ["list"], env={"COLUMNS": "200"})
    assert "Fast Lane" in told.output
    assert "delivery: postal_address.street" in told.output
    assert CliRunner().invoke(app, ["add", "Fast Lane", *terms, "--purpose", "spying"]).exit_code == 2
