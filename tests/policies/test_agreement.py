"""SQL, Python and plain concrete Oso say the same about every cell of generated worlds."""

from functools import cache
from random import Random

import pytest

from policies import registry
from policies.policy import Policy
from tests.installation import at_work
from tests.policies.readings import Plain, Tally, compare_all
from tests.policies.world import World, clear


async def compared(policy: Policy, world: World, cells: int) -> Tally:
    """One world, written, compared for a quarter of those in it or until so many cells are, and removed.

    Ten in a row have every mix of roles. Who is left out, because there are enough cells, is left to chance.
    """
    await world.write()
    plain = await Plain.of(policy.sources)
    askers, tally = list(world.askers())[world.number // 2 % 4 :: 4], Tally()
    Random(world.number).shuffle(askers)  # noqa: S311 chance here keeps no secret
    while askers and tally.cells < cells:
        tally += await compare_all(policy, plain, [askers.pop()])
    await clear()
    return tally


@cache
def policy() -> Policy:
    """The policies, compiled once for all parts that a process takes."""
    return Policy.load()


async def part(url: str, first: int, cells: int) -> Tally:
    """Every tenth world from the first on, until so many cells have been compared."""
    async with at_work(url):
        total, number = Tally(), first
        while total.cells < cells:
            total += await compared(policy(), World(number), cells - total.cells)
            number += 10
    return total


# Ten parts, so that processors share the work and none takes long: each has worlds that no other has.


@pytest.mark.parametrize("first", range(10))
async def test_two_hundred_thousand_cells_agree_on_sqlite(sqlite_url: str, first: int):
    tally = await part(sqlite_url, first, cells=20_200)

    assert tally.differences == []
    assert tally.cells >= 20_200
    assert tally.granted > tally.cells / 20
    assert tally.actions > 1_000


@pytest.mark.parametrize("first", [100, 101])
async def test_twenty_thousand_cells_agree_on_postgresql(postgres_url: str, first: int):
    tally = await part(postgres_url, first, cells=10_500)

    assert tally.differences == []
    assert tally.cells >= 10_500
    assert tally.granted > tally.cells / 20


async def test_oso_names_the_fields_that_it_grants_one_by_one(sqlite_url: str):
    async with at_work(sqlite_url):
        world = World(3, size=3)
        await world.write()
        plain = await Plain.of(policy().sources)
        for asker in list(world.askers())[::4]:
            for record in registry.RECORDS:
                for fact in plain.records[record][:4]:
                    granted = plain.reads(asker, fact)
                    for field in policy().classified(record):
                        assert plain.reads_field(asker, fact, field) == (field in granted)


async def test_a_world_follows_from_its_number(sqlite_url: str):
    async with at_work(sqlite_url):
        assert [row.pk for row in World(5).rows] == [row.pk for row in World(5).rows]
