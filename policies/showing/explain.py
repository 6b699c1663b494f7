"""Why something is granted or not: the rules that could grant it, as written, and which of their conditions hold.

Explanations show ids and plain columns only: no condition can look inside a sealed value, and so no
explanation does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from policies.actor import Actor
from policies.compiler import Reason, reason, reason_for_staff
from policies.conditions import ABSENT, PURPOSE, Anyone, Facts, Grant, Kind, check, facts, words
from policies.errors import Undecided
from policies.language import Attribute, Call, Comparison, Literal, Membership, Node, Rule, head, written
from policies.policy import Policy, in_force
from policies.showing.openings import openings, sentence
from policies.statements import values_of
from policies.tracing import State, Step, Tracing, forbidding, missing, place


@dataclass(frozen=True)
class Line:
    """One line of an explanation: a rule's sentence, and below it its head and conditions, as they are written.

    `holds` is None for a condition on a record that is not there; `note` gives where a rule stands, what was found
    instead, or which record it is about.
    """

    depth: int
    holds: bool | None
    text: str
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a cell, or an action, is granted or not.

    `reason` is for staff; `disclosed` is the reason that the actor gets, which says less to a subcontractor. `missing` is
    a sentence that says with which few conditions it would be granted; empty where it is, or where nobody is.
    """

    granted: bool
    reason: Reason | None
    disclosed: Reason | None
    lines: tuple[Line, ...]
    missing: str = ""


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
    needed += policy.asked.forbidden(
        policy.kind(actor), action, record, field if action == "read" else action
    )
    (row, *_) = await facts.load(record, [id], facts.shape(needed)) or (None,)
    if row is None:
        raise NoSuchRecord(record)
    step = verdict(grant, row, values_of(actor))
    asked = _Asked(policy, actor, row, [row, *([field] if action == "read" else [])], action)
    lines = (*(line for opening in candidates for line in asked.lines(opening.rule)), *asked.forbidden())
    lines = lines or (_nothing(actor, record, field, action),)
    if step == 0:
        return Explanation(True, None, None, lines)
    missing = asked.missing([opening.rule for opening in candidates])
    return Explanation(
        False, reason_for_staff(grant, step, actor), reason(grant, step, actor), lines, missing
    )


def verdict(grant: Grant, row: Facts, values: dict[str, Any]) -> int:
    """0 where a record's field is granted, else the number (from 1) of the step that fails, as in SQL."""
    try:
        if check.passes(grant.condition, row, values):
            return 0
        failing = (
            number
            for number, (_, step) in enumerate(grant.steps[:-1], 1)
            if not check.passes(step, row, values)
        )
        return next(failing, max(len(grant.steps), 1))
    except Undecided:
        # The actor lacks what a condition compares; the guard says no as well.
        return 1


def _nothing(actor: Actor, record: str, field: str, action: str) -> Line:
    target = f"{record}.{field}" if action == "read" else f"{action} on {record}"
    return Line(0, False, f"no rule opens {target} to {Kind.of(actor).name}")


class _Absent:
    """Stands for what the actor does not have: it is the same as nothing, not even as what is missing."""

    def __str__(self) -> str:
        return "missing"


def person(policy: Policy, actor: Actor, purpose: str | None) -> Anyone:
    """An actor as rules see one who asks for one of the stated purposes, or for none."""
    kind = Kind.of(actor)
    absent = {f"actor.{name}" for name in ABSENT[kind.name]}
    values = {
        name: _Absent() if value is None and name not in absent else value
        for name, value in values_of(actor).items()
    }
    return kind.actor({**values, PURPOSE.name: purpose}, policy.declared.zone)


