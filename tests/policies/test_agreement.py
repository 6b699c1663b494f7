"""SQL, Python and plain concrete Oso say the same about every cell of generated worlds."""

import pytest

from policies import registry
from policies.policy import Policy
from tests.installation import at_work
from tests.policies.readings import Plain, Tally, compare_all
from tests.policies.world import World, clear


async def compared(policy: Policy, world: World, every: int = 1) -> Tally:
    """One world, written, compared for one asker in `every`, and removed."""
    await world.write()
    plain = await Plain.of(policy.sources)
    tally = await compare_all(policy, plain, list(world.askers())[::every])
    await clear()
    return tally


async def shard(url: str, first: int, cells: int, every: int = 1) -> Tally:
    """Every second world from the first on, until so many cells have been compared."""
    async with at_work(url):
        policy, total, number = Policy.load(), Tally(), first
        while total.cells < cells:
            total += await compared(policy, World(number), every)
            number += 2
    return total


# Two tests, so that two processors share the work: one has the even worlds, the other the odd ones.


@pytest.mark.parametrize("first", [0, 1])
async def test_a_hundred_thousand_cells_agree_on_sqlite(sqlite_url: str, first: int):
    tally = await shard(sqlite_url, first, cells=101_000)

    assert tally.differences == []
    assert tally.cells >= 101_000
    assert tally.granted > tally.cells / 20
    assert tally.actions > 5_000


async def test_twenty_thousand_cells_agree_on_postgresql(postgres_url: str):
    tally = await shard(postgres_url, 2, cells=21_000)

    assert tally.differences == []
    assert tally.cells >= 21_000
    assert tally.granted > tally.cells / 20


async def test_oso_names_the_fields_that_it_grants_one_by_one(sqlite_url: str):
    async with at_work(sqlite_url):
        policy, world = Policy.load(), World(3, size=3)
        await world.write()
        plain = await Plain.of(policy.sources)
        for asker in list(world.askers())[::4]:
            for record in registry.RECORDS:
                for fact in plain.records[record][:4]:
                    granted = plain.reads(asker, fact)
                    for field in policy.classified(record):
                        assert plain.reads_field(asker, fact, field) == (field in granted)


async def test_a_world_follows_from_its_number(sqlite_url: str):
    async with at_work(sqlite_url):
        assert [row.pk for row in World(5).rows] == [row.pk for row in World(5).rows]
