"""What some policies grant that others do not: proved for each kind of actor, type, field and action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from policies.conditions import CLOSED, Grant, Kind, Reasons
from policies.policy import Policy
from policies.prove.declarations import declarations
from policies.prove.finding import Finding, Outcome, alike
from policies.prove.proof import Proofs, Verdict
from policies.prove.story import refused, told
from policies.registry import RECORDS


@dataclass
class Difference:
    """All changes between two policies, and what else was looked at.

    Attributes:
        cells: how many fields and actions were compared, those of each kind of actor by themselves.
        kinds: how many kinds of actor there are, mixes of roles among them.
        equivalent: how many of them are written differently and mean the same.
    """

    changes: list[Finding] = field(default_factory=list)
    cells: int = 0
    kinds: int = 0
    equivalent: int = 0

    @property
    def wider(self) -> bool:
        """Whether anything is granted that was not, as far as is known."""
        return any(change.outcome is not Outcome.NARROWER for change in self.changes)

    def count(self, outcome: str) -> int:
        """How many fields and actions change so, those of each kind of actor by themselves."""
        return sum(change.cells for change in self.changes if change.outcome == outcome)


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


def everything(before: Policy, after: Policy) -> list[tuple[str, str]]:
    """Each action that either of two policies may grant, with its type; reading first."""
    return [("read", record) for record in RECORDS] + sorted({*before.actions, *after.actions})


def cells(
    before: Policy, after: Policy, kinds: Iterable[Kind], asked: Sequence[tuple[str, str]]
) -> Iterator[Cell]:
    """All that either of two policies grants actors of some kinds, of some actions on types."""
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
    compared = list(cells(before, after, kinds, everything(before, after)))
    differing = [cell for cell in compared if cell.before.condition != cell.after.condition]
    found, proofs = Difference(cells=len(compared), kinds=len(kinds)), Proofs()
    changes: list[Finding] = []
    # Many fields and mixes of roles are granted alike.
    known: dict[tuple[str, str, Grant, Grant], list[Finding]] = {}
    for number, cell in enumerate(differing):
        progressed(number, len(differing))
        key = (cell.action, cell.record, cell.before, cell.after)
        if key not in known:
            known[key] = list(_changes(cell, proofs, before.reasons, after.reasons))
        made = [replace(change, names=(cell.name,), kinds=(cell.kind,)) for change in known[key]]
        found.equivalent += not made
        changes += made
    found.changes = [*alike(changes, kinds), *_declared(before, after)]
    return found


def _declared(before: Policy, after: Policy) -> Iterator[Finding]:
    for wider, fact, story in declarations(before, after):
        yield Finding(Outcome.WIDER if wider else Outcome.NARROWER, "", "", (fact,), (), story)


def _changes(cell: Cell, proofs: Proofs, before: Reasons, after: Reasons) -> Iterator[Finding]:
    """What changes in a cell, each change with the part of its story that other cells may share."""
    may = "{may} read {it}" if cell.action == "read" else "{may} do so"
    wider = proofs.covers(cell.before.condition, cell.after, cell.record)
    if wider.counterexample is not None:
        no = refused(wider.counterexample, cell.before, before)
        yield _change(cell, Outcome.WIDER, f"{told(wider.counterexample, may)}. Before: no, {no}.")
    elif wider.verdict is Verdict.OPEN:
        yield _change(cell, Outcome.OPEN, "")
    narrower = proofs.covers(cell.after.condition, cell.before, cell.record)
    if narrower.counterexample is not None:
        no = refused(narrower.counterexample, cell.after, after)
        yield _change(cell, Outcome.NARROWER, f"{told(narrower.counterexample, may)}. Now: no, {no}.")
    elif narrower.verdict is Verdict.OPEN and wider.proved:
        yield _change(cell, Outcome.NARROWER, "")


def _change(cell: Cell, outcome: Outcome, story: str) -> Finding:
    may = "may now" if outcome is Outcome.WIDER else "could"
    return Finding(outcome, cell.action, cell.record, (cell.name,), (cell.kind,), story.replace("{may}", may))
