"""Plain Oso is asked again about what was released; a field that was granted wrongly is closed until people have looked."""

from dataclasses import dataclass
from typing import Any

import pytest

import models
from models import Difference, Settlement
from models.event import Event
from policies.errors import Refused
from policies.policy import Policy
from procedures import difference
from procedures.current import installation
from procedures.difference import Seen
from procedures.task import task as tasks
from schema.reading import Context, Question, Samples, encode, guard, judge
from schema.reading.sample import RECORDS, WAITING
from schema.reading.selection import Selection
from tests import ledger
from tests.installation import at_work
from tests.people import Answer, Office, Someone
from tests.policies.compiled import whole
from tests.policies.faulty import Faulty
from tests.procedures.ledgers import sql

pytestmark = [pytest.mark.every_database, pytest.mark.unjudged]

NODE = """query ($id: ID!) { node(id: $id) { ... on ContactPoint { value verifiedAt withheld { field reason } } } }"""
FOUND = "query ($email: String!) { customers(filter: {email: $email}) { nodes { id } } }"
DIFFERENCES = "{ differences { nodes { id field granted policy seenIn settledAt settlement } } }"
SETTLE = """mutation ($id: ID!) { differenceSettle(input: {differenceId: $id, settlement: CORRECTED}) {
    difference { settlement } userErrors { code } } }"""
VALUE = "jone@example.org"


@dataclass
class Scene:
    """An agent with a task, and a customer who consents to something else; everything that is released is asked about."""

    office: Office
    ruta: Someone
    customer: models.Customer
    task: models.Task
    point: Any

    async def reads(self, by: Someone | None = None) -> Answer:
        """Ask for the contact point by its identifier."""
        return await (by or self.ruta).asks(NODE, id=encode("ContactPoint", self.point.id))

    async def value(self, by: Someone | None = None) -> Any:
        """What comes of asking for the contact point's value."""
        node = (await self.reads(by)).data["node"]
        return node and node["value"]


def decide_by(policy: Policy) -> None:
    """Put a policy in force that nobody would have let in."""
    installation().policies._policy = policy


def samples() -> Samples:
    """What waits here to be judged."""
    return installation().instance(Samples)


@pytest.fixture
async def scene(office: Office) -> Scene:
    samples().share = 1
    ruta = await office.agent("support")
    customer = await office.customer([("contact_point", "billing")])
    task = await office.task(ruta, customer, "support")
    return Scene(office, ruta, customer, task, await models.ContactPoint.get(customer_id=customer.id))


