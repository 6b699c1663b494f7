"""What must hold in every world, whatever the policy files say of single fields."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tortoise.connection import get_connection

from models import PERSONAL, Consent, Purpose
from policies.actor import Actor
from policies.policy import Policy
from tests.installation import at_work
from tests.policies.compiled import whole
from tests.policies.readings import Masks, masks
from tests.policies.world import World

TYPES = [model.__name__ for model in PERSONAL.values()]


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """A world large enough for subcontractors and customers to read something in it."""
    async with at_work(sqlite_url):
        made = World(8, size=60)
        await made.write()
        yield made


async def granted(policy: Policy, actor: Actor, types: list[str] = TYPES) -> set[tuple[object, str]]:
    """Every personal cell that an actor reads."""
    found: Masks = {}
    for record in types:
        found |= await masks(policy.plan(actor, record), actor)
    return {(id, field) for id, row in found.items() for field, step in row.items() if field and step == 0}


async def test_a_subcontractor_reads_nothing_that_staff_with_its_task_would_not(world: World):
    policy, reads = whole(), 0
    for actor in [actor for actor in world.actors() if actor.kind == "PartnerClient"]:
        client = replace(actor, purposes=frozenset(Purpose))
        theirs = await granted(policy, client)
        assert theirs <= await granted(policy, replace(client, kind="Employee", partner_id=None))
        reads += len(theirs)
    assert reads > 0


async def test_who_states_no_purpose_reads_nothing_of_others(world: World):
    policy = whole()
    for actor in world.actors():
        if actor.kind in ("Employee", "PartnerClient"):
            assert await granted(policy, replace(actor, purposes=frozenset())) == set()


async def test_without_any_consent_every_personal_table_is_empty_for_everybody_its_owner_too(world: World):
    policy = whole()
    owners = [actor for actor in world.actors() if actor.kind == "Customer"]
    assert any([await granted(policy, owner) for owner in owners])

    # The database would refuse this while rows rest on the consents; the policies must hold without it.
    await get_connection("default").execute_script("DROP TRIGGER consents_in_use")
    await Consent.all().update(state="WITHDRAWN", permits=False, suspended_by_id=None)

    for actor in world.actors():
        assert await granted(policy, actor) == set()
