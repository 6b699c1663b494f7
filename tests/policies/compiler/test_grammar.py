"""Random conditions from a small grammar of Polar: each refused, or read alike by everybody."""

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from policies.actor import Actor
from policies.errors import PolicyError
from policies.policy import Policy
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import WORDS
from tests.policies.readings import Plain, Tally, compare
from tests.policies.world import World

TASK = [
    't.status = "OPEN"', 't.purpose = "sales"', "t.assigneeId = nil", "t.assigneeId != actor.id",
    "t.purpose = actor.purpose", "t.assigneeId = t.openedById", "t.closedAt != nil",
    "a in t.agreements and a.signed = true", "not (a in t.agreements and a.untilAt > actor.now)",
    't.customer.restricted = false', "t.outcome in [\"DONE\", \"CANCELLED\"]",
]  # fmt: skip
CONSENT = [
    "s.permits = true", "s.expiresAt > actor.now", 's.category = "contact_point"', "not s.permits = true",
    's.purpose != "sales"', "s.customer.restricted = true",
]  # fmt: skip
PLAIN = ["c.restricted = false", "c.restricted", "c.createdAt <= actor.now", "working(c)", "not working(c)"]
BOTH = [*TASK, *CONSENT, "t.purpose = s.purpose", "t.customerId = s.customerId", "t.purpose != s.purpose"]
HELPER = 'working(c) if w in c.tasks and w.status = "OPEN" and w.assigneeId != nil;'


def joined(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Atoms under and, or and not, a few deep."""

    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, st.sampled_from(["and", "or"]), inner)
        return pair.map(lambda parts: f"({' '.join(parts)})") | inner.map(lambda part: f"not ({part})")

    return st.recursive(atoms, deeper, max_leaves=4)


def about(*collections: str, atoms: list[str]) -> st.SearchStrategy[str]:
    """A condition on members of collections."""
    return joined(st.sampled_from(atoms)).map(lambda rest: " and ".join([*collections, rest]))


def negated(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A conjunction, some of it positive and some of it together under one negation."""
    groups = st.tuples(st.lists(atoms, min_size=1, max_size=3), st.lists(atoms, max_size=3))
    return groups.map(
        lambda both: " and ".join(both[0] + ([f"not ({' and '.join(both[1])})"] if both[1] else []))
    )


TASKS, CONSENTS = "t in c.tasks", "s in c.consents"
NESTED = joined(
    st.one_of(
        st.sampled_from(PLAIN),
        about(TASKS, atoms=TASK),
        about(CONSENTS, atoms=CONSENT),
        about(TASKS, CONSENTS, atoms=BOTH),
    ).map(lambda body: f"({body})")
)
SIMPLE = [atom for atom in BOTH if "not " not in atom and "[" not in atom]
FLAT = st.one_of(
    negated(st.sampled_from(SIMPLE)).map(lambda body: f"{TASKS} and {CONSENTS} and {body}"),
    st.lists(st.sampled_from([atom for atom in SIMPLE if "s." not in atom]), min_size=1, max_size=3).map(
        lambda atoms: (
            f"c.restricted = false and not ({' and '.join([TASKS, *atoms, 'c.restricted = false'])})"
        )
    ),
)
BODY = st.one_of(NESTED, FLAT, FLAT)


def source(body: str) -> dict[str, str]:
    """A policy that opens a customer's number to staff on a condition."""
    actor = "actor" if "actor" in body else "_"
    return {
        **WORDS,
        "x.polar": f'allow_field({actor}: Staff, "read", c: Customer, "number") if {body};\n{HELPER}',
    }


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(number, marks=pytest.mark.long) for number in range(1, 10))]
)
async def test_a_random_condition_is_refused_or_means_the_same_to_everybody(
    sqlite_url: str, part: int, campaign: Campaign
):
    bodies: list[str] = []

    @seed(part)
    @settings(
        max_examples=campaign.of(short=100, long=1_000),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(BODY)
    def draw(body: str) -> None:
        bodies.append(body)

    draw()
    total, compiled = Tally(), 0
    async with at_work(sqlite_url):
        world = World(3 + part, size=5)
        await world.write()
        plain = await Plain.of(source("c.restricted"))
        actors = [actor for actor in world.actors() if actor.kind == "Employee" and actor.purposes]
        for body in dict.fromkeys(bodies):
            found = await read(body, plain, actors[:3])
            compiled += found is not None
            total += found or Tally()
    campaign.tried(len(bodies), "random conditions, refused or meaning the same to everybody")
    assert total.differences == []
    assert compiled > campaign.of(short=50, long=500)
    assert 0 < total.granted < total.cells


async def read(body: str, plain: Plain, actors: list[Actor]) -> Tally | None:
    """How a condition is read; nothing when it is refused."""
    try:
        policy = Policy(source(body))
    except PolicyError:
        return None
    plain, tally = plain.under(policy.sources), Tally()
    for actor in actors:
        await compare(policy, plain, actor, "Customer", tally)
    tally.differences = [f"{body} | {difference}" for difference in tally.differences]
    return tally
