"""Every construct of Polar that a policy may try: compiled to the same meaning, or refused with its place."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from models.database import kind
from policies.actor import Actor, Channel
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import Policy
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import WORDS
from tests.policies.readings import Plain, Tally, compare
from tests.policies.world import World

OPEN_SALES = 'h(c) if t in c.tasks and t.status = "OPEN" and t.purpose = "sales";'

#: Bodies of `allow_field(actor: Staff, "read", c: Customer, "number") if …`, with the rules they need.
COMPILED = [
    ("c.restricted = false and not h(c)", OPEN_SALES),
    ("c.restricted", ""),
    ("not c.restricted", ""),
    ("c.restricted != true", ""),
    ('c.number in ["a", "b"] or c.status in ["ACTIVE", "WITHDRAWN"]', ""),
    ('c.number = "it\'s \\"so\\""', ""),
    ("c.createdAt < actor.now", ""),
    ("c.createdAt >= actor.now", ""),
    ("not c.createdAt < actor.now", ""),
    ("c.id = c.id", ""),
    ("c matches Customer and c.restricted = false", ""),
    ("_t in c.tasks", ""),
    ("not (_t in c.tasks)", ""),
    ("t in c.tasks and t.assigneeId = nil", ""),
    ("t in c.tasks and t.assigneeId != nil", ""),
    ("t in c.tasks and t.assigneeId = t.openedById", ""),
    ("t in c.tasks and t.assigneeId != t.openedById", ""),
    ("t in c.tasks and t.assigneeId != actor.id", ""),
    ("t in c.tasks and t.openedById != actor.id", ""),
    ('t in c.tasks and (t.outcome = nil or t.outcome = "DONE")', ""),
    ('t in c.tasks and t.purpose = actor.purpose and t.status = "OPEN"', ""),
    ("t in c.tasks and t.outcome = actor.purpose", ""),
    ("t in c.tasks and s in c.consents and t.purpose = s.purpose and s.permits", ""),
    ("t in c.tasks and s in c.consents and p = t.purpose and p = s.purpose and s.permits", ""),
    ("t in c.tasks and u in c.tasks and t.purpose = u.purpose and t.status != u.status", ""),
    ("t in c.tasks and a in t.agreements and a.signed and a.untilAt > actor.now", ""),
    ('t in c.tasks and t.customer.restricted = false and t.status = "OPEN"', ""),
    ('not (t in c.tasks and t.status = "OPEN")', ""),
    ('not (t in c.tasks and t.status = "OPEN" and t.purpose = "sales")', ""),
    ("not (t in c.tasks and a in t.agreements and a.signed = true)", ""),
    ('forall(t in c.tasks, t.status = "OPEN")', ""),
    ("h(c)", OPEN_SALES),
    ("not h(c)", OPEN_SALES),
    ("not h(c)", OPEN_SALES.replace("h(c)", "h(c: Customer)")),
    ('"manager" in actor.roles and c.restricted = false', ""),
    ('not "manager" in actor.roles and c.restricted = false', ""),
    ("t in c.tasks and not t.openedById = actor.id", ""),
    ("t in c.tasks and not (t.customer.restricted = false and t.assigneeId = t.openedById)", ""),
    ('t in c.tasks and t.status = "OPEN" and not (t.status = "OPEN" and t.purpose = "sales")', ""),
    ("not h(c)", 'h(c) if c.restricted = true; h(c) if c.status = "WITHDRAWN";'),
    ('t in c.tasks and t.status = "OPEN" and not h(c)', OPEN_SALES),
    ("t in c.tasks and not (s in c.consents and s.purpose = t.purpose)", ""),
    ("not (not c.restricted)", ""),
    ('not c.status in ["WITHDRAWN"]', ""),
    ('t in c.tasks and not (t.outcome in ["DONE"])', ""),
    ("not (t in c.tasks and not (a in t.agreements and a.signed = true))", ""),
    ('forall(t in c.tasks, t.status = "OPEN" or t.purpose = "sales")', ""),
    ("not (h(c) or c.restricted = true)", OPEN_SALES),
    ("t in c.tasks and t.dueAt < actor.now", ""),
    ("t in c.tasks and not (t.dueAt < actor.now)", ""),
    ("t in c.tasks and t.customer = c", ""),
    ("t in c.tasks and s in c.consents and t = s", ""),
    ("t in c.tasks and s in c.consents and t == s", ""),
    ("t in c.tasks and s in c.consents and t != s", ""),
    ("t in c.tasks and s in c.consents and t in [s]", ""),
    ("t in c.tasks and s in c.consents and [t] = [s]", ""),
    ('t in c.tasks and (["a", t.status] = ["b", "OPEN"] or ["a", t.status] = ["a", "OPEN"])', ""),
    ("t in c.tasks and s in c.consents and h(t, s)", "h(x, x);"),
    ('t in c.tasks and t in c.consents and t.purpose = "sales"', ""),
    ('t in c.tasks and t matches Task{status: "OPEN"}', ""),
    ('t in c.tasks and t matches Task and t.status = "OPEN"', ""),
    ("t in c.tasks and not h(t)", 'h(t: Task) if t.status = "OPEN";'),
    ("t in c.tasks and (t.dueAt = nil or t.dueAt > actor.now)", ""),
    ("t in c.tasks and u in c.tasks and t.dueAt < u.dueAt", ""),
    ("t in c.tasks and not (u in c.tasks and t.dueAt < u.dueAt)", ""),
    ("forall(t in c.tasks, t.assigneeId = actor.id)", ""),
    ("forall(t in c.tasks, t.dueAt = nil or t.dueAt > actor.now)", ""),
    ("forall(t in c.tasks, forall(a in t.agreements, a.signed))", ""),
    ('t in c.tasks and t.("status") = "OPEN"', ""),
    ('c.("restricted") = false', ""),
    ('"manager" in actor.("roles")', ""),
    ('not "manager" in actor.("roles")', ""),
    ("t in c.tasks and (t.customer) = (c)", ""),
    ("t in c.tasks and u in c.tasks and (t) = (u)", ""),
    ("t in c.tasks and u in c.tasks and t != u", ""),
    ("t in c.tasks and u in c.tasks and not (t = u)", ""),
    ("t in c.tasks and not (not (not t.closedAt = nil))", ""),
    ("not (t in c.tasks and not (u in c.tasks and u.openedAt > t.openedAt))", ""),
    (
        "h(c) and not g(c)",
        OPEN_SALES + ' g(c) if t in c.tasks and t.status = "CLOSED"; g(c) if c.restricted;',
    ),
    ("two(c)", 'two(c) if t in c.tasks and t.status = "OPEN"; two(c) if s in c.consents and s.permits;'),
    ("not two(c)", 'two(c) if t in c.tasks and t.status = "OPEN"; two(c) if s in c.consents and s.permits;'),
    (
        "kept(c, s) and s.permits",
        "kept(c, s) if s in c.consents; kept(c, s) if s in c.consents and s.permits;",
    ),
    ('p in ["sales", "support"] and t in c.tasks and t.purpose = p', ""),
    ('t in c.tasks and p in [t.purpose, "sales"] and s in c.consents and s.purpose = p', ""),
    ("c matches Customer{restricted: false}", ""),
    ("x = c and x.restricted = false", ""),
    ("x := c.restricted and x = false", ""),
    ("1 = 1 and c.restricted", ""),
    ("(1 = 2 or c.restricted)", ""),
    ("true and c.restricted", ""),
    ("false or c.restricted", ""),
    ("actor.partnerId = nil and c.restricted", ""),
    ('c.restricted or t in c.tasks and t.status = "OPEN"', ""),
    ('t in c.tasks and t.status = "OPEN" or c.restricted', ""),
    ('not c.restricted or c.status = "ACTIVE"', ""),
    ('not c.restricted = true and c.status = "ACTIVE"', ""),
    ('not c.restricted and not c.status = "ACTIVE" or c.restricted', ""),
    ('not (not c.restricted) or not c.status != "ACTIVE" and c.restricted', ""),
    ('not c.status in ["ACTIVE"] or c.createdAt < actor.now and c.restricted', ""),
    ("t in c.tasks and not t.dueAt >= actor.now or c.restricted and not c.restricted", ""),
    ("s in c.consents and s.permits = true and not s.expiresAt <= actor.now or c.restricted", ""),
]

#: The same, about what is known of the actor; several purposes may be stated, or none.
KNOWN = [
    ('actor.purpose = "support"', ""),
    ('"sales" = actor.purpose and c.restricted', ""),
    ("actor.purpose = nil", ""),
    ('actor.purpose in ["support", "sales", "billing"]', ""),
    ("h(actor.purpose)", 'h("support"); h("sales");'),
    ('actor.purpose = "support" or c.restricted', ""),
    ('actor matches Staff{purpose: "support"}', ""),
    ("actor.partnerId = nil", ""),
    ("not actor.partnerId = nil", ""),
    ("actor.id != nil", ""),
    ("actor.customerId = actor.id", ""),
    ("not actor.id = actor.customerId", ""),
    ("actor.id = actor.id", ""),
    ("actor.id != actor.id or c.restricted", ""),
    ("not actor.now < actor.now", ""),
    ('"support" in actor.purposes', ""),
    ('not "support" in actor.purposes and c.restricted', ""),
    ("t in c.tasks and t.purpose in actor.purposes", ""),
    ("t in c.tasks and not t.purpose in actor.purposes", ""),
    ("forall(t in c.tasks, t.purpose in actor.purposes)", ""),
    ("not (t in c.tasks and t.purpose in actor.purposes)", ""),
    ("t in c.tasks and t.outcome in actor.purposes", ""),
    ("t in c.tasks and not t.outcome in actor.purposes", ""),
    ("t in c.tasks and t.outcome = actor.purpose", ""),
    ("actor.purposeCount > 1", ""),
    ("not actor.purposeCount <= 1 or c.restricted", ""),
    ('actor.channel = "CONSOLE"', ""),
    ('actor.channel != "CONSOLE" and c.restricted', ""),
    ('actor.channel = "PARTNER_NETWORK" and c.restricted', ""),
    ('not actor.channel in ["API"] or c.restricted', ""),
    ("t in c.tasks and t.status = actor.channel or c.number = actor.channel", ""),
    ("t in c.tasks and s in c.consents and t.purpose = actor.purpose and s.purpose = actor.purpose", ""),
    ('t in c.tasks and t.purpose = actor.purpose and actor.purpose = "sales"', ""),
    ('actor.purpose = "sales" and t in c.tasks and t.purpose = actor.purpose', ""),
    ('t in c.tasks and t.purpose = actor.purpose and actor.purpose != "sales"', ""),
    (
        "t in c.tasks and t.purpose = actor.purpose and not (u in c.tasks and u.purpose = actor.purpose and u.id != t.id)",
        "",
    ),
    ("t in c.tasks and t.purpose = actor.purpose and forall(u in c.tasks, u.purpose = actor.purpose)", ""),
    ("p = actor.purpose and t in c.tasks and t.purpose = p and s in c.consents and s.purpose = p", ""),
    (
        't in c.tasks and (t.purpose = actor.purpose or t.purpose = "sales") and s in c.consents and s.purpose = actor.purpose',
        "",
    ),
    (
        "t in c.tasks and s in c.consents and serves(actor, t) and serves(actor, s)",
        "serves(a, r) if r.purpose = a.purpose;",
    ),
]

#: Bodies that cannot be decided alike by everybody.
REFUSED = [
    ('not actor.purpose = "support"', ""),
    ('actor.purpose != "support"', ""),
    ("not h(actor.purpose)", 'h("support");'),
    ("actor.purpose = 1", ""),
    ("actor.purpose = actor.id", ""),
    ("actor.id = actor.now", ""),
    ("actor.id < actor.partnerId", ""),
    ('actor.purposes = ["support"]', ""),
    ("t in c.tasks and t.purpose = actor.purposes", ""),
    ("p in actor.purposes and t in c.tasks and t.purpose = p", ""),
    ("actor.id in actor.purposes", ""),
    ('"support" in actor.purpose', ""),
    ('actor.purposeCount > "1"', ""),
    ('actor.channel = "Console"', ""),
    ('actor.channel in ["API", "NETWORK"]', ""),
    ('actor.channel < "CONSOLE"', ""),
    ("actor.channel = actor.purposeCount", ""),
    ("forall(t in c.tasks, t.purpose = actor.purpose)", ""),
    ("c.number = 1", ""),
    ('c.number = "1" and c.number = 1', ""),
    ("c.restricted = true and c.restricted = 1", ""),
    ("c.number", ""),
    ('c.number < "b"', ""),
    ('c.id = "1"', ""),
    ("c.createdAt + 1 = 2", ""),
    ("t in c.tasks and t.purpose != actor.purpose", ""),
    ("not (t in c.tasks and t.purpose = actor.purpose)", ""),
    ('c.tasks.status = "OPEN"', ""),
    ("c.bogus = 1", ""),
    ('c.number.startswith("C")', ""),
    ("t in c.orders and t.revision = 1", ""),
    ("c.consents = []", ""),
]


def source(body: str, helpers: str = "") -> dict[str, str]:
    """A policy that opens a customer's number to staff on one condition."""
    actor = "actor" if "actor" in body else "_"
    record = "c" if re.search(r"\bc\b", body) else "_"
    grant = f'allow_field({actor}: Staff, "read", {record}: Customer, "number") if {body};'
    return {**WORDS, "x.polar": f"{grant}\n{helpers}\n"}


