"""What is forbidden is granted by no rule: to SQL, Python and plain Oso alike."""

import pytest

from models.database import kind as kind_of
from policies import registry
from policies.actor import Actor
from policies.compiler.reasons import Reason
from policies.conditions import ir, plan
from policies.conditions.kind import CLASSES, Kind
from policies.conditions.plan import Plan
from policies.errors import PolicyError
from policies.judging.judge import Judge
from policies.offline import complete_models
from policies.policy import Policy
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import WORDS, edited, whole
from tests.policies.readings import Plain, Tally, compare, compare_actions, masks
from tests.policies.test_agreement import some
from tests.policies.world import World

FORBIDDEN = """
# What the law holds back is not used for anything else.
forbid_field(actor: Staff, "read", record: Personal, _field) if
    on_hold(record) and
    not "verification" in actor.purposes;
on_hold(record) if
    holds(record, category, _) and
    hold in record.customer.legalHolds and
    hold.category = category and
    hold.endedAt = nil;

# Where something comes from is no partner's business, nor anybody's while the customer restricts it.
forbid_field(_: Subcontractor, "read", _: Personal, "provenance");
forbid_field(_: Person, "read", record: Personal, field) if
    field in ["provenance", "kind"] and
    record.customer.restricted;

# Never two purposes at once.
forbid_field(actor: Anyone, "read", _: Customer, "status") if actor.purposeCount > 1;

# A partner's task that was opened long ago is no longer its own, though it lasts; staff without the role close none that has no end.
forbid_field(actor: Subcontractor, "read", task: Task, _) if task.openedAt < actor.ago("3 days");
forbid(actor: Staff, "close", task: Task) if
    not "manager" in actor.roles and
    task.dueAt = nil;
forbid(_: Person, "withdraw", consent: Consent) if consent.customer.restricted;
"""
RECORDS = ("HealthRecord", "ContactPoint", "Identity", "Customer", "Task")


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def policy(text: str = FORBIDDEN) -> Policy:
    """The shipped policies with a file that forbids; compiled as far as it is asked."""
    return edited({**whole().sources, "forbidden.polar": text})


def small(text: str) -> Policy:
    """A policy of a few rules, compiled whole."""
    return Policy({**WORDS, "x.polar": text})


@pytest.mark.every_database
async def test_everybody_decides_what_is_forbidden_alike(database_url: str, campaign: Campaign):
    forbidding, tally, allowed = policy(), Tally(), 0
    async with at_work(database_url):
        for number in range(8, 8 + campaign.of(short=1, long=6)):
            world = World(number, size=3)
            await world.write()
            plain = await Plain.of(forbidding.sources)
            # One of each kind comes first.
            actors = list(some(world))[
                : campaign.of(short=6 if kind_of(database_url) == "sqlite" else 4, long=30)
            ]
            for actor in actors:
                for record in RECORDS:
                    await compare(forbidding, plain, actor, record, tally)
                    allowed += await granted(whole().plan(actor, record), actor)
                await compare_actions(forbidding, plain, actor, tally)
            assert {actor.kind for actor in actors} == CLASSES.keys()
    campaign.tried(tally.cells, "cells under policies that forbid, decided alike")
    assert tally.differences == []
    assert 0 < tally.granted < allowed


async def granted(plan: Plan, actor: Actor) -> int:
    """How many cells of a type the database grants."""
    return sum(mask[name] == 0 for mask in (await masks(plan, actor)).values() for name in plan.grants)


def test_oso_judges_what_is_forbidden():
    forbidding = policy()
    judge, worlds = Judge(forbidding.sources, forbidding.asked.forbidden), 0
    for kind in forbidding.everyone:
        for record in RECORDS:
            worlds += judge.compared(kind, "read", record, forbidding.grants(kind, "read", record))
        worlds += judge.compared(kind, "close", "Task", forbidding.grants(kind, "close", "Task"))
    assert worlds > 100


def test_a_grant_that_forgets_what_is_forbidden_is_found(campaign: Campaign):
    """Each way of each grant, with what forbids it left out; judged by Oso."""
    forbidding, found, missed = policy(), 0, []
    for kind in (forbidding.everyone[0], Kind("Person"), Kind("Subcontractor")):
        for record in ("HealthRecord", "Task"):
            allowed = whole().grants(kind, "read", record)
            grants = forbidding.grants(kind, "read", record)
            for name in sorted(name for name in allowed if allowed[name] != grants.get(name)):
                for way in allowed[name].ways:
                    others = (
                        [other for other in grants[name].ways if name in grants] if name in grants else []
                    )
                    fault = plan.grant([*others, way], forbidding.reasons)
                    judge = Judge(forbidding.sources, forbidding.asked.forbidden)
                    try:
                        judge.compared(kind, "read", record, {**grants, name: fault})
                        missed.append((kind.name, record, name))
                    except PolicyError:
                        found += 1
    campaign.tried(found, "grants that forgot what is forbidden, each found by plain Oso")
    assert missed == []
    assert found > 20


