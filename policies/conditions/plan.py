"""What one kind of actor may do with one type of record: compiled once, bound at every question."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from policies.conditions import ir
from policies.conditions.ir import Compare, Condition, Const
from policies.conditions.ways import Alternative

#: The reason for a cell that no rule grants this kind of actor, whatever the record.
NOT_PERMITTED = "NOT_PERMITTED"

#: What takes back a grant, and what it takes back.
FORBIDS = {"allow": "forbid", "allow_field": "forbid_field"}
FORBIDDING = tuple(FORBIDS.values())


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

#: In place of a grant that is in doubt: nobody has it until people have looked.
SUSPENDED = Grant((), ir.FALSE, (("FIELD_CLOSED", ir.FALSE),))


@dataclass(frozen=True)
class Reasons:
    """Which rule, when it does not hold, stands for which reason; in order."""

    rules: tuple[tuple[str, str], ...]

    @cached_property
    def named(self) -> frozenset[str]:
        """The rules that a reason is given for; whatever forbids has one in any case."""
        return frozenset({*self._ranks, *FORBIDDING})

    @cached_property
    def order(self) -> list[str]:
        """The reasons, the first to be checked first; last that something is forbidden."""
        return [NOT_PERMITTED, *dict.fromkeys(reason for _, reason in self.rules), NOT_PERMITTED]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """The place of each rule's reason in the order."""
        return {rule: self.order.index(reason) for rule, reason in self.rules}

    def rank(self, atom: Condition, ranges: Mapping[str, ir.Path]) -> int:
        """How late an atom is checked: by the last reason of the rules that it, and what it is asked of, come from."""
        sources, todo = set(ir.sources(atom)), [path.var for path in ir.paths(atom)]
        while todo:
            over = ranges.get(todo.pop())
            if over is not None:
                sources.add(over.because)
                todo.append(over.var)
        return self.latest(sources)

    def latest(self, sources: Collection[str | None]) -> int:
        """The place of the last reason of some rules; that of what forbids only where none of them has another."""
        ranks = [self._ranks[source] for source in sources if source in self._ranks]
        forbidden = not ranks and any(source in FORBIDDING for source in sources)
        return len(self.order) - 1 if forbidden else max(ranks, default=0)


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
    occurring = sorted(
        {0}.union(*(ranks.values() for _, ranks in ranked), *(_looked(way, reasons) for way in ways))
    )
    for rank in occurring[:-1]:
        condition = joined(way.keeping(lambda atom: ranks[atom] <= rank) for way, ranks in ranked)  # noqa: B023 used at once
        if condition != before:
            yield reasons.order[rank], condition
        before = condition
    if (whole := joined(ways)) != before:
        yield reasons.order[occurring[-1]], whole


def _ranked(way: Alternative, reasons: Reasons) -> dict[Condition, int]:
    ranges = dict(way.ranges)
    return {atom: reasons.rank(atom, ranges) for atom in way.atoms}


def _looked(way: Alternative, reasons: Reasons) -> Iterator[int]:
    """How late it shows that a collection is empty of whose members nothing more is asked."""
    ranges = dict(way.ranges)
    return (reasons.rank(ir.Exists(name, over, ir.TRUE), ranges) for name, over in way.ranges)


def absorb(ways: list[Alternative]) -> list[Alternative]:
    """Leave out each alternative that asks for all that another asks for, and more."""
    return [
        way
        for index, way in enumerate(ways)
        if not any(
            covers(other, way) and (not covers(way, other) or place < index)
            for place, other in enumerate(ways)
        )
    ]


def covers(simpler: Alternative, other: Alternative) -> bool:
    """Whether a way asks for nothing but what another asks for, too."""
    return set(simpler.ranges) <= set(other.ranges) and set(simpler.atoms) <= set(other.atoms)


def fold(ways: list[Alternative]) -> list[Alternative]:
    """Join alternatives that differ in one written value into one that lists the values."""
    longest = max(len(way.atoms) for way in ways) if len(ways) > 1 else 0
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
    first = next(atom for atom in atoms if isinstance(atom, Compare))
    listed = replace(first, op="in", right=Const(tuple(dict.fromkeys(values))))
    return replace(group[0], atoms=(*group[0].atoms[:index], listed, *group[0].atoms[index + 1 :]))
