"""What of the policies' text does nothing: a rule that never holds, one that others cover, one that nobody asks.

None of it is an error, but its author meant something by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from policies.compiler import is_about, reached
from policies.conditions import FORBIDDING, FORBIDS, Alternative, Kind, covers
from policies.errors import PolicyError
from policies.language import AllOf, Attribute, Comparison, Literal, Node, Rule, Variable, asked_by, within
from policies.policy import Policy
from policies.registry import RECORDS

#: A way to be granted something, with who is granted what by it.
Way = tuple[Kind, str, str, Alternative]


def findings(policy: Policy) -> list[PolicyError]:
    """What does nothing, each with its place, in the order of the text."""
    found = [*_contradictions(policy.rules), *_unasked(policy.rules), *_idle(policy)]
    order = list(policy.sources)
    return sorted(found, key=lambda each: (order.index(str(each.file)), each.line or 0, each.column or 0))


def _contradictions(rules: Iterable[Rule]) -> Iterator[PolicyError]:
    """Conditions of one conjunction that want the same to be two things."""
    for rule in rules:
        for node in within(rule.body):
            if isinstance(node, AllOf):
                yield from _contradicting(rule, node)


def _contradicting(rule: Rule, both: AllOf) -> Iterator[PolicyError]:
    wanted: dict[str, object] = {}
    for part in both.parts:
        match part:
            case Comparison(sign="=" | "==", left=Attribute() as left, right=Literal(value=value)):
                name = _written(left)
                if wanted.setdefault(name, value) != value:
                    yield rule.refuse(f"`{name}` cannot be two things, so that this never holds", part)


def _written(node: Node) -> str:
    """A field as it is written."""
    match node:
        case Attribute(of=of, name=name):
            return f"{_written(of)}.{name}"
        case Variable(name=name):
            return name
    return str(id(node))


def _unasked(rules: list[Rule]) -> Iterator[PolicyError]:
    """Rules with conditions that no grant asks, nor what forbids one."""
    calls = asked_by(rules)
    roots = {*FORBIDS, *FORBIDDING}
    asked = roots.union(*(reached(root, calls) for root in roots))
    for rule in rules:
        if rule.body is not None and rule.name not in asked:
            yield rule.refuse(f"no grant asks `{rule.name}`, so that it decides nothing")


def _idle(policy: Policy) -> Iterator[PolicyError]:
    """Grants that never grant anything, and those that grant only what others do."""
    units = [*policy.actions, *(("read", record) for record in RECORDS)]
    for kind, unit in product(policy.everyone, units):
        policy.grants(kind, *unit)
    suspected = {rule for rule, _ in _covered(policy, mutually=True)}
    # Whoever has every role is granted by some rule what others grant to fewer.
    concerned = [unit for unit in units if any(is_about(rule, *unit) for rule in suspected)]
    staff = [each for each in policy.usual if each.name == "Staff"]
    # Whom the rules do not tell apart are granted the same.
    for kind, unit in {(policy.asked.told_apart(each, *unit), unit) for each in staff for unit in concerned}:
        policy.asked.ways(kind, *unit)
    for rule, others in _covered(policy):
        if not others:
            yield rule.refuse("this never grants anything: what it asks contradicts itself, or is forbidden")
        elif rule in suspected:
            yield rule.refuse(f"this grants nothing that {others} does not")


def _covered(policy: Policy, *, mutually: bool = False) -> Iterator[tuple[Rule, str]]:
    """Each grant that grants nothing of its own, with the grants that grant the same; with none where it never grants.

    Of two that cover each other it is the second, or both of them `mutually`.
    """
    ways = policy.asked.by_grant
    by_field: dict[tuple[Kind, str, str], list[tuple[Rule, Alternative]]] = defaultdict(list)
    for rule, granted in ways.items():
        for kind, record, name, way in granted:
            by_field[kind, record, name].append((rule, way))
    idle: set[Rule] = set()
    for rule in reversed(policy.rules):
        if rule.name in FORBIDS:
            granted = ways.get(rule, {})
            others = _covering(rule, granted, by_field, idle)
            if others or not granted:
                if not mutually:
                    idle.add(rule)
                yield rule, others


def _covering(
    rule: Rule,
    granted: Iterable[Way],
    by_field: dict[tuple[Kind, str, str], list[tuple[Rule, Alternative]]],
    idle: set[Rule],
) -> str:
    """The grants that grant all that a grant does; empty where some of it is its own."""
    covering: dict[Rule, None] = {}
    for kind, record, name, way in granted:
        others = (
            other
            for other, simpler in by_field[kind, record, name]
            if other is not rule and other not in idle and covers(simpler, way)
        )
        other = next(others, None)
        if other is None:
            return ""
        covering[other] = None
    return " and ".join(f"{other.file}:{other.line}" for other in covering)
