"""The tests that policy files hold: read, run by plain Oso and by what was compiled, and refused where they fail."""

from pathlib import Path

import pytest

from policies.errors import PolicyError
from policies.judging.engine import Engine
from policies.language import text
from policies.offline import complete_models
from policies.policy import HERE, Policies, Policy
from policies.testing.expectations import Results, askable
from tests.campaigns import Campaign
from tests.policies.compiled import WORDS

RULES = """
allow_field(actor: Staff, "read", c: Customer, "number") if works(actor, c) and c.restricted = false;
allow(actor: Staff, "close", t: Task) if t.assigneeId = actor.id or "manager" in actor.roles;
works(actor, c) if t in c.tasks and t.assigneeId = actor.id and t.purpose = actor.purpose;
"""
FIXTURES = """
given("an agent", actor: Staff, _customer) if actor.purpose = "support";
given("a manager", actor: Staff, _customer) if "manager" in actor.roles;
given("who has a task", actor, customer) if task(actor, customer);
given("for another purpose", _actor, customer) if forall(t in customer.tasks, t.purpose = "sales");
given("of a restricted customer", _actor, customer) if customer.restricted = true;
task(actor, customer) if t in customer.tasks and t.assigneeId = actor.id and t.purpose = "support";
"""


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def policy(tests: str, rules: str = RULES, fixtures: str = FIXTURES) -> Policy:
    return Policy({**WORDS, "x.polar": f"{rules}\n{fixtures}", "y.polar": tests})


def results(tests: str, **more: str) -> Results:
    return policy(tests, **more).test(tracing=True)


def refused(tests: str, **more: str) -> PolicyError:
    with pytest.raises(PolicyError) as error:
        policy(tests, **more)
    return error.value


def test_what_comes_with_savas_is_tested_whole(campaign: Campaign) -> None:
    """Every rule that a grant asks, and every alternative, is what some test was granted by."""
    shipped = Policy(text.read(HERE))

    found = shipped.test(tracing=True)

    campaign.tried(found.questions, "questions that the policies' own tests ask")
    assert [str(failure) for failure in found.failures] == []
    assert [
        f"{rule.file}:{part.line}" for rule, part in askable(shipped.rules) if part not in found.reached
    ] == []
    assert found.tests > 100


def test_as_expected_says_nothing() -> None:
    found = results(
        """
        ?= may(["an agent", "who has a task"], "read", "Customer.number");
        ?= not may("an agent", "read", "Customer.number");
        ?= not may(["an agent", "who has a task", "for another purpose"], "read", "Customer.number");
        ?= not may(["an agent", "who has a task", "of a restricted customer"], "read", "Customer.number");
        ?= may(["an agent", "who has a task"], "close", "Task");
        """
    )

    assert (found.tests, found.questions, found.failures) == (5, 5, [])


def test_a_test_that_fails_names_its_line_what_was_expected_and_what_is_decided() -> None:
    (failure,) = results('\n?= may(["an agent", "for another purpose"], "read", "Customer.number");').failures

    assert (failure.file, failure.line, failure.column) == ("y.polar", 2, 1)
    assert "expected that an agent for another purpose may read Customer.number" in failure.message
    assert "plain Oso: may not; the compiled rules: may not" in failure.message
    assert (
        "x.polar:2 would grant it if there were a t in c.tasks with t.assigneeId = actor.id and"
        in failure.message
    )


def test_what_should_be_withheld_and_is_granted_fails_too() -> None:
    (failure,) = results('?= not may("a manager", "close", "Task");').failures

    assert "plain Oso: may; the compiled rules: may" in failure.message
    assert failure.message.endswith("; granted by x.polar:3")


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            '?= not may("an agent", "read", "Customer.nmber");',
            "no rule opens Customer.nmber to anybody; known: number",
        ),
        (
            '?= not may("an agent", "close", "Customer");',
            "no rule opens close of Customer to anybody; known: nothing",
        ),
    ],
)
def test_that_nobody_may_what_is_not_there_proves_nothing(test: str, said: str) -> None:
    (failure,) = results(test).failures

    assert failure.message == said


