"""Why something is granted or not: for each way to be allowed, its conditions and whether they hold.

Explanations show ids and plain columns only: no condition can look inside a sealed value, and so no
explanation does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from policies import facts, ir, words
from policies.actor import Actor
from policies.check import Scope, check, follow, value
from policies.closest import Closest, in_order
from policies.errors import Undecided
from policies.facts import Facts
from policies.ir import Compare, Condition, Const, Path
from policies.kind import Kind
from policies.openings import Opening, openings, sentence
from policies.plan import Grant
from policies.policy import Policy, in_force
from policies.reasons import Reason, reason, reason_for_staff
from policies.sql import values_of
from policies.ways import Alternative


@dataclass(frozen=True)
class Line:
    """One line of an explanation.

    `holds` is None for a condition on a record that is not there; `note` gives what was found instead,
    or which record it is about.
    """

    depth: int
    holds: bool | None
    text: str
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a cell, or an action, is granted or not.

    `reason` is for staff; `disclosed` is the reason that the actor gets, which says less to a subcontractor.
    """

    granted: bool
    reason: Reason | None
    disclosed: Reason | None
    lines: tuple[Line, ...]


class NoSuchRecord(LookupError):
    """There is no record of this type with this id."""


async def explain(
    actor: Actor, record: str, id: UUID, field: str, action: str = "read", policy: Policy | None = None
) -> Explanation:
    """Say why an actor may, or may not, read a field of a record or do something to it.

    Args:
        actor: who asks, with the purposes stated.
        record: the record type's policy name.
        id: the record's.
        field: the field's policy name; of no matter for an action other than `read`.
        action: `read`, or an action that policies name.
        policy: the policies in force, unless others are given.

    Raises:
        NoSuchRecord: there is nothing to explain.
    """
    policy = policy or in_force()
    grant = (
        policy.plan(actor, record).grant(field) if action == "read" else policy.action(actor, action, record)
    )
    candidates = openings(policy, policy.kind(actor), action, record, field)
    needed = [grant.condition, *(step for _, step in grant.steps)]
    needed += [way.condition() for opening in candidates for way in opening.ways]
    (row, *_) = await facts.load(record, [id], facts.shape(needed)) or (None,)
    if row is None:
        raise NoSuchRecord(record)
    values = values_of(actor)
    step = verdict(grant, row, values)
    lines = tuple(_lines(policy, actor, record, candidates, row, values)) or (
        _nothing(actor, record, field, action),
    )
    if step == 0:
        return Explanation(True, None, None, lines)
    return Explanation(False, reason_for_staff(grant, step, actor), reason(grant, step, actor), lines)


def verdict(grant: Grant, row: Facts, values: dict[str, Any]) -> int:
    """0 where a record's field is granted, else the number (from 1) of the step that fails, as in SQL."""
    try:
        if check(grant.condition, row, values):
            return 0
        failing = (
            number for number, (_, step) in enumerate(grant.steps[:-1], 1) if not check(step, row, values)
        )
        return next(failing, max(len(grant.steps), 1))
    except Undecided:
        # The actor lacks what a condition compares; the guard says no as well.
        return 1


def _nothing(actor: Actor, record: str, field: str, action: str) -> Line:
    target = f"{record}.{field}" if action == "read" else f"{action} on {record}"
    return Line(0, False, f"no rule opens {target} to {Kind.of(actor).name}")


def _lines(
    policy: Policy, actor: Actor, record: str, candidates: list[Opening], row: Facts, values: dict[str, Any]
) -> Iterator[Line]:
    for opening in candidates:
        place = f"{opening.rule.file}:{opening.rule.line}"
        heading = sentence(policy, opening.rule)
        for way in opening.ways:
            closest = Closest(way, values, policy.reasons)
            below = list(_conditions(way, closest, closest.search(row), record))
            yield Line(0, all(line.holds for line in below), heading, place)
            yield from below
        if opening.role_missing:
            yield Line(0, False, heading, place)
            yield Line(1, False, "a role that the actor does not have", _listed("actor.roles", actor.roles))


def _conditions(way: Alternative, closest: Closest, scope: Scope, record: str) -> Iterator[Line]:
    names = words.names(record, way)
    order = in_order(way)
    ranges = dict(way.ranges)
    for var in [ir.THIS, *order]:
        mine = [atom for atom in way.atoms if _last(atom, order) == var]
        lines = [_condition(atom, closest, scope, names, 1 if var == ir.THIS else 2) for atom in mine]
        if var != ir.THIS:
            holds = var in scope and all(line.holds for line in lines)
            yield Line(
                1, holds, f"some {names[var]} of {words.path(ranges[var], names)}", _which(var, ranges, scope)
            )
        yield from lines


def _last(atom: Condition, order: list[str]) -> str:
    used = ir.variables(atom)
    return next((var for var in reversed(order) if var in used), ir.THIS)


def _condition(atom: Condition, closest: Closest, scope: Scope, names: words.Names, depth: int) -> Line:
    holds = closest.holds(atom, scope)
    note = _actual(atom, scope, closest.values, names) if holds is False and isinstance(atom, Compare) else ""
    return Line(depth, holds, words.condition(atom, names), note)


def _which(var: str, ranges: dict[str, Path], scope: Scope) -> str:
    if var not in scope:
        return "there is none"
    others = len(follow(ranges[var], scope))
    return f"{scope[var].id}" + (f", the closest of {others}" if others > 1 else "")


def _actual(atom: Compare, scope: Scope, values: dict[str, Any], names: words.Names) -> str:
    """The values that were compared instead: plain columns and ids."""
    notes = []
    for side in (atom.left, atom.right):
        if not isinstance(side, Const):
            found = value(side, scope, values)
            name = "it" if side is atom.left and isinstance(side, Path) else words.term(side, names)
            notes.append(
                _listed(name, found) if isinstance(found, list) else f"{name} is {words.value(found)}"
            )
    return ", ".join(notes)


def _listed(name: str, values: Any) -> str:
    return f"{name} is {' or '.join(sorted(values))}" if values else f"there is no {name}"
