"""Records made up to try policies on: each exists as far as it is looked at, and is made to meet conditions, or not to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from policies import moments
from policies.conditions import (
    Compare,
    Condition,
    Const,
    Exists,
    Facts,
    ForAll,
    Param,
    Path,
    Personal,
    Record,
    Side,
    Term,
    check,
    described,
    follow,
    ir,
    side,
    value,
)
from policies.moments import length
from policies.registry import Field, Resource, resources

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
Scope = dict[str, Any]


class Imagined(Facts):
    """A record of which every field and relation is there, made when it is first looked at."""

    def __init__(self, world: World, resource: Resource) -> None:
        super().__init__(resource, {})
        self._world = world

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.__dict__[name] = self._world.value(self._resource, name)
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Imagined) and bool(self.id == other.id)

    def __hash__(self) -> int:
        return hash(self.id)


def classes(of: type[Facts] = Imagined) -> dict[str, type]:
    """A class for each type of record, as plain Oso needs them; their records are `of` this one."""
    kinds = {
        name: type(name, (of, Personal if resource.personal else Record), {})
        for name, resource in resources().items()
    }
    return {"Record": Record, "Personal": Personal, **kinds}


def _names_an_account(resource: Resource, column: Field) -> bool:
    ways = resource.relations.values()
    return any(
        way.target == "Account" and way.key == column.column and way.target_key == "id" for way in ways
    )


class World:
    """Some records and one actor, who has these attributes.

    Args:
        kinds: the class of each type of record.
        actor: the question's parameters by name, such as `actor.id`; None for what the actor never has.
        usual: which of two values fields have of which nothing else is wanted: what may be missing is, or is not;
            false or true, the first or the last of several words, soon or long ago.
    """

    def __init__(self, kinds: dict[str, type], actor: dict[str, Any], *, usual: bool = True) -> None:
        self.actor = dict(actor)
        self._kinds, self._counted, self._usual = kinds, 0, usual
        self._settled: set[tuple[int, str]] = set()
        self._waited: list[tuple[Compare, bool]] = []

    @property
    def values(self) -> dict[str, Any]:
        """The question's parameters as conditions take them: `actor.purpose` is one of several; here there is one."""
        return {**self.actor, ir.PURPOSE.name: [self.actor[ir.PURPOSE.name]]}

    def record(self, name: str) -> Any:
        """A new record of a type."""
        return self._kinds[name](self, resources()[name])

    def value(self, resource: Resource, name: str) -> Any:
        """A value for a field, an empty collection, or a new record."""
        way = resource.relations.get(name)
        if way is not None:
            return [] if way.many else self.record(way.target)
        column = resource.fields[name]
        if column.nullable and _names_an_account(resource, column):
            # Nobody or the actor, so that a condition that it is somebody else is not met by chance in both.
            return None if self._usual else self.actor.get("actor.id")
        return None if column.nullable and self._usual else self._new(described(column, name))

    def populate(self, ranges: Iterable[tuple[str, Path]], scope: Scope) -> Scope:
        """The scope with a new record in each collection that a variable ranges over."""
        waiting = dict(ranges)
        while waiting:
            var, over = next((var, over) for var, over in waiting.items() if over.var in scope)
            scope = {**scope, var: self._member(over, scope)}
            del waiting[var]
        return scope

    def meet(self, condition: Condition, scope: Scope, holds: bool = True) -> None:
        """Change records and actor so that a condition holds, or does not, as far as nothing settled before forbids."""
        match condition:
            case Compare():
                self._compare(condition, scope, holds)
            case ir.Not(part):
                self.meet(part, scope, not holds)
            case ir.And(parts) | ir.Or(parts):
                every = isinstance(condition, ir.And) == holds
                for part in parts if every else parts[:1]:
                    self.meet(part, scope, holds)
            case Exists(var, over, where) | ForAll(var, over, where):
                self._members(
                    var, over, where, scope, exists=isinstance(condition, Exists) == holds, holds=holds
                )

    def _members(
        self, var: str, over: Path, where: Condition, scope: Scope, *, exists: bool, holds: bool
    ) -> None:
        if exists:
            self.meet(where, {**scope, var: self._member(over, scope)}, holds)
        for item in follow(over, scope) if not exists else ():
            self.meet(where, {**scope, var: item}, holds)

    def _member(self, over: Path, scope: Scope) -> Any:
        items = follow(over, scope)
        resource: Resource = follow(Path(over.var, over.steps[:-1]), scope)._resource
        items.append(self.record(resource.relations[over.steps[-1]].target))
        return items[-1]

    def _compare(self, compare: Compare, scope: Scope, holds: bool) -> None:
        """Set a side of a comparison, the left one unless it is settled, to a value with which it comes out as wanted."""
        op = compare.op if holds else _OTHERWISE[compare.op]
        left, right = compare.left, compare.right
        if not ir.variables(compare) and any(
            isinstance(side, Param) and side.moment for side in (left, right)
        ):
            self._wait(compare, holds)
            return
        if right == ir.PURPOSES:
            self._state(left, scope, stated=op == "in")
            return
        settled = self._is_settled(left, scope)
        if isinstance(left, Const) or (
            settled and (isinstance(right, Path) or (isinstance(right, Param) and op == "="))
        ):
            left, right, op = right, left, _TURNED.get(op, op)
        elif settled:
            return
        self._set(left, scope, self._wanted(op, value(right, scope, self.actor), self._side(left, scope)))

    def _wait(self, compare: Compare, holds: bool) -> None:
        """Let it be an instant of the days to come at which a comparison comes out as wanted, and those before it do, too."""
        self._waited.append((compare, holds))
        for now in _instants([each for each, _ in self._waited]):
            values = {**self.actor, ir.NOW.name: now}
            if all(check.holds(each, {}, values) == wanted for each, wanted in self._waited):
                self.actor[ir.NOW.name] = now
                return

    def _state(self, term: Term, scope: Scope, *, stated: bool) -> None:
        """Let a purpose be one of those that the actor states, or none of them."""
        purposes = self.actor[ir.PURPOSES.name]
        if not self._is_settled(term, scope):
            self._set(term, scope, purposes[0] if stated and purposes else self._new(self._side(term, scope)))
        purpose = value(term, scope, self.actor)
        others = [each for each in purposes if each != purpose]
        self.actor[ir.PURPOSES.name] = [*others, purpose] if stated else others

    def _wanted(self, op: str, other: Any, side: Side) -> Any:
        if op == "in":
            return other[0]
        if op in ("=", "<=", ">=") and (other is not None or op == "="):
            return other
        if op in ("<", ">"):
            return _moved(other if other is not None else self._new(side), -1 if op == "<" else 1)
        unwanted = other if op == "not in" else (other,)
        return next(value for value in self._some(side) if value not in unwanted)

    def _some(self, side: Side) -> Iterable[Any]:
        """Values of one side of a comparison, no two of them the same; at last the missing one."""
        if side.words is not None:
            yield from side.words
        elif side.type is bool:
            yield from (True, False)
        else:
            yield from (self._new(side) for _ in range(9))
        yield None

    def _new(self, side: Side) -> Any:
        """A value that no other has, where its type has so many."""
        self._counted += 1
        if side.words is not None:
            return side.words[0 if self._usual else -1]
        apart = self._counted if self._usual else -self._counted
        made = {
            UUID: lambda: UUID(int=self._counted),
            datetime: lambda: NOON + timedelta(minutes=apart),
            date: lambda: NOON.date() + timedelta(days=apart),
            bool: lambda: not self._usual,
            int: lambda: apart,
        }
        return made.get(side.type, lambda: f"text {self._counted}")()

    def _side(self, term: Term, scope: Scope) -> Side:
        kinds = {term.var: scope[term.var]._resource} if isinstance(term, Path) else {}
        return side(term, kinds)

    def _slot(self, term: Term, scope: Scope) -> tuple[int, str] | None:
        """The place of a value that can be set; what is written has none."""
        match term:
            case Path(var, steps):
                return id(follow(Path(var, steps[:-1]), scope)), steps[-1]
            case Param(name):
                return id(self.actor), name
        return None

    def _is_settled(self, term: Term, scope: Scope) -> bool:
        slot = self._slot(term, scope)
        return slot is None or slot in self._settled

    def _set(self, term: Term, scope: Scope, value: Any) -> None:
        """Give a field, or the actor, a value; an actor has whatever actors of its kind have."""
        slot = self._slot(term, scope)
        if isinstance(term, Path):
            follow(Path(term.var, term.steps[:-1]), scope).__dict__[term.steps[-1]] = value
        elif isinstance(term, Param) and value is not None and (term.moment is None or term.moment.span):
            self.actor[term.name] = value + length(term.moment.span) if term.moment else value
        if slot is not None:
            self._settled.add(slot)


_OTHERWISE = {
    "=": "!=", "!=": "=", "in": "not in", "not in": "in", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _instants(compares: list[Compare]) -> Iterator[datetime]:
    """Instants of the week to come: noon, and those around the times of day that comparisons write out."""
    times, zone = [time(12)], moments.zone("UTC")
    for compare in compares:
        for each in (compare.left, compare.right):
            if isinstance(each, Param) and each.moment is not None:
                zone = moments.zone(each.moment.zone)
            written = each.value if isinstance(each, Const) else None
            texts = [
                text
                for text in (written if isinstance(written, tuple) else (written,))
                if isinstance(text, str)
            ]
            times += [time.fromisoformat(text) for text in texts if moments.TIME.fullmatch(text)]
    for days, at, minutes in product(range(9), times, (0, -1, 1)):
        wall = datetime.combine(NOON.date() + timedelta(days=days), at, zone)
        yield (wall + timedelta(minutes=minutes)).astimezone(UTC)


def _moved(value: Any, by: int) -> Any:
    return value + (by if isinstance(value, int) else timedelta(days=by))