def test_several_actions_and_fields_are_several_questions() -> None:
    found = results(
        '?= may("a manager", ["close"], "Task"); ?= not may("an agent", "read", ["Customer.number", "Customer.number"]);'
    )

    assert (found.tests, found.questions, found.failures) == (2, 3, [])


def test_a_task_that_nobody_made_is_a_new_one_of_the_customer() -> None:
    assert results('?= not may("an agent", "close", "Task");').failures == []


def test_a_rule_and_an_alternative_that_no_test_reached_are_known() -> None:
    tested = policy('?= may(["an agent", "who has a task"], "close", "Task");')
    found = tested.test(tracing=True)

    unreached = {(rule.name, part.line) for rule, part in askable(tested.rules) if part not in found.reached}
    assert unreached == {("allow_field", 2), ("works", 4), ("allow", 3)}


def test_what_is_negated_is_reached_when_it_withholds() -> None:
    rules = 'allow_field(_: Staff, "read", c: Customer, "number") if not busy(c);\nbusy(c) if t in c.tasks and t.status = "OPEN";'
    fixtures = 'given("an agent", _actor: Staff, _customer);\ngiven("at work", _actor, c) if t in c.tasks and t.status = "OPEN";'
    tested = policy(
        '?= may("an agent", "read", "Customer.number");\n?= not may(["an agent", "at work"], "read", "Customer.number");',
        rules=rules,
        fixtures=fixtures,
    )
    found = tested.test(tracing=True)

    assert found.failures == []
    assert {part for _, part in askable(tested.rules)} <= found.reached


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            '?= may("an agnet", "read", "Customer.number");',
            'there is no fixture "an agnet"; is "an agent" meant?',
        ),
        ('?= may("an agent", "clsoe", "Task");', 'there is no action "clsoe"; is "close" meant?'),
        ('?= may("an agent", "read", "Customer");', '"Customer" is no type, or no field of one'),
        ('?= may("an agent", "close", "Task.status");', '"Task.status" is no type'),
        ('?= may("an agent", "read", "Cutsomer.number");', '"Cutsomer.number" is no type'),
        ('?= may("an agent", "read");', 'a test is `may("fixture", "action", "Type.field")`'),
        ('?= may("an agent", [], "Task");', "a test is `may("),
        ("?= allow(_, _, _);", "a test is `may("),
        ('?= may("who has a task", "close", "Task");', "the first fixture says of which kind the actor is"),
        ('?= may("an agent", "close", "Task")', "does not end with a semicolon"),
    ],
)
def test_a_test_that_says_nothing_is_refused_where_it_stands(test: str, said: str) -> None:
    error = refused(f"# Why.\n{test}\n")

    assert said in error.message
    assert (error.file, error.line) == ("y.polar", 2)


@pytest.mark.parametrize(
    ("fixture", "said"),
    [
        ('given("it", actor: Staff, c) if works(actor, c);', "a rule of grants is what is tested"),
        ('given("it", _actor: Staff, c) if c.nmber = "x";', "nothing here has a field `nmber`"),
        ('given("it", _actor: Staff, c) if t in c.number and t.status = "OPEN";', "`number` is not a collection"),
        ('given("it", _actor: Staff, c) if c.restricted = true or c.restricted = false;', "cannot make this true"),
        ('given("it", _actor: Staff, c) if c.restricted = true and c.restricted = false;', '"it" cannot be'),
        ('given("it", actor: Staff, _c) if actor.purpose = actor.id;', "compares a field of a record with something"),
        ('given("it", _actor: Staff, c) if x = c.restricted and x = true;', "has not said before what this is"),
    ],
)  # fmt: skip
def test_a_fixture_that_cannot_be_made_true_is_refused(fixture: str, said: str) -> None:
    test = '?= may("it", "read", "Customer.number");'
    try:
        (failure,) = results(test, fixtures=fixture).failures
    except PolicyError as error:
        failure = error

    assert said in failure.message
    assert failure.file == "x.polar"


