"""Whole servers, which ask plain Oso about all that they release, and of which none reads what one of them closed."""

from collections.abc import AsyncIterator

import pytest

from procedures import difference
from procedures.difference import Seen
from tests.installation import at_work
from tests.served import served
from tests.test_server import PASSWORD, House, filled, options

pytestmark = [pytest.mark.every_database, pytest.mark.unjudged]


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A customer, an agent at work for her, and a server that asks about everything."""
    async with at_work(database_url):
        there = await filled()
    with served(*options(database_url), settings={"SAVAS_JUDGED_SHARE": "1"}) as server:
        yield House(database_url, server, **there)


async def test_a_server_asks_again_by_itself_and_none_reads_what_was_closed_by_another(house: House) -> None:
    token = house.server.signs_in("ruta@savas.example", PASSWORD)
    assert house.reads(token, "support")["contactPoints"] == [{"value": "jone@example.org"}]
    log = house.server.hears(
        "READINGS_JUDGED operations=1 records=[2-9] differences=0 changed=0 failed=0 dropped=0"
    )
    assert "DECISION_DIFFERS" not in log

    async with at_work(house.url):
        await difference.record_found(Seen("Customer.contactPoints", True, "0" * 16, house.customer.id, None))

    def closed(customer: dict[str, object]) -> bool:
        return customer["contactPoints"] is None and {
            "field": "contactPoints", "reason": "FIELD_CLOSED",
        } in customer["withheld"]  # type: ignore[operator]  # a list  # fmt: skip

    assert closed(house.reads(token, "support"))
    house.server.stops()
    with served(*options(house.url)) as again:
        assert closed(house.reads(token, "support", again)), "after a restart"
