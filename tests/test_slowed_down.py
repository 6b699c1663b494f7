"""Whole servers, which slow down an account that misses too much, each by what it missed at any of them."""

from typing import Any
from uuid import uuid4

import pytest

from schema.reading import encode
from tests.installation import at_work
from tests.schema.missing import CUSTOMER, NODES
from tests.served import served
from tests.test_server import PASSWORD, filled, options

pytestmark = pytest.mark.every_database


async def test_who_guesses_too_much_is_refused_by_every_server_and_told_for_how_long(
    database_url: str,
) -> None:
    async with at_work(database_url):
        customer = (await filled())["customer"]
    mine, guesses = encode("Customer", customer.id), [encode("Customer", uuid4()) for _ in range(160)]

    with served(*options(database_url), settings={"SAVAS_MISSED_LOOKUPS": "100"}) as server:
        token = server.signs_in("ruta@savas.example", PASSWORD)
        for ids in (guesses[:100], guesses[100:]):
            assert server.asks(NODES, token, "support", ids=ids).json().keys() == {"data"}
        server.hears("LOOKUPS_SLOWED account=[0-9a-f-]{36} missed=160")
        answered = server.asks(CUSTOMER, token, "support", id=mine)
        refused = answered.json()
        assert int(answered.headers["Retry-After"]) == refused["errors"][0]["extensions"]["retryAfter"]
    with served(*options(database_url)) as again:
        still: dict[str, Any] = again.asks(CUSTOMER, token, "support", id=mine).json()
        log = server.log + again.log

    for answer in (refused, still):
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 0 < error["extensions"]["retryAfter"] <= 3600
        assert answer["data"] == {"customer": None}
    assert not [id for id in guesses if id in log]
