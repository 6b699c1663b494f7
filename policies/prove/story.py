"""A counterexample in plain English: who asks, what is there, and why the other policies say no.

Only made-up records are told of, so nothing in a story is anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from policies.conditions import (
    PURPOSE,
    THIS,
    Alternative,
    Compare,
    Condition,
    Const,
    Grant,
    Kind,
    Param,
    Path,
    Reasons,
    absorb,
    fold,
    follow,
    variables,
    words,
)
from policies.prove.closest import Closest, in_order
from policies.prove.counterexample import Counterexample

PEOPLE = {
    "Staff": "an employee",
    "Person": "a customer",
    "Subcontractor": "a partner's client",
    "Stranger": "somebody who is not signed in",
}
#: How a field is told, when it is true or later than now, and when it is not; others are told by their names.
TOLD = {
    "permits": ("in force", "not in force"),
    "suspendedById": ("suspended by {}", "not suspended"),
    "recordedById": ("recorded by {}", "recorded by nobody"),
    "expiresAt": ("not run out", "run out"),
    "untilAt": ("not ended", "ended"),
    "endsAt": ("not over", "over"),
    "dueAt": ("not over its day", "over its day"),
    "fromAt": ("not begun", "begun"),
    "assigneeId": ("assigned to {}", "assigned to nobody"),
    "requestedById": ("asked for by {}", "asked for by nobody"),
    "decidedById": ("decided by {}", "not decided by anybody"),
    "customerId": ("the customer is {}", "no customer"),
    "partnerId": ("with {}", "with nobody"),
    "purpose": ("for {}", "for no purpose"),
    "category": ("of {}", "of no category"),
    "field": ("naming {}", "naming no field"),
    "status": ("{}", "without a status"),
    "state": ("{}", "without a state"),
}


def told(counterexample: Counterexample, verb: str) -> str:
    """What is there when the one says yes, as the rest of a sentence: `, for support, may read …: …`."""
    stated = " or ".join(counterexample.values[PURPOSE.name])
    found = _listed([*_records(counterexample)])
    return f"{f', for {stated},' if stated else ''} {verb}{f': {found}' if found else ', whatever is there'}"


def refused(counterexample: Counterexample, grant: Grant, reasons: Reasons) -> str:
    """What another grant misses there: of all its ways the one that misses least."""
    if grant.never:
        return "nothing opens it to such an actor"
    missed = [_missed(counterexample, way, reasons) for way in absorb(fold(list(grant.ways)))]
    return _listed(min(missed, key=lambda said: (sum("there is no" in each for each in said), len(said))))


def who(kinds: Iterable[Kind], told_apart: Sequence[Kind]) -> str:
    """Actors of some kinds, of those that policies tell apart."""
    by_name: dict[str, list[frozenset[str]]] = {}
    for kind in kinds:
        by_name.setdefault(kind.name, []).append(kind.roles)
    return " or ".join(_person(name, mixes, told_apart) for name, mixes in by_name.items())


def _person(name: str, mixes: list[frozenset[str]], told_apart: Sequence[Kind]) -> str:
    every = {kind.roles for kind in told_apart if kind.name == name}
    common, never = frozenset.intersection(*mixes), frozenset().union(*every) - frozenset().union(*mixes)
    if set(mixes) == {roles for roles in every if common <= roles and not never & roles}:
        return PEOPLE[name] + _with(common) + _with(never, "without")
    return " or ".join(PEOPLE[name] + (_with(roles) or " with none of the roles") for roles in mixes)


def _with(roles: Iterable[str], word: str = "with") -> str:
    listed = sorted(roles)
    return f" {word} the role{'s' if len(listed) > 1 else ''} {' and '.join(listed)}" if listed else ""


def _records(counterexample: Counterexample) -> Iterator[str]:
    """Each record that the way speaks of, with what it asks of it."""
    way, names = counterexample.way, words.names(_type(counterexample), counterexample.way)
    for var in [THIS, *in_order(way)]:
        for holder, atoms in _by_holder(way.atoms, var).items():
            said = _clauses(counterexample, atoms, holder)
            if said:
                noun = _noun(holder, names)
                yield f"the {noun} is {_joined(said)}" if var == THIS else f"{_a(noun)} ({', '.join(said)})"
    for atom in way.atoms:
        if not _is_of_fields(atom):
            yield words.condition(atom, names)


def _missed(counterexample: Counterexample, way: Alternative, reasons: Reasons) -> list[str]:
    """What a way asks for that the counterexample has not."""
    names = words.names(_type(counterexample), way)
    closest = Closest(way, dict(counterexample.values), reasons)
    scope = closest.search(counterexample.scope[THIS])
    absent = [
        f"there is no {_spaced(names[var])}"
        for var, over in way.ranges
        if var not in scope and (over.var in scope or over.var == THIS)
    ]
    failing = [
        _failing(Counterexample(way, scope, counterexample.values), atom, names)
        for atom in way.atoms
        if variables(atom) <= scope.keys() and not closest.holds(atom, scope)
    ]
    return list(dict.fromkeys([*absent, *failing]))


def _failing(counterexample: Counterexample, atom: Condition, names: words.Names) -> str:
    if not isinstance(atom, Compare) or not _is_of_fields(atom):
        return f"`{words.condition(atom, names)}` does not hold"
    field = next(_sides(atom))
    holder = Path(field.var, field.steps[:-1])
    said = f"the {_noun(holder, names)} is {_joined(_clauses(counterexample, [atom], holder))}"
    wanted = atom.right.value if isinstance(atom.right, Const) and atom.op in ("=", "in") else None
    texts = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, tuple) else []
    other = " or ".join(_value(text, counterexample.values) for text in texts)
    return f"{said}, not {_told(field.steps[-1])[0].format(other)}" if texts else said


def _by_holder(atoms: Iterable[Condition], var: str) -> dict[Path, list[Compare]]:
    """Comparisons on a variable by the record whose field they compare."""
    groups: dict[Path, list[Compare]] = {}
    for atom in atoms:
        for side in _sides(atom):
            if side.var == var and isinstance(atom, Compare) and _is_of_fields(atom):
                groups.setdefault(Path(var, side.steps[:-1]), []).append(atom)
    return groups


def _sides(atom: Condition) -> Iterator[Path]:
    if isinstance(atom, Compare):
        yield from (side for side in (atom.left, atom.right) if isinstance(side, Path))


def _is_of_fields(atom: Condition) -> bool:
    """Whether it compares what fields hold, so that it can be told by that; but for what the clock says, which is not told."""
    if not isinstance(atom, Compare) or not any(_sides(atom)):
        return False
    return not any(isinstance(side, Param) and side.moment for side in (atom.left, atom.right))


def _clauses(counterexample: Counterexample, atoms: Iterable[Compare], holder: Path) -> list[str]:
    """What the counterexample has in the fields of one record that are compared."""
    fields = [side for atom in atoms for side in _sides(atom) if Path(side.var, side.steps[:-1]) == holder]
    said = {side.steps[-1]: follow(side, dict(counterexample.scope)) for side in fields}
    return [_clause(name, value, counterexample.values) for name, value in said.items()]


def _clause(name: str, value: Any, values: Any) -> str:
    if isinstance(value, bool):
        return TOLD.get(name, (_spaced(name), f"not {_spaced(name)}"))[not value]
    if isinstance(value, datetime):
        later = value > values["actor.now"]
        return TOLD.get(name, (f"{_spaced(name)} later than now", f"{_spaced(name)} not later than now"))[
            not later
        ]
    yes, no = _told(name)
    return no if value is None else yes.format(_value(value, values))


def _told(name: str) -> tuple[str, str]:
    return TOLD.get(name, (f"{_spaced(name)} {{}}", f"without {_spaced(name)}"))


def _value(value: Any, values: Any) -> str:
    if isinstance(value, UUID):
        return {
            values["actor.id"]: "the actor",
            values["actor.customerId"]: "the actor's own",
            values["actor.partnerId"]: "the actor's company",
        }.get(value, "somebody else")
    return value.lower() if isinstance(value, str) and value.isupper() else str(value)


def _noun(holder: Path, names: words.Names) -> str:
    return _spaced(holder.steps[-1] if holder.steps else names[holder.var])


def _type(counterexample: Counterexample) -> str:
    name: str = counterexample.scope[THIS]._resource.name
    return name


def _spaced(name: str) -> str:
    """`breakGlass` as `break glass`."""
    return (
        re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", name).lower().removesuffix(" id")
    )


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _joined(parts: list[str]) -> str:
    return " and ".join(parts)


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)