@dataclass(frozen=True)
class _Asked:
    """One question about a record, put to one rule after the other.

    Attributes:
        policy: the rules.
        actor: who asks.
        row: the record, with what conditions may look at.
        about: the record, and the field if one is asked for.
        action: what for.
    """

    policy: Policy
    actor: Actor
    row: Facts
    about: list[Any]
    action: str

    def lines(self, rule: Rule) -> Iterator[Line]:
        """A rule as written, with the conditions of the nearest way that hold and that fail."""
        nearest = self._nearest(rule)
        if nearest is not None:
            state, forbids = nearest
            holds = all(step.holds for step in state.steps)
            forbidden = "".join(f", forbidden by {place(each)}" for each in forbids)
            yield Line(0, holds and not forbids, sentence(self.policy, rule), place(rule) + forbidden)
            yield from self._written(rule, state)

    def forbidden(self) -> Iterator[Line]:
        """The rules that forbid it, each with the conditions by which it does; what forbids lets nothing through."""
        held = {rule: question for question, forbids in self._questions for rule in forbids}
        for rule, question in held.items():
            yield Line(0, False, sentence(self.policy, rule), place(rule))
            yield from self._written(rule, next(Tracing(self.policy.asked).holding(rule, question)))

    def missing(self, rules: list[Rule]) -> str:
        """What is missing for some of the rules to grant it."""
        return missing(self.policy.asked, rules, [question for question, _ in self._questions])

    @cached_property
    def _questions(self) -> list[tuple[list[Any], list[Rule]]]:
        """What rules are asked: the question, once for each stated purpose, and what forbids it."""
        purposes: list[str | None] = [*sorted(purpose.value for purpose in self.actor.purposes)] or [None]
        asked = [[person(self.policy, self.actor, purpose), self.action, *self.about] for purpose in purposes]
        return [(question, forbidding(self.policy.asked, question)) for question in asked]

    def _nearest(self, rule: Rule) -> tuple[State, list[Rule]] | None:
        """The nearest way through a rule, for the stated purpose with which it is nearest, and what forbids it."""
        reasons = self.policy.reasons
        found = [
            (state, forbids)
            for question, forbids in self._questions
            if (
                state := Tracing(self.policy.asked, reasons.latest, len(reasons.order)).nearest(
                    rule, question
                )
            )
        ]
        return min(found, key=lambda way: (*way[0].failed, len(way[1])), default=None)

    def _written(self, rule: Rule, state: State) -> Iterator[Line]:
        yield Line(1, all(step.holds for step in state.steps), head(rule) + (" if" if rule.body else ""))
        for step in state.steps:
            yield Line(step.depth + 2, step.holds, written(step.node), self._note(step))

    def _note(self, step: Step) -> str:
        """Where a rule stands; which record was found; or what was compared, of a condition that fails."""
        match step.node:
            case Call() if step.asked is not None:
                several = step.holds is False and step.sides[0] > 1
                return place(step.asked) + (f", the nearest of {step.sides[0]}" if several else "")
            case Call(name=name) if step.holds is False:
                return f"there is no {name}({', '.join(map(_value, step.sides))})"
            case Membership() if step.sides and (step.holds is False) == (step.sides[0] is None):
                return _found(*step.sides)
            case Comparison(left=left, right=right) if step.holds is False:
                return self._compared([left, right], step.sides)
            case Attribute() | Membership(of=Attribute()) if step.holds is False:
                return self._compared(
                    [step.node.of if isinstance(step.node, Membership) else step.node], step.sides[-1:]
                )
        return ""

    def _compared(self, nodes: list[Node], values: tuple[Any, ...]) -> str:
        """The values that were compared instead: plain columns and ids."""
        sides = [
            (node, value) for node, value in zip(nodes, values, strict=True) if not isinstance(node, Literal)
        ]
        return ", ".join(
            self._side(node, value, first=place == 0) for place, (node, value) in enumerate(sides)
        )

    def _side(self, node: Node, value: Any, *, first: bool) -> str:
        text = written(node)
        if text in ("actor.purpose", "actor.purposes"):
            return _listed(text, self.actor.purposes)
        if text == "actor.roles":
            return _listed(text, self.actor.roles)
        return f"{'it' if first else text} is {_value(value)}"


def _found(member: Any, among: Any) -> str:
    if member is None:
        return "there is none"
    if not isinstance(member, Facts):
        return ""
    return f"{vars(member)['id']}" + (f", the closest of {len(among)}" if len(among) > 1 else "")


def _value(value: Any) -> str:
    return f"{vars(value)['id']}" if isinstance(value, Facts) else words.value(value)


def _listed(name: str, values: Any) -> str:
    return f"{name} is {' or '.join(sorted(values))}" if values else f"there is no {name}"
