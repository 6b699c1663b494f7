"""Who could read a field of some records now: everybody is asked about, and decided as they would be at the door.

The records, and what decides about them, are loaded once for all; each decision is that of the compiled conditions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from models import Purpose
from policies.actor import Actor
from policies.conditions import Facts, facts
from policies.language import Membership, Rule
from policies.policy import Policy
from policies.showing.explain import person, verdict
from policies.showing.openings import openings
from policies.statements import values_of
from policies.tracing import State, Tracing

#: Parts of what a reading rests on, which say nothing that the whole does not.
PARTS = {"Account", "AgreementTerm", "BreakGlassCategory"}


@dataclass(frozen=True)
class Reader:
    """One way in which somebody could read a field.

    Attributes:
        actor: who.
        purpose: what would have to be stated; None where nothing.
        rule: the rule that grants it; None where several do only together.
        grounds: the records that it rests on, such as a task and a consent, by type.
        records: what could be read so.
    """

    actor: Actor
    purpose: Purpose | None
    rule: Rule | None
    grounds: tuple[tuple[str, UUID], ...]
    records: tuple[UUID, ...]


async def readers(
    policy: Policy,
    record: str,
    ids: Collection[UUID],
    field: str,
    actors: Iterable[Actor],
    purposes: Iterable[Purpose],
) -> list[Reader]:
    """Everybody who could read a field of some records now, and how.

    Args:
        policy: the rules.
        record: the type of the records.
        ids: the records.
        field: the field's policy name.
        actors: whom to ask about; the purposes they state do not count.
        purposes: those that they might state.
    """
    asked = list(actors)
    kinds = {policy.kind(actor) for actor in asked}
    rules = {kind: openings(policy, kind, "read", record, field) for kind in kinds}
    conditions = [policy.plan(kind, record).grant(field).condition for kind in kinds]
    conditions += [way.condition() for found in rules.values() for each in found for way in each.ways]
    rows = await facts.load(record, ids, facts.shape(conditions))
    found: list[Reader] = []
    for actor in asked:
        candidates = [opening.rule for opening in rules[policy.kind(actor)]]
        for stated, row in _granted(policy, actor, record, field, rows, list(purposes)):
            found.append(_reader(policy, candidates, stated, row, field))
    return _together(found)


def _granted(
    policy: Policy, actor: Actor, record: str, field: str, rows: list[Facts], purposes: list[Purpose]
) -> Iterator[tuple[Actor, Facts]]:
    """The rows that an actor could read, and as whom: without a purpose, or else for each with which it is granted."""
    grant = policy.plan(actor, record).grant(field)
    left = [] if grant.never else rows
    for stated in (frozenset[Purpose](), *(frozenset({purpose}) for purpose in purposes)):
        stating = replace(actor, purposes=stated)
        values = values_of(stating)
        granted = [row for row in left if verdict(grant, row, values) == 0]
        yield from ((stating, row) for row in granted)
        if not stated:
            left = [row for row in left if row not in granted]


def _reader(policy: Policy, candidates: list[Rule], actor: Actor, row: Facts, field: str) -> Reader:
    purpose = next(iter(actor.purposes), None)
    asked = [person(policy, actor, purpose), "read", row, field]
    for rule in candidates:
        way = next(Tracing(policy.asked).holding(rule, asked), None)
        if way is not None:
            return Reader(actor, purpose, rule, tuple(_grounds(way)), (_id(row),))
    return Reader(actor, purpose, None, (), (_id(row),))


def _grounds(way: State) -> Iterator[tuple[str, UUID]]:
    for step in way.steps:
        found = step.sides[0] if isinstance(step.node, Membership) and step.sides else None
        if isinstance(found, Facts) and found._resource.name not in PARTS:
            yield found._resource.name, _id(found)


def _together(found: list[Reader]) -> list[Reader]:
    """Readers that differ in the record only as one."""
    groups: dict[Any, list[Reader]] = {}
    for each in found:
        groups.setdefault((each.actor.actor_id, each.purpose, each.rule, each.grounds), []).append(each)
    return [replace(group[0], records=tuple(each.records[0] for each in group)) for group in groups.values()]


def _id(record: Facts) -> UUID:
    return UUID(str(vars(record)["id"]))
