"""What is proved holds in every world; what is refuted fails in the one that is shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from policies import registry
from policies.conditions import check, facts, ir
from policies.conditions.ir import Condition
from policies.conditions.kind import Kind
from policies.conditions.plan import Grant
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import Policy
from policies.prove import Verdict, covers
from tests.campaigns import Campaign
from tests.policies.compiled import WORDS, whole
from tests.policies.compiler.test_grammar import BODY, HELPER
from tests.policies.prove.chance import Chance, near
from tests.policies.prove.confirmed import granted, oso

STAFF = Kind("Staff")
EXACT = "a.signed = true and a.untilAt > actor.now"


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def source(body: str, actor: str = "Staff") -> dict[str, str]:
    """Policies that open a customer's number on a condition."""
    name, customer = "actor" if "actor." in body else "_", "c" if re.search(r"\bc\b", body) else "_"
    return {
        **WORDS,
        "x.polar": f'allow_field({name}: {actor}, "read", {customer}: Customer, "number") if {body};\n{HELPER}',
    }


def grant(body: str, actor: str = "Staff") -> Grant:
    """What such policies compile to."""
    return Policy(source(body, actor)).plan(Kind(actor), "Customer").grant("number")


Pair = tuple[Condition, Condition]

TASK = "t in c.tasks and "

