"""The reason for a withheld cell is that of the rule which does not hold, whatever the rule asks."""

import pytest

from policies.compiler.reasons import Reason
from policies.conditions import ir
from policies.conditions.kind import Kind
from policies.conditions.plan import Grant
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import Policy
from tests.policies.compiled import WORDS, changed, whole

STAFF = Kind("Staff")


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def steps(grant: Grant) -> list[str]:
    return [name for name, _ in grant.steps]


def number(text: str) -> Grant:
    """The grant of a customer's number under a policy of a few rules."""
    return Policy({**WORDS, "x.polar": text}).plan(STAFF, "Customer").grant("number")


def asks(condition: ir.Condition, name: str) -> bool:
    return any(name in path.steps for path in ir.paths(condition))


def test_a_rule_that_asks_something_else_keeps_its_reason():
    """Consent under a notice, of a customer who is there: no relation or field that it names says so, the rule does."""
    ours = changed(
        "consent.polar",
        "    consent in customer.consents and",
        '    consent in customer.consents and\n    consent.noticeId != nil and\n    customer.status = "ACTIVE" and',
    )
    before, after = (one.plan(STAFF, "Identity").grant("givenName") for one in (whole(), ours))
    assert steps(before) == steps(after)
    index = steps(after).index(Reason.NO_CONSENT)
    assert asks(after.steps[index][1], "noticeId")
    assert not asks(after.steps[index - 1][1], "noticeId")
    assert ir.Const("ACTIVE") not in written(after.steps[index - 1][1])
    assert ir.Const("ACTIVE") in written(after.steps[index][1])


def written(condition: ir.Condition) -> list[ir.Term]:
    return [node.right for node in ir.nodes(condition) if isinstance(node, ir.Compare)]


def test_a_condition_speaks_for_the_innermost_rule_that_has_a_reason():
    grant = number(
        """
        allow_field(_: Staff, "read", c: Customer, "number") if outer(c);
        outer(c) if c.status = "ACTIVE" and inner(c) and nameless(c);
        inner(c) if c.restricted = false;
        nameless(c) if c.createdAt != nil;
        withheld_because("outer", "NO_TASK");
        withheld_because("inner", "NO_CONSENT");
        """
    )
    assert steps(grant) == [Reason.NO_TASK, Reason.NO_CONSENT]
    assert "createdAt" in str(grant.steps[0][1])
    assert "restricted" not in str(grant.steps[0][1])


def test_what_is_asked_of_the_records_of_a_rule_comes_no_earlier_than_the_rule():
    grant = number(
        """
        allow_field(_: Staff, "read", c: Customer, "number") if task(c, t) and t.purpose = "sales";
        task(c, t) if t in c.tasks and t.status = "OPEN";
        withheld_because("task", "NO_TASK");
        """
    )
    assert steps(grant) == [Reason.NO_TASK]


@pytest.mark.parametrize("body", ["_t in c.tasks", "not (_t in c.tasks)", "t in c.tasks and t.id = c.id"])
def test_a_collection_of_which_nothing_more_is_asked_has_a_reason(body: str):
    rules = f'allow_field(_: Staff, "read", c: Customer, "number") if some(c); some(c) if {body};'
    assert steps(number(rules)) == [Reason.NOT_PERMITTED]
    assert steps(number(rules + 'withheld_because("some", "NO_TASK");')) == [Reason.NO_TASK]


def test_equal_conditions_from_different_rules_are_one():
    grant = number(
        """
        allow_field(_: Staff, "read", c: Customer, "number") if one(c);
        allow_field(_: Staff, "read", c: Customer, "number") if other(c);
        one(c) if c.restricted = false;
        other(c) if c.restricted = false;
        withheld_because("one", "RESTRICTED");
        withheld_because("other", "NO_CONSENT");
        """
    )
    assert len(grant.ways) == 1
    assert steps(grant) == [Reason.RESTRICTED]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ('withheld_because("consent", "NO_CONSENT");', "no rule `consent`; is `consented` meant"),
        ('withheld_because("consented", "NO_CONSNT");', "there is no reason `NO_CONSNT`"),
        ('withheld_because("consented");', "is a fact of 2 texts"),
    ],
)
def test_a_reason_for_no_rule_or_of_no_kind_is_refused(fact: str, said: str):
    with pytest.raises(PolicyError, match=said) as refused:
        number(
            'allow_field(_: Staff, "read", c: Customer, "number") if consented(c);\n'
            "consented(c) if c.restricted = false;\n" + fact
        )
    assert refused.value.line == 3
