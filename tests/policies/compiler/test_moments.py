"""What rules ask of the moment, such as a day of the week, is decided alike by everybody, wherever the clock hangs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from policies import moments
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import Policy
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiler.test_constructs import source
from tests.policies.contents import NOW
from tests.policies.readings import Plain, Tally, compare
from tests.policies.world import World

BODIES = [
    'actor.weekday = "SUNDAY"',
    'not actor.weekday in ["SATURDAY", "SUNDAY"]',
    'actor.weekday != "MONDAY" or c.restricted',
    'actor.timeOfDay >= "08:30" and actor.timeOfDay < "17:30"',
    'not (actor.timeOfDay >= "08:00" and actor.timeOfDay < "17:30") or c.restricted',
    'actor.timeOfDay = "00:00"',
    'actor.weekday = "SUNDAY" and actor.timeOfDay < "03:00" and c.restricted = false',
    't in c.tasks and t.dueAt > actor.ago("30 days")',
    't in c.tasks and t.dueAt <= actor.ago("90 minutes")',
    't in c.tasks and not t.dueAt < actor.ago("1 week")',
    'c.createdAt >= actor.ago("12 hours")',
    'actor.ago("1 day") < actor.now and c.restricted',
    'actor.ago("1 day") < actor.ago("2 days") or c.restricted',
    "actor.today = actor.today and c.restricted",
    "working(actor) and c.restricted = false",
]
HELPER = 'working(actor) if not actor.weekday in ["SATURDAY", "SUNDAY"] and actor.timeOfDay > "07:59";'
#: A Tuesday, the last minute of a Saturday in UTC, which is a Sunday in Vilnius, both ends of office hours.
INSTANTS = [
    NOW,
    datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 11, 29, 0, 0, tzinfo=UTC),
    datetime(2026, 11, 30, 6, 30, tzinfo=UTC),
    datetime(2026, 7, 5, 21, 0, tzinfo=UTC),
    datetime(2026, 7, 6, 15, 29, 59, 999_999, tzinfo=UTC),
]
ZONES = ["UTC", "Europe/Vilnius", "America/St_Johns"]


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def _same(instant: datetime) -> datetime:
    return instant


def zoned(body: str, zone: str) -> dict[str, str]:
    """A policy that opens a customer's number on one condition, by the clock of a zone."""
    return {**source(body, HELPER), "zone.polar": f'time_zone("{zone}");' if zone != "UTC" else ""}


@pytest.mark.every_database
async def test_a_moment_is_the_same_to_everybody(database_url: str, campaign: Campaign):
    tally = Tally()
    async with at_work(database_url):
        world = World(3, size=4)
        await world.write()
        plain = await Plain.of(zoned("c.restricted", "UTC"))
        staff = next(actor for actor in world.actors() if actor.kind == "Employee")
        for body in BODIES:
            for zone in ZONES[:: campaign.of(short=2, long=1)] if "today" in body or "ago" in body else ZONES:
                policy = Policy(zoned(body, zone))
                reading = replace(plain.under(policy.sources), zone=ZoneInfo(zone))
                for instant in INSTANTS:
                    await compare(
                        policy, reading, replace(staff, clock=partial(_same, instant)), "Customer", tally
                    )
    campaign.tried(tally.cells, "cells whose rules ask for the moment, decided alike")
    assert tally.differences == []
    assert 0 < tally.granted < tally.cells


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("zone", ZONES[1:])
def test_oso_judges_what_is_asked_of_the_moment(body: str, zone: str):
    Policy(zoned(body, zone)).judge()


def test_the_judge_finds_a_moment_for_each_rule(campaign: Campaign):
    """At night on a Sunday, as the rule asks, it is compared while it holds."""
    policy = Policy(zoned(BODIES[6], "Europe/Vilnius"))
    assert policy.judge() >= 4


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('actor.weekday = "Sunday"', '`actor.weekday` is never "Sunday"; known: MONDAY'),
        ('actor.weekday < "MONDAY"', "`actor.weekday` has no order"),
        ('actor.timeOfDay > "8:30"', 'four digits, such as "08:30"'),
        ('actor.timeOfDay > "24:00"', 'four digits, such as "08:30"'),
        ("actor.timeOfDay > 8", 'four digits, such as "08:30"'),
        ('actor.today = "2026-01-01"', "another type"),
        ('c.createdAt > actor.ago("6 months")', "in minutes, hours, days or weeks"),
        ("c.createdAt > actor.ago(30)", "in minutes, hours, days or weeks"),
        ('c.createdAt > actor.ago("30 days", 1)', "in minutes, hours, days or weeks"),
        ('c.createdAt > c.ago("30 days")', "is no value that a policy can compare"),
        ('c.createdAt > actor.now.ago("30 days")', "is no value that a policy can compare"),
        ("c.createdAt > actor.today", "another type"),
        ("actor.hour > 8", "has a field `hour`"),
    ],
)
def test_a_moment_that_is_written_otherwise_is_refused_where_it_stands(body: str, said: str):
    with pytest.raises(PolicyError, match=said) as refused:
        Policy(source(body))
    assert (refused.value.file, refused.value.line) == ("x.polar", 1)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('time_zone("Europe/Wilno");', "no time zone `Europe/Wilno` is known here"),
        ('time_zone("../passwd");', "no time zone"),
        ('time_zone("UTC");\ntime_zone("UTC");', "this is a second"),
        ('time_zone("UTC", "EET");', "is a fact of 1 texts"),
    ],
)
def test_a_time_zone_that_is_not_there_or_said_twice_is_refused(facts: str, said: str):
    with pytest.raises(PolicyError, match=said):
        Policy({**source("c.restricted"), "zone.polar": facts})


@pytest.mark.parametrize(
    ("span", "seconds"), [("30 days", 2_592_000), ("1 week", 604_800), ("12 hours", 43_200), ("1 minute", 60)]
)
def test_a_span_is_as_long_as_it_says(span: str, seconds: int):
    assert moments.ago(NOW, span) == NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "span", ["30", "days", "0 days", "-1 days", "1.5 days", "1 month", "030 days", "123456 days"]
)
def test_what_is_no_span_is_refused(span: str):
    with pytest.raises(ValueError, match=span):
        moments.length(span)