async def test_what_was_released_wrongly_is_found_after_the_answer_and_closed_from_then_on(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    decide_by(Faulty())

    assert await scene.value() == VALUE
    assert await Difference.all().count() == 0, "nobody waits for the judge"
    count = await judge()

    (found,) = await Difference.all()
    assert (found.field, found.granted, found.row_id) == ("ContactPoint.value", True, scene.point.id)
    assert (found.actor_id, found.policy) == (scene.ruta.actor.actor_id, whole().version)
    assert await ledger.data(Event.DIFFERENCE_FOUND) == [
        {
            "difference": str(found.id), "field": "ContactPoint.value", "decided": "granted",
            "version": whole().version, "row": str(scene.point.id), "actor": str(scene.ruta.actor.actor_id),
        }
    ]  # fmt: skip
    assert f"DECISION_DIFFERS field=ContactPoint.value decided=granted row={scene.point.id}" in caplog.text
    assert VALUE not in caplog.text
    assert (count.operations, count.failed) == (1, 0)
    assert await scene.value() is None


async def test_a_closed_field_is_closed_to_everybody_everywhere_and_whatever_policies_come(
    scene: Scene, database: str
) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    jone = await scene.office.himself(scene.customer)
    assert [await scene.value(by) for by in (None, jone)] == [VALUE, VALUE]
    assert len((await scene.ruta.asks(FOUND, email=VALUE)).data["customers"]["nodes"]) == 1

    async with at_work(database):
        await difference.record_found(Seen("ContactPoint.value", True, "0" * 16, scene.point.id, None))

    for by in (scene.ruta, jone):
        node = (await scene.reads(by)).data["node"]
        assert node["value"] is None
        assert {"field": "value", "reason": "FIELD_CLOSED"} in node["withheld"]
    assert (await scene.ruta.asks(FOUND, email=VALUE)).data["customers"]["nodes"] == []
    decide_by(Policy({**whole().sources, "remark.polar": "# Another text.\n"}, whole().all_classified))
    assert await scene.value() is None
    async with at_work(database):
        assert await scene.value() is None, "after a restart"


async def test_a_partner_is_not_told_that_a_field_is_closed(scene: Scene) -> None:
    partner = await scene.office.partner()
    bound = await scene.office.agreement(
        partner, "support", "contact_point.value", "contact_point.verifiedAt"
    )
    van = await scene.office.partner_client(partner, "support")
    await scene.office.consent(scene.customer, "contact_point", "support")
    await scene.office.task(van, scene.customer, "support", agreement=bound)
    assert await scene.value(van) == VALUE

    await difference.record_found(Seen("ContactPoint.value", True, "0" * 16, scene.point.id, None))

    node = (await scene.reads(van)).data["node"]
    assert node["value"] is None
    assert {each["reason"] for each in node["withheld"]} == {"NOT_AVAILABLE"}


async def test_only_a_privacy_officer_in_a_confirmed_session_opens_it_again(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    await difference.record_found(Seen("ContactPoint.value", True, "0" * 16, scene.point.id, None))
    officer = await scene.office.employee("privacy_officer")
    manager = await scene.office.session(await scene.office.employee("manager"))
    (seen,) = (await officer.asks(DIFFERENCES)).data["differences"]["nodes"]
    assert (seen["field"], seen["granted"]) == ("ContactPoint.value", True)
    assert seen["seenIn"] == encode("ContactPoint", scene.point.id)
    assert (await manager.asks(DIFFERENCES)).data["differences"]["nodes"] == []

    async def settles(by: Someone) -> list[str]:
        answer = await by.asks(SETTLE, id=seen["id"])
        refused = answer.data["differenceSettle"]["userErrors"] if not answer.codes else []
        return [*answer.codes, *(error["code"] for error in refused)]

    assert await settles(manager) == ["FORBIDDEN"]
    assert await settles(officer) == ["STEP_UP_REQUIRED"]
    assert await scene.value() is None

    officer = await scene.office.session(officer)
    assert await settles(officer) == []

    assert await scene.value() == VALUE
    assert await settles(officer) == ["ALREADY_CLOSED"]
    (told,) = await ledger.entries(Event.DIFFERENCE_SETTLED)
    assert (told["by"]["id"], told["data"]["settlement"]) == (
        str(officer.actor.actor_id),
        Settlement.CORRECTED,
    )


async def test_what_was_withheld_wrongly_is_told_and_closes_nothing(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    jone = await scene.office.himself(scene.customer)
    decide_by(Faulty(under=True))

    assert await scene.value() is None
    await judge()

    (found,) = await Difference.all()
    assert (found.field, found.granted) == ("ContactPoint.value", False)
    assert await difference.closed_fields() == frozenset()
    assert await scene.value(jone) == VALUE


async def test_that_a_record_is_there_at_all_is_judged_too(scene: Scene) -> None:
    decide_by(Faulty())

    answer = await scene.ruta.asks(
        "query ($id: ID!) { node(id: $id) { id } }", id=encode("ContactPoint", scene.point.id)
    )
    assert answer.data["node"] is not None
    await judge()

    assert await difference.closed_fields() == {"ContactPoint.value"}


async def test_what_is_closed_already_is_not_found_again_as_withheld(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    await difference.record_found(Seen("ContactPoint.value", True, "0" * 16, scene.point.id, None))

    await scene.value()
    count = await judge()

    assert (count.records, count.failed) == (1, 0)
    assert await Difference.all().count() == 1


async def test_a_world_that_changed_since_the_answer_is_no_difference(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    assert await scene.value() == VALUE

    await tasks.close(scene.task.id, models.Outcome.DONE, by=scene.ruta.actor)
    count = await judge()

    assert (count.records, count.changed, count.failed) == (1, 1, 0)
    assert await Difference.all().count() == 0


async def test_asking_that_fails_is_counted_and_closes_nothing_and_the_next_is_asked(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    unreadable = Faulty()
    unreadable.sources, unreadable.version = {"broken.polar": "allow(_, _, _) if"}, "1" * 16
    decide_by(unreadable)
    await scene.value()
    decide_by(whole())
    await scene.value()

    count = await judge()

    assert (count.failed, count.operations) == (1, 1)
    assert "JUDGING_FAILED code=POLICY_REFUSED" in caplog.text
    assert await Difference.all().count() == 0
    assert not samples().waiting


async def test_what_waits_is_bounded_holds_no_value_and_the_rest_is_counted(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    first, all_of_them = samples(), WAITING + 3

    for _ in range(all_of_them):
        assert await scene.value() == VALUE

    assert (len(first.waiting), first.dropped) == (WAITING, 3)
    assert VALUE not in repr(first.waiting)
    first.budget = 0
    assert (await judge()).operations == 0
    assert len(first.waiting) == WAITING, "without a budget they go on waiting"


async def test_of_many_records_some_are_chosen_and_of_no_share_none(scene: Scene) -> None:
    for _ in range(RECORDS + 5):
        await scene.office.task(scene.ruta, await scene.office.customer(), "support")
    page = "{ customers(first: 100) { nodes { number } } }"

    assert len((await scene.ruta.asks(page)).data["customers"]["nodes"]) == RECORDS + 6
    (sample,) = samples().waiting
    assert (len(sample.rows), sample.seen) == (RECORDS, RECORDS + 6)
    assert len({row.id for row in sample.rows}) == RECORDS

    samples().share = 0
    await scene.ruta.asks(page)
    assert len(samples().waiting) == 1


async def test_nothing_is_read_where_nobody_has_looked_what_is_closed(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    info: Any = None
    selection = Selection(info, "ContactPoint").written("ContactPoint", "{ value }")

    with pytest.raises(Refused):
        await guard.read(Context(scene.ruta.actor), selection, Question())


@pytest.mark.by_hand
async def test_nothing_is_read_while_nobody_can_say_what_is_closed(scene: Scene) -> None:
    await scene.office.consent(scene.customer, "contact_point", "support")
    await sql("ALTER TABLE differences RENAME TO elsewhere")

    answer = await scene.reads()

    assert answer.errors
    assert not answer.data
