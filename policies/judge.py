"""Plain Oso as the judge of what was compiled, on small worlds that are made for each way to be allowed.

In the first two worlds of a way all that it asks holds; in each of the others one condition does not. Whatever was compiled must
decide each world as Oso does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from policies import check, ir
from policies.engine import ACTORS, Engine
from policies.errors import PolicyError, Undecided
from policies.imagined import NOON, World, classes
from policies.ir import Compare, Condition, Path
from policies.kind import ABSENT, Kind
from policies.plan import Grant
from policies.scope import needed
from policies.ways import Alternative, negated


class Judge:
    """Plain Oso with the text of policies, and the worlds that it is asked about.

    Args:
        sources: policy text by file name.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.kinds = classes()
        self.oso = Engine(sources, self.kinds)
        #: Conditions that did not hold in a world before: for whom, for what, on what, and the condition.
        self.broken: set[tuple[Kind, str, tuple[tuple[str, Path], ...], Condition]] = set()

    def compared(self, kind: Kind, action: str, record: str, grants: Mapping[str, Grant]) -> int:
        """Compare what actors of a kind are granted of one type of record; how many worlds there were.

        Raises:
            PolicyError: a world is decided otherwise by Oso; says for whom and in what.
        """
        worlds = 0
        for way in dict.fromkeys(way for grant in grants.values() for way in grant.ways):
            for number, (world, root) in enumerate(self.worlds(way, kind, action, record)):
                worlds += 1
                # What is granted alike differs in its name only, which the first world shows.
                alike = {id(grant): name for name, grant in grants.items() if way in grant.ways}
                names = grants if number == 0 else alike.values()
                self._compare(world, root, kind, action, {name: grants[name] for name in names}, number == 0)
        return worlds

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
        self, way: Alternative, atoms: tuple[Condition, ...], kind: Kind, record: str, *, usual: bool = True
    ) -> tuple[World, Any]:
        """A world that is to meet some conditions, and its record."""
        world = World(self.kinds, _attributes(kind, usual), usual=usual)
        root = world.record(record)
        scope = world.populate(way.ranges, {ir.THIS: root})
        for atom in sorted(atoms, key=_late):
            world.meet(atom, scope)
        return world, root

    def _compare(
        self, world: World, root: Any, kind: Kind, action: str, grants: dict[str, Grant], whole: bool
    ) -> None:
        actor = _actor(kind, world)
        ours = {name for name, grant in grants.items() if holds(grant, root, world)}
        if action != "read":
            theirs = {action} if self.oso.holds("allow", actor, action, root) else set()
        elif whole:
            theirs = self.oso.fields(actor, action, root)
        else:
            theirs = {name for name in grants if self.oso.holds("allow_field", actor, action, root, name)}
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
        "actor.now": NOON,
    }


def _actor(kind: Kind, world: World) -> Any:
    attributes = {name.removeprefix("actor."): value for name, value in world.actor.items()}
    return ACTORS[kind.name](roles=sorted(kind.roles), **attributes)


def holds(grant: Grant, root: Any, world: World) -> bool:
    """Whether a compiled grant holds for a record of a world."""
    try:
        return check.check(grant.condition, root, world.values)
    except Undecided:
        return False


def _late(atom: Condition) -> int:
    """When a condition is met: what is asked of the actor alone first, what is written second, all else last."""
    written = isinstance(atom, Compare) and isinstance(atom.right, ir.Const)
    return 0 if not ir.variables(atom) else 1 if written else 2