@pytest.mark.parametrize(
    ("fixture", "said"),
    [
        ('given("it", _actor: Staff);', "a fixture is `given("),
        ("given(it, _actor: Staff, it);", "a fixture is `given("),
        ('given("it", _actor: Staff, _c); given("it", _actor: Person, _c);', 'there are two fixtures "it"'),
        ('given("it", _actor: Anyone, _c);', "the actor of a fixture is of one kind"),
        ('given("it", _actor: Staff, _c, _r: Personal);', "the record of a fixture is of one type"),
        ('given("it", _actor: Staff, _c, _r);', "the record of a fixture is of one type"),
        ('given("it", actor: Staff, _c) if actor.purpose = "suport";', 'no purpose "suport" is declared'),
    ],
)
def test_a_fixture_is_checked_like_a_rule(fixture: str, said: str) -> None:
    assert said in refused("", fixtures=fixture).message


def test_fixtures_grant_nothing_and_tell_no_actors_apart() -> None:
    without, with_them = policy("", fixtures=""), policy('?= may("a manager", "close", "Task");')

    assert [rule.text for rule in with_them.rules] == [rule.text for rule in without.rules]
    fixtures = FIXTURES.replace('"manager" in actor.roles', '"agent" in actor.roles')
    assert policy("", fixtures=fixtures).names_role("agent") is False


def test_records_are_linked_as_the_database_links_them() -> None:
    """A row rests on the customer's consent to its category, and a task of the customer leads back to the customer."""
    rules = """
    allow_field(actor: Person, "read", p: ContactPoint, "value") if
        p.customer.id = actor.customerId and p.consent.permits and p.consent in p.customer.consents;
    allow(actor: Person, "close", t: Task) if t in t.customer.tasks and t.customerId = actor.customerId;
    """
    fixtures = """
    given("the customer", actor: Person, customer) if actor.customerId = customer.id and t in customer.tasks and
        consent(customer, "contact_point", true) and consent(customer, "order", false) and t.status = "OPEN";
    consent(customer, category, permits) if
        c in customer.consents and c.category = category and c.permits = permits;
    """
    tests = '?= may("the customer", "read", "ContactPoint.value");\n?= may("the customer", "close", "Task");'

    assert [str(failure) for failure in results(tests, rules=rules, fixtures=fixtures).failures] == []


def test_oso_is_given_the_text_without_its_tests_at_the_same_lines() -> None:
    source = 'a("?= no;"); # ?= b;\n?= may("x;",\n  "y"); c(1);\n?= not d; # e\nf(x) if x?;\n'

    blank = text.without_tests(source)

    assert [len(line) for line in blank.split("\n")] == [len(line) for line in source.split("\n")]
    assert blank.split() == ['a("?=', 'no;");', "#", "?=", "b;", "c(1);", "#", "e", "f(x)", "if", "x?;"]
    assert Engine({"x.polar": 'one("a");\n?= not may("x", "y", "z");\n'}, {}).holds("one", "a")


def test_policies_of_which_a_test_fails_are_not_put_in_force(tmp_path: Path) -> None:
    files = {**WORDS, "x.polar": RULES + FIXTURES, "y.polar": '?= may("a manager", "close", "Task");'}
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    policies = Policies(tmp_path)
    before = policies.current

    (tmp_path / "y.polar").write_text(
        '?= may("an agent", "close", "Task");\n?= may("an agent", "read", "Task.purpose");', "utf-8"
    )
    with pytest.raises(PolicyError) as error:
        policies.reload()

    assert [each.line for each in (error.value, *error.value.others)] == [1, 2]
    assert policies.current is before


def test_a_text_that_was_found_whole_is_not_tested_again(tmp_path: Path) -> None:
    files = {**WORDS, "x.polar": RULES + FIXTURES, "y.polar": '?= may("a manager", "close", "Task");'}
    whole = Policy(files)

    assert Policy(files, whole.all_classified).test().tests == 0
    assert whole.test().tests == 1