@dataclass(frozen=True)
class Read:
    """A small world in a database of either kind, and everything in it in hand."""

    plain: Plain
    actors: list[Actor]

    async def differences(self, sources: dict[str, str], record: str = "Customer") -> Tally:
        """What a policy's readings differ in, for employees with and without roles and purposes."""
        policy, plain, tally = Policy(sources), self.plain.under(sources), Tally()
        for actor in self.actors:
            await compare(policy, plain, actor, record, tally)
        return tally

    async def refused_or_differences(self, sources: dict[str, str]) -> list[str]:
        """Why a policy is refused, or what its readings differ in."""
        try:
            return (await self.differences(sources)).differences
        except PolicyError as error:
            return [str(error)]


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[Read]:
    async with at_work(database_url):
        made = World(3, size=6)
        await made.write()
        staff = [actor for actor in made.actors() if actor.kind == "Employee"]
        several = sorted(staff, key=lambda actor: -len(actor.purposes))
        stating = [actor for actor in staff if actor.purposes]
        asking = [*stating[:2], several[0], several[-1]]
        channels = [*Channel, *Channel]
        yield Read(
            await Plain.of(source("c.restricted")),
            [replace(actor, channel=channel) for actor, channel in zip(asking, channels, strict=True)],
        )


@pytest.mark.every_database
async def test_what_is_compiled_means_what_oso_means(world: Read, database_url: str, campaign: Campaign):
    wrong = {}
    # PostgreSQL reads conditions with other SQL for what may be missing and for several values; a part of these shows it.
    tried = COMPILED if kind(database_url) == "sqlite" else COMPILED[:: campaign.of(short=5, long=1)]
    for body, helpers in [*tried, *KNOWN]:
        if differences := await world.refused_or_differences(source(body, helpers)):
            wrong[body] = differences
    assert wrong == {}
    campaign.tried(len(tried) + len(KNOWN), "constructs of Polar that mean the same to everybody")


