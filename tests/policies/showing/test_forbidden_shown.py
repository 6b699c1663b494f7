"""What is forbidden, as the tools for authors show it: explanations, who reads what, and the tests that policy files hold."""

from dataclasses import replace

import pytest

from models import Customer, Purpose, TaskStatus
from policies.actor import Channel
from policies.compiler.reasons import Reason
from policies.offline import complete_models
from policies.policy import Policy
from policies.showing.explain import Explanation, explain
from policies.showing.who import readers
from policies.testing.expectations import askable
from tests.policies.compiled import WORDS, edited, whole
from tests.policies.office import Office, asking, furnished, line, said
from tests.procedures import records

FORBIDDEN = """
# Where something comes from is not looked at while two purposes are stated.
forbid_field(actor: Staff, "read", _: Personal, field) if
    field = "value" and
    actor.purposeCount > 1;

# A partner reads no value.
forbid_field(_: Subcontractor, "read", _: ContactPoint, "value");

# What is old is left alone.
forbid(actor: Staff, "close", task: Task) if
    task.openedAt < actor.ago("30 days");
"""


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


@pytest.fixture
async def office(database: str) -> Office:
    return await furnished()


@pytest.fixture(scope="module")
def forbidding() -> Policy:
    return edited({**whole().sources, "forbidden.polar": FORBIDDEN})


async def explained(office: Office, policy: Policy, *purposes: Purpose) -> Explanation:
    actor = replace(office.agent, purposes=frozenset(purposes))
    return await explain(actor, "ContactPoint", office.contact.id, "value", policy=policy)


async def test_a_rule_that_forbids_is_shown_with_the_conditions_by_which_it_does(
    office: Office, forbidding: Policy
) -> None:
    found = await explained(office, forbidding, Purpose.SUPPORT, Purpose.SALES)

    assert (found.granted, found.reason) == (False, Reason.NOT_PERMITTED)
    assert found.lines[0].note.endswith(", forbidden by forbidden.polar:3")
    assert [each.holds for each in found.lines if each.depth == 0] == [False] * 2
    shown = line(found, "Where something comes from is not looked at while two purposes are stated.")
    assert (shown.note, found.lines[-1].text) == ("forbidden.polar:3", "actor.purposeCount > 1")
    assert line(found, "actor.purposeCount > 1").holds
    release, _, _ = found.lines[0].note.partition(",")
    assert found.missing == f"{release} would grant it if forbidden.polar:3 did not forbid it."


async def test_a_rule_that_does_not_forbid_it_is_not_shown(office: Office, forbidding: Policy) -> None:
    found = await explained(office, forbidding, Purpose.SUPPORT)

    assert found.granted
    assert "forbid" not in said(found)


async def test_what_is_forbidden_is_missing_beside_what_else_is(office: Office, forbidding: Policy) -> None:
    await Customer.filter(id=office.customer.id).update(restricted=True)

    found = await explained(office, forbidding, Purpose.SUPPORT, Purpose.SALES)

    assert found.reason is Reason.RESTRICTED
    assert found.missing.endswith(
        "would grant it if customer.restricted = false, and if forbidden.polar:3 did not forbid it."
    )


async def test_what_is_forbidden_whatever_the_record_shows_the_rule_that_does(
    office: Office, forbidding: Policy
) -> None:
    client = await records.client()
    partner = asking(client.actor_id, Purpose.SUPPORT, kind="PartnerClient", partner_id=client.partner_id)

    found = await explain(partner, "ContactPoint", office.contact.id, "value", policy=forbidding)

    assert (found.reason, found.missing) == (Reason.NOT_PERMITTED, "")
    assert [(each.text, each.note) for each in found.lines if each.depth == 0] == [
        ("A partner reads no value.", "forbidden.polar:8")
    ]


async def test_an_action_that_is_forbidden_shows_what_was_compared(
    office: Office, forbidding: Policy
) -> None:
    async def closing() -> Explanation:
        return await explain(office.agent, "Task", office.task.id, "", "close", forbidding)

    assert (await closing()).granted
    office.task.opened_at = office.agent.now.replace(year=2020)
    await office.task.save()

    found = await closing()

    assert not found.granted
    assert line(found, 'task.openedAt < actor.ago("30 days")').holds


async def test_what_is_forbidden_at_the_console_shows_by_which_way_the_actor_came(office: Office) -> None:
    text = 'forbid_field(actor: Staff, "read", _: ContactPoint, _) if actor.channel = "CONSOLE";'
    policy = edited({**whole().sources, "forbidden.polar": text})

    async def explained_to(channel: Channel) -> Explanation:
        actor = replace(office.agent, channel=channel)
        return await explain(actor, "ContactPoint", office.contact.id, "value", policy=policy)

    assert (await explained_to(Channel.API)).granted
    found = await explained_to(Channel.CONSOLE)
    assert found.reason is Reason.NOT_PERMITTED
    assert line(found, 'actor.channel = "CONSOLE"').holds


