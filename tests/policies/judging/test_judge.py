"""Plain Oso judges what was compiled, on worlds that are made for it; a fault of the compiler does not pass."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from policies import checked
from policies.conditions import ir, plan
from policies.conditions.ir import Compare, Condition
from policies.conditions.kind import Kind
from policies.conditions.plan import Grant
from policies.conditions.ways import Alternative, negated
from policies.errors import PolicyError
from policies.judging.imagined import World, classes
from policies.judging.judge import Judge, holds
from policies.offline import complete_models
from policies.policy import HERE, Policy
from tests.campaigns import Campaign
from tests.policies.compiled import WORDS, whole

#: The same order in the other direction.
TURNED: dict[str, ir.Comparison] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
#: Asked of one type of record, so that a test is short; they hold what rules are made of.
STAFF = Kind("Staff", frozenset({"manager", "privacy_officer", "agent"}))
ASKED = [
    (STAFF, "ContactPoint"),
    (Kind("Staff", frozenset({"manager"})), "BreakGlass"),
    (Kind("Subcontractor"), "ContactPoint"),
    (Kind("Person"), "Message"),
]


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


@pytest.mark.usefixtures("proved")
def test_oso_decides_all_that_comes_with_savas_as_it_was_compiled(campaign: Campaign) -> None:
    """A run judges it once, and notes by question that Oso decided alike; the long run judges it here again."""
    questions = whole().questions

    assert len(questions) > 300
    assert checked.judged(HERE).issuperset(questions)
    campaign.tried(len(questions), "questions in which plain Oso judges what was compiled")
    if campaign.long:
        assert whole().judge() > 900


def test_in_the_first_world_of_each_way_it_holds() -> None:
    """Else a way that grants too much would be looked at only where nothing is granted."""
    policy = whole()
    judge = Judge(policy.sources, policy.asked.forbidden)
    for kind, record in ASKED:
        for grant in policy.grants(kind, "read", record).values():
            for way in grant.ways:
                first, second, *_ = judge.worlds(way, kind, "read", record)
                for world, root in (first, second):
                    assert holds(plan.grant([way], policy.reasons), root, world), way


def faults(grant: Grant) -> Iterator[Grant]:
    """The grant with one thing wrong: a condition forgotten or turned round, or a way too many.

    A way too few makes no world in which it would be missed; it only withholds.
    """
    for number, way in enumerate(grant.ways):
        others = (*grant.ways[:number], *grant.ways[number + 1 :])
        for place, atom in enumerate(way.atoms):
            rest = (*way.atoms[:place], *way.atoms[place + 1 :])
            yield _with(grant, (*others, replace(way, atoms=rest)))
            if not _of_several(atom):
                yield _with(grant, (*others, replace(way, atoms=(*rest, negated(atom)))))
            yield from (_with(grant, (*others, replace(way, atoms=(*rest, wrong)))) for wrong in _wrong(atom))
    yield _with(grant, (*grant.ways, Alternative((), ())))


def _of_several(atom: Condition) -> bool:
    """Whether a comparison is with one of several values, which cannot be turned round."""
    return isinstance(atom, Compare) and atom.right == ir.PURPOSE


def _wrong(atom: Condition) -> Iterator[Condition]:
    """An order that takes the other direction; a value that is another."""
    if isinstance(atom, Compare) and atom.op in ("<", "<=", ">", ">="):
        yield Compare(TURNED[atom.op], atom.left, atom.right)
    if isinstance(atom, Compare) and isinstance(atom.right, ir.Const) and isinstance(atom.right.value, str):
        yield replace(atom, right=ir.Const("something else"))


def _with(grant: Grant, ways: tuple[Alternative, ...]) -> Grant:
    return replace(grant, ways=ways, condition=plan.joined(ways))


def test_each_fault_of_a_compiled_grant_is_found(campaign: Campaign) -> None:
    policy, found, missed = whole(), 0, []
    judge = Judge(policy.sources, policy.asked.forbidden)
    for kind, record in ASKED:
        grants = policy.grants(kind, "read", record)
        name, grant = next(iter(grants.items()))
        for fault in faults(grant):
            judge.broken.clear()
            try:
                judge.compared(kind, "read", record, {**grants, name: fault})
                missed.append((kind.name, record, fault.condition))
            except PolicyError:
                found += 1
    campaign.tried(found, "faults of a compiler, each found by plain Oso")
    assert missed == []
    assert found > 50


def test_a_policy_that_oso_reads_otherwise_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = Policy(
        {**WORDS, "x.polar": 'allow_field(_: Staff, "read", c: Customer, "number") if c.restricted;'}
    )
    policy.judge()
    (grant,) = policy.plan(Kind("Staff"), "Customer").grants.values()
    opened = replace(grant, condition=ir.TRUE)
    monkeypatch.setattr(
        Policy, "grants", lambda *asked: {"number": opened} if asked[-1] == "Customer" else {}
    )

    with pytest.raises(PolicyError, match="number of Customer is decided otherwise by Oso for Staff"):
        policy.judge()


def test_made_up_records_are_the_same_when_their_ids_are() -> None:
    world = World(classes(), {})
    one, other = world.record("Task"), world.record("Task")

    assert one != other
    other.id = one.id
    assert one == other
