"""What other policies would grant is found, told by somebody for whom it makes a difference, and nothing else is."""

import pytest

from policies.conditions.kind import Kind
from policies.offline import complete_models
from policies.policy import Policy
from policies.prove import Difference, Finding, Outcome, difference
from policies.prove.difference import told_apart
from tests.policies.compiled import WORDS, changed, whole


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def policy(text: str) -> Policy:
    """Policies of a few rules."""
    return Policy({**WORDS, "x.polar": text})


def between(before: str, after: str) -> Difference:
    """What changes from some rules to others."""
    return difference(policy(before), policy(after))


def only(found: Difference) -> Finding:
    """The one change."""
    (change,) = found.changes
    return change


READS = 'allow_field(actor: Staff, "read", c: Customer, "number") if t in c.tasks and t.assigneeId = actor.id'
CLOSES = 'allow(_: Staff, "close", t: Task) if t.status = "OPEN";'


def test_the_same_rules_in_another_order_change_nothing() -> None:
    one = f'{READS} and t.status = "OPEN" and c.restricted = false;'
    other = (
        'allow_field(actor: Staff, "read", c: Customer, "number") if c.restricted != true and mine(actor, c);\n'
        'mine(actor, c) if t in c.tasks and not t.status = "CLOSED" and t.assigneeId = actor.id;'
    )
    found = between(one, other)

    assert found.changes == []
    assert not found.wider
    assert found.equivalent == found.cells > 0


def test_a_condition_that_is_gone_makes_it_wider_and_one_more_narrower() -> None:
    one, other = f'{READS} and t.status = "OPEN";', f"{READS};"

    wider, narrower = only(between(one, other)), only(between(other, one))

    assert (wider.outcome, wider.record, wider.names) == (Outcome.WIDER, "Customer", ("number",))
    assert wider.story == (
        "An employee may now read it: a task (assigned to the actor). Before: no, the task is closed, not open."
    )
    assert narrower.outcome is Outcome.NARROWER
    assert narrower.story == (
        "An employee could read it: a task (assigned to the actor). Now: no, the task is closed, not open."
    )
    assert between(one, other).wider
    assert not between(other, one).wider


def test_both_directions_of_one_field_are_told() -> None:
    found = between(f'{READS} and t.purpose = "sales";', f'{READS} and t.purpose = "care";')

    assert [change.outcome for change in found.changes] == [Outcome.WIDER, Outcome.NARROWER]


def test_a_grant_to_other_actors_names_them() -> None:
    found = between(READS + ";", READS + ';\nallow_field(_: Stranger, "read", _: Customer, "number");')

    assert only(found).kinds == (Kind("Stranger"),)
    assert only(found).story == (
        "Somebody who is not signed in may now read it, whatever is there. "
        "Before: no, nothing opens it to such an actor."
    )


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('"manager" in actor.roles', "An employee with the role manager may now do so"),
        ('not "manager" in actor.roles', "An employee without the role manager may now do so"),
        ('"manager" in actor.roles and not "agent" in actor.roles',
         "An employee with the role manager without the role agent may now do so"),
        ('("manager" in actor.roles or "agent" in actor.roles)',
         ("An employee with the role agent or an employee with the role manager or "
         "an employee with the roles agent and manager may now do so")),
    ],
)  # fmt: skip
def test_every_mix_of_roles_is_compared(condition: str, said: str) -> None:
    found = between(CLOSES, f'{CLOSES}\nallow(actor: Staff, "close", _: Task) if {condition};')

    assert only(found).story.startswith(said)


def test_roles_that_neither_names_do_not_multiply_the_work() -> None:
    assert [kind.roles for kind in told_apart(policy(CLOSES)) if kind.name == "Staff"] == [frozenset()]
    # The mixes of the four roles that the rules name (administrators, the front desk, managers, privacy officers), and three
    # that are no staff.
    assert len(told_apart(whole())) == 2**4 + 3


@pytest.mark.parametrize(
    ("fact", "wider", "said"),
    [
        ('a_manager_decides("order");', True, "Now a manager decides on break-glass to it"),
        ('confirms_first("anybody", "close", "Task");', False, "Now the session is confirmed before"),
        ('special("health_record", "care");', False, "Now it is consented to by name"),
    ],
)
def test_a_fact_that_the_program_reads_counts_too(fact: str, wider: bool, said: str) -> None:
    kept = {
        **WORDS,
        "purposes.polar": WORDS["purposes.polar"].replace('special("health_record", "care");', ""),
    }
    one = Policy({**kept, "x.polar": CLOSES})
    other = Policy({**kept, "x.polar": f"{CLOSES}\n{fact}"})

    added, gone = difference(one, other), difference(other, one)

    assert only(added).story.startswith(said)
    assert (added.wider, gone.wider) == (wider, not wider)


def test_what_cannot_be_decided_counts_as_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("z3.Solver.check", lambda *_: None)
    found = between(f'{READS} and t.status = "OPEN";', f"{READS};")

    assert only(found).outcome is Outcome.OPEN
    assert found.wider


def test_one_purpose_more_is_told_for_staff_and_for_partners() -> None:
    after = changed("purposes.polar", 'needs("billing", "order");', 'needs("billing", "order");\nneeds("billing", "preference");')  # fmt: skip

    found = difference(whole(), after)

    # Staff with such a task see what else there is about the category, too.
    about = {"Attestation", "Consent", "Request", "Scan"}
    assert {change.record for change in found.changes} == {"Customer", "Preference", *about}
    assert {change.outcome for change in found.changes} == {Outcome.WIDER}
    (partner,) = [
        change for change in found.changes
        if change.record == "Preference" and change.kinds == (Kind("Subcontractor"),)
    ]  # fmt: skip
    assert partner.names == ("channel", "hours", "monthlyLimit", "provenance", "topic")
    assert partner.story == (
        "A partner's client, for billing, may now read them: the customer is not restricted, a task (assigned to the actor, "
        "open, not over its day, for billing), an assignee (active), an agreement (with the actor's company, signed, begun, not ended), a "
        "partner (active), a term (for billing, of preference, naming the field) and a consent (of preference, for billing, in force, not suspended, not run out, recorded by nobody). Before: no, the "
        "task is for billing, not for sales or marketing."
    )


def test_what_the_clock_says_is_told_as_the_rule_asks_it() -> None:
    closes = CLOSES.replace("_: Staff", "actor: Staff").removesuffix(";")
    found = between(f'{closes} and actor.weekday = "MONDAY" and t.openedAt < actor.ago("1 day");', CLOSES)

    assert only(found).story == (
        'An employee may now do so: the task is open. Before: no, `actor.weekday = "MONDAY"` does not hold.'
    )
