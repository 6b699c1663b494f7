"""SQL, Python and plain concrete Oso say the same about every cell of generated worlds."""

from collections.abc import Iterator
from random import Random

import pytest

from policies import registry
from policies.actor import Actor
from policies.conditions.kind import CLASSES
from policies.policy import Policy
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import whole
from tests.policies.readings import Plain, Tally, compare_all
from tests.policies.world import World, clear


def some(world: World) -> Iterator[Actor]:
    """A quarter of each kind of those in a world: one of each kind, then staff, of whom there is most to say, then all.

    Ten worlds in a row have every mix of roles. Whoever comes late may be left out, and who that is is left to chance.
    """
    everybody, rest = list(world.actors()), list[Actor]()
    for kind in CLASSES:
        theirs = [actor for actor in everybody if actor.kind == kind]
        quarter = theirs[world.number // 2 % 4 :: 4] or theirs
        Random(world.number).shuffle(quarter)  # noqa: S311 chance here keeps no secret
        yield quarter.pop()
        rest += quarter
    yield from rest


async def compared(policy: Policy, world: World, cells: int) -> Tally:
    """One world, written, compared for a quarter of those in it or until so many cells are, and removed.

    At the least for one of each kind.
    """
    await world.write()
    plain, tally = await Plain.of(policy.sources), Tally()
    for actor in some(world):
        if tally.cells >= cells and tally.kinds == CLASSES.keys():
            break
        tally += await compare_all(policy, plain, [actor])
    await clear()
    return tally


async def part(url: str, first: int, cells: int, size: int) -> Tally:
    """Every tenth world from the first on, until so many cells have been compared."""
    async with at_work(url):
        policy = whole()
        total, number = Tally(), first
        while total.cells < cells:
            total += await compared(policy, World(number, size), cells - total.cells)
            number += 10
    return total


# Ten parts, so that processors share the work and none takes long: each has worlds that no other has. Worlds of the
# short run are smaller, so that as many cells are those of more people.


@pytest.mark.parametrize("first", range(10))
async def test_two_hundred_thousand_cells_agree_on_sqlite(sqlite_url: str, first: int, campaign: Campaign):
    cells, size = campaign.of(short=2_700, long=20_200), campaign.of(short=2, long=8)
    tally = await part(sqlite_url, first, cells, size)
    campaign.tried(tally.cells, "cells of which SQL, Python and Oso say the same, on SQLite")

    assert tally.differences == []
    assert tally.cells >= cells
    # In the large worlds of the long run fewer cells are granted; a reading that grants nothing would not pass.
    assert tally.granted > tally.cells / campaign.of(short=20, long=40)
    assert tally.actions > 1_000
    assert tally.kinds == CLASSES.keys()


@pytest.mark.parametrize("first", [100, 101])
async def test_twenty_thousand_cells_agree_on_postgresql(postgres_url: str, first: int, campaign: Campaign):
    cells, size = campaign.of(short=2_050, long=10_500), campaign.of(short=2, long=8)
    tally = await part(postgres_url, first, cells, size)
    campaign.tried(tally.cells, "cells of which SQL, Python and Oso say the same, on PostgreSQL")

    assert tally.differences == []
    assert tally.cells >= cells
    # In the large worlds of the long run fewer cells are granted; a reading that grants nothing would not pass.
    assert tally.granted > tally.cells / campaign.of(short=20, long=40)
    assert tally.kinds == CLASSES.keys()


async def test_oso_names_the_fields_that_it_grants_one_by_one(sqlite_url: str, campaign: Campaign):
    async with at_work(sqlite_url):
        world = World(3, size=3)
        await world.write()
        plain = await Plain.of(whole().sources)
        actors = list(some(world))[: campaign.of(short=len(CLASSES), long=25)]
        campaign.tried(len(actors), "actors whose fields Oso names one by one")
        for actor in actors:
            for record in registry.RECORDS:
                for fact in plain.records[record][: campaign.of(short=2, long=4)]:
                    granted = plain.reads(actor, fact)
                    for field in whole().classified(record):
                        assert plain.reads_field(actor, fact, field) == (field in granted)


async def test_a_world_follows_from_its_number(sqlite_url: str):
    async with at_work(sqlite_url):
        assert [row.pk for row in World(5).rows] == [row.pk for row in World(5).rows]