def test_what_is_forbidden_shows_last_and_as_not_permitted():
    grant = policy().plan(Kind("Staff"), "HealthRecord").grant("code")
    assert [name for name, _ in grant.steps] == [
        Reason.NO_TASK,
        Reason.NOT_NEEDED_FOR_PURPOSE,
        Reason.NO_CONSENT,
        Reason.RESTRICTED,
        Reason.NOT_PERMITTED,
    ]


def test_what_is_forbidden_may_have_a_reason_of_its_own():
    named = policy(FORBIDDEN + '\nwithheld_because("on_hold", "RESTRICTED");')
    grant = named.plan(Kind("Staff"), "HealthRecord").grant("code")
    assert [name for name, _ in grant.steps][-1] == Reason.RESTRICTED


OPEN = 'allow_field(_: Staff, "read", c: Customer, "number") if c.restricted = false;\n'


def test_what_is_forbidden_to_everybody_of_a_kind_is_not_granted_at_all():
    forbidding = small(OPEN + 'forbid_field(_: Staff, "read", _: Customer, _);')
    assert forbidding.plan(Kind("Staff"), "Customer").grants == {}


def test_what_is_forbidden_to_others_changes_nothing():
    forbidding = small(
        OPEN.replace("Staff", "Anyone") + 'forbid_field(_: Person, "read", _: Customer, _field);'
    )
    assert forbidding.plan(Kind("Staff"), "Customer").grant("number").condition == ir.Compare(
        "=", ir.Path(ir.THIS, ("restricted",)), ir.Const(False)
    )
    assert forbidding.plan(Kind("Person"), "Customer").grants == {}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('forbid_field(_: Staff, "raed", _: Customer, _);', "nobody is granted, and so protects nothing"),
        ('forbid_field(_: Person, "read", _: Customer, _);', "nobody is granted, and so protects nothing"),
        ('forbid_field(_: Staff, "read", _: Task, _);', "nobody is granted, and so protects nothing"),
        ('forbid(_: Staff, "close", _: Task);', "nobody is granted, and so protects nothing"),
        ('forbid_field(_: Staff, "read", _: Customer, "numbr");', "nobody is granted the field `numbr`"),
        (
            'forbid_field(_: Staff, "read", c: Customer, field) if field in ["number", "statsu"] and c.restricted;',
            "nobody is granted the field `statsu`",
        ),
        ('forbid_field(_, "read", _: Customer, _);', "`forbid_field` says who asks"),
        ("forbid_field(_: Staff, _, _: Customer, _);", "`forbid_field` names its action"),
        ('forbid_field(_: Staff, "read", _, _);', "`forbid_field` names the kind of record"),
        ('forbid(_: Staff, "read", _: Customer, _);', "`forbid` and `forbid_field` take the same"),
        ("permitted(_, _, _);", "`permitted` is what Oso is asked"),
        (
            'forbid_field(actor: Staff, "read", _: Customer, _) if actor.purpose = "sales";',
            "`actor.purpose` is any of the purposes stated, and here it is negated",
        ),
        ('forbid_field(_: Staff, "read", c: Customer, _) if c.numbr = 1;', "has a field `numbr`"),
    ],
)
def test_what_would_forbid_nothing_or_cannot_be_followed_is_refused_where_it_stands(rule: str, said: str):
    with pytest.raises(PolicyError, match=said) as refused:
        small(OPEN + rule)
    assert (refused.value.file, refused.value.line) == ("x.polar", 2)


def test_a_purpose_that_the_grant_says_may_be_forbidden():
    """What the grant compares the purpose with is what is forbidden, however many are stated."""
    text = """
    allow_field(actor: Staff, "read", task: Task, "status") if task.purpose = actor.purpose;
    forbid_field(actor: Staff, "read", _: Task, _) if actor.purpose = "sales";
    """
    grant = small(text).plan(Kind("Staff"), "Task").grant("status")
    assert ir.Compare("!=", ir.Path(ir.THIS, ("purpose",)), ir.Const("sales")) in ir.nodes(grant.condition)


def test_every_type_of_record_may_be_forbidden_at_once():
    forbidding = policy('forbid_field(_: Subcontractor, "read", _: Record, _field);')
    assert all(forbidding.plan(Kind("Subcontractor"), record).grants == {} for record in registry.RECORDS)
