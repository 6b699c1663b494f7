"""Plain Oso over records of the database: it says what it missed, and never takes that for an answer."""

from uuid import UUID

import pytest

from models import Purpose
from policies.actor import Actor
from policies.conditions import Kind
from policies.errors import PolicyError
from policies.judging import NotLoaded, Plain, loaded
from policies.statements import values_of
from tests.policies.compiled import WORDS, whole
from tests.policies.office import Office, asking, furnished
from tests.procedures import records

STAFF = Kind("Staff", frozenset({"agent"}))
FIELDS = ("value", "kind", "provenance")


@pytest.fixture
async def office(sqlite: None) -> Office:
    return await furnished()


async def reads(plain: Plain, actor: Actor, record: str, id: UUID) -> tuple[frozenset[str], list[str]]:
    """What may be read of a record, and the relations that were missed on the way to it."""
    kind = Kind.of(actor)
    missed: list[str] = []
    while True:
        (row,) = await plain.load(kind, record, [id])
        try:
            return plain.reads(kind, values_of(actor), row, FIELDS), missed
        except NotLoaded as missing:
            missed.append(".".join(missing.path))
            plain.follow(kind, record, missing.path)


async def test_it_learns_which_relations_the_rules_follow_and_answers_as_they_say(office: Office) -> None:
    plain = Plain(whole().sources, "UTC")

    granted, missed = await reads(plain, office.agent, "ContactPoint", office.contact.id)

    assert granted == frozenset(FIELDS)
    assert {"customer", "customer.tasks", "customer.consents"} <= set(missed)
    assert await reads(plain, office.agent, "ContactPoint", office.contact.id) == (granted, [])
    without = asking(office.agent.actor_id or UUID(int=0))
    assert (await reads(plain, without, "ContactPoint", office.contact.id))[0] == frozenset()


async def test_each_stated_purpose_is_tried(office: Office) -> None:
    plain = Plain(whole().sources, "UTC")
    both = asking(office.agent.actor_id or UUID(int=0), Purpose.SUPPORT, Purpose.BILLING)

    assert (await reads(plain, both, "ContactPoint", office.contact.id))[0] == frozenset(FIELDS)


async def test_a_record_is_the_same_however_it_was_come_by(office: Office) -> None:
    rule = 'allow_field(_: Staff, "read", task: Task, "purpose") if t in task.customer.tasks and t = task;'
    plain = Plain({**WORDS, "same.polar": rule}, "UTC")
    other = await records.task(office.customer.id)
    kind = STAFF
    for path in (("customer",), ("customer", "tasks")):
        await plain.load(kind, "Task", [])
        plain.follow(kind, "Task", path)

    rows = await plain.load(kind, "Task", [office.task.id, other.id])

    for row in rows:
        assert plain.reads(kind, values_of(office.agent), row, ["purpose"]) == {"purpose"}


async def test_more_records_than_can_be_loaded_are_no_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaded, "MOST", 1)
    plain = Plain(whole().sources, "UTC")
    await records.task(office.customer.id)
    await records.task(office.customer.id)

    with pytest.raises(PolicyError, match="more than 1 records of Task"):
        await reads(plain, office.agent, "ContactPoint", office.contact.id)


async def test_a_relation_that_does_not_load_is_not_asked_for_again(office: Office) -> None:
    plain = Plain(whole().sources, "UTC")
    await plain.load(STAFF, "ContactPoint", [office.contact.id])
    plain.follow(STAFF, "ContactPoint", ("customer",))

    with pytest.raises(PolicyError, match="does not load"):
        plain.follow(STAFF, "ContactPoint", ("customer",))
