"""What one kind of actor may do with one type of record: compiled once, bound at every question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from policies import ir
from policies.ir import Compare, Condition, Const
from policies.ways import Alternative

#: The reason for a cell that no rule grants this kind of actor, whatever the record.
NOT_PERMITTED = "NOT_PERMITTED"


@dataclass(frozen=True)
class Grant:
    """When one field (or one action) is granted, and what to say when it is not.

    `steps` are cumulative: the first that fails names the reason.
    """

    ways: tuple[Alternative, ...]
    condition: Condition
    steps: tuple[tuple[str, Condition], ...]

    @property
    def never(self) -> bool:
        """Whether no record can satisfy it."""
        return self.condition == ir.FALSE

    @property
    def always(self) -> bool:
        """Whether every record satisfies it."""
        return self.condition == ir.TRUE


@dataclass(frozen=True)
class Plan:
    """The grants of one record type for one kind of actor, by field name."""

    record: str
    grants: dict[str, Grant]

    @cached_property
    def row(self) -> Condition:
        """Whether a record is there at all for the actor: some field of it is granted."""
        return joined(way for grant in self.grants.values() for way in grant.ways)

    def grant(self, field: str) -> Grant:
        """The grant of a field; a field without one is closed."""
        return self.grants.get(field, CLOSED)


CLOSED = Grant((), ir.FALSE, ())


@dataclass(frozen=True)
class Reasons:
    """Which relation or field, when a condition on it fails, stands for which reason; in order."""

    names: tuple[tuple[str, str], ...]

    @cached_property
    def order(self) -> list[str]:
        """The reasons, the first to be checked first."""
        return [NOT_PERMITTED, *dict.fromkeys(reason for _, reason in self.names)]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """The place of each name's reason in the order."""
        return {name: self.order.index(reason) for name, reason in self.names}

    def rank(self, atom: Condition, ranges: dict[str, ir.Path]) -> int:
        """How late an atom is checked: by the last reason that any name in it stands for."""
        return self.latest(_names(atom, ranges))

    def latest(self, names: Iterable[str]) -> int:
        """The place of the last reason that any of some names stands for."""
        return max((self._ranks.get(name, 0) for name in names), default=0)


def grant(alternatives: Iterable[Alternative], reasons: Reasons) -> Grant:
    """Join the ways to be allowed into one condition, with the steps by which it can fail."""
    ways = tuple(dict.fromkeys(alternatives))
    return Grant(ways, joined(ways), tuple(_steps(ways, reasons)))


def joined(ways: Iterable[Alternative]) -> Condition:
    """One condition for several ways to be allowed, without those that a simpler way covers."""
    return ir.disjunction([way.condition() for way in absorb(fold(list(dict.fromkeys(ways))))])


def _steps(ways: tuple[Alternative, ...], reasons: Reasons) -> Iterable[tuple[str, Condition]]:
    before: Condition = ir.TRUE
    ranked = [(way, _ranked(way, reasons)) for way in ways]
    occurring = {0}.union(*(ranks.values() for _, ranks in ranked))
    for rank in sorted(occurring):
        condition = joined(way.keeping(lambda atom: ranks[atom] <= rank) for way, ranks in ranked)  # noqa: B023 used at once
        if condition != before:
            yield reasons.order[rank], condition
        before = condition


def _ranked(way: Alternative, reasons: Reasons) -> dict[Condition, int]:
    ranges = dict(way.ranges)
    return {atom: reasons.rank(atom, ranges) for atom in way.atoms}


def absorb(ways: list[Alternative]) -> list[Alternative]:
    """Leave out each alternative that asks for all that another asks for, and more."""
    return [
        way
        for index, way in enumerate(ways)
        if not any(
            _covers(other, way) and (not _covers(way, other) or place < index)
            for place, other in enumerate(ways)
            if place != index
        )
    ]


def _covers(simpler: Alternative, other: Alternative) -> bool:
    return set(simpler.ranges) <= set(other.ranges) and set(simpler.atoms) <= set(other.atoms)


def fold(ways: list[Alternative]) -> list[Alternative]:
    """Join alternatives that differ in one written value into one that lists the values."""
    longest = max((len(way.atoms) for way in ways), default=0)
    for index in range(longest):
        groups: dict[object, list[Alternative]] = {}
        for way in ways:
            groups.setdefault(_without(way, index), []).append(way)
        ways = [_joined(group, index) for group in groups.values()]
    return ways


def _without(way: Alternative, index: int) -> object:
    """The alternative but for the written value at one place; itself when there is none."""
    if index >= len(way.atoms):
        return way
    atom = way.atoms[index]
    if not (isinstance(atom, Compare) and atom.op in ("=", "in") and isinstance(atom.right, Const)):
        return way
    if atom.right.value is None:
        # A list of values says nothing of one that is missing.
        return way
    rest = (*way.atoms[:index], *way.atoms[index + 1 :])
    return (way.ranges, rest, index, atom.left)


def _joined(group: list[Alternative], index: int) -> Alternative:
    if len(group) == 1:
        return group[0]
    atoms = [way.atoms[index] for way in group]
    consts = [atom.right for atom in atoms if isinstance(atom, Compare) and isinstance(atom.right, Const)]
    values = [
        value
        for const in consts
        for value in (const.value if isinstance(const.value, tuple) else (const.value,))
    ]
    (left,) = {atom.left for atom in atoms if isinstance(atom, Compare)}
    listed = Compare("in", left, Const(tuple(dict.fromkeys(values))))
    return replace(group[0], atoms=(*group[0].atoms[:index], listed, *group[0].atoms[index + 1 :]))


def _names(atom: Condition, ranges: dict[str, ir.Path]) -> set[str]:
    """The relations and fields an atom speaks of, through the collections its variables range over."""
    names: set[str] = set()
    todo = list(ir.paths(atom))
    while todo:
        path = todo.pop()
        names |= set(path.steps)
        if path.var in ranges:
            todo.append(ranges[path.var])
    if isinstance(atom, Compare) and isinstance(atom.right, Const) and atom.left.steps == ("purpose",):
        # A task's purpose against written ones is the matrix of needs.
        names.add("needs")
    return names
