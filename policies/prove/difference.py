"""What some policies grant that others do not: proved for each kind of actor, type, field and action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations

from policies.ir import Condition
from policies.kind import Kind
from policies.plan import CLOSED, Grant, Reasons
from policies.policy import Policy
from policies.prove.declarations import declarations
from policies.prove.proof import Answer, Verdict, covers
from policies.prove.story import refused, told, who
from policies.registry import RECORDS


class Direction(StrEnum):
    """What a change does: it grants more or less, or z3 cannot say whether it grants more, which counts as if it did."""

    WIDER = "wider"
    NARROWER = "narrower"
    OPEN = "open"


@dataclass(frozen=True)
class Change:
    """Fields of one type, or actions on it, that are granted more or less than before, all of them alike.

    Attributes:
        action: `read`, or what is done; empty for a fact that the program reads.
        record: the type; empty for a fact.
        names: the fields; of an action, the action.
        story: somebody for whom it makes a difference, in a sentence or two; empty where that is not known.
    """

    direction: Direction
    action: str
    record: str
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    story: str


@dataclass
class Difference:
    """All changes between two policies, and what else was looked at.

    Attributes:
        cells: how many fields and actions were compared, those of each kind of actor by themselves.
        kinds: how many kinds of actor there are, mixes of roles among them.
        equivalent: how many of them are written differently and mean the same.
    """

    changes: list[Change] = field(default_factory=list)
    cells: int = 0
    kinds: int = 0
    equivalent: int = 0

    @property
    def wider(self) -> bool:
        """Whether anything is granted that was not, as far as is known."""
        return any(change.direction is not Direction.NARROWER for change in self.changes)

    def count(self, direction: str) -> int:
        """How many fields and actions change so, those of each kind of actor by themselves."""
        return sum(
            len(each.names) * max(len(each.kinds), 1) for each in self.changes if each.direction == direction
        )


@dataclass(frozen=True)
class Cell:
    """What may be granted to a kind of actor, as it was and as it would be."""

    kind: Kind
    action: str
    record: str
    name: str
    before: Grant
    after: Grant


def told_apart(*policies: Policy) -> list[Kind]:
    """Every kind of actor, with every mix of the roles that any of some policies tells apart."""
    roles = frozenset(role.value for policy in policies for role in policy.roles)
    named = sorted(frozenset().union(*(policy.kind(Kind("Staff", roles)).roles for policy in policies)))
    mixes = [frozenset(mix) for size in range(len(named) + 1) for mix in combinations(named, size)]
    return [*(Kind("Staff", mix) for mix in mixes), Kind("Person"), Kind("Subcontractor"), Kind("Stranger")]


def cells(before: Policy, after: Policy, kinds: list[Kind]) -> Iterator[Cell]:
    """Everything that either of two policies grants."""
    asked = [("read", record) for record in RECORDS] + sorted({*before.actions, *after.actions})
    for kind in kinds:
        for action, record in asked:
            old, new = before.grants(kind, action, record), after.grants(kind, action, record)
            for name in sorted(old.keys() | new.keys()):
                yield Cell(kind, action, record, name, old.get(name, CLOSED), new.get(name, CLOSED))


def difference(
    before: Policy, after: Policy, progressed: Callable[[int, int], object] = lambda *_: None
) -> Difference:
    """What changes when policies take the place of others.

    Args:
        before: the policies that were.
        after: those that would be.
        progressed: called with how many of the differing cells have been looked at, and how many there are.
    """
    kinds = told_apart(before, after)
    compared = list(cells(before, after, kinds))
    differing = [cell for cell in compared if cell.before.condition != cell.after.condition]
    found, proofs = Difference(cells=len(compared), kinds=len(kinds)), _Proofs()
    changes: list[Change] = []
    for number, cell in enumerate(differing):
        progressed(number, len(differing))
        made = list(_changes(cell, proofs, before.reasons, after.reasons))
        found.equivalent += not made
        changes += made
    found.changes = [*_alike(changes, kinds), *_declared(before, after)]
    return found


def _declared(before: Policy, after: Policy) -> Iterator[Change]:
    for wider, fact, story in declarations(before, after):
        yield Change(Direction.WIDER if wider else Direction.NARROWER, "", "", (fact,), (), story)


class _Proofs:
    """Asks the same question once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Condition, Condition, str], Answer] = {}

    def covers(self, condition: Condition, grant: Grant, record: str) -> Answer:
        key = (condition, grant.condition, record)
        if key not in self._known:
            self._known[key] = covers(condition, grant, record)
        return self._known[key]


def _changes(cell: Cell, proofs: _Proofs, before: Reasons, after: Reasons) -> Iterator[Change]:
    """What changes in a cell, each change with the part of its story that other cells may share."""
    may = "{may} read {it}" if cell.action == "read" else "{may} do so"
    wider = proofs.covers(cell.before.condition, cell.after, cell.record)
    if wider.witness is not None:
        no = refused(wider.witness, cell.before, before)
        yield _change(cell, Direction.WIDER, f"{told(wider.witness, may)}. Before: no, {no}.")
    elif wider.verdict is Verdict.OPEN:
        yield _change(cell, Direction.OPEN, "")
    narrower = proofs.covers(cell.after.condition, cell.before, cell.record)
    if narrower.witness is not None:
        no = refused(narrower.witness, cell.after, after)
        yield _change(cell, Direction.NARROWER, f"{told(narrower.witness, may)}. Now: no, {no}.")
    elif narrower.verdict is Verdict.OPEN and wider.proved:
        yield _change(cell, Direction.NARROWER, "")


def _change(cell: Cell, direction: Direction, story: str) -> Change:
    may = "may now" if direction is Direction.WIDER else "could"
    story = story.replace("{may}", may).replace(f"naming {cell.name}", "naming the field")
    return Change(direction, cell.action, cell.record, (cell.name,), (cell.kind,), story)


def _alike(changes: list[Change], kinds: list[Kind]) -> list[Change]:
    """The changes, those of several kinds of actor and of several fields with the same story as one."""
    by_kind = _merged(changes, lambda each: (each.names, replace(each, kinds=())))
    by_name = _merged(
        by_kind, lambda each: (each.kinds, each.action == "read", replace(each, names=(), action=""))
    )
    order = {direction: place for place, direction in enumerate(Direction)}
    whole = [replace(change, story=_sentence(change, kinds)) for change in by_name]
    return sorted(whole, key=lambda each: (order[each.direction], each.record, each.action, each.names))


def _merged(changes: Iterable[Change], key: Callable[[Change], object]) -> list[Change]:
    groups: dict[object, Change] = {}
    for change in changes:
        one = groups.setdefault(key(change), change)
        groups[key(change)] = replace(
            one,
            names=tuple(dict.fromkeys((*one.names, *change.names))),
            kinds=tuple(dict.fromkeys((*one.kinds, *change.kinds))),
        )
    return list(groups.values())


def _sentence(change: Change, kinds: list[Kind]) -> str:
    subject = who(change.kinds, kinds)
    if not change.story:
        return f"Of {subject} it could not be proved whether."
    them = "it" if len(change.names) == 1 else "them"
    return f"{subject[0].upper()}{subject[1:]}{change.story}".replace("{it}", them)