#: What holds whenever the first does, and what does not: one pair for each thing that a formula has to mean.
PROVED = [
    ("c.restricted = false", "not c.restricted = true"),
    ("c.restricted", "c.restricted != false"),
    (f"{TASK}t.dueAt > actor.now", f"{TASK}t.dueAt != nil"),
    (f"{TASK}t.dueAt > actor.now", f"{TASK}not t.dueAt <= actor.now"),
    (f"{TASK}t.dueAt = t.closedAt and t.closedAt < actor.now", f"{TASK}t.dueAt < actor.now"),
    (f"{TASK}t.dueAt < t.closedAt and t.closedAt < actor.now", f"{TASK}t.dueAt < actor.now"),
    (f"{TASK}t.assigneeId = nil", f"{TASK}t.assigneeId != actor.id"),
    (f"{TASK}t.assigneeId = nil and t.openedById = nil", f"{TASK}t.assigneeId = t.openedById"),
    (f"{TASK}t.purpose = actor.purpose", f"{TASK}t.purpose != nil"),
    (f'{TASK}t.status != "OPEN"', f'{TASK}t.status = "CLOSED"'),
    (f'{TASK}t.outcome != "DONE" and t.outcome != nil', f'{TASK}t.outcome = "CANCELLED"'),
    (f'{TASK}t.purpose in ["sales", "care"]', f'{TASK}(t.purpose = "care" or t.purpose = "sales")'),
    (f"{TASK}t.customer.restricted = true", "c.restricted = true"),
    (f"{TASK}t.customerId = c.id", f"{TASK}t.customer.id = c.id"),
    (f"{TASK}a in t.agreements and {EXACT}", f"{TASK}t.agreementId != nil"),
    (f"{TASK}t.agreementId != nil", f"{TASK}a in t.agreements and a.id = t.agreementId"),
    (f"{TASK}t.agreementId = nil", f"{TASK}not _a in t.agreements"),
    ("forall(t in c.tasks, t.outcome = nil)", 'not (t in c.tasks and t.outcome = "DONE")'),
    (f"not ({TASK}t.dueAt = nil)", "forall(t in c.tasks, t.dueAt != nil)"),
    (f"{TASK}u in c.tasks and t.dueAt = nil and u.dueAt = nil", f"{TASK}t.dueAt = nil"),
    (f'{TASK}t.dueAt > actor.ago("1 hour")', f'{TASK}t.dueAt > actor.ago("2 hours")'),
    (f'{TASK}t.dueAt > actor.ago("7 days")', f'{TASK}not t.dueAt < actor.ago("1 week")'),
    ('actor.timeOfDay >= "09:00"', 'actor.timeOfDay > "08:59"'),
    ('actor.timeOfDay = "12:30"', 'actor.timeOfDay in ["12:30", "12:31"]'),
    ('actor.weekday in ["SATURDAY", "SUNDAY"]', 'not actor.weekday in ["MONDAY", "FRIDAY"]'),
    ('actor.weekday != "SUNDAY" and not actor.weekday in ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY"]',
     'actor.weekday in ["FRIDAY", "SATURDAY"]'),
    (f"{TASK}t.purpose = actor.purpose", f"{TASK}t.purpose in actor.purposes"),
    ('"sales" in actor.purposes', "actor.purposeCount > 0"),
    ('"sales" in actor.purposes and "care" in actor.purposes', "actor.purposeCount > 1"),
    ('"sales" in actor.purposes and actor.purposeCount = 1', 'not "care" in actor.purposes'),
    (f'{TASK}t.purpose = actor.purpose and actor.purposeCount = 1 and "care" in actor.purposes', f'{TASK}t.purpose = "care"'),
    ("actor.purposeCount = 0", "not (t in c.tasks and t.purpose in actor.purposes)"),
    ('not actor.channel in ["CONSOLE", "PARTNER_NETWORK"]', 'actor.channel = "API"'),
]  # fmt: skip
REFUTED = [
    ("c.restricted = false", "c.restricted = true"),
    (f"{TASK}not t.dueAt <= actor.now", f"{TASK}t.dueAt > actor.now"),
    (f"{TASK}t.assigneeId != actor.id", f"{TASK}t.assigneeId != nil"),
    (f"{TASK}t.assigneeId = t.openedById", f"{TASK}t.assigneeId != nil"),
    (f"{TASK}t.purpose != nil", f"{TASK}t.purpose = actor.purpose"),
    (f'{TASK}t.outcome != "DONE"', f'{TASK}t.outcome = "CANCELLED"'),
    (f"{TASK}t.dueAt <= actor.now", f"{TASK}t.dueAt < actor.now"),
    (f"{TASK}t.agreementId != nil", f"{TASK}a in t.agreements and a.signed = true"),
    ("forall(t in c.tasks, t.dueAt = nil)", f"{TASK}t.dueAt = nil"),
    (f"{TASK}t.dueAt = nil", "forall(t in c.tasks, t.dueAt = nil)"),
    (f"{TASK}t.dueAt = nil", f"{TASK}u in c.tasks and t.id != u.id"),
    (f"{TASK}u in c.tasks and t.dueAt = nil and u.outcome = nil", f"{TASK}t.dueAt = nil and t.outcome = nil"),
    (f'{TASK}t.dueAt > actor.ago("2 hours")', f'{TASK}t.dueAt > actor.ago("1 hour")'),
    # There is an instant between any two.
    (f'{TASK}t.dueAt < actor.now', f'{TASK}t.dueAt <= actor.ago("1 minute")'),
    ('actor.timeOfDay > "08:59"', 'actor.timeOfDay > "09:00"'),
    ('actor.weekday in ["SATURDAY", "SUNDAY"] and actor.timeOfDay < "00:01"', 'actor.weekday = "SUNDAY"'),
    ('actor.weekday = "SUNDAY" and t in c.tasks and t.dueAt > actor.now', 't in c.tasks and t.dueAt > actor.now and actor.timeOfDay < "18:00"'),
    ("actor.purposeCount > 0", '"sales" in actor.purposes'),
    ("actor.purposeCount > 1", 'not "care" in actor.purposes'),
    (f"{TASK}t.purpose in actor.purposes", f'{TASK}t.purpose in actor.purposes and actor.purposeCount = 1'),
    ('actor.channel != "API" and actor.weekday = "SUNDAY"', 'actor.weekday = "MONDAY"'),
    ("c.restricted", 'c.restricted and actor.channel = "API"'),
    # What a check of the database keeps is not taken for granted.
    ('s in c.consents and s.state = "GIVEN"', "s in c.consents and s.permits = true"),
]  # fmt: skip


