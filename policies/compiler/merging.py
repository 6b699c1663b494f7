"""What several ways for a rule or a condition to hold leave for those who ask."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policies.compiler.terms import State
from policies.conditions import Alternative, absorb, fold, ir, joined


def merged(
    ends: list[State],
    seen: Iterable[Any],
    before: State,
    join: Callable[[list[Alternative]], list[Alternative]],
) -> Iterator[State]:
    """What several ways to hold leave for those who ask: as few states as there may be for all that leave them the same.

    Ways that look into collections of their own stay apart, so that a reason can be given for each.
    """
    variables = before.open(seen)
    groups: dict[Any, list[State]] = {}
    for end in ends:
        looked = id(end) if end.ranges else None
        groups.setdefault((looked, *(end.known(each) for each in variables)), []).append(end)
    for group in groups.values():
        first = group[0]
        known = {each: first.known(each) for each in variables if first.known(each) is not each}
        ranges = {**before.ranges, **first.ranges}
        for one in join([Alternative((), end.atoms) for end in group]):
            yield State({**before.meanings, **known}, ranges, (*before.atoms, *one.atoms))


def folded(ways: list[Alternative]) -> list[Alternative]:
    """The ways, with a list of values for those that differ in one value."""
    return absorb(fold(list(dict.fromkeys(ways))))


def either(ways: list[Alternative]) -> list[Alternative]:
    """One way, which has the others as one condition; what an author writes as `or` is read as such."""
    if len(ways) < 2:
        return ways
    condition = joined(ways)
    return [Alternative((), () if condition == ir.TRUE else (condition,))]
