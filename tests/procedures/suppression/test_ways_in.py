"""Who left is not brought back, by whatever way and whatever they are found by; whoever wished it is not taken in at all."""

import random
from itertools import product
from pathlib import Path

import pytest

from models import Customer
from procedures.leaving import withdrawal
from tests.campaigns import Campaign
from tests.procedures import records
from tests.procedures.importers import marked
from tests.procedures.ways_in import BY, IMPORTS, WAYS, Row, Ways

pytestmark = pytest.mark.usefixtures("sending")

#: Whether who left wished to be left alone; by which way they come; what they are found by.
CASES = [(wished, way, by) for wished, way, by in product((False, True), WAYS, BY) if by in WAYS[way][1]]
#: What is said of somebody who wished it; a key is no address.
REFUSALS = {
    "file": "CUSTOMER_SUPPRESSED", "update": "CUSTOMER_SUPPRESSED", "archive": "CUSTOMER_SUPPRESSED",
    "staff": "CUSTOMER_SUPPRESSED", "visitor": "NO_CODE", "add": "CONTACT_UNUSABLE", "change": "CONTACT_UNUSABLE",
}  # fmt: skip


async def left(ways: Ways, row: Row, *, wished: bool) -> None:
    """Somebody who came by a file, and left."""
    assert await ways.file(row) is None
    customer = await Customer.get(id=await marked(row.key))
    person = await records.confirmed(await records.person(customer))
    await withdrawal.begin(customer.id, customer.number, by=person, suppress=wished)


def refusal(way: str, by: str, *, wished: bool) -> str | None:
    if wished and by != "key":
        return REFUSALS[way]
    return "CUSTOMER_WITHDRAWN" if way in IMPORTS else None


@pytest.mark.every_database
async def test_nobody_who_left_comes_back_by_any_way(tmp_path: Path, campaign: Campaign):
    chance = random.Random(47)  # noqa: S311 a test's chance, to be repeated
    cases = chance.sample(CASES, campaign.of(short=7, long=len(CASES)))
    campaign.tried(len(cases), "ways in of people who left")
    ways = Ways(tmp_path)
    for number, (wished, way, by) in enumerate(cases):
        row = Row.of(2 * number)
        await left(ways, row, wished=wished)

        code = await WAYS[way][0](ways, row.found_by(by, 2 * number + 1))

        assert code == refusal(way, by, wished=wished), (wished, way, by)


async def test_the_same_file_brings_nobody_back(tmp_path: Path):
    ways, row = Ways(tmp_path), Row.of(1)
    await left(ways, row, wished=False)

    assert await ways.file(row) == "CUSTOMER_WITHDRAWN"
    assert not await Customer.filter(status="ACTIVE").exists()
