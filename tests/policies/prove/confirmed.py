"""A counterexample, judged by plain Oso, which knows nothing of conditions and of z3."""

from policies.engine import ACTORS, Engine
from policies.imagined import PURPOSE
from policies.ir import THIS
from policies.kind import ABSENT, Kind
from policies.prove.counterexample import Counterexample, kinds


def oso(sources: dict[str, str]) -> Engine:
    """Plain Oso with policies, for the records of counterexamples."""
    return Engine(sources, kinds())


def granted(engine: Engine, kind: Kind, action: str, name: str, counterexample: Counterexample) -> bool:
    """Whether plain Oso grants a counterexample's actor a field of its record, or an action on it."""
    for purpose in counterexample.values[PURPOSE] or [None]:
        known = {
            key.removeprefix("actor."): value
            for key, value in {**counterexample.values, PURPOSE: purpose}.items()
        }
        known |= dict.fromkeys(ABSENT[kind.name])
        actor = ACTORS[kind.name](roles=sorted(kind.roles), **known)
        asked = ("allow_field", actor, action, counterexample.scope[THIS], name)
        if engine.holds(*(asked if action == "read" else ("allow", *asked[1:4]))):
            return True
    return False