@pytest.mark.parametrize(("stronger", "weaker"), PROVED)
def test_what_follows_is_proved(stronger: str, weaker: str) -> None:
    assert covers(grant(weaker).condition, grant(stronger), "Customer").proved


@pytest.mark.parametrize(("condition", "other"), REFUTED)
def test_what_does_not_follow_is_refuted_by_a_counterexample_that_plain_oso_confirms(
    condition: str, other: str
) -> None:
    answer = covers(grant(other).condition, grant(condition), "Customer")

    assert answer.verdict is Verdict.REFUTED
    assert answer.counterexample is not None
    assert granted(oso(source(condition)), STAFF, "read", "number", answer.counterexample)
    assert not granted(oso(source(other)), STAFF, "read", "number", answer.counterexample)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Vilnius", "America/New_York", "Asia/Kathmandu"])
def test_a_counterexample_on_a_day_at_a_time_is_at_a_real_instant_of_that_clock(zone: str) -> None:
    bodies = [
        'actor.weekday = "MONDAY" and actor.timeOfDay < "00:30"',
        'actor.timeOfDay < "00:30" and actor.weekday = "MONDAY" and actor.now < actor.now',
    ]
    clock = {"clock.polar": f'time_zone("{zone}");'} if zone != "UTC" else {}
    one, other = ({**source(body), **clock} for body in bodies)
    grants = [Policy(each).plan(STAFF, "Customer").grant("number") for each in (one, other)]

    answer = covers(grants[1].condition, grants[0], "Customer")

    assert answer.counterexample is not None
    assert granted(oso(one), STAFF, "read", "number", answer.counterexample, zone)


def test_a_time_of_day_beside_other_texts_is_not_proved_to_be_none_of_them() -> None:
    one = grant('c.number = actor.timeOfDay and c.number = "12:30" and actor.timeOfDay in ["12:30", "12:31"]')

    assert not covers(ir.FALSE, one, "Customer").proved


def test_what_no_real_instant_confirms_is_neither_proved_nor_refuted() -> None:
    """That nobody states three purposes out of two, z3 does not know."""
    one = grant("actor.purposeCount = 3")

    assert covers(grant("actor.purposeCount != 3").condition, one, "Customer").verdict is Verdict.OPEN


@dataclass
class Known:
    """A compiled condition, with the text that it came from."""

    body: str
    grant: Grant


