"""What of a text does nothing is said, with its place; all that comes with Savas does something."""

import pytest

from policies.offline import complete_models
from policies.policy import Policy
from policies.showing.findings import findings
from tests.policies.compiled import WORDS, whole

GRANT = 'allow_field(_: Staff, "read", c: Customer, "number") if c.restricted = false;'
MANAGERS = 'allow_field(actor: Staff, "read", c: Customer, "number") if "manager" in actor.roles and c.restricted = false;'


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def said(*rules: str) -> list[str]:
    """What is found in a file with a rule on each line, with the line."""
    return [
        f"{each.line}: {each.message}" for each in findings(Policy({**WORDS, "x.polar": "\n".join(rules)}))
    ]


def test_all_that_comes_with_savas_does_something() -> None:
    assert findings(whole()) == []


@pytest.mark.parametrize(
    "body",
    [
        't in c.tasks and t.status = "OPEN" and t.status = "CLOSED"',
        't in c.tasks and t.status = "OPEN" and h(t)',
        "c.restricted and not c.restricted",
        't in c.tasks and t.status in ["OPEN"] and t.status in ["CLOSED"]',
        't in c.tasks and t.status = "OPEN" and t.status != "OPEN"',
    ],
)
def test_a_grant_that_contradicts_itself_is_found(body: str) -> None:
    helpers = ['h(t) if t.status = "CLOSED";'] if "h(t)" in body else []
    found = said(f'allow_field(_: Staff, "read", c: Customer, "number") if {body};', GRANT, *helpers)
    assert "1: this never grants anything: what it asks contradicts itself, or is forbidden" in found


def test_a_grant_that_is_always_forbidden_is_found() -> None:
    found = said(GRANT, 'forbid_field(_: Staff, "read", c: Customer, _) if c.restricted = false;')
    assert [each[:2] for each in found] == ["1:"]


def test_two_things_that_one_field_cannot_be_are_found_where_the_second_stands() -> None:
    (found,) = findings(
        Policy({**WORDS, "x.polar": f'{GRANT}\nforbid_field(_: Staff, "read", c: Customer, _) if h(c);\n'
                                    'h(c) if c.restricted;\nh(c) if t in c.tasks and\n  t.status = "OPEN" and\n  t.status = "CLOSED";'})
    )  # fmt: skip
    assert (found.line, found.column) == (6, 3)
    assert found.message == "`t.status` cannot be two things, so that this never holds"


def test_a_grant_that_others_cover_is_found() -> None:
    found = said(
        GRANT,
        'allow_field(_: Staff, "read", c: Customer, "number") if t in c.tasks and c.restricted = false and t.id = c.id;',
    )
    assert found == ["2: this grants nothing that x.polar:1 does not"]


def test_of_two_grants_that_say_the_same_one_is_found() -> None:
    assert len(said(GRANT, GRANT)) == 1


def test_a_grant_to_those_with_a_role_is_covered_by_one_to_all_staff() -> None:
    assert said(GRANT, MANAGERS) == ["2: this grants nothing that x.polar:1 does not"]


def test_a_grant_to_those_with_another_role_is_its_own() -> None:
    officers = MANAGERS.replace('"manager" in', '"privacy_officer" in').replace(
        "c.restricted = false", "c.restricted != true"
    )
    assert said(MANAGERS, officers) == []
    assert said(MANAGERS, MANAGERS.replace('"manager" in', 'not "manager" in')) == []


def test_a_rule_that_nobody_asks_is_found() -> None:
    assert said(GRANT, "lost(c) if c.restricted;", 'facts("are for others");') == [
        "2: no grant asks `lost`, so that it decides nothing"
    ]
