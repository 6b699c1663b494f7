"""What the ends of sentences mean: what has to hold wherever something is granted, in words that do not rest on the policies.

A rule of the policies may be changed; what an auditor wrote must not change with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models import PERSONAL
from policies.conditions import ABSENT, THIS, Alternative, Compare, Comparison, Const, Kind, Param, Path
from policies.errors import PolicyError
from policies.policy import Policy
from policies.registry import resources

CATEGORIES = {model.__name__: category.value for category, model in PERSONAL.items()}


@dataclass(frozen=True)
class Asked:
    """A field or an action, and the kind of actor that is granted it."""

    policy: Policy
    kind: Kind
    action: str
    record: str
    name: str

    @property
    def category(self) -> Const | Path:
        """The category of data that a field is of, leads to, or is about."""
        if self.record in CATEGORIES:
            return Const(CATEGORIES[self.record])
        if self.record == "Customer" and self.name in self.policy.leads_to:
            return Const(self.policy.leads_to[self.name])
        if "category" in resources()[self.record].fields:
            return Path(THIS, ("category",))
        raise PolicyError(f"{self.record}.{self.name} is of no category of data")

    def customer(self, step: str) -> Path:
        """A field or relation of the customer that a record is about."""
        if self.record == "Customer":
            return Path(THIS, (step,))
        if "customer" not in resources()[self.record].relations:
            raise PolicyError(f"no rule can follow {self.record} to its customer")
        return Path(THIS, ("customer", step))

    @property
    def whose(self) -> Path:
        """The id of the customer that a record is about."""
        if self.record != "Customer" and "customerId" not in resources()[self.record].fields:
            raise PolicyError(f"{self.record} is about no customer")
        return Path(THIS, ("id" if self.record == "Customer" else "customerId",))


def _compared(var: str, field: str, right: Any, op: Comparison = "=") -> Compare:
    return Compare(op, Path(var, (field,)), right if isinstance(right, Param | Path) else Const(right))


def _stated(var: str) -> Compare:
    return _compared(var, "purpose", Param("actor.purpose"))


def _later(var: str, field: str) -> Compare:
    return _compared(var, field, Param("actor.now"), ">")


def _own(asked: Asked) -> list[Alternative]:
    return [Alternative((), (Compare("=", asked.whose, Param("actor.customerId")),))]


def _consent(asked: Asked) -> list[Alternative]:
    atoms = (
        Compare("=", Path("v0", ("category",)), asked.category),
        _stated("v0"),
        _compared("v0", "permits", True),
        _compared("v0", "suspendedById", None),
        _later("v0", "expiresAt"),
    )
    return [Alternative((("v0", asked.customer("consents")),), atoms)]


def _kept(asked: Asked) -> list[Alternative]:
    if "consent" not in resources()[asked.record].relations:
        raise PolicyError(f"{asked.record} rests on no consent")
    return [Alternative((), (Compare("=", Path(THIS, ("consent", "permits")), Const(True)),))]


def _unrestricted(asked: Asked) -> list[Alternative]:
    return [Alternative((), (Compare("=", asked.customer("restricted"), Const(False)),))]


def _task(var: str) -> tuple[Compare, ...]:
    return (
        _compared(var, "assigneeId", Param("actor.id")),
        _compared(var, "status", "OPEN"),
        _later(var, "dueAt"),
        _stated(var),
    )


def _at_work(asked: Asked) -> list[Alternative]:
    glass = (
        _compared("v0", "requestedById", Param("actor.id")),
        _compared("v0", "state", "APPROVED"),
        _later("v0", "endsAt"),
        _stated("v0"),
        Compare("=", Path("v1", ("category",)), asked.category),
    )
    ranges = (("v0", asked.customer("breakGlasses")), ("v1", Path("v0", ("categories",))))
    return [Alternative((("v0", asked.customer("tasks")),), _task("v0")), Alternative(ranges, glass)]


def _agreed(asked: Asked) -> list[Alternative]:
    atoms = (
        *_task("v0"),
        _compared("v1", "partnerId", Param("actor.partnerId")),
        _compared("v1", "signed", True),
        _compared("v1", "fromAt", Param("actor.now"), "<="),
        _later("v1", "untilAt"),
        Compare("=", Path("v2", ("category",)), asked.category),
        _compared("v2", "purpose", Path("v0", ("purpose",))),
        _compared("v2", "field", asked.name),
    )
    ranges = (
        ("v0", asked.customer("tasks")),
        ("v1", Path("v0", ("agreements",))),
        ("v2", Path("v1", ("terms",))),
    )
    return [Alternative(ranges, atoms)]


def _as_staff(asked: Asked) -> list[Alternative]:
    grants = asked.policy.grants(Kind("Staff"), asked.action, asked.record)
    return list(grants[asked.name].ways) if asked.name in grants else []


def _of_others(asked: Asked) -> list[Alternative]:
    if "requestedById" not in resources()[asked.record].fields:
        raise PolicyError(f"{asked.record} was asked for by nobody")
    return [Alternative((), (_compared(THIS, "requestedById", Param("actor.id"), "!="),))]


def _recorded_by_others(asked: Asked) -> list[Alternative]:
    if "recordedById" not in resources()[asked.record].fields:
        raise PolicyError(f"{asked.record} was recorded by nobody")
    return [Alternative((), (_compared(THIS, "recordedById", Param("actor.id"), "!="),))]


def _assigned_to_others(asked: Asked) -> list[Alternative]:
    if "assigneeId" not in resources()[asked.record].fields:
        raise PolicyError(f"{asked.record} is assigned to nobody")
    return [Alternative((), (_compared(THIS, "assigneeId", Param("actor.id"), "!="),))]


def _works_with_us(asked: Asked) -> list[Alternative]:
    atoms = (
        *_task("v0"),
        _compared("v1", "partnerId", Param("actor.partnerId")),
        Compare("=", Path("v1", ("partner", "active")), Const(True)),
    )
    return [Alternative((("v0", asked.customer("tasks")), ("v1", Path("v0", ("agreements",)))), atoms)]


#: The ends of sentences, each with the ways of which one has to be met; without an end nothing is good enough.
PHRASES: Mapping[str, Callable[[Asked], list[Alternative]]] = {
    "without the customer's consent to its category for a stated purpose": _consent,
    "without a consent on which the row rests": _kept,
    "without an open task of their own or approved break-glass, for a stated purpose": _at_work,
    "without an agreement of its own in force that names the field": _agreed,
    "while processing is restricted": _unrestricted,
    "that staff with the same task would not": _as_staff,
    "of somebody else": _own,
    "that they asked for themselves": _of_others,
    "that they recorded themselves": _recorded_by_others,
    "of which they are the assignee": _assigned_to_others,
    "while its company is deactivated": _works_with_us,
}
#: The exception that is no list of fields.
OWN = "customers who read their own"


def required(phrase: str, asked: Asked, *, but_own: bool) -> list[Alternative]:
    """The ways of which one has to be met where a sentence with such an end holds.

    Args:
        phrase: the end of the sentence; empty where there is none.
        asked: what is granted.
        but_own: customers may read their own.

    Raises:
        PolicyError: the sentence cannot be about such a type.
    """
    ways = PHRASES[phrase](asked) if phrase else []
    ways += _own(asked) if but_own and asked.kind.name == "Person" else []
    # An actor who never has what is compared meets nothing by it.
    absent = {f"actor.{name}" for name in ABSENT[asked.kind.name]}
    return [way for way in ways if not any(_param(atom) in absent for atom in way.atoms)]


def _param(atom: Any) -> str | None:
    return atom.right.name if isinstance(atom, Compare) and isinstance(atom.right, Param) else None
