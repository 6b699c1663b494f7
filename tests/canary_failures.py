"""What makes an installation full of canaries fail, and what is asked of it then."""

from collections.abc import Awaitable, Callable

import httpx

from models import Category
from procedures.installation import opened
from tests.canary_house import PURPOSES, SIGN_IN, STREETS, House
from tests.procedures.ledgers import sql
from tests.served import Served

#: The statuses of what is asked while something fails, and what the log says of it.
Failed = tuple[list[int], str]
#: What makes a house fail.
Failure = Callable[[House], Awaitable[Failed]]


def asks(house: House, server: Served, token: str) -> list[httpx.Response]:
    """Ask for the addresses of whom an address or a number finds, and sign in with a wrong password."""
    email = house.rows[1][Category.CONTACT_POINT]["value_index"]
    document = (
        f'{{ customers(filter: {{phone: "{house.phone}"}}) {{ nodes {{ postalAddresses {{ street }} }} }} }}'
    )
    return [
        server.asks(STREETS, token, PURPOSES, filter={"email": email}),
        server.asks(house.canaries.said(document), token, PURPOSES),
        server.asks(SIGN_IN, login=house.canaries.email(), password=house.canaries.name()),
    ]


async def rows_do_not_open(house: House) -> Failed:
    """Every address is cut off."""
    async with opened(house.addresses):
        await sql("UPDATE postal_addresses SET content = substr(content, 1, 70)")
    return [200, 200, 200], "SEAL_BROKEN table=postal_addresses"


async def a_table_is_gone(house: House) -> Failed:
    """What finds addresses and numbers is not there."""
    async with opened(house.addresses):
        await sql("ALTER TABLE contact_points RENAME TO points_of_contact")
    return [294, 294, 200], "fault=OperationalError"


async def the_ledger_is_full(house: House) -> Failed:
    """Nothing can be recorded."""
    async with opened(house.addresses):
        await sql("ALTER TABLE ledger_entries RENAME TO full_up")
    return [503, 503, 503], "LEDGER_UNAVAILABLE"
