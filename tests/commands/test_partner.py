"""`savas partner`, run as an operator runs it."""

import asyncio
from typing import Any

from commands.__main__ import main
from commands.exits import Exit
from models import Obligation
from policies.actor import utc_now
from tests import installation
from tests.people import Office


def test_a_partner_is_deactivated_and_what_it_leaves_is_listed(database_url: str, capsys: Any) -> None:
    async def at_work() -> str:
        async with installation.at_work(database_url):
            office = Office(now=utc_now())
            partner, customer = await office.partner(), await office.customer()
            await office.task(await office.partner_client(partner, "delivery"), customer, "delivery")
            await Obligation.create(
                partner_id=partner.id, customer_id=customer.id, created_at=office.now, due_at=office.now
            )
            return customer.number

    number, told = asyncio.run(at_work()), []
    for words in (["deactivate", "Partner 1"], ["list"], ["activate", "Partner 1"], ["list"]):
        place = [*installation.words(database_url), "partner", *words, "--database", database_url]
        assert main(place) == Exit.OK
        told.append(capsys.readouterr().out)
    assert number in told[0]
    assert "confirmed: 1." in told[0]
    assert ["yes" in text for text in told[1::2]] == [False, True]


def test_its_networks_are_said_listed_and_taken_back(database_url: str, capsys: Any) -> None:
    async def at_work() -> None:
        async with installation.at_work(database_url):
            await Office(now=utc_now()).partner()

    asyncio.run(at_work())
    told = []
    for words, ended in (
        (["networks", "Partner 1", "192.0.2.0/24"], Exit.OK),
        (["list"], Exit.OK),
        (["networks", "Partner 1", "192.0.2.1/24"], Exit.USAGE),
        (["networks", "Partner 1"], Exit.OK),
    ):
        assert (
            main([*installation.words(database_url), "partner", *words, "--database", database_url]) == ended
        )
        told.append(capsys.readouterr())
    assert [each.out.strip() for each in (told[0], told[3])] == [
        "On record: 192.0.2.0/24.",
        "On record: none.",
    ]
    assert "192.0.2.0/24" in told[1].out
    assert "192.0.2.0/24 or 2001:db8::/32" in told[2].err


def test_a_partner_that_is_not_there_is_no_partner(database_url: str, capsys: Any) -> None:
    place = [*installation.words(database_url), "partner", "deactivate", "Nobody", "--database", database_url]
    asyncio.run(_made(database_url))

    assert main(place) != Exit.OK
    assert "Nobody" not in capsys.readouterr().err


async def _made(url: str) -> None:
    async with installation.at_work(url):
        pass
