"""Plain Oso as the judge of what was compiled, on small worlds that are made for each way to be allowed.

In the first two worlds of a way all that it asks holds; in each of the others one condition does not. Whatever was compiled must
decide each world as Oso does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any
from uuid import UUID

from policies.actor import Channel
from policies.conditions import (
    ABSENT,
    Alternative,
    Compare,
    Condition,
    Grant,
    Kind,
    Path,
    check,
    ir,
    needed,
    negated,
)
from policies.errors import PolicyError, Undecided
from policies.judging.engine import Engine
from policies.judging.imagined import NOON, World, classes


class Judge:
    """Plain Oso with the text of policies, and the worlds that it is asked about.

    Args:
        sources: policy text by file name.
        forbidden: for a kind of actor, an action, a type of record and a field (or the action once more), when that
            is forbidden whatever grants it.
        zone: where the clock hangs by which the policies tell days and times.
    """

    def __init__(
        self,
        sources: Mapping[str, str],
        forbidden: Callable[[Kind, str, str, str], list[Condition]],
        zone: str = "UTC",
    ) -> None:
        self.forbidden, self.zone = forbidden, zone
        self.kinds = classes()
        self.oso = Engine(sources, self.kinds)
        #: Conditions that did not hold in a world before: for whom, for what, on what, and the condition.
        self.broken: set[tuple[Kind, str, tuple[tuple[str, Path], ...], Condition]] = set()

    def compared(self, kind: Kind, action: str, record: str, grants: Mapping[str, Grant]) -> int:
        """Compare what actors of a kind are granted of one type of record; how many worlds there were.

        Raises:
            PolicyError: a world is decided otherwise by Oso; says for whom and in what.
        """
        worlds = self._forbidden(kind, action, record, grants)
        for way in dict.fromkeys(way for grant in grants.values() for way in grant.ways):
            for number, (world, root) in enumerate(self.worlds(way, kind, action, record)):
                worlds += 1
                # What is granted alike differs in its name only, which the first world shows.
                alike = {id(grant): name for name, grant in grants.items() if way in grant.ways}
                names = grants if number == 0 else alike.values()
                self._compare(world, root, kind, action, {name: grants[name] for name in names}, number == 0)
        return worlds

    def _forbidden(self, kind: Kind, action: str, record: str, grants: Mapping[str, Grant]) -> int:
        """Compare worlds in which what is granted is forbidden: for each way, and each way in which it is."""
        tried = set()
        for name, grant in grants.items():
            for one in product(grant.ways, self.forbidden(kind, action, record, name)):
                if one not in tried:
                    tried.add(one)
                    world, root = self._made(one[0], one[0].atoms, kind, record, first=one[1])
                    self._compare(world, root, kind, action, {name: grant}, whole=False)
        return len(tried)

    def worlds(self, way: Alternative, kind: Kind, action: str, record: str) -> Iterator[tuple[World, Any]]:
        """Worlds made for a way, each with the record that is asked about: two in which it holds, then others.

        What the way does not ask about is one thing in the first and another in the second, so that a condition that was
        forgotten is not met by chance in both. A condition that many records share is broken for the first of them.
        """
        yield self._made(way, way.atoms, kind, record)
        yield self._made(way, way.atoms, kind, record, usual=False)
        for broken in way.atoms:
            shared = (kind, action, needed(way.ranges, (broken,)), broken)
            if shared in self.broken:
                continue
            self.broken.add(shared)
            kept = tuple(atom for atom in way.atoms if atom != broken)
            yield self._made(way, (negated(broken), *kept), kind, record)

    def _made(
        self, way: Alternative, atoms: Iterable[Condition], kind: Kind, record: str, *, usual: bool = True,
        first: Condition = ir.TRUE,
    ) -> tuple[World, Any]:  # fmt: skip
        """A world that is to meet some conditions, one of them first, and its record."""
        world = World(self.kinds, _attributes(kind, usual), usual=usual)
        root = world.record(record)
        scope = world.populate(way.ranges, {ir.THIS: root})
        earlier = first.parts if isinstance(first, ir.And) else (first,)
        wanted = [*earlier, *sorted(atoms, key=lambda atom: not _written(atom))]
        # What is asked of the actor alone is met before anything is compared with the actor.
        for atom in sorted(wanted, key=lambda atom: bool(ir.variables(atom))):
            world.meet(atom, scope)
        return world, root

    def _compare(
        self, world: World, root: Any, kind: Kind, action: str, grants: dict[str, Grant], whole: bool
    ) -> None:
        actor = kind.actor(world.actor, self.zone)
        ours = {name for name, grant in grants.items() if holds(grant, root, world)}
        if action != "read":
            theirs = {action} if self.oso.may(actor, action, root) else set()
        elif whole:
            theirs = self.oso.fields(actor, action, root)
        else:
            theirs = {name for name in grants if self.oso.reads(actor, action, root, name)}
        if ours != theirs:
            what = ", ".join(sorted(ours ^ theirs))
            raise PolicyError(
                f"{what} of {type(root).__name__} is decided otherwise by Oso for {kind.name}; this is a fault of the "
                "compiler, and the policy is not used"
            )


def _attributes(kind: Kind, usual: bool) -> dict[str, Any]:
    """What an actor of a kind has, as parameters of a question."""
    known = {"id": UUID(int=1 << 100), "customerId": UUID(int=2 << 100), "partnerId": UUID(int=3 << 100)}
    absent = ABSENT[kind.name]
    purpose = "support" if usual else "a purpose that needs nothing"
    return {
        **{f"actor.{name}": None if name in absent else value for name, value in known.items()},
        "actor.purpose": purpose,
        "actor.purposes": [purpose],
        "actor.purposeCount": 1,
        "actor.channel": (Channel.API if usual else Channel.CONSOLE).value,
        "actor.now": NOON,
    }


def holds(grant: Grant, root: Any, world: World) -> bool:
    """Whether a compiled grant holds for a record of a world."""
    try:
        return check.passes(grant.condition, root, world.values)
    except Undecided:
        return False


def _written(atom: Condition) -> bool:
    return isinstance(atom, Compare) and isinstance(atom.right, ir.Const)
