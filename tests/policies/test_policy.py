"""A policy file as an attacker, or a tired author, would write it: refused at load, and the old one stays."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from policies import registry
from policies.conditions.kind import Anyone, Kind
from policies.errors import PolicyError
from policies.judging.engine import Engine
from policies.language import text
from policies.offline import complete_models
from policies.policy import Policies, Policy
from tests.campaigns import Campaign
from tests.policies.compiled import WORDS, whole

GOOD = 'allow_field(_: Staff, "read", c: Customer, "number") if c.restricted = false;\n'

CLOSING = 'allow(actor: Staff, "close", task: Task) if theirs(actor, task);\n'

BROKEN = [
    "allow(_, _, _);",
    "allow_field(_, _, _, _);",
    "allow(actor: Staff, action, _: Customer) if actor.id = action;",
    'allow(_: Staff, "close", _);',
    'allow_field(_: Staff, "read", _: Customer, _);',
    'allow(_: Staff, "close", t: Task) if t.customer.delete();',
    'allow(_: Staff, "close", t: Task) if cut and t.status = "OPEN";',
    'allow(_: Staff, "close", t: Task) if new Task(x: 1) = t;',
    'allow(_: Staff, "close", t: Task) if print(t.id);',
    'allow(_: Staff, "close", _: Tusk);',
    'allow(_: Staff, "close", t: Task) if t.statsu = "OPEN";',
    'allow(_: Staff, "close", t: Task) if again(t);\nagain(t) if again(t);',
    'allow(_: Staff, "close", t: Task) if one(t);\none(t) if two(t);\ntwo(t) if one(t);',
    'allow(_: Staff, "close", t: Task) if t.status = "OPEN"',
    'allow(_: Staff, "close", t: Task) if if;',
    "?= allow(_, _, _);",
    'resource Task { permissions = ["close"]; }',
    "actor Staff {}",
    'allow(_: Staff, "close", t: Task) if nowhere(t);',
]


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


@pytest.fixture
def policies(tmp_path: Path) -> Policies:
    """Policies in a directory of their own, with a good file in force."""
    (tmp_path / "good.polar").write_text(GOOD)
    made = Policies(tmp_path)
    made.reload()
    return made


@pytest.mark.parametrize("text", BROKEN)
async def test_a_broken_file_is_refused_with_its_place_and_the_old_policy_stays(
    policies: Policies, text: str
):
    before = policies.current
    (policies.directory / "broken.polar").write_text(f"# A comment above.\n{text}\n")

    with pytest.raises(PolicyError) as refused:
        policies.reload()

    assert policies.current is before
    assert refused.value.file == "broken.polar"
    assert refused.value.line
    assert len(refused.value.message) > 15


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_text():
    text = """
    allow(_: Staff, "close", t: Task) if t.statsu = "OPEN";
    allow(_: Staff, "open", t: Tusk) if t.status = "OPEN" and nowhere(t);
    allow(_: Staff, "assign", t: Task) if t.purpose = "suport" and x = 1;
    """
    with pytest.raises(PolicyError) as refused:
        Policy({**WORDS, "x.polar": text})

    found = [refused.value, *refused.value.others]
    assert [(error.line, error.message.partition(";")[0]) for error in found] == [
        (2, "nothing here has a field `statsu`"),
        (3, "a grant names the kind of record it is about: `record: …`"),
        (3, "there is no class `Tusk`"),
        (3, "there is no rule `nowhere` with 1 parameters"),
        (4, "`x` is named once and so says nothing"),
        (4, 'no purpose "suport" is declared'),
    ]
    assert found[0].column == 42


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('t.status = "OPNE"', '`status` is never "OPNE"; known: OPEN, CLOSED'),
        ("t in c.tasks and c = t.customer", "is asked of something that is no record"),
        ("not u.id = t.id and u in t.customer.tasks", "`u` is not known yet where it is negated"),
        ("t.openedAt", "compared with a value of another type"),
        ("t.status.letters = 1", "nothing here has a field"),
        ("t.customer.tasks.status = 1", "is a collection"),
        ("t.agreements matches Task", "no record"),
        ('"x" and t.status = "OPEN"', "this is no condition"),
        ("[t] = 1", "a comparison without any field"),
        ("t in 1", "`in` takes a relation or a list"),
        ("forall(t in t.customer.tasks, 1 + 1 = 2)", "nothing is calculated"),
    ],
)
def test_what_only_shows_when_a_rule_is_unfolded_is_refused_where_it_stands(body: str, said: str):
    with pytest.raises(PolicyError, match=said) as refused:
        Policy({**WORDS, "x.polar": f'# Why.\nallow(_: Staff, "close", t: Task) if {body};'})
    assert (refused.value.file, refused.value.line) == ("x.polar", 2)


async def test_an_empty_directory_opens_nothing_and_replaces_nothing(policies: Policies):
    before = policies.current
    (policies.directory / "good.polar").unlink()

    with pytest.raises(PolicyError, match="a server without rules releases nothing"):
        policies.reload()

    assert policies.current is before


async def test_an_empty_file_in_place_of_the_policies_is_refused(policies: Policies):
    before = policies.current
    (policies.directory / "good.polar").write_text("")

    with pytest.raises(PolicyError):
        policies.reload()

    assert policies.current is before


async def test_text_that_is_not_utf_8_is_refused(policies: Policies):
    before = policies.current
    (policies.directory / "good.polar").write_bytes(b'allow(_: Staff, "\xff", _: Task);')

    with pytest.raises(PolicyError, match="UTF-8"):
        policies.reload()

    assert policies.current is before


async def test_a_reload_swaps_whole_under_concurrent_questions(policies: Policies):
    other = GOOD.replace("number", "status")
    seen: list[frozenset[str]] = []
    done = threading.Event()

    def ask() -> None:
        over = False
        while not over:
            seen.append(frozenset(policies.current.plan(Kind("Staff"), "Customer").grants))
            # A moment between two questions, or those who ask would leave the reload no time.
            over = done.wait(0.0002)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for written in [other, GOOD] * 4:
        (policies.directory / "good.polar").write_text(written)
        policies.reload()
    done.set()
    for thread in threads:
        thread.join()
    assert set(seen) <= {frozenset({"number"}), frozenset({"status"})}


async def test_a_stranger_reads_nothing_of_anybody():
    policy = whole()
    for record in (
        "Identity",
        "IdentityEvidence",
        "PersonalCode",
        "ContactPoint",
        "PostalAddress",
        "Preference",
        "Interaction",
        "Order",
        "PaymentCard",
        "HealthRecord",
        "Customer",
    ):
        assert policy.plan(Kind("Stranger"), record).grants == {}


class Thing(Anyone):
    """A record whose method is called."""

    def matches(self, *_: Any) -> bool:
        return True


async def later() -> bool:
    return True


async def one_by_one() -> AsyncIterator[bool]:
    yield True


class Endless:
    """What can only be iterated while awaiting."""

    def __aiter__(self) -> Iterator[bool]:
        return iter([True])


@pytest.mark.parametrize("make", [later, one_by_one, Endless])
async def test_what_is_still_to_be_awaited_never_grants(make: Callable[[], Any]):
    value = make()
    engine = Engine({"x.polar": "open(thing) if thing.value;"}, {"Thing": Thing})
    with pytest.raises(PolicyError, match="awaited"):
        engine.holds("open", Thing(value=value))
    if hasattr(value, "close"):
        value.close()


async def test_a_call_with_a_value_not_known_yet_never_grants():
    engine = Engine({"x.polar": "open(thing) if thing.matches(_unknown);"}, {"Thing": Thing})
    with pytest.raises(PolicyError, match="not known yet"):
        engine.holds("open", Thing(now=datetime.now(UTC)))


MANAGER = frozenset({"manager"})
ROLES = [
    ('"manager" in actor.roles', {"manager"}),
    ('"manager" in actor.roles and "agent" in actor.roles', {"manager", "agent"}),
    ("actor.id = task.assigneeId", set()),
    ("role in actor.roles and role = task.purpose", None),
    ("actor.roles = task.purpose", None),
    ('one in account.employees and role in one.roles and role.role = "agent"', set()),
    ('one in account.employees and one = actor and role in one.roles and role.role = "agent"', None),
    ('actor in account.employees and role in actor.roles and role.role = "agent"', None),
    ('actor matches Staff{roles: roles} and "manager" in roles', None),
]


@pytest.mark.parametrize(("body", "named"), ROLES)
def test_roles_are_told_apart_as_far_as_the_rules_name_them(body: str, named: set[str] | None):
    rules = text.rules({"some.polar": f'allow(actor: Staff, "close", task: Task) if {body};'})

    assert text.roles_named(rules) == named


@pytest.mark.parametrize("asks", ['"manager" in roles', 'not "manager" in roles'])
def test_roles_that_a_pattern_names_are_looked_at_too(asks: str):
    rule = f'allow_field(_: Staff{{roles: roles}}, "read", c: Customer, "number") if c.restricted and {asks};'
    policy = Policy({**WORDS, "x.polar": rule})
    granted = {
        roles: bool(policy.plan(Kind("Staff", roles), "Customer").grants) for roles in (MANAGER, frozenset())
    }

    assert granted == {MANAGER: "not" not in asks, frozenset(): "not" in asks}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (" and ".join(["(t in c.tasks or s in c.consents)"] * 20), "too many ways"),
        (" and ".join(["c.restricted"] * 5_000), "nested too deep"),
        ("not (" * 5_000 + "c.restricted" + ")" * 5_000, "nested too deep"),
    ],
)
def test_a_rule_that_would_take_for_ever_to_follow_is_refused(body: str, said: str):
    with pytest.raises(PolicyError, match=said) as refused:
        Policy({**WORDS, "x.polar": f'allow_field(_: Staff, "read", c: Customer, "number") if {body};'})
    assert refused.value.file == "x.polar"


async def test_actors_whom_no_rule_tells_apart_share_their_plans():
    policy = Policy(whole().sources, whole().all_classified)
    before = policy.compiled
    # Of the shipped roles, no rule names that of an agent: whoever has it may do what all staff may.
    nobody, agent, manager, both = (
        Kind("Staff", frozenset(roles)) for roles in ((), ("agent",), ("manager",), ("agent", "manager"))
    )

    assert policy.kind(agent) == policy.kind(nobody) == Kind("Staff")
    assert policy.kind(both) == policy.kind(manager) == manager
    assert policy.plan(agent, "Task").grants == policy.plan(nobody, "Task").grants
    assert policy.compiled == before + 1


def test_a_kind_is_granted_what_those_of_its_roles_are_that_the_rules_ask_for(campaign: Campaign):
    policy, fewer = whole(), 0
    staff = Kind("Staff", frozenset(role.value for role in policy.roles))
    about = [("read", record) for record in registry.RECORDS] + policy.actions
    for asked in about[:: campaign.of(short=3, long=1)]:
        alike = policy.asked.told_apart(staff, *asked)
        assert policy.asked.ways(staff, *asked) == policy.asked.ways(alike, *asked)
        fewer += alike != staff
    assert fewer > 20


def test_what_was_compiled_of_the_same_rules_is_taken_over():
    file = {**WORDS, "x.polar": f"{GOOD}{CLOSING}theirs(actor, task) if task.assigneeId = actor.id;"}
    earlier = Policy(file)

    changed = file["x.polar"].replace("assigneeId", "customerId")
    later = Policy({**file, "x.polar": changed}, earlier.all_classified, earlier)

    assert later.compiled == earlier.compiled - 1
    staff, grants = Kind("Staff"), Policy({**file, "x.polar": changed}).grants
    assert later.grants(staff, "read", "Customer") is earlier.grants(staff, "read", "Customer")
    assert later.grants(staff, "close", "Task") == grants(staff, "close", "Task")
    assert later.grants(staff, "close", "Task") != earlier.grants(staff, "close", "Task")


def test_nothing_is_taken_over_from_policies_that_declare_something_else():
    earlier = Policy({**WORDS, "x.polar": GOOD})
    zoned = Policy(
        {**WORDS, "x.polar": GOOD, "zone.polar": 'time_zone("Europe/Vilnius");'},
        earlier.all_classified,
        earlier,
    )
    assert zoned.compiled == 0
