"""Following rules through records comes to what was compiled of them, and shows by which of them."""

import pytest
from hypothesis import HealthCheck, example, given, settings

from policies.conditions.kind import Kind
from policies.errors import PolicyError
from policies.judging.judge import Judge, holds
from policies.offline import complete_models
from policies.policy import Policy
from policies.tracing.trace import Tracing, forbidding, granting
from tests.campaigns import Campaign
from tests.policies.compiled import whole
from tests.policies.compiler.test_grammar import BODY, source
from tests.policies.judging.test_judge import ASKED
from tests.policies.readings import step


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def differences(policy: Policy, kind: Kind, record: str, names: list[str]) -> tuple[int, list[str]]:
    """In how many worlds of the judge a trace was followed, and where it came out otherwise."""
    rules, grants = policy.asked, policy.grants(kind, "read", record)
    judge, worlds, found = Judge(policy.sources, rules.forbidden), 0, []
    for name in names:
        for way in grants[name].ways:
            for world, root in judge.worlds(way, kind, "read", record):
                worlds += 1
                question = [kind.actor(world.actor), "read", root, name]
                granted = granting(rules, rules.by_name["allow_field", 4], question)
                traced = bool(granted) and not forbidding(rules, question)
                if traced != holds(grants[name], root, world):
                    found.append(f"{name} of {record} for {kind.name}")
    return worlds, found


@pytest.mark.parametrize(("kind", "record"), ASKED)
def test_a_trace_comes_to_what_was_compiled(kind: Kind, record: str) -> None:
    names = list(whole().grants(kind, "read", record))[:3]
    worlds, found = differences(whole(), kind, record, names)

    assert found == []
    assert worlds > 5


def test_a_trace_of_a_random_condition_comes_to_what_was_compiled(campaign: Campaign) -> None:
    total = 0
    found: list[str] = []

    @settings(
        max_examples=campaign.of(short=100, long=1_000),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    # A record that is looked for a second time, of which nothing was asked before.
    @example('t in c.tasks and t.status = "OPEN" and working(c) and (t in c.tasks and t.status = "OPEN")')
    @given(BODY)
    def draw(body: str) -> None:
        nonlocal total
        try:
            policy = Policy(source(body))
        except PolicyError:
            return
        if policy.plan(Kind("Staff"), "Customer").grants:
            worlds, differing = differences(policy, Kind("Staff"), "Customer", ["number"])
            total += worlds
            found.extend(f"{body} | {each}" for each in differing)

    draw()
    campaign.tried(total, "worlds in which a trace comes to what was compiled")
    assert found == []
    assert total > 100


@pytest.mark.parametrize(("kind", "record"), ASKED)
def test_the_nearest_way_fails_where_the_reason_is_found(kind: Kind, record: str) -> None:
    """Of what is withheld, the first rule with a reason that fails on the nearest way is the one whose reason is given."""
    policy, compared, found = whole(), 0, []
    rules, reasons, grants = policy.asked, policy.reasons, policy.grants(kind, "read", record)
    judge = Judge(policy.sources, rules.forbidden)
    for name in list(grants)[:3]:
        for way in grants[name].ways:
            for world, root in judge.worlds(way, kind, "read", record):
                question = [kind.actor(world.actor), "read", root, name]
                failed = min(
                    state.failed
                    for rule in rules.by_name["allow_field", 4]
                    if (state := Tracing(rules, reasons.latest, len(reasons.order)).nearest(rule, question))
                )
                number = step(grants[name], root, world.values)
                compared += number > 0
                first = next((reasons.order[rank] for rank, count in enumerate(failed) if count), None)
                if first != (grants[name].steps[number - 1][0] if number else None):
                    found.append(f"{name} of {record} for {kind.name}: {first}")
    assert found == []
    assert compared > 0