async def test_nobody_to_whom_it_is_forbidden_is_among_the_readers(office: Office) -> None:
    async def found(text: str) -> int:
        policy = edited({**whole().sources, "forbidden.polar": text})
        asked = (policy, "ContactPoint", [office.contact.id], "value", [office.agent], list(Purpose))
        return len(await readers(*asked))

    assert await found(FORBIDDEN) == 1
    assert (
        await found('forbid_field(_: Staff, "read", p: ContactPoint, _) if not p.customer.restricted;') == 0
    )
    assert office.task.status is TaskStatus.OPEN


RULES = """
allow_field(_: Staff, "read", _: Customer, "number");
allow(_: Staff, "close", _: Task);
forbid_field(_: Staff, "read", c: Customer, _) if c.restricted;
forbid(actor: Staff, "close", t: Task) if late(actor, t) or actor.weekday = "SUNDAY" and actor.timeOfDay >= "18:00";
late(actor, t) if t.dueAt < actor.ago("2 days");
time_zone("Europe/Vilnius");
"""
FIXTURES = """
given("an employee", _actor: Staff, _customer);
given("of a restricted customer", _actor, customer) if customer.restricted = true;
given("with a late task", actor, customer) if t in customer.tasks and t.dueAt < actor.ago("2 days");
given("with a task in time", actor, customer) if t in customer.tasks and t.dueAt > actor.now;
given("on a Sunday", actor, _customer) if actor.weekday = "SUNDAY";
given("in the evening", actor, _customer) if actor.timeOfDay >= "18:00";
given("who states a purpose", actor, _customer) if actor.purpose = "support";
given("and another", actor, _customer) if "sales" in actor.purposes;
given("but not the first", actor, _customer) if not "support" in actor.purposes;
given("twice", actor, _customer) if actor.purposeCount = 2;
"""


def loaded(tests: str, rules: str = RULES) -> Policy:
    return Policy({**WORDS, "x.polar": f"{rules}\n{FIXTURES}", "y.polar": tests})


def unreached(policy: Policy) -> set[tuple[str, int]]:
    results = policy.test(tracing=True)
    assert [str(failure) for failure in results.failures] == []
    return {(rule.name, part.line) for rule, part in askable(policy.rules) if part not in results.reached}


def test_rules_that_forbid_are_reached_when_they_take_something_back() -> None:
    granted = '?= may("an employee", "read", "Customer.number");\n?= may(["an employee", "with a task in time"], "close", "Task");'
    assert unreached(loaded(granted)) == {("forbid_field", 4), ("forbid", 5), ("late", 6)}

    withheld = """
    ?= not may(["an employee", "of a restricted customer"], "read", "Customer.number");
    ?= not may(["an employee", "with a late task"], "close", "Task");
    ?= may(["an employee", "with a task in time", "on a Sunday"], "close", "Task");
    ?= may(["an employee", "in the evening"], "close", "Task");
    ?= not may(["an employee", "with a task in time", "on a Sunday", "in the evening"], "close", "Task");
    """
    assert unreached(loaded(granted + withheld)) == set()


def test_a_test_that_fails_says_what_forbids() -> None:
    test = '?= may(["an employee", "of a restricted customer"], "read", "Customer.number");'
    (failure,) = loaded(test).test().failures

    assert failure.message.endswith("; x.polar:2 would grant it if x.polar:4 did not forbid it.")


def test_several_purposes_may_be_stated() -> None:
    rules = """
    allow_field(actor: Staff, "read", _: Customer, "number") if actor.purpose = "sales";
    forbid_field(actor: Staff, "read", _: Customer, _) if actor.purposeCount > 1 and "support" in actor.purposes;
    """
    tests = """
    ?= not may(["an employee", "who states a purpose"], "read", "Customer.number");
    ?= not may(["an employee", "who states a purpose", "and another"], "read", "Customer.number");
    ?= may(["an employee", "who states a purpose", "and another", "but not the first"], "read", "Customer.number");
    """
    assert unreached(loaded(tests, rules)) == set()


def test_the_way_by_which_somebody_asks_may_be_stated() -> None:
    rules = """
    allow_field(_: Staff, "read", _: Customer, "number");
    forbid_field(actor: Staff, "read", _: Customer, _) if actor.channel != "API";
    """
    fixtures = """
    given("at the console", actor, _customer) if actor.channel = "CONSOLE";
    given("over the network", actor, _customer) if not actor.channel = "CONSOLE";
    """
    tests = """
    ?= may("an employee", "read", "Customer.number");
    ?= not may(["an employee", "at the console"], "read", "Customer.number");
    ?= may(["an employee", "at the console", "over the network"], "read", "Customer.number");
    """
    assert unreached(loaded(tests, rules + fixtures)) == set()


def test_how_many_purposes_there_are_is_not_said_but_stated() -> None:
    (failure,) = loaded('?= may(["an employee", "twice"], "read", "Customer.number");').test().failures

    assert "a fixture says which purposes are stated" in failure.message


def test_a_clock_that_cannot_be_so_is_refused() -> None:
    fixture = (
        'given("never", actor: Staff, _customer) if actor.weekday = "SUNDAY" and actor.weekday = "MONDAY";'
    )
    policy = Policy({**WORDS, "x.polar": RULES + fixture, "y.polar": '?= may("never", "close", "Task");'})

    (failure,) = policy.test().failures
    assert '"never" cannot be' in failure.message