def drawn(count: int) -> list[Known]:
    """Random conditions that can be compiled."""
    bodies: list[str] = []

    @settings(max_examples=count, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(BODY)
    def draw(body: str) -> None:
        bodies.append(body)

    draw()
    return list(_compiled(dict.fromkeys(bodies)))


def _compiled(bodies: "dict[str, None]") -> Iterator[Known]:
    for body in bodies:
        try:
            yield Known(body, grant(body))
        except PolicyError:
            continue


def beside(first: Known, second: Known) -> Iterator[Known]:
    """What can be said of two conditions together; one refers to other tasks and consents than the other."""
    one, other = first.body, second.body
    for body in (f"({one}) and ({other})", f"({one}) or ({other})"):
        yield from _compiled({body: None})


def worlds(conditions: list[Condition], record: str, count: int) -> Iterator[Chance]:
    """Random worlds with all the types that some conditions speak of."""
    types = reached(facts.shape(conditions), record) | {"Customer", "Partner"}
    for number in range(count):
        yield Chance(number, types, ["support", "sales", "contact_point", "value"])


def reached(shape: facts.Shape, record: str) -> set[str]:
    """The types of the records of a shape, and of all that those cannot be without."""
    found, resource = {record}, registry.resources()[record]
    for step, way in resource.relations.items():
        if step in shape or way.target_key == "id":
            found |= reached(shape.get(step, {}), way.target) if way.target != record else set()
    return found


def holding(condition: Condition, world: Chance, record: str) -> list[bool]:
    """For which records of a world a condition holds."""
    return [check.passes(condition, each, world.values) for each in world.records[record]]


def implies(one: list[bool], other: list[bool]) -> bool:
    """Whether the one holds for no record for which the other does not."""
    return all(b or not a for a, b in zip(one, other, strict=True))


def refutes(one: Known, other: Known) -> bool:
    """Whether z3 refutes that one condition implies another; plain Oso has to confirm its counterexample."""
    answer = covers(other.grant.condition, one.grant, "Customer")
    assert answer.verdict is not Verdict.OPEN, (one.body, other.body)
    if answer.counterexample is not None:
        assert granted(oso(source(one.body)), STAFF, "read", "number", answer.counterexample), one.body
        assert not granted(oso(source(other.body)), STAFF, "read", "number", answer.counterexample), (
            other.body
        )
    return answer.counterexample is not None


def counterexamples(proved: list[Pair], record: str, tried: int) -> tuple[int, int]:
    """How many random worlds speak against something proved, and in how many cases its condition holds at all."""
    conditions = list(dict.fromkeys(condition for pair in proved for condition in pair))
    against = held = 0
    for world in worlds(conditions, record, tried):
        truths = {condition: holding(condition, world, record) for condition in conditions}
        held += sum(sum(truths[one]) for one, _ in proved)
        against += sum(not implies(truths[one], truths[other]) for one, other in proved)
    return against, held


def test_random_conditions_are_proved_only_where_no_world_speaks_against_it(campaign: Campaign) -> None:
    known = drawn(campaign.of(short=25, long=120))
    joined = [(one, other, both) for one, other in pairwise(known) for both in beside(one, other)]
    pairs = [pair for one, other, both in joined for pair in ((one, both), (both, one), (one, other))]
    refuted = [refutes(one, other) for one, other in pairs]
    proved = [
        (one.grant.condition, other.grant.condition)
        for (one, other), wrong in zip(pairs, refuted, strict=True)
        if not wrong
    ]
    tried = campaign.of(short=300, long=10_000)

    against, held = counterexamples(proved, "Customer", tried)

    campaign.tried(sum(refuted), "counterexamples of z3, each confirmed by Python and plain Oso")
    campaign.tried(len(proved), f"proofs of z3, each looked at in {tried:,} random worlds")
    assert against == 0
    assert held > 0
    assert len(proved) > campaign.of(short=15, long=60)
    assert sum(refuted) > campaign.of(short=15, long=60)


def test_what_is_proved_of_the_shipped_policies_holds_in_all_worlds_near_those_in_which_it_matters(
    campaign: Campaign,
) -> None:
    """That of what partners may read, staff with the same task may."""
    policy, tried, held = whole(), campaign.of(short=200, long=400), 0
    records = ("ContactPoint", "Task", "Customer", "PaymentCard")[: campaign.of(short=1, long=4)]
    for record in records:
        staff = policy.plan(STAFF, record)
        for field, theirs in policy.plan(Kind("Subcontractor"), record).grants.items():
            assert covers(staff.grant(field).condition, theirs, record).proved
            counterexample = covers(ir.FALSE, theirs, record).counterexample
            assert counterexample is not None
            for _ in near(counterexample, tried, ["support", "sales", field]):
                if counterexample.meets(theirs.condition):
                    held += 1
                    assert counterexample.meets(staff.grant(field).condition)
    campaign.tried(held, "worlds near a grant to partners, in which staff are granted it, too")
    assert held > tried / 4


def test_a_question_that_is_too_hard_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.prove.proof.EFFORT", 1)
    policy = whole()
    theirs = policy.plan(Kind("Subcontractor"), "ContactPoint").grant("value")

    answer = covers(policy.plan(STAFF, "ContactPoint").grant("value").condition, theirs, "ContactPoint")

    assert answer.verdict is Verdict.OPEN


def test_what_never_holds_is_covered_by_anything() -> None:
    assert covers(ir.FALSE, whole().plan(STAFF, "ContactPoint").grant("iris"), "ContactPoint").proved
