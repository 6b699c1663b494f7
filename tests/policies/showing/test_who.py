"""Who could read something is what the door would decide for each of them, and says on what it rests."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from models import Purpose, Role, TaskStatus
from policies import registry
from policies.actor import Actor
from policies.conditions import facts
from policies.policy import in_force
from policies.showing.who import Reader, readers
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import whole
from tests.policies.office import Office, asking, furnished
from tests.policies.readings import masks
from tests.policies.world import World
from tests.procedures import records


@pytest.fixture
async def office(database: str) -> Office:
    return await furnished()


async def who(
    office: Office, *more: Actor, field: str = "value", purposes: Iterable[Purpose] = Purpose
) -> list[Reader]:
    everybody = [office.agent, *more]
    return await readers(in_force(), "ContactPoint", [office.contact.id], field, everybody, list(purposes))


async def test_a_reader_is_named_with_purpose_rule_task_and_consent(office: Office) -> None:
    (found,) = await who(office)

    assert (found.actor.actor_id, found.purpose) == (office.agent.actor_id, Purpose.SUPPORT)
    assert found.rule is not None
    assert found.rule.file == "release.polar"
    assert found.grounds == (("Task", office.task.id), ("Consent", office.contact.consent_id))
    assert found.records == (office.contact.id,)


async def test_only_the_purposes_that_are_asked_about_count(office: Office) -> None:
    assert await who(office, purposes=[Purpose.SALES]) == []


async def test_whoever_carries_no_open_task_is_not_among_them(office: Office) -> None:
    other = await records.employee(Role.AGENT)
    office.task.status = TaskStatus.CLOSED
    await office.task.save()

    assert await who(office, asking(other.id)) == []


async def test_the_customer_reads_without_a_purpose(office: Office) -> None:
    person = await records.person(office.customer)
    found = [each for each in await who(office, person) if each.actor.kind == "Customer"]

    (own,) = found
    assert (own.purpose, own.grounds) == (None, ())
    assert own.rule is not None
    assert "Person" in own.rule.text


async def test_each_task_is_a_way_of_its_own_purpose(office: Office) -> None:
    await records.task(office.customer.id, purpose=Purpose.SALES, assignee_id=office.agent.actor_id)
    await records.consent(office.customer.id, Purpose.SALES)

    assert {each.purpose for each in await who(office)} == {Purpose.SUPPORT, Purpose.SALES}


async def test_a_field_that_no_rule_opens_has_no_reader(office: Office) -> None:
    assert await who(office, field="nothing") == []


async def test_records_are_loaded_once_for_everybody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    real = facts.load

    async def counted(*asked: Any) -> Any:
        loads.append(asked)
        return await real(*asked)

    monkeypatch.setattr(facts, "load", counted)
    agents = [asking((await records.employee(Role.AGENT)).id) for _ in range(5)]
    managers = [replace(agent, roles=frozenset({Role.MANAGER})) for agent in agents]

    await who(office, *agents, *managers)
    assert len(loads) == 1


@pytest.mark.every_database
async def test_the_database_decides_the_same_for_each(database_url: str, campaign: Campaign) -> None:
    cells, granted, differences = 0, 0, []
    async with at_work(database_url):
        world = World(8, size=campaign.of(short=3, long=12))
        await world.write()
        actors = {
            (actor.actor_id, actor.roles): replace(actor, purposes=frozenset()) for actor in world.actors()
        }
        for record, field in (("ContactPoint", "value"), ("HealthRecord", "code"), ("Customer", "identity")):
            for actor in actors.values():
                theirs = await by_the_database(actor, record, field, world.few)
                ours = await by_asking(actor, record, field, world.few)
                cells, granted = cells + len(theirs), granted + len(ours)
                differences += [(actor.kind, record, each) for each in theirs ^ ours]
    campaign.tried(granted, "grants that were found from the other side, as the database decides them")
    assert differences == []
    assert granted > 5


async def by_the_database(
    actor: Actor, record: str, field: str, purposes: list[Purpose]
) -> set[tuple[Purpose | None, UUID]]:
    """With which purpose an actor reads which records: without one, or else with each."""
    plan, found = whole().plan(actor, record), set[tuple[Purpose | None, UUID]]()
    if field not in plan.grants:
        return found
    for purpose in (None, *purposes):
        asker = replace(actor, purposes=frozenset({purpose} if purpose else ()))
        for id, mask in (await masks(plan, asker)).items():
            if mask[field] == 0 and (None, id) not in found:
                found.add((purpose, id))
    return found


async def by_asking(
    actor: Actor, record: str, field: str, purposes: list[Purpose]
) -> set[tuple[Purpose | None, UUID]]:
    ids = await registry.RECORDS[record].all().values_list("id", flat=True)
    found = await readers(whole(), record, [UUID(str(id)) for id in ids], field, [actor], purposes)
    assert all(each.rule is not None for each in found)
    return {(each.purpose, id) for each in found for id in each.records}
