"""The records that come closest to a way of being allowed, so that the reason given speaks of them."""

from dataclasses import dataclass, field

from policies.conditions import Alternative, Condition, Facts, Reasons, Scope, follow, holds, ir

#: How many conditions hold, by the order in which reasons are given.
Score = list[int]


@dataclass
class Closest:
    """Searches for the records that satisfy most conditions, those of the earliest reasons first.

    Whatever can be satisfied together up to some reason is, so the first condition that fails here is
    one that the reason speaks of. A variable whose collection is empty is left out of the scope.

    Args:
        way: the way to be allowed.
        values: the question's parameters, as `sql.values_of` gives them.
        reasons: the order of the reasons.
    """

    way: Alternative
    values: dict[str, object]
    reasons: Reasons
    _best: Score = field(default_factory=list)
    _closest: Scope = field(default_factory=dict)

    def search(self, record: Facts) -> Scope:
        """The record and the closest others, by variable."""
        ranges = dict(self.way.ranges)
        self._ranks = [self.reasons.rank(atom, ranges) for atom in self.way.atoms]
        self._order = in_order(self.way)
        self._best, self._closest = [], {}
        self._descend(0, {ir.THIS: record}, [])
        return self._closest

    def holds(self, atom: Condition, scope: Scope) -> bool | None:
        """Whether a condition holds for the records of a scope; None when one of them is missing."""
        if not ir.variables(atom) <= scope.keys():
            return None
        # An actor without what is compared is refused, even where the record lacks it too.
        answerable = all(self.values[name] is not None for name in ir.params(atom))
        return answerable and holds(atom, scope, self.values)

    def _descend(self, depth: int, scope: Scope, passed: list[str]) -> None:
        if self._best and self._score(scope, passed, hopeful=True) <= self._best:
            return
        if depth == len(self._order):
            self._best, self._closest = self._score(scope, passed, hopeful=False), scope
            return
        var = self._order[depth]
        over = dict(self.way.ranges)[var]
        items = follow(over, scope) if over.var in scope else []
        for item in items:
            self._descend(depth + 1, {**scope, var: item}, [*passed, var])
        if not items:
            self._descend(depth + 1, scope, [*passed, var])

    def _score(self, scope: Scope, passed: list[str], *, hopeful: bool) -> Score:
        """Conditions that hold; a hopeful score counts those that may yet hold."""
        score = [0] * len(self.reasons.order)
        for rank, atom in zip(self._ranks, self.way.atoms, strict=True):
            open_yet = hopeful and not ir.variables(atom) <= {ir.THIS, *passed}
            score[rank] += open_yet or bool(self.holds(atom, scope))
        return score


def in_order(way: Alternative) -> list[str]:
    """The variables of a way, each after the one that it is reached from."""
    ordered: list[str] = []
    remaining = dict(way.ranges)
    while remaining:
        ready = next(var for var, over in remaining.items() if over.var not in remaining)
        ordered.append(ready)
        del remaining[ready]
    return ordered
