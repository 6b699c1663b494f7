"""A counterexample, judged by plain Oso, which knows nothing of conditions and of z3."""

from policies.conditions.ir import PURPOSE, THIS
from policies.conditions.kind import ABSENT, Kind
from policies.judging.engine import Engine
from policies.prove.counterexample import Counterexample, kinds


def oso(sources: dict[str, str]) -> Engine:
    """Plain Oso with policies, for the records of counterexamples."""
    return Engine(sources, kinds())


def granted(
    engine: Engine, kind: Kind, action: str, name: str, counterexample: Counterexample, zone: str = "UTC"
) -> bool:
    """Whether plain Oso grants a counterexample's actor a field of its record, or an action on it."""
    record = counterexample.scope[THIS]
    absent = {f"actor.{attribute}": None for attribute in ABSENT.get(kind.name, ())}
    for purpose in counterexample.values[PURPOSE.name] or [None]:
        actor = kind.actor({**counterexample.values, **absent, PURPOSE.name: purpose}, zone)
        if action == "read":
            found = engine.reads(actor, action, record, name)
        else:
            found = engine.may(actor, action, record)
        if found:
            return True
    return False