@pytest.mark.every_database
async def test_what_is_compiled_means_the_same_beside_others(
    world: Read, database_url: str, campaign: Campaign
):
    """Conditions on one relation are answered by one look into it; here each field has another of them."""
    fields = ("number", "status", "restricted", "createdAt", "tasks", "consents")
    bodies = [body for body, helpers in COMPILED if not helpers and "_t" not in body and "c." in body]
    every = 1 if kind(database_url) == "sqlite" else campaign.of(short=2, long=1)
    for start in range(0, len(bodies), len(fields))[::every]:
        chosen = dict(zip(fields, bodies[start:], strict=False))
        rules = (source(body)["x.polar"].replace('"number"', f'"{field}"') for field, body in chosen.items())
        assert await world.refused_or_differences({**WORDS, "x.polar": "".join(rules)}) == [], chosen


@pytest.fixture(scope="module")
def _known_models() -> None:
    complete_models()


@pytest.mark.usefixtures("_known_models")
@pytest.mark.parametrize(("body", "helpers"), KNOWN)
def test_oso_judges_what_is_asked_of_the_actor_alone(body: str, helpers: str):
    Policy(source(body, helpers)).judge()


@pytest.mark.usefixtures("_known_models")
@pytest.mark.parametrize(("body", "helpers"), REFUSED)
def test_what_would_be_decided_differently_is_refused_with_its_place(body: str, helpers: str):
    with pytest.raises(PolicyError) as refused:
        Policy(source(body, helpers))
    assert (refused.value.file, refused.value.line) in (("x.polar", 1), ("x.polar", 2))


async def test_relations_of_a_record_to_its_own_kind_agree(world: Read):
    rule = 'allow_field(_: Staff, "read", e: Employee, "name") if '
    for body in (
        "m in e.managers and m.id = e.id;",
        "r in e.reports and r.id != e.id;",
        'not (r in e.reports and r.name != "-");',
        "m in e.managers and n in m.managers and n.id = m.id;",
        "e.managerId = nil;",
    ):
        tally = await world.differences({"x.polar": rule + body}, "Employee")
        assert tally.differences == [], body
